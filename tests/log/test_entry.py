import itertools
import json
import uuid

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterbell import canon
from afterbell.errors import CanonError, LogError
from afterbell.log import entry, tree
from afterbell.log.checkpoint import EMPTY_HEAD, Head
from afterbell.log.entry import Entry, EntryType, Parent

PLAIN = Entry(
    type=EntryType.POSTMORTEM,
    id="0195e0a0-0000-7000-8000-000000000001",
    created="2026-01-05T14:00:00Z",
    actor="system operator",
    after=EMPTY_HEAD,
    salt="00" * 16,
    body={"summary": "Sold SYNTHETIC_A at the wrong price."},
)
VALUE = json.loads(entry.encode(PLAIN))


def line(**changes):
    value = {key: item for key, item in (VALUE | changes).items() if item is not ...}
    return canon.dumps(value)


def test_an_entry_reads_back_as_it_was_written():
    data = entry.encode(PLAIN)
    assert entry.parse(data) == PLAIN
    assert canon.is_canonical(data)
    assert entry.leaf_hex(data) == tree.leaf_hash(data).hex()


def test_an_amendment_carries_its_parent():
    parent = Parent(id="a", leaf="ab" * 32)
    amendment = msgspec.structs.replace(PLAIN, type=EntryType.AMENDMENT, parent=parent)
    assert entry.parse(entry.encode(amendment)) == amendment


def test_unknown_fields_are_kept_for_ever():
    data = line(extra="x", later={"deep": [1, None]}, body={"new": True})
    read = entry.parse(data)
    assert read.extra == {"extra": "x", "later": {"deep": [1, None]}}
    assert entry.encode(read) == data


@pytest.mark.parametrize(
    "changes",
    [
        {"v": 2},
        {"v": True},
        {"v": ...},
        {"type": "poem"},
        {"type": "amendment"},
        {"parent": {"id": "a", "leaf": "ab" * 32}},
        {"parent": None},
        {"type": "amendment", "parent": {"id": "a", "leaf": "AB" * 32}},
        {"type": "amendment", "parent": {"id": "a", "leaf": "ab" * 32, "more": 1}},
        {"id": ""},
        {"id": "../x"},
        {"id": ".hidden"},
        {"id": "ends."},
        {"id": "x\n"},
        {"id": "x" * 101},
        {"id": 7},
        {"created": "2026-01-05T14:00:00+00:00"},
        {"created": "2026-13-05T14:00:00Z"},
        {"created": "2026-01-05T14:00:00Z\n"},
        {"created": "yesterday"},
        {"actor": ""},
        {"actor": "x" * 201},
        {"after": {"size": -1, "root": "ab" * 32}},
        {"after": {"size": 1, "root": "ab" * 31}},
        {"after": {"size": "1", "root": "ab" * 32}},
        {"after": None},
        {"salt": "00"},
        {"salt": ...},
        {"body": "text"},
        {"body": ...},
    ],
)
def test_refuses_an_envelope(changes):
    with pytest.raises(LogError):
        entry.parse(line(**changes))


GOOD = entry.encode(PLAIN)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        GOOD + b"\n",
        b" " + GOOD,
        GOOD + b"\r",
        b"\xef\xbb\xbf" + GOOD,
        GOOD.decode().encode("utf-16"),
        GOOD.replace(b'"v":1', b'"v":1.0'),
        GOOD.replace(b'"v":1', b'"v":NaN'),
        GOOD.replace(b'"v":1', b'"v":1e400'),
        GOOD.replace(b'"v":1', b'"v":' + b"9" * 5000),
        GOOD.replace(b'"v":1', b'"v":1,"v":1'),
        GOOD.replace(b"Sold", b"So\\u006cd"),
        GOOD.replace(b"Sold", b"So\0ld"),
        GOOD.replace(b"Sold", b"\\ud800"),
        GOOD.replace(b"Sold", b"\xff"),
        b"[" * 100_000,
        GOOD[:-5],
    ],
    ids=itertools.count(),
)
def test_refuses_what_is_not_canonical_json(data):
    with pytest.raises((LogError, CanonError)):
        entry.parse(data)


@pytest.mark.parametrize("text", ["\u2028", "\u0085", "\r", "\U0001f600", "\x7f", "\t", "\u00e9e\u0301"])
def test_any_text_is_content(text):
    told = msgspec.structs.replace(PLAIN, body={"text": text})
    data = entry.encode(told)
    assert b"\n" not in data
    assert entry.parse(data) == told


@pytest.mark.parametrize("kind", [list, dict])
def test_a_body_is_read_alike_at_every_allowed_depth_and_refused_beyond(kind):
    value = "x"
    for depth in range(1, canon.MAX_DEPTH + 4):
        told = msgspec.structs.replace(PLAIN, body={"a": value})
        if depth + 2 <= canon.MAX_DEPTH:
            data = entry.encode(told)
            assert data == canon.dumps(VALUE | {"body": {"a": value}})
            assert entry.parse(data) == told
        else:
            data = json.dumps(VALUE | {"body": {"a": value}}, sort_keys=True, separators=(",", ":")).encode()
            with pytest.raises(CanonError, match="nested"):
                entry.parse(data)
            with pytest.raises(CanonError, match="nested"):
                entry.encode(told)
        value = [value] if kind is list else {"a": value}


def test_keys_beyond_the_basic_plane_are_ordered_by_utf16():
    told = msgspec.structs.replace(PLAIN, body={"\uffff": 1, "\U0001f600": 2})
    data = entry.encode(told)
    assert data.index("\U0001f600".encode()) < data.index("\uffff".encode())
    by_code_point = json.dumps(json.loads(data), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    with pytest.raises(LogError, match="canonical"):
        entry.parse(by_code_point.encode())


def test_the_size_limit_is_exact():
    room = entry.MAX_BYTES - len(GOOD)
    fits = msgspec.structs.replace(PLAIN, body={"summary": PLAIN.body["summary"] + "x" * room})
    assert len(entry.encode(fits)) == 65_535
    with pytest.raises(LogError, match="65536"):
        entry.encode(msgspec.structs.replace(fits, body={"summary": fits.body["summary"] + "x"}))


@pytest.mark.parametrize("change", [{"extra": {"body": {}}}, {"id": "a/b"}, {"body": {"price": 1.5}}, {"v": 2}])
def test_encode_refuses_what_parse_would(change):
    with pytest.raises((LogError, CanonError)):
        entry.encode(msgspec.structs.replace(PLAIN, **change))


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode(errors="replace")))
def test_nothing_else_leaves_the_parser(data):
    with pytest.raises((LogError, CanonError)):
        entry.parse(data)


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",))),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",))), inner)
    ),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from(["a", "\uffff", "\U0001f600", "b"]), values))
def test_any_canonical_body_survives(body):
    told = msgspec.structs.replace(PLAIN, body=body)
    data = entry.encode(told)
    assert entry.encode(entry.parse(data)) == data
    assert canon.is_canonical(data)


@given(st.integers(0, 2**48 - 1), st.integers(0, 2**48 - 1), st.binary(min_size=10, max_size=10))
def test_uuid7_sorts_by_time(first, second, random):
    one, two = entry.uuid7(first, random), entry.uuid7(second, random)
    assert (one < two) == (first < second)
    read = uuid.UUID(one)
    assert (read.version, read.variant, read.int >> 80) == (7, uuid.RFC_4122, first)
    assert entry.encode(msgspec.structs.replace(PLAIN, id=one))


@pytest.mark.parametrize(("milliseconds", "random"), [(-1, bytes(10)), (2**48, bytes(10)), (0, bytes(9))])
def test_uuid7_refuses(milliseconds, random):
    with pytest.raises(LogError):
        entry.uuid7(milliseconds, random)


def test_a_head_is_a_size_and_a_root():
    assert Head(size=0, root=tree.EMPTY_ROOT.hex()) == EMPTY_HEAD
