"""An outsider's check of one record, with a shell, openssl and coreutils: what holds passes, what was changed does not."""

import shutil
import subprocess
from pathlib import Path

import pytest

import afterbell
from afterbell.disk.house import House
from afterbell.log import note, proof
from afterbell.log.note import KeyType, Signer
from afterbell.steps import export, init, key, seal
from afterbell.steps.records import journal

SCRIPT = Path(__file__).parents[2] / "examples" / "verify-proof.sh"
ORIGIN = "example.org/desk/postmortems"
STRANGER = str(Signer(name=ORIGIN, type=KeyType.NOTE, seed=bytes(32)).verifier)

pytestmark = pytest.mark.skipif(
    any(shutil.which(each) is None for each in ("sh", "openssl", "base64", "od")), reason="needs openssl and coreutils"
)


class Given:
    """What an outsider holds: a record's line, its proof, and the log's public key."""

    def __init__(self, folder, line, told, public):
        self.folder, self.line, self.proof, self.key = folder, line, told, public

    def check(self):
        (self.folder / "record").write_bytes(self.line)
        (self.folder / "proof").write_bytes(self.proof)
        command = ["sh", SCRIPT, self.folder / "record", self.folder / "proof", self.key]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A signed log of eleven records; proofs of the first, one in the middle and the last."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("CONFIG", "STATE", "CACHE"):
            patch.setenv(f"XDG_{name}_HOME", str(tmp_path_factory.mktemp(name)))
        house = House(tmp_path_factory.mktemp("desk"))
        init.init(house)
        house.policy_file.write_text(f'[house]\norigin = "{ORIGIN}"\n')
        public = str(key.new(house).verifier)
        path = house.postmortems / "log.jsonl"
        ids = [f"record-{number:02d}" for number in range(11)]
        for number, each in enumerate(ids):
            afterbell.append(afterbell.Postmortem(id=each, summary=f"Event {number}: naïve"), path=path)
        seal.seal(house)
        stored = [journal(house).find(each) for each in ids]
        lines = (house.postmortems / "log" / "000000.jsonl").read_bytes().splitlines()
        return [(lines[each.index], export.proof(house, each.entry.id), public) for each in stored], ids


@pytest.fixture(params=[0, 6, 10])
def given(made, request, tmp_path):
    line, told, public = made[0][request.param]
    return Given(tmp_path, line, told, public)


@pytest.fixture
def one(made, tmp_path):
    return Given(tmp_path, *made[0][6])


def test_a_record_that_is_in_the_log_is_proven(given):
    code, said = given.check()
    assert code == 0, said
    assert f"of the 11 that {ORIGIN} signed for" in said
    given.line += b"\n"
    assert given.check()[0] == 0, "the line's newline does not count"


def test_a_proof_of_the_only_record_has_no_path(tmp_path):
    house = House(tmp_path / "desk")
    init.init(house)
    house.policy_file.write_text(f'[house]\norigin = "{ORIGIN}"\n')
    public = str(key.new(house).verifier)
    record = afterbell.append(afterbell.Postmortem(), path=house.postmortems / "log.jsonl")
    seal.seal(house)
    line = (house.postmortems / "log" / "000000.jsonl").read_bytes()
    told = export.proof(house, record.id)
    assert proof.parse(told).hashes == ()
    assert Given(tmp_path, line, told, public).check()[0] == 0


def swapped(old, new):
    def change(data):
        assert old in data
        return data.replace(old, new, 1)

    return change


def line_of(data, number):
    return data.split(b"\n")[number]


TAMPERED = {
    "the record's text": lambda given: setattr(given, "line", swapped(b"Event 6", b"Event 7")(given.line)),
    "a byte more in the record": lambda given: setattr(given, "line", given.line + b" "),
    "a NUL in the record": lambda given: setattr(given, "line", given.line[:9] + b"\0" + given.line[9:]),
    "a line more in the record": lambda given: setattr(given, "line", given.line + b"\n\n"),
    "the index": lambda given: setattr(given, "proof", swapped(b"index 6", b"index 5")(given.proof)),
    "an index outside the tree": lambda given: setattr(given, "proof", swapped(b"index 6", b"index 11")(given.proof)),
    "an index with a zero in front": lambda given: setattr(given, "proof", swapped(b"index 6", b"index 06")(given.proof)),
    "a hash of the path": lambda given: setattr(
        given, "proof", swapped(line_of(given.proof, 2), line_of(given.proof, 3))(given.proof)
    ),
    "a path cut short": lambda given: setattr(given, "proof", swapped(line_of(given.proof, 5) + b"\n", b"")(given.proof)),
    "a path too long": lambda given: setattr(
        given, "proof", swapped(line_of(given.proof, 2), line_of(given.proof, 2) + b"\n" + line_of(given.proof, 3))(given.proof)
    ),
    "the size": lambda given: setattr(given, "proof", swapped(b"\n11\n", b"\n12\n")(given.proof)),
    "the root": lambda given: setattr(
        given, "proof", swapped(line_of(given.proof, -4), line_of(given.proof, 2))(given.proof)
    ),
    "the origin": lambda given: setattr(
        given, "proof", swapped(f"\n{ORIGIN}\n".encode(), b"\nexample.org/other\n")(given.proof)
    ),
    "no signature": lambda given: setattr(given, "proof", given.proof.rpartition(b"\n\n")[0] + b"\n"),
    "another key's signature": lambda given: setattr(given, "key", STRANGER),
    "a proof cut in half": lambda given: setattr(given, "proof", given.proof[: len(given.proof) // 2]),
    "an empty proof": lambda given: setattr(given, "proof", b""),
    "another version": lambda given: setattr(given, "proof", swapped(b"@v1", b"@v2")(given.proof)),
}  # fmt: skip


@pytest.mark.parametrize("what", TAMPERED)
def test_whatever_was_changed_is_not_proven(one, what):
    TAMPERED[what](one)
    code, said = one.check()
    assert code == 1, said
    assert "NOT PROVEN" in said
    assert "PROVEN:" not in said.replace("NOT PROVEN:", "")


def test_a_signature_that_a_stranger_put_under_the_logs_name_does_not_count(one):
    read = proof.parse(one.proof)
    text = proof.checkpoints.text(read.checkpoint)
    forged = note.sign(text, Signer(name=ORIGIN, type=KeyType.NOTE, seed=bytes(32)))
    real = read.checkpoint.signatures[0]
    one.proof = one.proof.replace(real.encode(), forged.encode())
    assert one.check()[0] == 1
    one.proof = one.proof.replace(forged.encode(), f"{forged}\n{real}".encode())
    assert one.check()[0] == 0, "signatures of keys that nobody asked about are passed over"


@pytest.mark.parametrize("spoiled", ["", "no key", f"{ORIGIN}+00000000+AAAA", "x" + STRANGER])
def test_a_key_that_is_none_is_no_verdict(one, spoiled):
    one.key = spoiled
    assert one.check()[0] == 2


def test_every_byte_of_the_signed_text_and_of_the_path_counts(one):
    whole = one.proof
    start = whole.index(b"index ")
    for at in range(start, len(whole), 29):
        one.proof = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
        assert one.check()[0] != 0, (at, one.proof)
