"""One step of arithmetic over figures that belong together: sum, difference, ratio, growth, mean. No chains.

Looks for operands that give a stated result within its rounding; each search is a bisection per first operand, so
that a group costs n log n. It does not know which figures belong together, nor what the words of a claim ask for.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from enum import StrEnum

from msgspec import Struct


class Step(StrEnum):
    """The kinds of step."""

    SUM = "sum"
    DIFFERENCE = "difference"
    RATIO = "ratio"
    GROWTH = "growth"
    MEAN = "mean"


class Wanted(Struct, frozen=True, kw_only=True):
    """A result looked for: its size (no sign) and how far rounding may have moved it. Ratios are not in percent."""

    step: Step
    size: float
    slack: float


class Found(Struct, frozen=True, kw_only=True):
    """A step that gives the result, and the places of its operands, in the caller's numbering."""

    step: Step
    operands: tuple[int, ...]


_LONGEST_RUN = 16
_LONGEST_GROUP = 4000
_TINY = 1e-9


def find(wanted: Wanted, values: Sequence[float], places: Sequence[int]) -> Iterator[Found]:
    """Yield the operands out of one group that give the result: pairs first, then runs of neighbours.

    `values` are the group's figures in order of place; `places` number them.
    """
    if len(values) > _LONGEST_GROUP:
        return
    for operands in _pairs(wanted, values):
        yield Found(step=wanted.step, operands=tuple(places[each] for each in operands))
    if wanted.step in {Step.SUM, Step.MEAN}:
        for stride in (1, 2) if len(values) <= _LONGEST_RUN else (1,):
            for offset in range(stride):
                for first, last in _runs(wanted, values[offset::stride]):
                    yield Found(step=wanted.step, operands=tuple(places[offset::stride][first:last]))


def _pairs(wanted: Wanted, values: Sequence[float]) -> Iterator[tuple[int, int]]:
    order = sorted(range(len(values)), key=values.__getitem__)
    ranked = [values[place] for place in order]
    for first, value in enumerate(values):
        for low, high in _second(wanted, value):
            at = bisect_left(ranked, low)
            while at < len(ranked) and ranked[at] <= high:
                if order[at] != first and _gives(wanted, value, ranked[at]):
                    yield first, order[at]
                at += 1


def _second(wanted: Wanted, first: float) -> Iterator[tuple[float, float]]:
    """Yield the bounds within which the second operand must lie (a little wide: `_gives` decides)."""
    size, slack, step = wanted.size, wanted.slack * (1 + _TINY) + _TINY * wanted.size, wanted.step
    if step is Step.DIFFERENCE:
        yield first - size - slack, first - size + slack
        if first < 0:  # a figure in brackets less another: what differs are the sizes
            yield -first - size - slack, -first - size + slack
            yield -first + size - slack, -first + size + slack
    elif step is Step.SUM:
        for signed in {size, -size}:
            yield signed - first - slack, signed - first + slack
    elif step is Step.MEAN:
        for signed in {size, -size}:
            yield 2 * (signed - slack) - first, 2 * (signed + slack) - first
    else:
        for low, high in _quotients(wanted, slack):
            ends = [first / each for each in (low, high) if abs(each) > _TINY]
            if len(ends) == 2 and low * high > 0:  # noqa: PLR2004 - both ends of an interval that does not hold zero
                yield min(ends) - _TINY * abs(ends[0]), max(ends) + _TINY * abs(ends[0])


def _quotients(wanted: Wanted, slack: float) -> Iterator[tuple[float, float]]:
    size = wanted.size
    if wanted.step is Step.RATIO:
        yield max(size - slack, size * 1e-3), size + slack
        yield -size - slack, min(-size + slack, -size * 1e-3)
    else:
        yield 1 + size - slack, 1 + size + slack
        yield 1 - size - slack, 1 - size + slack


def _gives(wanted: Wanted, first: float, second: float) -> bool:
    step = wanted.step
    if step is Step.DIFFERENCE:
        result = first + second if first < 0 < second else first - second
    elif step is Step.SUM:
        result = first + second
    elif step is Step.MEAN:
        result = (first + second) / 2
    elif not second:
        return False
    else:
        result = first / second - (1 if step is Step.GROWTH else 0)
    return (
        abs(abs(result) - wanted.size)
        <= wanted.slack * (1 + _TINY)
        + _TINY * max(abs(first), abs(second), 1) * (step in {Step.DIFFERENCE, Step.SUM, Step.MEAN}) * 1e-3
        + _TINY * wanted.size
    )


def _runs(wanted: Wanted, values: Sequence[float]) -> Iterator[tuple[int, int]]:
    """Yield runs of three or more neighbours, and in a long group the runs from its start or to its end."""
    total = [0.0]
    for value in values:
        total.append(total[-1] + value)
    count = len(values)
    mean = wanted.step is Step.MEAN
    for first in range(count - 2):
        for last in range(first + 3, min(count, first + _LONGEST_RUN) + 1):
            if _is_size(wanted, total[last] - total[first], last - first if mean else 1):
                yield first, last
    for length in range(_LONGEST_RUN + 1, count + 1):
        for first in {0, count - length}:
            if _is_size(wanted, total[first + length] - total[first], length if mean else 1):
                yield first, first + length


def _is_size(wanted: Wanted, total: float, share: int) -> bool:
    return abs(abs(total / share) - wanted.size) <= wanted.slack * (1 + _TINY) + _TINY * wanted.size
