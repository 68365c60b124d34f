"""Fields that Python's `repr` wrote: literals are read, nothing is evaluated, a cut text says so."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterbell.formats.python_repr import ReprError, fields

_literal = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.from_regex(r"[a-z_]{1,8}", fullmatch=True), _literal, min_size=1, max_size=4))
def test_what_repr_writes_is_read_back(values):
    assert fields(" ".join(f"{key}={value!r}" for key, value in values.items())) == values


def test_what_is_no_literal_stays_text():
    found = fields("at=datetime.datetime(2026, 1, 5, 14, 0) n=__import__('os').getpid() last=1")
    assert found == {"at": "datetime.datetime(2026, 1, 5, 14, 0)", "n": "__import__('os').getpid()", "last": 1}


@pytest.mark.parametrize("text", ["content='It is", "calls=[{'a': 1}", "no field", "a=1 'b'"])
def test_a_cut_or_wrong_text_is_told(text):
    with pytest.raises(ReprError):
        fields(text)


@given(st.text("abc=[](){}'\"\\ ,1\n", max_size=60))
def test_any_text(text):
    with suppress(ReprError):
        assert isinstance(fields(text), dict)
