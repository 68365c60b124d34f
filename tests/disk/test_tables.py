"""Parquet files come out as JSON lines, and what is damaged says so."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from afterbell.disk import opening
from afterbell.disk.house import House
from afterbell.disk.tables import TableError, lines
from afterbell.steps import ingest
from afterbell.steps.store import Store

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
