"""Counts as people say them."""

from __future__ import annotations

import pytest

from afterbell.model.wording import counted, first_of, since


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


@pytest.mark.parametrize(
    ("nanoseconds", "told"),
    [(0, "0 s"), (999, "0 s"), (1500, "1.5 µs"), (2_500_000, "2.5 ms"), (1_250_000_000, "1.25 s"), (200 * 10**9, "3 min 20 s"),
     (180 * 10**9, "3 min"), (7500 * 10**9, "2 h 5 min"), (100 * 3600 * 10**9, "4 d 4 h"), (-90 * 10**9, "-1 min 30 s")],
)  # fmt: skip
def test_lengths_of_time(nanoseconds, told):
    assert since(nanoseconds) == told
