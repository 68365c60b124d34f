"""What verify can say with what lies outside the repository: levels L1 to L4, and what each of them shows."""

import errno
import os
import shutil

import msgspec
import pytest

import afterbell
from afterbell.disk import keys
from afterbell.disk.house import House
from afterbell.disk.journal import Journal
from afterbell.errors import LogError, UsageError
from afterbell.log import checkpoint as checkpoints
from afterbell.log import note, special
from afterbell.log.note import KeyType, Signer
from afterbell.log.verdict import Code, Level, Ruling
from afterbell.steps import erase, init, key, seal, verify
from afterbell.steps.records import journal

ORIGIN = "example.org/desk/postmortems"


@pytest.fixture
def house(tmp_path):
    made = House(tmp_path / "desk")
    init.init(made)
    made.policy_file.write_text(f'[house]\norigin = "{ORIGIN}"\n')
    return made


def file(house, count=1):
    for _ in range(count):
        afterbell.append(afterbell.Postmortem(), path=house.postmortems / "log.jsonl")
    seal.seal(house)


def look(house, **given):
    done = verify.verify(house, verify.Given(**given))
    return done.verdict.verdict, done.verdict.level, {problem.code for problem in done.verdict.problems}


def snapshot(house, name):
    shutil.copytree(house.postmortems, house.root.parent / name)


def restore(house, name):
    shutil.rmtree(house.postmortems)
    shutil.copytree(house.root.parent / name, house.postmortems)


def test_levels_rise_with_what_is_known_outside(house):
    file(house)
    assert look(house) == (Ruling.OK, Level.L1, set())
    key.new(house)
    seal.seal(house)
    assert look(house) == (Ruling.OK, Level.L3, set()), "the key signed an old head, and the head was remembered"
    assert look(house, level=Level.L4)[0] is Ruling.CANNOT_JUDGE


def test_a_rolled_back_directory_is_seen_by_memory_alone(house):
    file(house)
    snapshot(house, "before")
    file(house)
    assert look(house)[0] is Ruling.OK
    restore(house, "before")
    ruling, _level, codes = look(house)
    assert ruling is Ruling.TAMPERED
    assert codes == {Code.MISSING_ENTRIES}
    done = verify.verify(house)
    assert sorted(path.name for path in done.kept.iterdir()) == ["log.ckpt", "remembered.ckpt"]


def test_a_rewrite_with_the_key_is_seen_by_memory(house):
    file(house)
    key.new(house)
    snapshot(house, "first")
    file(house, 2)
    assert look(house)[0] is Ruling.OK
    restore(house, "first")
    file(house, 2)
    ruling, _level, codes = look(house)
    assert ruling is Ruling.TAMPERED
    assert codes == {Code.REWRITTEN}


def test_a_rewrite_without_the_key_is_seen_by_the_pin(house):
    made = key.new(house)
    file(house)
    path = house.postmortems / "checkpoint"
    unsigned = msgspec.structs.replace(checkpoints.parse(path.read_bytes()), signatures=())
    path.write_bytes(checkpoints.encode(unsigned))
    assert look(house, pins=[str(made.verifier)]) == (Ruling.TAMPERED, Level.L0, {Code.NOT_SIGNED})
    stranger = Signer(name=ORIGIN, type=KeyType.NOTE, seed=bytes(32))
    forged = msgspec.structs.replace(unsigned, signatures=(note.sign(checkpoints.text(unsigned), stranger),))
    path.write_bytes(checkpoints.encode(forged))
    assert look(house, pins=[str(made.verifier)])[2] == {Code.NOT_SIGNED}


def test_a_signed_log_is_not_sealed_without_its_key(house, monkeypatch):
    made = key.new(house)
    file(house)
    made.path.rename(made.path.with_suffix(".away"))
    afterbell.append(afterbell.Postmortem(), path=house.postmortems / "log.jsonl")
    with pytest.raises(LogError, match="its key is not here"):
        seal.seal(house)
    monkeypatch.setenv("AFTERBELL_KEY", made.path.with_suffix(".away").read_text())
    assert seal.seal(house).added == 1
    monkeypatch.setenv("AFTERBELL_KEY", Signer(name="example.org/other", type=KeyType.NOTE, seed=bytes(32)).text)
    with pytest.raises(LogError, match=r"the key is of 'example.org/other'"):
        seal.seal(house)


def test_a_lost_level_is_tampering(house):
    key.new(house)
    file(house)
    assert look(house)[1] is Level.L2
    assert look(house)[1] is Level.L3
    for path in (keys.pin(keys.pins(ORIGIN)[0]),):
        path.unlink()
    ruling, _level, codes = look(house)
    assert ruling is Ruling.TAMPERED
    assert codes == {Code.LOST_LEVEL}


def test_witnesses_are_counted_and_their_age_matters(house, tmp_path, monkeypatch):
    made = key.new(house)
    file(house)
    witness = Signer(name="witness.example/w", type=KeyType.COSIGNATURE, seed=bytes([7]) * 32)
    policy = tmp_path / "policy"
    policy.write_text(f"log {made.verifier}\nwitness w {witness.verifier}\nquorum w\n")
    earlier = tmp_path / "earlier.ckpt"
    shutil.copy(house.postmortems / "checkpoint", earlier)
    given = {"pins": [str(made.verifier)], "policy": policy, "since": earlier}
    assert look(house, **given) == (Ruling.CANNOT_JUDGE, Level.L3, {Code.NO_QUORUM})
    path = house.postmortems / "checkpoint"
    checkpoint = checkpoints.parse(path.read_bytes())
    line = note.sign(checkpoints.text(checkpoint), witness, at=1_767_690_000)
    path.write_bytes(checkpoints.encode(msgspec.structs.replace(checkpoint, signatures=(*checkpoint.signatures, line))))
    monkeypatch.setenv("AFTERBELL_NOW", "2026-01-06T10:00:00Z")
    assert look(house, **given)[:2] == (Ruling.OK, Level.L4)
    monkeypatch.setenv("AFTERBELL_NOW", "2026-03-06T10:00:00Z")
    assert look(house, **given) == (Ruling.STALE, Level.L3, {Code.OLD_WITNESS})
    seal.seal(house)
    monkeypatch.setenv("AFTERBELL_NOW", "2026-01-06T10:00:00Z")
    assert look(house, **given)[1] is Level.L4, "sealing nothing keeps the witness's signature"


def test_a_private_key_stays_private(house):
    made = key.new(house)
    assert made.path.stat().st_mode & 0o077 == 0
    with pytest.raises(UsageError, match="has a key already"):
        key.new(house)
    made.path.chmod(0o644)
    with pytest.raises(LogError, match="others can read"):
        file(house)


def test_a_name_that_only_this_machine_knows_gets_no_key(tmp_path):
    house = House(tmp_path)
    init.init(house)
    with pytest.raises(UsageError, match="needs a name"):
        key.new(house)


def test_readers_of_the_old_pin_follow_a_rotation_and_nobody_else_can_make_one(house):
    first = key.new(house)
    file(house)
    second = key.rotate(house)
    file(house)
    assert look(house, pins=[str(first.verifier)])[:2] == (Ruling.OK, Level.L2)
    assert look(house, pins=[str(second.verifier)])[0] is Ruling.OK
    stranger = Signer(name=ORIGIN, type=KeyType.NOTE, seed=bytes(32)).verifier
    assert Code.NOT_SIGNED in look(house, pins=[str(stranger)])[2]


def test_an_old_key_no_longer_signs_after_the_rotation(house):
    first = key.new(house)
    old = first.path.read_text()
    file(house)
    key.rotate(house)
    path = house.postmortems / "checkpoint"
    bare = msgspec.structs.replace(checkpoints.parse(path.read_bytes()), signatures=())
    back = msgspec.structs.replace(bare, signatures=(note.sign(checkpoints.text(bare), note.signer(old)),))
    path.write_bytes(checkpoints.encode(back))
    assert Code.NOT_SIGNED in look(house, pins=[str(first.verifier)])[2]


def test_an_erasure_leaves_a_hole_that_everyone_sees(house):
    file(house, 2)
    secret = next(iter(journal(house).entries()))
    done = erase.erase(house, secret.entry.id, "the summary held a client's account number")
    assert done.target.leaf == secret.leaf
    verdict = verify.verify(house).verdict
    assert verdict.verdict is Ruling.OK
    assert [(problem.code, problem.where) for problem in verdict.problems] == [(Code.ERASED, "log/000000.jsonl:1")]
    assert "account number" in verdict.problems[0].message
    text = (house.postmortems / "log" / "000000.jsonl").read_text()
    assert secret.entry.salt not in text
    file(house)
    assert verify.verify(house).verdict.verdict is Ruling.OK
    with pytest.raises(LogError, match="no sealed entry"):
        erase.erase(house, secret.entry.id, "again")


def test_a_hole_that_no_entry_explains_is_tampering(house):
    file(house, 2)
    segment = house.postmortems / "log" / "000000.jsonl"
    first = next(iter(journal(house).entries()))
    lines = segment.read_bytes().split(b"\n")
    segment.write_bytes(b"\n".join([special.erased_line(first.leaf), *lines[1:]]))
    assert look(house)[0] is Ruling.TAMPERED
    assert Code.HOLE in look(house)[2]


def test_an_erasure_that_was_interrupted_is_carried_out_by_the_next_seal(house, monkeypatch):
    file(house, 2)
    target = next(iter(journal(house).entries()))
    with monkeypatch.context() as patch:
        patch.setattr(Journal, "_carry_out_erasures", lambda _self: None)
        erase.erase(house, target.entry.id, "a leaked key")
    assert look(house) == (Ruling.STALE, Level.L1, {Code.UNFINISHED_SEAL})
    seal.seal(house)
    assert look(house) == (Ruling.OK, Level.L1, {Code.ERASED})


def test_amendments_of_an_erased_record_still_have_their_parent(house):
    file(house)
    record = next(iter(journal(house).entries()))
    afterbell.amend(record.entry.id, "a replay shows more", path=house.postmortems / "log.jsonl")
    seal.seal(house)
    erase.erase(house, record.entry.id, "a leaked key")
    assert look(house) == (Ruling.OK, Level.L1, {Code.ERASED})


def test_the_whole_flow_where_the_file_system_gives_no_second_names(tmp_path, monkeypatch):
    def refused(*_paths, **_named):
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    house = House(tmp_path / "stick")
    assert init.init(house).made
    assert not init.init(house).made, "what is there is kept"
    house.policy_file.write_text(f'[house]\norigin = "{ORIGIN}"\n')
    key.new(house)
    record = afterbell.append(afterbell.Postmortem(), path=house.postmortems / "log.jsonl")
    with pytest.raises(ValueError, match="already exists"):
        afterbell.append(afterbell.Postmortem(id=record.id), path=house.postmortems / "log.jsonl")
    file(house, 2)
    assert look(house) == (Ruling.OK, Level.L2, set())
    assert not list(house.root.rglob(".tmp-*"))
