"""Every reader of the log's formats, on any bytes and on sound bytes that were changed: it reads, or it says LogError.

And the two ways to read an entry, the quick one and the thorough one, never differ.
"""

from contextlib import suppress

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afterbell import canon
from afterbell.errors import CanonError, LogError
from afterbell.log import checkpoint as checkpoints
from afterbell.log import entry as entries
from afterbell.log import lines, note, proof, quorum, special, stamp, tree, witness
from afterbell.log.checkpoint import EMPTY_HEAD, Checkpoint, Head
from afterbell.log.entry import Entry, EntryType, Parent
from afterbell.log.examine import examine
from afterbell.log.note import KeyType, Signer

KEY = Signer(name="example.org/log", type=KeyType.NOTE, seed=bytes([1]) * 32)
OWN = Signer(name="example.org/w", type=KeyType.COSIGNATURE, seed=bytes([2]) * 32)
LEAVES = [tree.leaf_hash(bytes([number])) for number in range(9)]
BARE = Checkpoint(origin=KEY.name, head=Head(size=9, root=tree.root(LEAVES).hex()))
SIGNED = msgspec.structs.replace(BARE, signatures=(note.sign(checkpoints.text(BARE), KEY),))
ENTRY = Entry(
    type=EntryType.AMENDMENT,
    id="0195e0a0-0000-7000-8000-000000000001",
    created="2026-01-05T14:00:00.123Z",
    actor="code owner",
    after=EMPTY_HEAD,
    parent=Parent(id="a", leaf="ab" * 32),
    salt="00" * 16,
    body={"note": "a \u2028 \u00e9 \U0001f600 \\ \x7f", "deep": [1, [{"k": -3}], None, True]},
)
PLAIN = msgspec.structs.replace(ENTRY, type=EntryType.POSTMORTEM, parent=None, body={"summary": "x", "n": [0, {}]})
POLICY = f"log {KEY.verifier}\nwitness w {OWN.verifier}\ngroup g any w\nquorum g\n".encode()
PROOF = proof.Proof(index=4, hashes=tree.inclusion_proof(LEAVES, 4), checkpoint=SIGNED)
REQUEST = witness.Request(old=3, proof=tree.consistency_proof(LEAVES, 3), checkpoint=SIGNED)


def erased(data):
    special.erased_leaf(data)
    special.leaf_of(data)


def answered(data):
    assert witness.answer(data, [KEY.verifier], {}, OWN, 1).status in {200, 400, 403, 404, 409, 422}


def judged(data):
    examine([("000000.jsonl", data)], [("x.json", data)], data, [("9.ckpt", data)])


def text_of(read):
    return lambda data: read(data.decode("utf-8", "replace"))


READERS = {
    "checkpoint": (checkpoints.parse, checkpoints.encode(SIGNED)),
    "proof": (proof.parse, proof.encode(PROOF)),
    "policy": (quorum.parse, POLICY),
    "request": (witness.parse, witness.encode(REQUEST)),
    "witness": (answered, witness.encode(REQUEST)),
    "entry": (entries.parse, entries.encode(ENTRY)),
    "erased line": (erased, special.erased_line("ab" * 32)),
    "lines": (lambda data: list(lines.split(data)), entries.encode(PLAIN) + b"\n"),
    "stamp": (lambda data: stamp.claimed(data, "text\n"), bytes.fromhex("30053003020100")),
    "public key": (text_of(note.verifier), str(KEY.verifier).encode()),
    "private key": (text_of(note.signer), KEY.text.encode()),
    "signature": (
        text_of(lambda line: note.signed_by(checkpoints.text(BARE), [line], [KEY.verifier])),
        SIGNED.signatures[0].encode(),
    ),
    "whole log": (judged, entries.encode(PLAIN) + b"\n"),
}


@st.composite
def changed(draw, data):
    """Cut, double, overwrite and insert."""
    for _ in range(draw(st.integers(1, 3))):
        first, last = sorted((draw(st.integers(0, len(data))), draw(st.integers(0, len(data)))))
        piece = draw(st.binary(max_size=6) | st.sampled_from([b"\n", b"\n\n", b"\0", b" ", b'"', b"\\u0000", b"1e9"]))
        data = draw(
            st.sampled_from(
                [data[:first] + data[last:], data[:last] + data[first:], data[:first] + piece + data[first + len(piece) :],
                 data[:first] + piece + data[first:]]
            )
        )  # fmt: skip
    return data


@pytest.mark.parametrize("name", READERS)
@given(data=st.data())
@settings(max_examples=150)
def test_nothing_but_a_refusal_leaves_a_reader(name, data):
    read, sound = READERS[name]
    if name != "stamp":
        read(sound)
    given_bytes = data.draw(st.binary(max_size=200) | changed(sound))
    with suppress(LogError, CanonError):
        read(given_bytes)


def thorough(line):
    try:
        return entries._slow(line)
    except (LogError, CanonError):
        return None


def quick(line):
    try:
        return entries.parse(line)
    except (LogError, CanonError):
        return None


@pytest.mark.parametrize("sound", [entries.encode(ENTRY), entries.encode(PLAIN)], ids=["amendment", "record"])
@given(data=st.data())
@settings(max_examples=400)
def test_the_quick_way_to_read_an_entry_reads_what_the_thorough_way_does(sound, data):
    line = data.draw(changed(sound))
    assert quick(line) == thorough(line)


@pytest.mark.parametrize(
    "value",
    [
        b"1.0", b"1e2", b"-0", b"0", b"9007199254740991", b"9007199254740992", b"-9007199254740992", b"NaN", b"1e400",
        b"18446744073709551616", b'"\\u0000"', b'"\\\\u0000"', b'"\\u001f"', b'"\\u001F"', b'"\\/"', b'"\\ud800"',
        b'"\\u00e9"', b'"\xc3\xa9"', b'"\xff"', b'"\xf0\x9f\x98\x80"', b'{"b":1,"a":2}', b'{"a":1,"a":2}', b'{"a":1,"b":2}',
        b'{"\xf0\x9f\x98\x80":1,"\xef\xbf\xbf":2}', b'{"\xef\xbf\xbf":2,"\xf0\x9f\x98\x80":1}', b"[ ]", b"[]", b"{}",
        b"[" * 29 + b"]" * 29, b"[" * 30 + b"]" * 30, b"[" * 31 + b"]" * 31, b"[" * 29 + b"1" + b"]" * 29,
        b"[" * 30 + b"1" + b"]" * 30, b"[" * 2000 + b"]" * 2000, b'"\x7f"', b'"\xe2\x80\xa8"', b'"' + b"]" * 40 + b'"',
        b'"\\b\\t\\n\\f\\r"', b'"\\u0008"', b"true", b"null", b"tru",
    ],
)  # fmt: skip
def test_the_two_ways_agree_on_every_odd_value(value):
    sound = entries.encode(msgspec.structs.replace(PLAIN, body={"k": 7}))
    line = sound.replace(b'{"k":7}', b'{"k":' + value + b"}")
    assert line != sound
    assert quick(line) == thorough(line)
    assert canon.is_canonical(line) == (thorough(line) is not None)


fields = st.fixed_dictionaries(
    {},
    optional={
        "v": st.sampled_from([1, 2, True, "1", None]),
        "type": st.sampled_from(["postmortem", "amendment", "poem", None]),
        "id": st.sampled_from(["a", "../x", "", "x" * 101, 7]),
        "created": st.sampled_from(["2026-01-05T14:00:00Z", "2026-13-05T14:00:00Z", "now"]),
        "after": st.sampled_from([{"root": "ab" * 32, "size": 1}, {"root": "ab" * 32, "size": -1}, None, {}]),
        "parent": st.sampled_from([None, {"id": "a", "leaf": "ab" * 32}, {"id": "a", "leaf": "ab" * 32, "x": 1}]),
        "extra": st.sampled_from([{}, {"a": 1}, "x", 1]),
        "more": st.sampled_from([1, [], {"z": None}]),
    },
)


@given(fields, st.sets(st.sampled_from(["v", "type", "id", "actor", "after", "salt", "body"]), max_size=1))
def test_the_two_ways_agree_on_every_envelope(changes, left_out):
    value = canon.loads(entries.encode(PLAIN)) | changes
    line = canon.dumps({key: item for key, item in value.items() if key not in left_out})
    assert quick(line) == thorough(line)
