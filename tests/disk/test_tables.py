"""Parquet files come out as JSON lines, and what is damaged says so."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from afterbell.disk import opening, tables
from afterbell.disk.house import House
from afterbell.disk.tables import TableError, lines
from afterbell.steps import ingest
from afterbell.steps.store import Store

GOLDEN = Path(__file__).parents[1] / "formats" / "golden"
ROWS = """SELECT TIMESTAMPTZ '2026-01-05 15:03:00+01' + to_minutes(3 * n) AS at, 'SYNTHETIC_A' AS symbol,
    'PT3M' AS interval, (100 - n)::DECIMAL(18, 4) AS close, 0.1 + n AS low FROM range({}) AS t(n)"""


def written(path: Path, rows: int = 5) -> Path:
    with duckdb.connect(":memory:") as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f"COPY ({ROWS.format(rows)}) TO '{path}' (FORMAT PARQUET)")
    return path


def test_rows_in_their_order(tmp_path: Path) -> None:
    found = [json.loads(line) for line in b"".join(lines(written(tmp_path / "p.parquet", 9000))).splitlines()]
    assert len(found) == 9000
    assert found[1] == {
        "at": "2026-01-05 14:06:00+00", "symbol": "SYNTHETIC_A", "interval": "PT3M", "close": 99.0, "low": 1.1,
    }  # fmt: skip


def copied(path: Path, query: str) -> Path:
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"COPY ({query}) TO '{path}' (FORMAT PARQUET, ROW_GROUP_SIZE 2048)")
    return path


def test_a_column_may_have_any_name(tmp_path: Path) -> None:
    path = copied(tmp_path / "p.parquet", "SELECT 1 AS t, 2 AS row, 3 AS file_row_number")
    assert [json.loads(line) for line in lines(path)] == [{"t": 1, "row": 2, "file_row_number": 3}]


def test_texts_without_a_mark_are_texts_and_other_bytes_are_shown(tmp_path: Path) -> None:
    path = copied(tmp_path / "p.parquet", "SELECT encode('é \"x\"') AS text")
    assert [json.loads(line) for line in lines(path)] == [{"text": 'é "x"'}]
    path = copied(tmp_path / "q.parquet", "SELECT '\\xFF\\xFEab'::BLOB AS bytes")
    assert [json.loads(line) for line in lines(path)] == [{"bytes": "\\xFF\\xFEab"}]


def test_rows_that_do_not_fit_together_come_in_smaller_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = copied(tmp_path / "p.parquet", "SELECT n, repeat(md5(n::VARCHAR), 250) AS text FROM range(5000) AS t(n)")
    monkeypatch.setattr(tables, "_MEGABYTES", 48)
    monkeypatch.setattr(tables, "_STEPS", (0,))
    with pytest.raises(TableError, match="Out of Memory"):
        list(lines(path))
    monkeypatch.undo()
    monkeypatch.setattr(tables, "_MEGABYTES", 48)
    found = [json.loads(line)["n"] for line in b"".join(lines(path)).splitlines()]
    assert found == list(range(5000))


def test_a_stream_reads_them_like_text(tmp_path: Path) -> None:
    with opening.open_stream(written(tmp_path / "p.parquet")) as stream:
        assert stream.packed
        assert stream.read(10) == b'{"at":"202'
        assert stream.read(10**6).count(b"\n") == 5
        assert stream.read(1) == b""
        assert not stream.fault


@pytest.mark.parametrize("keep", [4, 60, -9])
def test_a_damaged_file_says_so(tmp_path: Path, keep: int) -> None:
    whole = written(tmp_path / "p.parquet").read_bytes()
    cut = tmp_path / "cut.parquet"
    cut.write_bytes(whole[:keep])
    with pytest.raises(TableError):
        list(lines(cut))
    with opening.open_stream(cut) as stream:
        assert stream.read(100) == b""
        assert stream.fault


def test_a_prices_book_in_parquet(tmp_path: Path) -> None:
    root = tmp_path / "house"
    root.mkdir()
    house, path = House(root), written(tmp_path / "prices.parquet")
    (report,) = ingest.ingest(house, [str(path)], jobs=1)
    assert (report.outcome, report.format, report.rows, report.refused_count) == (ingest.KEPT, "books", 5, 0)
    bars = Store(house).books().prices
    assert [str(bar.close) for bar in bars] == ["100.0000", "99.0000", "98.0000", "97.0000", "96.0000"]
    assert bars[0].at == "2026-01-05 14:03:00+00"
    (again,) = ingest.ingest(house, [str(path)], jobs=1)
    assert again.outcome == ingest.REPEAT


@pytest.mark.parametrize(
    ("name", "form", "spans"),
    [
        ("langfuse_blob", "langfuse-export", 6),
        ("langsmith_bulk", "langsmith-bulk", 7),
        ("phoenix_frame", "phoenix-frame", 10),
    ],
)
def test_traces_in_parquet(tmp_path: Path, name: str, form: str, spans: int) -> None:
    root = tmp_path / "house"
    root.mkdir()
    (report,) = ingest.ingest(House(root), [str(GOLDEN / f"{name}.parquet")], jobs=1)
    assert (report.outcome, report.format, report.spans, report.refused_count) == (ingest.KEPT, form, spans, 0)


@pytest.mark.parametrize("name", ["langfuse_blob", "langsmith_bulk", "phoenix_frame"])
def test_a_cut_export_is_refused_with_its_reason(tmp_path: Path, name: str) -> None:
    root = tmp_path / "house"
    root.mkdir()
    cut = tmp_path / "cut.parquet"
    cut.write_bytes((GOLDEN / f"{name}.parquet").read_bytes()[:-20])
    (report,) = ingest.ingest(House(root), [str(cut)], jobs=1)
    assert report.outcome == ingest.REFUSED
    assert report.refused[0].why.startswith("damaged: ")
