"""Canonical JSON: equal to an RFC 8785 reference on what we allow, and a refusal for everything else."""

from __future__ import annotations

import hashlib
from contextlib import suppress

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from afterbell import canon
from afterbell.errors import CanonError

texts = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=12)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-canon.MAX_INT, canon.MAX_INT) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


@given(values)
def test_equal_to_the_reference(value):
    assert canon.dumps(value) == rfc8785.dumps(value)


@given(values)
def test_what_is_written_reads_back_and_is_canonical(value):
    data = canon.dumps(value)
    assert canon.loads(data) == value
    assert canon.is_canonical(data)
    assert canon.dumps(canon.loads(data)) == data


@given(st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_read_or_refused(data):
    with suppress(CanonError):
        canon.dumps(canon.loads(data))
    assert canon.is_canonical(data) in (True, False)


def test_keys_are_ordered_by_utf_16_units():
    keys = ["\U0001f600", "\ufb33", "\u20ac", "1", "\r", "\u0080", "\u00f6", "</script>"]
    written = canon.loads(canon.dumps(dict.fromkeys(keys, 0)))
    assert list(written) == ["\r", "1", "</script>", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ({"b": 1, "a": [True, None, "x"]}, b'{"a":[true,null,"x"],"b":1}'),
        ('\x1f\x7f\t\n"\\/', b'"\\u001f\x7f\\t\\n\\"\\\\/"'),
        ("e\u0301 \u00e9", b'"e\xcc\x81 \xc3\xa9"'),
        ((1, (2,)), b"[1,[2]]"),
        (-(2**53) + 1, b"-9007199254740991"),
        ({}, b"{}"),
    ],
)
def test_examples(value, written):
    assert canon.dumps(value) == written


def _nested(depth):
    value = []
    for _ in range(depth - 1):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value",
    [
        1.5, float("nan"), 2**53, -(2**53), "a\0b", "\ud800", {"\ud800": 1}, {"\0": 1}, {1: 2}, {None: 1}, b"x", {1, 2},
        object(), [[1.0]], {"a": {"b": 2**60}}, _nested(canon.MAX_DEPTH + 1), _nested(20_000),
    ],
    ids=lambda value: repr(type(value)),
)  # fmt: skip
def test_what_has_no_canonical_form_is_refused(value):
    with pytest.raises(CanonError):
        canon.dumps(value)


@pytest.mark.parametrize(
    "data",
    [
        b"", b" ", b"{", b"nul", b"NaN", b"Infinity", b"-Infinity", b"1.0", b"1e2", b"1E2", b"9007199254740992", b"9" * 5000,
        b'{"a":1,"a":2}', b'{"a":{"b":1,"b":1}}', b'"\\ud800"', b'"\\u0000"', b'"\xff"', b"\xef\xbb\xbf1", b"[1,]", b"1 2",
        b"[" * 33 + b"]" * 33, b"[" * 100_000, b'"\n"', b"'a'",
    ],
    ids=lambda data: repr(data[:24]),
)  # fmt: skip
def test_what_is_no_such_text_is_refused(data):
    with pytest.raises(CanonError):
        canon.loads(data)
    assert not canon.is_canonical(data)


@pytest.mark.parametrize(
    "data",
    [b"1 ", b" 1", b'{"b":1,"a":2}', b'{"a": 1}', b'"\\u0061"', b'"\\/"', b"-0", b"[1, 2]", b"1\n", b'"\\u00e9"'],
)
def test_valid_but_not_canonical(data):
    canon.loads(data)
    assert not canon.is_canonical(data)


def test_the_depth_that_is_allowed():
    assert canon.loads(canon.dumps(_nested(canon.MAX_DEPTH))) == _nested(canon.MAX_DEPTH)


def test_sha256():
    assert canon.sha256_hex(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert canon.sha256_hex(canon.dumps({"a": 1})) == hashlib.sha256(b'{"a":1}').hexdigest()
