"""Counts as people say them."""

from __future__ import annotations

import pytest

from afterbell.model.wording import counted, first_of


@pytest.mark.parametrize(
    ("number", "words", "told"),
    [
        (0, ("fault",), "0 faults"),
        (1, ("entry",), "1 entry"),
        (1204, ("entry",), "1,204 entries"),
        (2, ("addendum", "addenda"), "2 addenda"),
    ],
)
def test_counted(number, words, told):
    assert counted(number, *words) == told


def test_the_first_of_many_stand_whole():
    assert first_of(["a", "b", "c"]) == "a; b; c"
    assert first_of(["prompt of call 1", "b", "c", "d", "e"]) == "prompt of call 1; b; c and 2 more"
