"""A real witness over loopback: what it cosigns, what it refuses, and with which status."""

import threading

import pytest

import afterbell
from afterbell.disk.house import House
from afterbell.errors import LogError, UsageError
from afterbell.log import note, quorum, tree, witness
from afterbell.log.checkpoint import EMPTY_HEAD, Checkpoint, Head
from afterbell.log.note import KeyType, Signer
from afterbell.log.verdict import Level, Ruling
from afterbell.steps import init, key, seal, verify
from afterbell.steps import witness as step

ORIGIN = "example.org/log"
LOG = Signer(name=ORIGIN, type=KeyType.NOTE, seed=bytes(32))
OWN = Signer(name="witness.example/w", type=KeyType.COSIGNATURE, seed=bytes([9]) * 32)
LEAVES = [tree.leaf_hash(bytes([number])) for number in range(40)]


def head(size):
    return Head(size=size, root=tree.root(LEAVES[:size]).hex())


def signed(size, by=LOG, origin=ORIGIN):
    bare = Checkpoint(origin=origin, head=head(size))
    return Checkpoint(origin=origin, head=bare.head, signatures=(note.sign(witness.checkpoints.text(bare), by),))


def asked(old, size, proof=None, checkpoint=None):
    proof = tree.consistency_proof(LEAVES[:size], old) if proof is None else proof
    return witness.encode(witness.Request(old=old, proof=proof, checkpoint=checkpoint or signed(size)))


@pytest.mark.parametrize(
    ("body", "last", "status"),
    [
        (asked(0, 5), EMPTY_HEAD, 200),
        (asked(5, 33), head(5), 200),
        (asked(5, 5), head(5), 200),
        (asked(0, 9), head(5), 409),
        (asked(5, 33, proof=()), head(5), 422),
        (asked(5, 33, proof=tuple(LEAVES[:4])), head(5), 422),
        (asked(9, 5, proof=()), head(9), 400),
        (
            asked(0, 5, checkpoint=signed(5, by=Signer(name=ORIGIN, type=KeyType.NOTE, seed=bytes([1]) * 32))),
            EMPTY_HEAD,
            403,
        ),
        (
            asked(
                0,
                5,
                checkpoint=signed(
                    5, by=Signer(name="example.org/b", type=KeyType.NOTE, seed=bytes(32)), origin="example.org/b"
                ),
            ),
            EMPTY_HEAD,
            404,
        ),
        (b"old 5", EMPTY_HEAD, 400),
        (b"", EMPTY_HEAD, 400),
        (b"old 05\n\n" + asked(0, 5), EMPTY_HEAD, 400),
    ],
)
def test_status_codes(body, last, status):
    reply = witness.answer(body, [LOG.verifier], {ORIGIN: last}, OWN, 1000)
    assert reply.status == status, reply.body
    assert (reply.remember is not None) == (status == 200)
    if status == 409:
        assert reply.body == f"{last.size}\n"


def test_another_history_of_the_same_size_is_never_cosigned():
    other = Checkpoint(origin=ORIGIN, head=Head(size=5, root="11" * 32))
    other = Checkpoint(origin=ORIGIN, head=other.head, signatures=(note.sign(witness.checkpoints.text(other), LOG),))
    assert (
        witness.answer(asked(5, 5, proof=(), checkpoint=other), [LOG.verifier], {ORIGIN: head(5)}, OWN, 1).status == 409
    )


@pytest.fixture
def house(tmp_path):
    made = House(tmp_path / "desk")
    init.init(made)
    made.policy_file.write_text('[house]\norigin = "example.org/desk"\n')
    return made


def file(house):
    afterbell.append(afterbell.Postmortem(), path=house.postmortems / "log.jsonl")
    seal.seal(house)


@pytest.fixture
def running(house, tmp_path):
    made = key.new(house)
    own = step.Witness("witness.example/w", [str(made.verifier)], tmp_path / "state")
    with step.server(own, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield own, f"http://127.0.0.1:{server.server_address[1]}", made
        server.shutdown()
        thread.join()


def test_a_head_is_witnessed_and_verify_reaches_level_four(house, running, tmp_path):
    own, url, made = running
    file(house)
    assert step.ask(house, url).lines
    file(house)
    file(house)
    assert step.ask(house, url).lines, "the second time the witness wants a proof from where it was"
    assert verify.verify(house).verdict.verdict is Ruling.OK
    policy = tmp_path / "policy"
    policy.write_text(f"log {made.verifier}\nwitness w {own.key.verifier}\nquorum w\n")
    assert quorum.parse(policy.read_bytes()).quorum == "w"
    verdict = verify.verify(house, verify.Given(policy=policy)).verdict
    assert (verdict.verdict, verdict.level) == (Ruling.OK, Level.L4)


def test_a_rolled_back_log_is_refused(house, running):
    _own, url, _made = running
    file(house)
    before = {path: path.read_bytes() for path in house.postmortems.rglob("*") if path.is_file()}
    file(house)
    step.ask(house, url)
    for path in list(house.postmortems.rglob("*")):
        if path.is_file() and path not in before:
            path.unlink()
    for path, data in before.items():
        path.write_bytes(data)
    with pytest.raises(LogError, match="refused with 409"):
        step.ask(house, url)


def test_a_job_cosigns_a_checkout_once_it_verifies(house, tmp_path):
    made = key.new(house)
    own = step.Witness("witness.example/w", [str(made.verifier)], tmp_path / "state")
    with pytest.raises(LogError, match="no head yet"):
        own.cosign(house)
    file(house)
    assert own.cosign(house).startswith("\u2014 witness.example/w ")
    path = house.postmortems / "log" / "000000.jsonl"
    path.write_bytes(path.read_bytes().replace(b"script", b"person"))
    with pytest.raises(LogError, match="not cosigned"):
        own.cosign(house)


def test_nobody_at_the_address(house):
    file(house)
    for url in ("http://127.0.0.1:9", "ftp://x"):
        with pytest.raises(UsageError):
            step.ask(house, url)
