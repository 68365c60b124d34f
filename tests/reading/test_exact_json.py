"""Exact JSON: digits are kept, and one error stands for every text that is none."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterbell.reading.exact_json import NotJsonError, loads


def test_digits_are_kept():
    assert loads(b'{"a":[0.10,1e2,7,"x"]}') == {"a": [Decimal("0.10"), Decimal("1e2"), 7, "x"]}
    assert str(loads("0.10")) == "0.10"


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{", b"\xff", b'"\xff"', b'{"a":"\xc3"}', b'{"\x80":1}', b"1e99999999999999999999", "1e-99999999999999999999",
        '"\ud800"', b'"\\ud800"', b"[" * 5000, b"NaN", b"\xef\xbb\xbf{}",
    ],
)  # fmt: skip
def test_what_is_none_is_said_in_one_way(data):
    with pytest.raises(NotJsonError):
        loads(data)


@given(st.binary(max_size=40) | st.text('{}[]":,1e-.\ud800', max_size=20))
def test_any_bytes_or_text(data):
    with suppress(NotJsonError):
        loads(data)
