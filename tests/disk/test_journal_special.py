"""Erasures and changes of keys at the writer: what would leave a log that nobody can mend is refused before it is sealed."""

import msgspec
import pytest

from afterbell.disk.journal import Journal
from afterbell.errors import LogError
from afterbell.log import checkpoint as checkpoints
from afterbell.log import entry, note, special
from afterbell.log.checkpoint import EMPTY_HEAD
from afterbell.log.entry import Entry, EntryType, Parent
from afterbell.log.note import KeyType, Signer
from afterbell.log.outside import Outside
from afterbell.log.verdict import Code, Level, Ruling

ORIGIN = "example.com/log"
OLD, NEW = (Signer(name=ORIGIN, type=KeyType.NOTE, seed=bytes([number]) * 32) for number in (1, 2))
WITNESS = Signer(name="example.com/witness", type=KeyType.COSIGNATURE, seed=bytes([3]) * 32)


def made(number, kind=EntryType.POSTMORTEM, body=None, parent=None):
    return Entry(
        type=kind,
        id=entry.uuid7(number, bytes(10)),
        created="2026-01-05T14:00:00Z",
        actor="system operator",
        after=EMPTY_HEAD,
        parent=parent,
        salt=f"{number:032x}",
        body={"number": number} if body is None else body,
    )


def erasure(number, target, **other):
    return made(number, EntryType.ERASURE, {"id": target.entry.id, "leaf": target.leaf, "reason": "a secret"} | other)


def change(number, old=OLD, new=NEW):
    return made(number, EntryType.KEY, msgspec.to_builtins(special.change(ORIGIN, old, new.verifier)))


def put(journal, item):
    """Lay a pending file as git would, past the writer's checks."""
    (journal.directory / "pending" / f"{item.id}.json").write_bytes(entry.encode(item) + b"\n")


def codes(journal):
    verdict = journal.verify()
    return verdict.verdict, {problem.code for problem in verdict.problems}


@pytest.fixture
def journal(tmp_path):
    return Journal(tmp_path / "postmortems")


@pytest.fixture
def sealed(journal):
    """Two sealed records, the first of them erased."""
    stored = journal.append(made(1)), journal.append(made(2))
    journal.seal(ORIGIN)
    journal.append(erasure(3, stored[0]))
    journal.seal(ORIGIN)
    return stored


ODD = {
    "a body that is none": lambda _stored: made(9, EntryType.ERASURE, {}),
    "an entry that is not there": lambda stored: erasure(9, stored[1], id=made(77).id),
    "other bytes than the entry's": lambda stored: erasure(9, stored[1], leaf="0" * 64),
    "one entry's id with another's leaf": lambda stored: erasure(9, stored[1], id=made(4).id),
    "an erased entry under another id": lambda stored: erasure(9, stored[0], id=stored[1].entry.id),
    "a key entry without keys": lambda _stored: made(9, EntryType.KEY, {"old": "x"}),
}


@pytest.mark.parametrize("odd", ODD)
def test_an_entry_about_the_log_that_cannot_be_carried_out_is_refused(journal, sealed, odd):
    journal.append(made(4))
    item = ODD[odd](sealed)
    with pytest.raises(LogError):
        journal.append(item)
    put(journal, item)
    assert codes(journal)[0] is Ruling.TAMPERED
    with pytest.raises(LogError, match="does not verify"):
        journal.seal(ORIGIN)
    (journal.directory / "pending" / f"{item.id}.json").unlink()
    assert journal.seal(ORIGIN).size == 4
    assert codes(journal) == (Ruling.OK, {Code.ERASED})


@pytest.mark.parametrize("target", [3, 4])
@pytest.mark.usefixtures("sealed")
def test_entries_about_the_log_cannot_be_erased(journal, target):
    journal.append(change(4))
    journal.seal(ORIGIN, OLD, NEW)
    item = erasure(9, journal.find(made(target).id))
    with pytest.raises(LogError, match="record or amendment"):
        journal.append(item)
    put(journal, item)
    assert codes(journal) == (Ruling.TAMPERED, {Code.BAD_ERASURE, Code.ERASED})


@pytest.mark.usefixtures("sealed")
def test_a_record_and_its_erasure_may_be_sealed_together_and_twice_is_once(journal):
    fresh = journal.append(made(20))
    journal.append(erasure(10, fresh))
    journal.append(erasure(11, fresh))
    journal.seal(ORIGIN)
    assert codes(journal) == (Ruling.OK, {Code.ERASED})
    assert b'"number":20' not in (journal.directory / "log" / "000000.jsonl").read_bytes()


@pytest.mark.usefixtures("sealed")
def test_the_id_of_an_erased_entry_stays_taken(journal):
    with pytest.raises(LogError, match="already exists"):
        journal.append(made(1))


@pytest.mark.usefixtures("sealed")
def test_a_copy_of_an_erased_entry_does_not_come_back(journal):
    put(journal, made(1))
    assert codes(journal) == (Ruling.STALE, {Code.ERASED, Code.UNFINISHED_SEAL})
    verdict = journal.verify()
    assert verdict.pending == 0
    assert {problem.where for problem in verdict.problems} == {"log/000000.jsonl:1", f"pending/{made(1).id}.json"}
    assert [stored.entry.id for stored in journal.entries()] == [made(2).id, made(3).id]
    assert journal.find(made(1).id) is None
    assert journal.seal(ORIGIN).size == 3
    assert codes(journal) == (Ruling.OK, {Code.ERASED})
    assert not list((journal.directory / "pending").glob("*.json"))


@pytest.mark.usefixtures("sealed")
def test_nor_do_other_bytes_under_its_id(journal):
    put(journal, made(1, body={"other": 1}))
    assert codes(journal) == (Ruling.TAMPERED, {Code.ERASED, Code.PENDING_DIFFERS})
    assert f"pending/{made(1).id}.json" in {problem.where for problem in journal.verify().problems}
    with pytest.raises(LogError, match="does not verify"):
        journal.seal(ORIGIN)


def test_a_branch_may_have_amended_what_the_trunk_erased(journal, sealed):
    item = made(9, EntryType.AMENDMENT, parent=Parent(id=sealed[0].entry.id, leaf=sealed[0].leaf))
    put(journal, item)
    assert codes(journal) == (Ruling.OK, {Code.ERASED})
    journal.seal(ORIGIN)
    assert codes(journal) == (Ruling.OK, {Code.ERASED})
    put(journal, made(10, EntryType.AMENDMENT, parent=Parent(id=sealed[0].entry.id, leaf="0" * 64)))
    assert codes(journal) == (Ruling.TAMPERED, {Code.ERASED, Code.PARENT_LEAF})


@pytest.mark.usefixtures("sealed")
def test_a_hole_cannot_be_copied_to_the_end(journal):
    path = journal.directory / "log" / "000000.jsonl"
    data = path.read_bytes()
    path.write_bytes(data + data.partition(b"\n")[0] + b"\n")
    assert codes(journal) == (Ruling.TAMPERED, {Code.ERASED, Code.BEYOND_HEAD, Code.DUPLICATE_ID})
    with pytest.raises(LogError, match="does not verify"):
        journal.seal(ORIGIN)


def test_a_change_of_keys_is_sealed_by_the_new_key_too(journal):
    journal.append(made(1))
    journal.seal(ORIGIN, OLD)
    journal.append(change(2))
    with pytest.raises(LogError, match="handed on"):
        journal.seal(ORIGIN, OLD)
    journal.seal(ORIGIN, OLD, NEW)
    journal.append(made(3))
    with pytest.raises(LogError, match="handed on"):
        journal.seal(ORIGIN, OLD)
    journal.seal(ORIGIN, NEW)
    for key in (OLD, NEW):
        assert journal.verify(Level.L2, Outside(pins=(key.verifier,))).verdict is Ruling.OK


def test_a_change_that_the_key_did_not_sign_binds_nobody(journal):
    stranger = Signer(name=ORIGIN, type=KeyType.NOTE, seed=bytes([4]) * 32)
    journal.append(made(1))
    journal.append(change(2, old=stranger))
    journal.seal(ORIGIN, OLD)
    assert journal.verify(Level.L2, Outside(pins=(OLD.verifier,))).verdict is Ruling.OK


def test_signatures_are_taken_over_the_head_that_was_signed_only(journal):
    journal.append(made(1))
    journal.seal(ORIGIN)
    seen = journal.checkpoint()
    line = note.sign(checkpoints.text(seen), WITNESS, at=1_767_600_000)
    assert journal.take_signatures(seen, (line, line))
    assert journal.checkpoint().signatures == (line,)
    journal.append(made(2))
    journal.seal(ORIGIN)
    assert journal.take_signatures(seen, (line,)) is False, "a seal was faster: the head is another one"
    assert journal.checkpoint().signatures == ()
