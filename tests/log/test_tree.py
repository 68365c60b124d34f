import base64
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterbell.errors import LogError
from afterbell.log import tree

LEAVES = tuple(tree.leaf_hash(bytes([number])) for number in range(70))
ROOTS = tuple(tree.root(LEAVES[:size]) for size in range(71))


def recursive_root(leaves):
    if len(leaves) <= 1:
        return leaves[0] if leaves else tree.EMPTY_ROOT
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return tree.node_hash(recursive_root(leaves[:split]), recursive_root(leaves[split:]))


@pytest.mark.parametrize("size", range(71))
def test_the_frontier_gives_the_root_of_the_definition(size):
    assert ROOTS[size] == recursive_root(LEAVES[:size])


def test_hashes_are_those_of_rfc_6962():
    assert tree.EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert tree.leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"


sizes = st.integers(1, 70)


@given(sizes, st.data())
def test_an_inclusion_proof_holds_for_its_own_place_and_for_no_other_leaf_root_or_proof(size, data):
    index = data.draw(st.integers(0, size - 1))
    proof = tree.inclusion_proof(LEAVES[:size], index)
    leaf, root = LEAVES[index], ROOTS[size]
    assert tree.verify_inclusion(leaf, index, size, proof, root)
    other = data.draw(st.integers(0, size - 1).filter(lambda at: at != index) if size > 1 else st.just(size))
    assert not tree.verify_inclusion(leaf, other, size, proof, root)
    assert not tree.verify_inclusion(leaf, index, size, (*proof, root), root)
    assert not tree.verify_inclusion(leaf, index, size, proof[:-1], root) or not proof
    assert not tree.verify_inclusion(tree.leaf_hash(b"other"), index, size, proof, root)
    assert not tree.verify_inclusion(leaf, index, size, proof, tree.EMPTY_ROOT)


@given(sizes, st.data())
def test_a_consistency_proof_holds_for_its_sizes_and_roots_alone(size, data):
    old = data.draw(st.integers(0, size))
    proof = tree.consistency_proof(LEAVES[:size], old)
    assert tree.verify_consistency(old, size, ROOTS[old], ROOTS[size], proof)
    assert not tree.verify_consistency(old, size, tree.leaf_hash(b"other"), ROOTS[size], proof)
    assert not tree.verify_consistency(old, size, ROOTS[old], ROOTS[size], (*proof, ROOTS[old]))
    if proof:
        assert not tree.verify_consistency(old, size, ROOTS[old], tree.leaf_hash(b"other"), proof)
        assert not tree.verify_consistency(old, size, ROOTS[old], ROOTS[size], proof[:-1])
        wrong = data.draw(st.integers(1, size).filter(lambda at: at != old))
        assert not tree.verify_consistency(wrong, size, ROOTS[wrong], ROOTS[size], proof)


@pytest.mark.parametrize(
    ("old", "new", "old_root", "new_root", "proof"),
    [
        (0, 3, ROOTS[1], ROOTS[3], ()),
        (0, 0, ROOTS[1], ROOTS[1], ()),
        (0, 3, ROOTS[0], ROOTS[3], (ROOTS[1],)),
        (3, 2, ROOTS[3], ROOTS[2], ()),
        (3, 3, ROOTS[3], ROOTS[2], ()),
        (3, 4, ROOTS[3], ROOTS[4], ()),
        (-1, 4, ROOTS[3], ROOTS[4], ()),
        (2, 3, ROOTS[2][:31], ROOTS[3], (LEAVES[2],)),
        (1, 2**10_000, ROOTS[1], ROOTS[2], (LEAVES[1],)),
    ],
)
def test_consistency_refuses(old, new, old_root, new_root, proof):
    assert not tree.verify_consistency(old, new, old_root, new_root, proof)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 1), (-1, 2), (0, 2**10_000)])
def test_inclusion_refuses_a_place_outside_the_tree(index, size):
    assert not tree.verify_inclusion(LEAVES[0], index, size, (), LEAVES[0])


def test_proofs_of_what_is_not_there_are_refused():
    with pytest.raises(LogError, match="entry 3"):
        tree.inclusion_proof(LEAVES[:3], 3)
    with pytest.raises(LogError, match="never had size 4"):
        tree.consistency_proof(LEAVES[:3], 4)


def vectors(kind):
    here = Path(__file__).parents[2].parent / "shared" / "data"
    home = Path(os.environ.get("AFTERBELL_SHARED_DATA", here)) / "merkle_vectors" / "testdata" / kind
    if not home.is_dir():
        pytest.skip("the public Merkle vectors are not on this machine")
    return [json.loads(path.read_text()) for path in sorted(home.rglob("*.json"))]


def decoded(value):
    return base64.b64decode(value or "")


@pytest.mark.shared_data
def test_public_inclusion_vectors():
    probes = vectors("inclusion")
    wrong = []
    for probe in probes:
        proof = [decoded(item) for item in probe["proof"] or ()]
        told = tree.verify_inclusion(
            decoded(probe["leafHash"]), probe["leafIdx"], probe["treeSize"], proof, decoded(probe["root"])
        )
        if told == probe["wantErr"]:
            wrong.append(probe["desc"])
    assert len(probes) == 98
    assert wrong == []


@pytest.mark.shared_data
def test_public_consistency_vectors_but_the_one_whose_roots_are_not_hashes():
    probes = vectors("consistency")
    wrong = []
    for probe in probes:
        proof = [decoded(item) for item in probe["proof"] or ()]
        roots = decoded(probe["root1"]), decoded(probe["root2"])
        if tree.verify_consistency(probe["size1"], probe["size2"], *roots, proof) == probe["wantErr"]:
            wrong.append(len(roots[0]))
    assert len(probes) == 98
    assert wrong == [12]
