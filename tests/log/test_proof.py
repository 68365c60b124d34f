import base64
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from afterbell.errors import LogError
from afterbell.log import proof, tree
from afterbell.log.checkpoint import Checkpoint, Head
from afterbell.log.proof import Proof

LEAVES = [tree.leaf_hash(f"entry {number}".encode()) for number in range(300)]
HEAD = Checkpoint(origin="example.org/log", head=Head(size=300, root=tree.root(LEAVES).hex()))


def made(index):
    return Proof(index=index, hashes=tree.inclusion_proof(LEAVES, index), checkpoint=HEAD)


@pytest.mark.parametrize("index", [0, 1, 255, 256, 299])
def test_a_proof_shows_its_entry_and_no_other(index):
    read = proof.parse(proof.encode(made(index)))
    assert read == made(index)
    assert proof.holds(read, LEAVES[index])
    assert not proof.holds(read, LEAVES[index - 1])


def test_a_proof_keeps_the_signatures_of_its_checkpoint():
    signatures = tuple(
        f"\u2014 {name} {base64.b64encode(bytes(68)).decode()}" for name in ("example.org/log", "witness")
    )
    signed = structs.replace(made(77), checkpoint=structs.replace(HEAD, signatures=signatures))
    read = proof.parse(proof.encode(signed))
    assert read == signed
    assert proof.holds(read, LEAVES[77])


def test_no_cut_or_changed_proof_holds():
    data = proof.encode(made(77))
    for place in range(len(data)):
        for spoiled in (data[:place], data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]):
            try:
                read = proof.parse(spoiled)
            except LogError:
                continue
            same = read.checkpoint.head == HEAD.head
            assert not (same and proof.holds(read, LEAVES[77]) and read.index != 77)


@given(st.binary(max_size=300) | st.binary(max_size=100).map(lambda tail: proof.encode(made(3))[:200] + tail))
def test_nothing_but_a_log_error_leaves_the_parser(data):
    with suppress(LogError):
        proof.parse(data)


@pytest.mark.parametrize(
    "head",
    [
        "c2sp.org/tlog-proof@v2\nindex 0",
        "c2sp.org/tlog-proof@v1",
        "c2sp.org/tlog-proof@v1\nindex 00",
        "c2sp.org/tlog-proof@v1\nindex -1",
        "c2sp.org/tlog-proof@v1\nindex 1\nAAAA",
    ],
)
def test_strictness(head):
    tail = proof.encode(made(0)).partition(b"\n\n")[2]
    with pytest.raises(LogError):
        proof.parse(head.encode() + b"\n\n" + tail)
