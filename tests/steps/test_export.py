"""The log in other forms, and back."""

import json

import pytest

import afterbell
from afterbell.disk.house import House
from afterbell.errors import LogError, UsageError
from afterbell.log import proof, tree
from afterbell.render.markdown import as_filed
from afterbell.steps import erase, export, import_seed, init, seal
from afterbell.steps.records import filed, journal
from afterbell.steps.verify import verify


@pytest.fixture
def house(tmp_path):
    made = House(tmp_path / "desk")
    init.init(made)
    return made


def file(house, **facts):
    return afterbell.append(afterbell.Postmortem(**facts), path=house.postmortems / "log.jsonl")


def test_the_specifications_two_files_go_out_and_come_in(house, tmp_path):
    first = file(
        house,
        summary="Loss of 1.4 percent in SYNTHETIC_A.",
        trace_id="4bf92f3577b34da6a3ce929d0e0e4736",
        root_cause="cost",
    )
    afterbell.amend(first.id, "a replay shows more", path=house.postmortems / "log.jsonl")
    seal.seal(house)
    export.export(house, "seed", tmp_path / "seed")
    (row,) = [json.loads(line) for line in (tmp_path / "seed" / "log.jsonl").read_text().splitlines()]
    assert (row["id"], row["summary"], row["root_cause"]) == (first.id, first.summary, "cost")
    other = House(tmp_path / "other")
    files = [tmp_path / "seed" / name for name in ("log.jsonl", "amendments.jsonl")]
    done = [import_seed.take_in(other, path) for path in files]
    assert (done[0].records, done[1].addenda, done[0].refused + done[1].refused) == (1, 1, ())
    again = [import_seed.take_in(other, path) for path in files]
    assert (again[0].known, again[1].known) == (1, 1)
    (back,) = filed(other)
    assert (back.record.id, back.record.summary) == (first.id, first.summary)
    assert "a replay shows more" in back.addenda[0].note
    assert back.record.extra["imported"].startswith("unprotected before")
    assert "unprotected before" in as_filed(back.record)
    assert "imported" not in filed(house)[0].record.extra


def test_bad_lines_are_refused_one_by_one(house, tmp_path):
    path = tmp_path / "log.jsonl"
    path.write_text(
        '{"id":"a","summary":"fine"}\n{"id":"b","mood":"bad"}\nnot json\n[]\n{"parent_id":"zz","note":"x"}\n{"id":"c","summary":1.5}\n'
    )
    done = import_seed.take_in(house, path)
    assert done.records == 1
    assert [each.where.rpartition(":")[2] for each in done.refused] == ["2", "3", "4", "5", "6"]


def test_a_proof_needs_no_log(house):
    records = [file(house) for _ in range(5)]
    with pytest.raises(LogError, match="not sealed"):
        export.proof(house, records[2].id)
    seal.seal(house)
    stored = journal(house).find(records[2].id)
    read = proof.parse(export.proof(house, records[2].id))
    assert proof.holds(read, bytes.fromhex(stored.leaf))
    assert not proof.holds(read, tree.leaf_hash(b"something else"))


def test_tiles_and_pages(house, tmp_path):
    first = file(house, summary="one")
    file(house, summary="two")
    seal.seal(house)
    export.export(house, "tiles", tmp_path / "tiles")
    assert len((tmp_path / "tiles" / "tile" / "0" / "000.p" / "2").read_bytes()) == 64
    bundle = (tmp_path / "tiles" / "tile" / "entries" / "000.p" / "2").read_bytes()
    size = int.from_bytes(bundle[:2], "big")
    assert tree.leaf_hash(bundle[2 : 2 + size]) == (tmp_path / "tiles" / "tile" / "0" / "000.p" / "2").read_bytes()[:32]
    assert export.export(house, "markdown", tmp_path / "pages").files == 2
    assert (
        len((export.export(house, "jsonl", tmp_path / "lines").directory / "entries.jsonl").read_text().splitlines())
        == 2
    )
    with pytest.raises(UsageError, match="not empty"):
        export.export(house, "jsonl", tmp_path / "lines")
    erase.erase(house, first.id, "a leaked key")
    assert verify(house).verdict.verdict == "ok"
    export.export(house, "tiles", tmp_path / "after")
    assert not (tmp_path / "after" / "tile" / "entries").exists()
