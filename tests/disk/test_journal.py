import json

import msgspec
import pytest

from afterbell.disk.journal import Journal
from afterbell.errors import DiskError, LogError
from afterbell.log import checkpoint, entry, tree
from afterbell.log.checkpoint import EMPTY_HEAD, Head
from afterbell.log.entry import Entry, EntryType, Parent
from afterbell.log.verdict import Code, Level, Ruling

ORIGIN = "example.com/log"


def made(number, after=EMPTY_HEAD, parent=None, **body):
    return Entry(
        type=EntryType.AMENDMENT if parent else EntryType.POSTMORTEM,
        id=entry.uuid7(1_767_600_000_000 + number, bytes(10)),
        created="2026-01-05T14:00:00Z",
        actor="system operator",
        after=after,
        parent=parent,
        salt=f"{number:032x}",
        body=body or {"summary": f"event {number}"},
    )


@pytest.fixture
def journal(tmp_path):
    return Journal(tmp_path / "postmortems")


def filled(journal, count, start=0):
    return [journal.append(made(number, journal.head())) for number in range(start, start + count)]


def codes(verdict):
    return {problem.code for problem in verdict.problems}


def test_a_missing_directory_reads_as_an_empty_log_and_is_not_made(journal):
    assert list(journal.entries()) == []
    assert journal.find("x") is None
    assert (journal.head(), journal.checkpoint()) == (EMPTY_HEAD, None)
    verdict = journal.verify()
    assert (verdict.verdict, verdict.exit_code, codes(verdict)) == (Ruling.CANNOT_JUDGE, 2, {Code.EMPTY})
    assert not journal.directory.exists()


def test_the_files_of_a_log(journal):
    filled(journal, 2)
    journal.seal(ORIGIN)
    filled(journal, 1, start=2)
    names = sorted(str(path.relative_to(journal.directory)) for path in journal.directory.rglob("*") if path.is_file())
    assert names == [
        ".gitattributes",
        ".gitignore",
        "checkpoint",
        "heads/2.ckpt",
        "journal.lock",
        "log/000000.jsonl",
        "pending/.settled",
        f"pending/{made(2).id}.json",
    ]
    assert (journal.directory / ".gitattributes").read_bytes() == b"* -text\n"
    assert b"journal.lock\n" in (journal.directory / ".gitignore").read_bytes()


def test_an_appended_entry_is_one_line_named_by_its_id(journal):
    told = made(1)
    stored = journal.append(told)
    data = (journal.directory / stored.where).read_bytes()
    assert data == entry.encode(told) + b"\n"
    assert (stored.entry, stored.index, stored.leaf) == (told, None, entry.leaf_hex(data[:-1]))
    assert journal.find(told.id) == stored
    assert list(journal.entries()) == [stored]


@pytest.mark.parametrize("sealed", [False, True])
def test_a_second_use_of_an_id_is_refused(journal, sealed):
    filled(journal, 2)
    if sealed:
        journal.seal(ORIGIN)
    before = list(journal.entries())
    with pytest.raises(LogError, match=f"postmortem {made(1).id} already exists; use amend instead"):
        journal.append(made(1, other="text"))
    assert list(journal.entries()) == before


def test_an_id_inside_a_body_is_not_an_entry(journal):
    journal.append(made(1, id=made(2).id, deep={"id": made(2).id}))
    journal.seal(ORIGIN)
    assert journal.find(made(2).id) is None
    journal.append(made(2))


@pytest.mark.parametrize("sealed", [False, True])
def test_an_amendment_needs_its_parent_with_the_very_bytes(journal, sealed):
    stored = journal.append(made(1))
    if sealed:
        journal.seal(ORIGIN)
    with pytest.raises(LogError, match="no entry none"):
        journal.append(made(2, parent=Parent(id="none", leaf=stored.leaf)))
    with pytest.raises(LogError, match="other bytes"):
        journal.append(made(2, parent=Parent(id=stored.entry.id, leaf="00" * 32)))
    journal.append(made(2, parent=Parent(id=stored.entry.id, leaf=stored.leaf)))
    journal.seal(ORIGIN)
    assert journal.verify().verdict is Ruling.OK


def test_an_entry_after_a_head_that_never_was_is_refused(journal):
    filled(journal, 2)
    journal.seal(ORIGIN)
    for size in (1, 2):
        with pytest.raises(LogError, match=f"never had the head of size {size}"):
            journal.append(made(3, after=Head(size=size, root="00" * 32)))


def test_sealing_moves_pending_entries_into_segments_and_keeps_every_head(journal):
    filled(journal, 3)
    assert journal.seal(ORIGIN).size == 3
    filled(journal, 260, start=3)
    head = journal.seal(ORIGIN)
    leaves = [bytes.fromhex(stored.leaf) for stored in journal.entries()]
    assert head == journal.head() == Head(size=263, root=tree.root(leaves).hex())
    assert [stored.index for stored in journal.entries()] == list(range(263))
    assert journal.find(made(258).id).where == "log/000001.jsonl:3"
    assert journal.find(made(258).id).index == 258
    counts = [path.read_bytes().count(b"\n") for path in sorted((journal.directory / "log").iterdir())]
    assert counts == [256, 7]
    assert sorted(path.name for path in (journal.directory / "heads").iterdir()) == ["263.ckpt", "3.ckpt"]
    assert list((journal.directory / "pending").glob("*.json")) == []
    verdict = journal.verify()
    assert (verdict.verdict, verdict.level, verdict.exit_code) == (Ruling.OK, Level.L1, 0)
    assert (verdict.entries, verdict.pending, verdict.root) == (263, 0, head.root)


def test_sealing_orders_by_id_and_puts_a_parent_before_a_clock_that_runs_behind(journal):
    parent = journal.append(made(5))
    journal.append(made(9))
    early = journal.append(made(1, parent=Parent(id=parent.entry.id, leaf=parent.leaf)))
    earlier = journal.append(made(0, parent=Parent(id=early.entry.id, leaf=early.leaf)))
    journal.append(made(3))
    journal.seal(ORIGIN)
    assert [stored.entry.id for stored in journal.entries()] == [
        parent.entry.id,
        early.entry.id,
        earlier.entry.id,
        made(3).id,
        made(9).id,
    ]
    assert journal.verify().verdict is Ruling.OK


def test_sealing_again_changes_nothing(journal):
    assert journal.seal(ORIGIN) == EMPTY_HEAD
    filled(journal, 2)
    head = journal.seal(ORIGIN)
    before = {path: path.read_bytes() for path in journal.directory.rglob("*") if path.is_file()}
    assert journal.seal(ORIGIN) == head
    assert {path: path.read_bytes() for path in journal.directory.rglob("*") if path.is_file()} == before


def test_an_origin_never_changes(journal):
    filled(journal, 1)
    with pytest.raises(LogError, match="cannot be a key's name"):
        journal.seal("my log")
    journal.seal(ORIGIN)
    filled(journal, 1, start=1)
    with pytest.raises(LogError, match="origin"):
        journal.seal("example.com/other")


def test_a_log_that_does_not_verify_is_not_sealed(journal):
    filled(journal, 2)
    journal.seal(ORIGIN)
    path = journal.directory / "log/000000.jsonl"
    path.write_bytes(path.read_bytes().replace(b"event 1", b"event 9"))
    filled(journal, 1, start=2)
    with pytest.raises(LogError, match=r"does not verify: log/000000\.jsonl"):
        journal.seal(ORIGIN)
    assert journal.find(made(2).id).index is None


def test_pending_only_is_not_a_pass(journal):
    filled(journal, 2)
    verdict = journal.verify()
    assert (verdict.verdict, verdict.level, verdict.exit_code) == (Ruling.STALE, Level.L0, 3)
    assert codes(verdict) == {Code.PENDING_ONLY}


def test_pending_beside_sealed_is_fine(journal):
    filled(journal, 2)
    journal.seal(ORIGIN)
    filled(journal, 3, start=2)
    verdict = journal.verify()
    assert (verdict.verdict, verdict.entries, verdict.pending) == (Ruling.OK, 2, 3)


@pytest.mark.parametrize("wanted", [Level.L2, Level.L5])
def test_a_level_that_the_log_alone_cannot_show_is_not_a_pass(journal, wanted):
    filled(journal, 1)
    journal.seal(ORIGIN)
    verdict = journal.verify(wanted)
    assert (verdict.verdict, verdict.level, verdict.wanted) == (Ruling.CANNOT_JUDGE, Level.L1, wanted)


def test_the_verdict_has_its_documented_json(journal):
    filled(journal, 1)
    told = json.loads(msgspec.json.encode(journal.verify()))
    assert told == {
        "verdict": "stale",
        "level": "L0",
        "wanted": "L1",
        "entries": 0,
        "pending": 1,
        "root": tree.EMPTY_ROOT.hex(),
        "problems": [
            {
                "code": "pending_only",
                "where": "pending/",
                "message": "1 entries and none sealed: seal on the trunk",
            }
        ],
    }


def test_a_checkpoint_on_disk_is_the_kept_head(journal):
    filled(journal, 1)
    journal.seal(ORIGIN)
    data = (journal.directory / "checkpoint").read_bytes()
    assert data == (journal.directory / "heads/1.ckpt").read_bytes()
    assert checkpoint.parse(data).origin == ORIGIN


def test_pending_copies_of_sealed_entries_are_dropped(journal):
    filled(journal, 2)
    copy = next((journal.directory / "pending").glob("*.json"))
    data = copy.read_bytes()
    head = journal.seal(ORIGIN)
    copy.write_bytes(data)
    assert journal.verify().verdict is Ruling.OK
    assert len(list(journal.entries())) == 2
    assert journal.seal(ORIGIN) == head
    assert not copy.exists()


def test_a_damaged_entry_is_named_when_read(journal):
    stored = filled(journal, 1)[0]
    (journal.directory / stored.where).write_bytes(b"{}\n")
    with pytest.raises(LogError, match="pending/"):
        list(journal.entries())
    with pytest.raises(LogError, match="pending/"):
        journal.find(stored.entry.id)


def test_a_directory_that_cannot_be_made_is_a_disk_error(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(DiskError):
        Journal(tmp_path / "file" / "postmortems").append(made(1))
