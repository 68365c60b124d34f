"""Finding an id without reading the whole log: the same answer as reading it, whatever is kept and however stale."""

import shutil

import msgspec
import pytest

from afterbell.disk import files, whereabouts
from afterbell.disk.journal import Journal
from afterbell.disk.log_files import LogFiles
from afterbell.disk.whereabouts import Kept, Whereabouts
from afterbell.errors import LogError
from afterbell.log import checkpoint as checkpoints
from afterbell.log import entry, lines, tree
from afterbell.log.checkpoint import EMPTY_HEAD, Checkpoint, Head
from afterbell.log.entry import Entry, EntryType, Parent
from afterbell.log.verdict import Ruling

ORIGIN = "example.com/log"
COUNT = 3 * lines.LINES_PER_SEGMENT + 7


def made(number, text="", parent=None):
    return Entry(
        type=EntryType.AMENDMENT if parent else EntryType.POSTMORTEM,
        id=f"record-{number}",
        created="2026-01-05T14:00:00Z",
        actor="system operator",
        after=EMPTY_HEAD,
        parent=parent,
        salt=f"{number:032x}",
        body={"text": text or f"event {number}", "id": "not-an-entry"},
    )


def lay(directory, count, heads, text=""):
    """Write the files of a log as a checkout would, with heads of these sizes."""
    for name in ("log", "heads", "pending"):
        (directory / name).mkdir(parents=True, exist_ok=True)
    sealed = [entry.encode(made(number, text)) for number in range(count)]
    for start in range(0, count, lines.LINES_PER_SEGMENT):
        data = b"".join(line + b"\n" for line in sealed[start : start + lines.LINES_PER_SEGMENT])
        (directory / "log" / lines.segment_name(start // lines.LINES_PER_SEGMENT)).write_bytes(data)
    for size in heads:
        head = Head(size=size, root=tree.root(tree.leaf_hash(line) for line in sealed[:size]).hex())
        told = checkpoints.encode(Checkpoint(origin=ORIGIN, head=head))
        (directory / "heads" / f"{size}.ckpt").write_bytes(told)
        (directory / "checkpoint").write_bytes(told)
    return Journal(directory)


@pytest.fixture
def journal(tmp_path):
    made = lay(tmp_path / "log-directory", COUNT, (300, COUNT))
    assert made.verify().verdict is Ruling.OK
    return made


def reads(monkeypatch):
    """Count the segments that are read from now on."""
    seen = []
    whole = LogFiles.read
    monkeypatch.setattr(LogFiles, "read", lambda self, path, limit: seen.append(path.name) or whole(self, path, limit))
    return lambda: [name for name in seen if name.endswith(".jsonl")]


@pytest.mark.parametrize("number", [0, 255, 256, COUNT - 1])
def test_a_used_id_is_refused_from_what_is_kept(journal, number):
    journal.append(made(9000))
    for each in (journal, Journal(journal.directory)):
        with pytest.raises(LogError, match="already exists"):
            each.append(made(number, "another text"))


def test_a_second_append_reads_no_segment_and_an_amendment_reads_one(journal, monkeypatch):
    journal.append(made(9000))
    fresh = Journal(journal.directory)
    found = reads(monkeypatch)
    fresh.append(made(9001))
    assert found() == []
    parent = fresh.find("record-300")
    assert parent.index == 300
    again = Journal(journal.directory)
    del found
    counted = reads(monkeypatch)
    again.append(made(9002, parent=Parent(id="record-300", leaf=parent.leaf)))
    assert set(counted()) == {"000001.jsonl"}


def test_what_is_kept_grows_with_the_log_by_its_last_segment(journal, monkeypatch):
    journal.append(made(9000))
    journal.seal(ORIGIN)
    fresh = Journal(journal.directory)
    found = reads(monkeypatch)
    fresh.append(made(9001))
    assert found() == ["000003.jsonl"]
    with pytest.raises(LogError, match="already exists"):
        Journal(journal.directory).append(made(9000, "another text"))


def test_another_history_in_the_same_place_is_learned_anew(journal):
    journal.append(made(9000))
    for path in (journal.directory / "pending").glob("*.json"):
        path.unlink()
    for path in (journal.directory / "heads").iterdir():
        path.unlink()
    other = lay(journal.directory, 400, (400,), text="a trunk of its own")
    other.append(made(COUNT - 1))
    with pytest.raises(LogError, match="already exists"):
        Journal(journal.directory).append(made(399, "another text"))


MAGIC = b"afterbell ids 2\n"


@pytest.mark.parametrize("spoil", [b"", b"x", MAGIC, MAGIC + bytes(40 + 5), MAGIC + bytes(40 + 4 * 256 + 7)])
def test_a_spoiled_file_is_made_anew(journal, spoil):
    journal.append(made(9000))
    kept = Kept(journal.directory)
    assert kept.get().head == journal.head()
    kept.path.write_bytes(spoil)
    with pytest.raises(LogError, match="already exists"):
        Journal(journal.directory).append(made(1, "another text"))
    assert kept.get().head == journal.head()


def test_a_cache_that_cannot_be_written_stops_nobody(journal, tmp_path, monkeypatch):
    blocked = tmp_path / "blocked"
    blocked.touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    fresh = Journal(journal.directory)
    fresh.append(made(9000))
    with pytest.raises(LogError, match="already exists"):
        fresh.append(made(5, "another text"))


def test_a_log_of_one_segment_keeps_nothing(tmp_path):
    small = lay(tmp_path / "small", 9, (9,))
    small.append(made(50))
    assert Kept(small.directory).get() == Whereabouts()
    with pytest.raises(LogError, match="already exists"):
        small.append(made(3, "another text"))


def test_other_writers_that_seal_meanwhile_are_noticed(journal):
    mine, other = Journal(journal.directory), Journal(journal.directory)
    mine.append(made(9000))
    other.append(made(9001))
    other.seal(ORIGIN)
    with pytest.raises(LogError, match="already exists"):
        mine.append(made(9001, "another text"))
    assert mine.find("record-9001").index == COUNT + 1


def test_ids_with_a_hash_alike_are_told_apart_by_the_log(journal, monkeypatch):
    monkeypatch.setattr(whereabouts, "_key", lambda _name: b"12345678")
    journal.append(made(9000))
    assert journal.find("record-9000").index is None
    assert journal.find("nobody") is None
    with pytest.raises(LogError, match="already exists"):
        journal.append(made(5, "another text"))


def test_directories_are_forced_once_and_again_when_they_are_others(tmp_path):
    class Counting(files.Ops):
        forced = 0

        def sync_directory(self, path):
            Counting.forced += 1
            super().sync_directory(path)

    def syncs(directory, number):
        Counting.forced = 0
        Journal(directory, Counting()).append(made(number))
        return Counting.forced

    home = tmp_path / "desk" / "postmortems"
    assert syncs(home, 1) > 2
    assert syncs(home, 2) == 1, "the new entry's own directory"
    shutil.copytree(tmp_path / "desk", tmp_path / "copy")
    assert syncs(tmp_path / "copy" / "postmortems", 3) == 3, "a copy has other directories"
    shutil.rmtree(home / "pending")
    assert syncs(home, 4) == 3
    (home / "pending" / ".settled").write_bytes(b"torn")
    assert syncs(home, 5) == 3
    assert syncs(home, 6) == 1


def test_a_torn_file_is_not_believed(journal):
    journal.append(made(9000))
    path = Kept(journal.directory).path
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(LogError, match="already exists"):
        Journal(journal.directory).append(made(COUNT - 1, "another text"))


def test_rows_that_are_found_across_a_boundary_do_not_count():
    row = b"A" * 8 + bytes(4)
    assert list(whereabouts._numbers(row + bytes(3) + b"A" * 9 + row, b"A" * 8)) == [0, 0]
    assert list(whereabouts._numbers(bytes(4) + b"A" * 8 + row, b"A" * 8)) == [0]


def test_what_stands_where_is_told_as_reading_it_all_would(journal, monkeypatch):
    journal.append(made(9000))
    whole = [(stored.entry.id, stored.where) for stored in journal.entries()]
    fresh = Journal(journal.directory)
    for name, where in (*whole[::97], whole[-1]):
        assert [each.where for each in fresh.mentioning("id", name)] == [where]
    assert [each.entry.id for each in fresh.mentioning("id", "record-30", beginning=True)] == [
        "record-30",
        *(f"record-30{digit}" for digit in range(10)),
    ]
    found = reads(monkeypatch)
    list(fresh.mentioning("id", "record-300"))
    assert found() == ["000001.jsonl"]


def test_records_of_an_event_are_found_without_reading_the_log(journal, monkeypatch):
    def told(number, event):
        return msgspec.structs.replace(made(number), body={"event_id": event, "event": {"event_id": event}})

    odd = 'a "quoted" \\ event \U0001f600'
    for number, event in ((9000, "ev-1"), (9001, "ev-2"), (9002, odd), (9003, "ev-1")):
        journal.append(told(number, event))
    journal.seal(ORIGIN)
    journal.append(told(9004, "ev-1"))
    fresh = Journal(journal.directory)

    def of(event):
        return [each.entry.id for each in fresh.mentioning("event_id", event)]

    assert of("ev-1") == ["record-9000", "record-9003", "record-9004"]
    assert of(odd) == ["record-9002"]
    assert of("ev-") == []
    found = reads(monkeypatch)
    of("ev-2")
    assert found() == ["000003.jsonl"]


def test_what_a_seal_that_was_killed_left_pending_is_told_once_and_what_was_erased_not_at_all(tmp_path):
    journal = Journal(tmp_path / "small")
    stored = [journal.append(msgspec.structs.replace(made(number), body={"event_id": "ev-1"})) for number in range(3)]
    left = {path: path.read_bytes() for path in (journal.directory / "pending").glob("*.json")}
    journal.seal(ORIGIN)
    gone = {"id": stored[1].entry.id, "leaf": stored[1].leaf, "reason": "personal data"}
    journal.append(msgspec.structs.replace(made(9), type=EntryType.ERASURE, body=gone))
    journal.seal(ORIGIN)
    for path, data in left.items():
        path.write_bytes(data)
    found = [(each.entry.id, each.index) for each in journal.mentioning("event_id", "ev-1")]
    assert found == [("record-0", 0), ("record-2", 2)]
