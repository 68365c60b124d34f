"""The exact edges of the log's forms: the last value that is taken, the first that is refused, and the bytes in between."""

import base64
import hashlib

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from afterbell.errors import LogError
from afterbell.log import note, proof, tree
from afterbell.log.checkpoint import Checkpoint, Head
from afterbell.log.note import KeyType, Signed, Signer
from afterbell.log.proof import Proof

ORIGIN = "example.com/log"
LEAVES = tuple(tree.leaf_hash(bytes([number])) for number in range(9))
HEAD = Head(size=9, root=tree.root(LEAVES).hex())
MOST = 2**63 - 1
KEY = Signer(name=ORIGIN, type=KeyType.NOTE, seed=bytes([1]) * 32)
WITNESS = Signer(name="example.com/witness", type=KeyType.COSIGNATURE, seed=bytes([4]) * 32)


def b64(data):
    return base64.b64encode(data).decode()


# ---- the tree ----


def test_sizes_end_where_a_signed_64_bit_number_does():
    leaf = tree.leaf_hash(b"x")
    root, path = leaf, [tree.EMPTY_ROOT] * 63
    # The leftmost leaf of a tree of 2^63 - 1: a path of 63 hashes, all of them to the right.
    for sibling in path:
        root = tree.node_hash(root, sibling)
    assert tree.verify_inclusion(leaf, 0, MOST, path, root)
    assert not tree.verify_inclusion(leaf, 0, MOST + 1, path, root)
    assert tree.verify_consistency(MOST, MOST, root, root, ())
    assert not tree.verify_consistency(MOST + 1, MOST + 1, root, root, ())


@pytest.mark.parametrize("length", [31, 33])
def test_every_hash_has_32_bytes(length):
    short = bytes(length)
    whole = tree.inclusion_proof(LEAVES, 3)
    root = tree.root(LEAVES)
    assert not tree.verify_inclusion(short, 0, 1, (), short)
    assert not tree.verify_inclusion(LEAVES[3], 3, 9, (*whole[:-1], short), root)
    assert not tree.verify_consistency(3, 3, short, short, ())


def test_a_node_is_the_hash_of_the_specification():
    left, right = LEAVES[:2]
    assert tree.node_hash(left, right) == hashlib.sha256(b"\x01" + left + right).digest()
    assert tree.leaf_hash(b"x") == hashlib.sha256(b"\x00x").digest()


def test_every_proof_of_every_small_tree():
    leaves = tuple(tree.leaf_hash(bytes([number])) for number in range(21))
    roots = [tree.root(leaves[:size]) for size in range(22)]
    for size in range(1, 22):
        for index in range(size):
            path = tree.inclusion_proof(leaves[:size], index)
            assert tree.verify_inclusion(leaves[index], index, size, path, roots[size])
        for old in range(size + 1):
            assert tree.verify_consistency(
                old, size, roots[old], roots[size], tree.consistency_proof(leaves[:size], old)
            )


def test_a_verifier_answers_yes_or_no():
    root = tree.root(LEAVES)
    path = tree.inclusion_proof(LEAVES, 3)
    assert tree.verify_inclusion(LEAVES[3], 3, 9, path, root) is True
    assert tree.verify_inclusion(LEAVES[3], 9, 9, path, root) is False
    assert tree.verify_inclusion(LEAVES[3], 3, 9, (*path, root), root) is False
    assert tree.verify_inclusion(LEAVES[3], 3, 9, path, tree.EMPTY_ROOT) is False
    path = tree.consistency_proof(LEAVES, 3)
    old = tree.root(LEAVES[:3])
    assert tree.verify_consistency(3, 9, old, root, path) is True
    assert tree.verify_consistency(9, 3, root, old, path) is False
    assert tree.verify_consistency(0, 9, root, root, ()) is False
    assert tree.verify_consistency(3, 9, old, root, ()) is False
    assert tree.verify_consistency(0, 9, tree.EMPTY_ROOT, root, ()) is True
    assert tree.verify_consistency(3, 9, old, root, (*path, root)) is False
    assert tree.verify_consistency(9, 9, root, old, ()) is False


def test_an_index_or_a_size_of_less_than_nothing_is_refused():
    root = tree.root(LEAVES)
    assert not tree.verify_inclusion(LEAVES[0], -1, 9, tree.inclusion_proof(LEAVES, 0), root)
    assert not tree.verify_inclusion(LEAVES[0], 9, 9, tree.inclusion_proof(LEAVES, 8), root)
    assert not tree.verify_consistency(-1, 9, tree.EMPTY_ROOT, root, ())
    assert not tree.verify_consistency(0, 9, tree.EMPTY_ROOT, root, (root,))
    assert not tree.verify_consistency(3, 9, tree.root(LEAVES[:3]), root, ())
    assert tree.verify_consistency(0, 0, tree.EMPTY_ROOT, tree.EMPTY_ROOT, ())
    for wrong in (-1, 9):
        with pytest.raises(LogError, match="is not in a tree of 9"):
            tree.inclusion_proof(LEAVES, wrong)
    for wrong in (-1, 10):
        with pytest.raises(LogError, match="never had size"):
            tree.consistency_proof(LEAVES, wrong)


@pytest.mark.parametrize("old", [1, 2, 3, 4, 8])
def test_a_proof_that_leads_to_either_root_alone_is_refused(old):
    path = tree.consistency_proof(LEAVES, old)
    roots = tree.root(LEAVES[:old]), tree.root(LEAVES)
    assert tree.verify_consistency(old, 9, *roots, path)
    other = tree.leaf_hash(b"other")
    assert not tree.verify_consistency(old, 9, other, roots[1], path)
    assert not tree.verify_consistency(old, 9, roots[0], other, path)
    for at in range(len(path)):
        assert not tree.verify_consistency(old, 9, *roots, (*path[:at], other, *path[at + 1 :]))


# ---- the note ----


def test_a_key_id_and_a_cosignature_are_the_bytes_of_the_specification():
    public = WITNESS.verifier.public
    assert WITNESS.verifier.key_id == hashlib.sha256(b"example.com/witness\n\x04" + public).digest()[:4]
    assert repr(WITNESS) == "Signer('example.com/witness')"
    assert note.signer(f"  {WITNESS.text}\n") == WITNESS
    line = note.sign("text\n", WITNESS, at=5)
    blob = base64.b64decode(line.split(" ")[2])
    assert blob[:12] == WITNESS.verifier.key_id + (5).to_bytes(8, "big")
    assert len(blob) == 76
    public_key = Ed25519PublicKey.from_public_bytes(public)
    public_key.verify(blob[12:], b"cosignature/v1\ntime 5\ntext\n")  # c2sp.org/tlog-cosignature; raises if it is not


@pytest.mark.parametrize("at", [0, MOST])
def test_a_cosignature_may_have_any_time_that_fits(at):
    (held,) = note.signed_by("text\n", [note.sign("text\n", WITNESS, at=at)], [WITNESS.verifier])
    assert held == Signed(verifier=WITNESS.verifier, at=at)


@pytest.mark.parametrize("at", [-1, MOST + 1, None])
def test_and_no_other(at):
    with pytest.raises(LogError, match="needs its time"):
        note.sign("text\n", WITNESS, at=at)


def test_a_note_signature_has_no_time_and_is_no_cosignature():
    (held,) = note.signed_by("text\n", [note.sign("text\n", KEY, at=5)], [KEY.verifier])
    assert held.at is None
    plain = Signer(name=WITNESS.name, type=KeyType.NOTE, seed=WITNESS.seed)
    blob = base64.b64decode(note.sign("text\n", plain).split(" ")[2])[4:]
    for tail in (blob, bytes(8) + blob):
        with pytest.raises(LogError, match="does not hold"):
            note.signed_by(
                "text\n", [f"\u2014 {WITNESS.name} {b64(WITNESS.verifier.key_id + tail)}"], [WITNESS.verifier]
            )


def test_a_note_signature_with_a_time_before_it_is_refused():
    blob = base64.b64decode(note.sign("text\n", KEY).split(" ")[2])
    with pytest.raises(LogError, match="does not hold"):
        note.signed_by("text\n", [f"\u2014 {ORIGIN} {b64(blob[:4] + bytes(8) + blob[4:])}"], [KEY.verifier])


@pytest.mark.parametrize(
    "text", ["a", "a+00000000", "a+00000000+", "a+0000000+AA==", "a+000000000+AA==", "PRIVATE+KEY+a"]
)
def test_what_has_not_the_three_parts_is_not_a_key(text):
    for read in (note.verifier, lambda word: note.signer(f"PRIVATE+KEY+{word}")):
        with pytest.raises(LogError, match="not a key"):
            read(text)


def test_a_text_ends_in_a_newline():
    with pytest.raises(LogError, match="ends in a newline"):
        note.sign("text", KEY)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u00a0b", "a\nb", "a\x1fb", "a\x00b"])
def test_names_that_a_note_cannot_hold(name):
    with pytest.raises(LogError, match="cannot be a key's name"):
        note.check_name(name)


def test_names_that_it_can():
    assert note.check_name("\u00e9xample.org/a-b_c~d") == "\u00e9xample.org/a-b_c~d"


def test_keys_are_refused_in_words():
    public = KEY.verifier.public
    blob = bytes([2]) + public
    key_id = hashlib.sha256(ORIGIN.encode() + b"\n" + blob).digest()[:4].hex()
    with pytest.raises(LogError, match="type 0x02 are not known"):
        note.verifier(f"{ORIGIN}+{key_id}+{b64(blob)}")
    for wrong in (public[:-1], public + b"x"):
        blob = bytes([1]) + wrong
        key_id = hashlib.sha256(ORIGIN.encode() + b"\n" + blob).digest()[:4].hex()
        with pytest.raises(LogError, match="32 bytes"):
            note.verifier(f"{ORIGIN}+{key_id}+{b64(blob)}")
    with pytest.raises(LogError, match="does not fit its id"):
        note.verifier(f"{ORIGIN}+00000000+{b64(bytes([1]) + public)}")
    with pytest.raises(LogError, match="does not fit its id"):
        note.signer(f"PRIVATE+KEY+{ORIGIN}+00000000+{b64(bytes([1]) + KEY.seed)}")
    with pytest.raises(LogError, match="not a private key"):
        note.signer(str(KEY.verifier))
    with pytest.raises(LogError, match="not a key"):
        note.verifier(ORIGIN)
    with pytest.raises(LogError, match="not base64") as caught:
        note.decode("A" * 41 + "!")
    assert "A" * 40 in caught.value.message
    assert "A" * 41 not in caught.value.message


@pytest.mark.parametrize("line", ["- a AAAAAAA=", f"\u2014 a {b64(bytes(4))}", "\u2014  a"])
def test_a_line_that_is_no_signature_spoils_the_note(line):
    with pytest.raises(LogError):
        note.signed_by("text\n", [line], [KEY.verifier])


def test_five_bytes_are_a_signature_of_somebody():
    assert note.signed_by("text\n", [f"\u2014 a {b64(bytes(5))}"], [KEY.verifier]) == ()


# ---- the proof ----

WHOLE = Proof(
    index=3, hashes=tree.inclusion_proof(LEAVES, 3), checkpoint=Checkpoint(origin=ORIGIN, head=HEAD), extra=b"more"
)


def test_a_proof_is_the_bytes_of_the_specification():
    root = b64(bytes.fromhex(HEAD.root))
    path = "".join(b64(each) + "\n" for each in WHOLE.hashes)
    text = f"c2sp.org/tlog-proof@v1\nextra {b64(b'more')}\nindex 3\n{path}\n{ORIGIN}\n9\n{root}\n"
    assert proof.encode(WHOLE).decode() == text
    assert proof.parse(text.encode()) == WHOLE
    plain = msgspec.structs.replace(WHOLE, extra=b"")
    assert plain == Proof(index=3, hashes=WHOLE.hashes, checkpoint=WHOLE.checkpoint)
    assert b"extra" not in proof.encode(plain)
    assert proof.parse(proof.encode(plain)) == plain
    assert proof.holds(WHOLE, LEAVES[3])
    assert not proof.holds(WHOLE, LEAVES[2])


def test_a_proof_holds_63_hashes_at_most():
    longest = msgspec.structs.replace(WHOLE, hashes=(bytes(32),) * 63)
    assert proof.parse(proof.encode(longest)) == longest
    with pytest.raises(LogError, match="63 at most"):
        proof.parse(proof.encode(msgspec.structs.replace(WHOLE, hashes=(bytes(32),) * 64)))
    with pytest.raises(LogError, match="32 bytes"):
        proof.parse(proof.encode(msgspec.structs.replace(WHOLE, hashes=(bytes(33),))))


def test_an_index_is_a_plain_decimal_below_2_to_the_63():
    for good in (0, 10, MOST):
        made = msgspec.structs.replace(WHOLE, index=good)
        assert proof.parse(proof.encode(made)).index == good
    text = proof.encode(WHOLE).decode()
    for bad in (str(MOST + 1), "9" * 20, "03", "-1", "", "\u0663", "1 "):
        with pytest.raises(LogError):
            proof.parse(text.replace("index 3", f"index {bad}").encode())


def test_a_proof_has_a_length_limit():
    data = proof.encode(msgspec.structs.replace(WHOLE, extra=bytes(900_000)))
    assert len(data) > proof.MAX_BYTES
    with pytest.raises(LogError, match=f"a proof of {len(data)} bytes is too long"):
        proof.parse(data)
    most = b"x" * proof.MAX_BYTES
    with pytest.raises(LogError, match="begins with"):
        proof.parse(most)
