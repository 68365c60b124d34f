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
_LONG = 60
_TINY = 1e-9


class Ranked:
    """The figures of one group in order of place, and sorted: made once, searched for many claims.

    `places` number the figures in the caller's terms, `values` are theirs. Of a long series (prices of a year) only the
    ends and the extremes are compared: among hundreds of figures a pair is found for any result.
    """

    def __init__(self, places: Sequence[int], values: Sequence[float]) -> None:
        self.places, self.values = tuple(places), tuple(values)
        numbers: Sequence[int] = range(len(values))
        if len(values) > _LONG:
            ranked = sorted(numbers, key=self.values.__getitem__)
            last = len(values) - 1
            numbers = sorted({0, 1, last - 1, last, ranked[0], ranked[-1]})
        self.compared = tuple(numbers)
        self.order = sorted(numbers, key=self.values.__getitem__)
        self.sorted = [self.values[number] for number in self.order]

    def between(self, low: float, high: float) -> Iterator[int]:
        """Yield the numbers, within the group, of the figures between two bounds."""
        at = bisect_left(self.sorted, low)
        while at < len(self.sorted) and self.sorted[at] <= high:
            yield self.order[at]
            at += 1


def find(wanted: Wanted, group: Ranked, anchors: frozenset[int]) -> Iterator[Found]:
    """Yield the operands out of one group that give the result: pairs first, then runs of neighbours.

    One of `anchors` (places) takes part in each pair, unless there are none.
    """
    for first, second in _pairs(wanted, group, anchors):
        yield Found(step=wanted.step, operands=(group.places[first], group.places[second]))
    if wanted.step in {Step.SUM, Step.MEAN}:
        for stride in (1, 2) if len(group.values) <= _LONGEST_RUN else (1,):
            for offset in range(stride):
                for first, last in _runs(wanted, group.values[offset::stride]):
                    yield Found(step=wanted.step, operands=group.places[offset::stride][first:last])


def _pairs(wanted: Wanted, group: Ranked, anchors: frozenset[int]) -> Iterator[tuple[int, int]]:
    ordered = wanted.step in {Step.RATIO, Step.GROWTH}
    for one in group.compared:
        if anchors and group.places[one] not in anchors:
            continue
        value = group.values[one]
        for low, high in _others(wanted, value):
            for other in group.between(low, high):
                if other != one and _gives(wanted, value, group.values[other]):
                    yield one, other
        for low, high in _firsts(wanted, value) if ordered and anchors else ():
            for other in group.between(low, high):
                if other != one and _gives(wanted, group.values[other], value):
                    yield other, one


def _others(wanted: Wanted, first: float) -> Iterator[tuple[float, float]]:
    """Yield the bounds within which the second operand must lie (a little wide: `_gives` decides)."""
    size, slack, step = wanted.size, _wide(wanted), wanted.step
    if step is Step.DIFFERENCE:
        for middle in (first - size, first + size, -first - size, -first + size):
            yield middle - slack, middle + slack
    elif step in {Step.SUM, Step.MEAN}:
        parts = 2 if step is Step.MEAN else 1
        for middle in (parts * size - first, -parts * size - first):
            yield middle - parts * slack, middle + parts * slack
    else:
        for low, high in _quotients(wanted, slack):
            if low * high > 0 and abs(low) > _TINY and abs(high) > _TINY:
                ends = (first / low, first / high)
                yield min(ends) - _TINY * abs(first), max(ends) + _TINY * abs(first)


def _firsts(wanted: Wanted, second: float) -> Iterator[tuple[float, float]]:
    """Yield the bounds within which the first operand of a quotient must lie."""
    for low, high in _quotients(wanted, _wide(wanted)):
        ends = (low * second, high * second)
        yield min(ends) - _TINY * abs(second), max(ends) + _TINY * abs(second)


def _wide(wanted: Wanted) -> float:
    return wanted.slack * (1 + _TINY) + _TINY * wanted.size


def _quotients(wanted: Wanted, slack: float) -> Iterator[tuple[float, float]]:
    size = wanted.size
    if wanted.step is Step.RATIO:
        yield max(size - slack, size * 1e-3), size + slack
        yield -size - slack, min(-size + slack, -size * 1e-3)
    else:
        yield 1 + size - slack, 1 + size + slack
        yield 1 - size - slack, 1 - size + slack


def _gives(wanted: Wanted, first: float, second: float) -> bool:
    step, size = wanted.step, wanted.size
    slack = _wide(wanted)
    if step is Step.RATIO:
        return bool(second) and abs(abs(first / second) - size) <= slack
    if step is Step.GROWTH:
        return bool(second) and abs(abs(first / second - 1) - size) <= slack
    slack += _TINY * 1e-3 * max(abs(first), abs(second))
    if step is Step.SUM:
        return abs(abs(first + second) - size) <= slack
    if step is Step.MEAN:
        return abs(abs(first + second) / 2 - size) <= slack
    # Of a figure in brackets and another, it may be the sizes that are compared.
    opposite = first * second < 0 and abs(abs(first + second) - size) <= slack
    return opposite or abs(abs(first - second) - size) <= slack


def _runs(wanted: Wanted, values: Sequence[float]) -> Iterator[tuple[int, int]]:
    """Yield runs of three or more neighbours, and in a long group the runs from its start or to its end."""
    total = [0.0]
    for value in values:
        total.append(total[-1] + value)
    count = len(values)
    mean = wanted.step is Step.MEAN
    for first in range(count - 2 if count <= _LONG else 0):
        for last in range(first + 3, min(count, first + _LONGEST_RUN) + 1):
            if _is_size(wanted, total[last] - total[first], last - first if mean else 1):
                yield first, last
    for length in range(_LONGEST_RUN + 1 if count <= _LONG else 3, count + 1):
        for first in {0, count - length}:
            if _is_size(wanted, total[first + length] - total[first], length if mean else 1):
                yield first, first + length


def _is_size(wanted: Wanted, total: float, share: int) -> bool:
    return abs(abs(total / share) - wanted.size) <= wanted.slack * (1 + _TINY) + _TINY * wanted.size
