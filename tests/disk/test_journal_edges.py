"""What the writer leaves on the disk to the byte, and what it says when it refuses."""

import errno
import itertools
import os

import pytest
from filelock import FileLock

from afterbell.disk import files
from afterbell.disk import journal as journals
from afterbell.disk.journal import Journal
from afterbell.errors import DiskError, LogError
from afterbell.log import checkpoint as checkpoints
from afterbell.log import entry, tree
from afterbell.log.checkpoint import EMPTY_HEAD, Head
from afterbell.log.entry import Entry, EntryType, Parent
from afterbell.log.note import KeyType, Signer
from afterbell.log.outside import Outside
from afterbell.log.verdict import Code, Ruling

ORIGIN = "example.com/log"
KEY = Signer(name=ORIGIN, type=KeyType.NOTE, seed=bytes(32))


def made(number, after=EMPTY_HEAD, parent=None):
    return Entry(
        type=EntryType.AMENDMENT if parent else EntryType.POSTMORTEM,
        id=entry.uuid7(number, bytes(10)),
        created="2026-01-05T14:00:00Z",
        actor="system operator",
        after=after,
        parent=parent,
        salt=f"{number:032x}",
        body={"number": number},
    )


@pytest.fixture
def journal(tmp_path):
    return Journal(tmp_path / "house" / "postmortems")


def paths(journal):
    found = (path for path in journal.directory.rglob("*") if path.is_file() and path.name != ".settled")
    return sorted(str(path.relative_to(journal.directory)) for path in found)


def test_the_layout_to_the_byte(journal):
    for number in range(3):
        journal.append(made(number))
    assert paths(journal) == [
        ".gitattributes", ".gitignore", "journal.lock", *(f"pending/{made(number).id}.json" for number in range(3)),
    ]  # fmt: skip
    head = journal.seal(ORIGIN)
    assert paths(journal) == [
        ".gitattributes", ".gitignore", "checkpoint", "heads/3.ckpt", "journal.lock", "log/000000.jsonl",
    ]  # fmt: skip
    lines = [entry.encode(made(number)) for number in range(3)]
    assert (journal.directory / "log" / "000000.jsonl").read_bytes() == b"".join(line + b"\n" for line in lines)
    assert head == Head(size=3, root=tree.root(tree.leaf_hash(line) for line in lines).hex()) == journal.head()
    assert (journal.directory / "checkpoint").read_bytes() == (journal.directory / "heads" / "3.ckpt").read_bytes()
    assert (journal.directory / ".gitattributes").read_bytes() == b"* -text\n"
    assert (journal.directory / ".gitignore").read_bytes() == b"journal.lock\n.settled\n.tmp-*\n"
    assert list(journal.leaves()) == [tree.leaf_hash(line) for line in lines]
    assert [name for name, _ in journal.bundles()] == ["tile/entries/000.p/3"]


def test_what_the_team_wrote_into_the_git_files_stays(journal):
    journal.directory.mkdir(parents=True)
    (journal.directory / ".gitignore").write_text("own\n")
    journal.append(made(1))
    assert (journal.directory / ".gitignore").read_text() == "own\n"


def test_the_state_changes_with_every_entry_and_seal_and_with_nothing_else(journal):
    states = [journal.state()]
    journal.append(made(1))
    states.append(journal.state())
    journal.seal(ORIGIN)
    states.append(journal.state())
    journal.seal(ORIGIN, KEY)
    states.append(journal.state())
    journal.seal(ORIGIN, KEY)
    assert len(set(states)) == 4
    assert journal.state() == states[-1]
    assert len(states[0]) == 64


def test_a_log_that_somebody_else_writes_is_waited_for_and_then_left(journal, monkeypatch):
    monkeypatch.setattr(journals, "_LOCK_SECONDS", 0.01)
    journal.append(made(1))
    with FileLock(journal.directory / "journal.lock"):
        for act in (lambda: journal.append(made(2)), lambda: journal.seal(ORIGIN)):
            with pytest.raises(DiskError, match="held by another process"):
                act()
        assert journal.verify().verdict is Ruling.STALE, "reading waits for nobody"
    journal.append(made(2))


def test_a_log_that_cannot_be_locked(journal, monkeypatch):
    class Locked(journals.Lock):
        def acquire(self):
            raise OSError(errno.EROFS, "read-only")

    journal.append(made(1))
    monkeypatch.setattr(journals, "Lock", Locked)
    with pytest.raises(DiskError, match="cannot lock"):
        journal.append(made(2))
    assert journal.verify().verdict is Ruling.STALE


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_directory_that_may_not_be_written(journal):
    journal.append(made(1))
    journal.directory.chmod(0o500)
    try:
        assert journal.verify().verdict is Ruling.STALE
    finally:
        journal.directory.chmod(0o700)


def test_an_empty_log_is_sealed_to_nothing(journal):
    assert journal.seal(ORIGIN) == EMPTY_HEAD
    assert paths(journal) == [".gitattributes", ".gitignore", "journal.lock"]
    assert (journal.checkpoint(), journal.head()) == (None, EMPTY_HEAD)
    assert list(journal.entries()) == []


def test_what_an_entry_names_must_be_here(journal):
    stored = journal.append(made(1))
    head = journal.seal(ORIGIN)
    journal.append(made(2, after=head))
    for wrong in (Head(size=2, root=head.root), Head(size=1, root="0" * 64)):
        with pytest.raises(LogError, match=f"never had the head of size {wrong.size}"):
            journal.append(made(3, after=wrong))
    with pytest.raises(LogError, match="there is no entry"):
        journal.append(made(3, parent=Parent(id=made(9).id, leaf=stored.leaf)))
    with pytest.raises(LogError, match="has other bytes"):
        journal.append(made(3, parent=Parent(id=stored.entry.id, leaf="0" * 64)))
    again = journal.append(made(3, parent=Parent(id=stored.entry.id, leaf=stored.leaf)))
    assert (again.index, again.where) == (None, f"pending/{made(3).id}.json")
    assert again.leaf == entry.leaf_hex(entry.encode(again.entry))


def test_a_pending_id_is_taken_too(journal):
    journal.append(made(1))
    with pytest.raises(LogError, match="already exists; use amend instead"):
        journal.append(made(1))
    assert journal.find(made(2).id) is None
    assert journal.find(made(1).id).index is None


def test_whose_key_signs(journal):
    journal.append(made(1))
    other = Signer(name="example.com/other", type=KeyType.NOTE, seed=bytes(32))
    for wrong in (other, Signer(name=ORIGIN, type=KeyType.COSIGNATURE, seed=bytes(32))):
        with pytest.raises(LogError, match="the key is of"):
            journal.seal(ORIGIN, wrong)
    assert journal.checkpoint() is None
    assert not (journal.directory / "log").exists(), "a refused seal leaves everything as it was"
    journal.seal(ORIGIN, KEY)
    (line,) = journal.checkpoint().signatures
    assert line.startswith(f"\u2014 {ORIGIN} ")
    journal.append(made(2))
    with pytest.raises(LogError, match="its key is not here"):
        journal.seal(ORIGIN)
    with pytest.raises(LogError, match="this log's origin is"):
        journal.seal("example.com/other", other)
    assert journal.verify().pending == 1


def test_a_head_of_the_same_size_that_is_another_is_not_overwritten(journal):
    journal.append(made(1))
    heads = journal.directory / "heads"
    heads.mkdir()
    text = checkpoints.encode(checkpoints.Checkpoint(origin="example.com/else", head=Head(size=1, root="0" * 64)))
    (heads / "1.ckpt").write_bytes(text)
    with pytest.raises(LogError):
        journal.seal(ORIGIN)
    assert (heads / "1.ckpt").read_bytes() == text
    assert journal.checkpoint() is None


def test_a_segment_is_filled_before_the_next_begins(journal, monkeypatch):
    monkeypatch.setattr(journals.lines, "LINES_PER_SEGMENT", 4)
    for batch in (range(3), range(3, 4), range(4, 13)):
        for number in batch:
            journal.append(made(number))
        journal.seal(ORIGIN)
    counts = [path.read_bytes().count(b"\n") for path in sorted((journal.directory / "log").iterdir())]
    assert counts == [4, 4, 4, 1]
    assert [stored.index for stored in journal.entries()] == list(range(13))
    assert [stored.where for stored in journal.entries()][4:6] == ["log/000001.jsonl:1", "log/000001.jsonl:2"]
    assert journal.find(made(9).id).index == 9
    assert sorted(path.name for path in (journal.directory / "heads").iterdir()) == ["13.ckpt", "3.ckpt", "4.ckpt"]


class Lying(files.Ops):
    """Writes other bytes into segments than it is given."""

    def write(self, descriptor, data):
        return super().write(descriptor, memoryview(bytes(data).replace(b'"number":1', b'"number":7')))


def test_a_disk_that_does_not_keep_what_it_was_given_gets_no_head(journal):
    journal.append(made(1))
    with pytest.raises(DiskError, match="read back are not those"):
        Journal(journal.directory, Lying()).seal(ORIGIN)
    assert journal.checkpoint() is None
    assert not (journal.directory / "heads").exists()


@pytest.mark.parametrize("changed", [entry.encode(made(1, after=Head(size=0, root="1" * 64))) + b"\n", b"torn", b""])
def test_a_pending_file_that_changes_while_it_is_sealed(journal, changed):
    class Changing(files.Ops):
        reads = 0

        def read(self, path, limit):
            if path.parent.name == "pending" and path.suffix == ".json":
                self.reads += 1
                if self.reads > 1:
                    return changed
            return super().read(path, limit)

    journal.append(made(1))
    with pytest.raises(LogError, match="changed while it was being sealed"):
        Journal(journal.directory, Changing()).seal(ORIGIN)
    assert journal.seal(ORIGIN).size == 1


def test_another_history_takes_the_place_of_this_one(journal, tmp_path):
    trunk = Journal(tmp_path / "trunk")
    for number in range(3):
        trunk.append(made(number))
        trunk.seal(ORIGIN)
    trunk.append(made(3))
    kept = {name: (trunk.directory / name).read_bytes() for name in paths(trunk) if "/" in name or name == "checkpoint"}
    for number in (10, 11):
        journal.append(made(number))
    journal.seal(ORIGIN)
    journal.append(made(12))
    journal.append(made(13))
    for _ in range(2):
        journal.adopt(kept, (made(10), made(12)))
        found = {name: (journal.directory / name).read_bytes() for name in paths(journal)}
        assert {name: found[name] for name in kept} == kept
        assert found.keys() - kept.keys() == {
            ".gitattributes", ".gitignore", "journal.lock", *(f"pending/{made(number).id}.json" for number in (10, 12)),
        }  # fmt: skip
    assert journal.verify().pending == 3
    fresh = Journal(tmp_path / "fresh")
    fresh.adopt(kept, ())
    assert set(paths(fresh)) == {".gitattributes", ".gitignore", "journal.lock", *kept}
    assert journal.seal(ORIGIN).size == 6
    assert journal.verify().verdict is Ruling.OK


def test_a_damaged_checkpoint_is_not_read_as_none(journal):
    journal.append(made(1))
    journal.seal(ORIGIN)
    (journal.directory / "checkpoint").write_bytes(b"torn")
    with pytest.raises(LogError):
        journal.head()
    with pytest.raises(LogError, match="does not verify"):
        journal.seal(ORIGIN)


def test_a_reader_who_may_not_lock_a_busy_log_judges_what_there_is(journal, monkeypatch):
    class Locked(journals.Lock):
        def acquire(self):
            raise OSError(errno.EROFS, "read-only")

    journal.append(made(1))
    journal.seal(ORIGIN, KEY)
    journal.append(made(2))
    (journal.directory / "log" / "000000.jsonl").write_bytes(b"{}\n")
    moments = itertools.count()
    monkeypatch.setattr(journal, "_fingerprint", lambda: next(moments))
    monkeypatch.setattr(journals, "Lock", Locked)
    other = Outside(pins=(Signer(name=ORIGIN, type=KeyType.NOTE, seed=bytes(31) + b"1").verifier,))
    assert Code.NOT_SIGNED in {problem.code for problem in journal.verify(outside=other).problems}
    assert journal.verify().verdict is Ruling.TAMPERED


def test_a_damaged_checkpoint_keeps_nobody_from_filing(journal):
    journal.append(made(1))
    journal.seal(ORIGIN)
    (journal.directory / "checkpoint").write_bytes(b"torn")
    journal.append(made(2))
    assert journal.find(made(1).id).index == 0
    with pytest.raises(LogError, match="already exists"):
        journal.append(made(1))
    assert journal.verify().verdict is Ruling.TAMPERED
