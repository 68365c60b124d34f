"""What a house did with its ideas, in order of time, so that the days around a run are looked up and not searched.

Built once from rows of all traces; it judges nothing.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from enum import StrEnum
from typing import Final, NamedTuple

from afterbell.model.surroundings import Ideas

TRADES: Final = frozenset({"buy", "sell", "sell_short", "short", "add", "increase"})
PASSES: Final = frozenset({"skip", "hold", "pass", "reject", "none", "no_trade"})
NEAREST: Final = 2000  # rows before a moment and after it that are looked at: more tell no more


class Deed(StrEnum):
    """What a run did with an idea."""

    RESEARCHED = "researched"
    TRADED = "traded"
    PASSED = "passed"
    COUNTED = "counted"


class DeedRow(NamedTuple):
    """One deed of a run that began at `at_ns` (ns since 1970); `many` is for ideas that are only counted."""

    at_ns: int
    deed: Deed
    idea: str
    many: int = 0


def deed_of(action: str, mode: str) -> Deed | None:
    """Return what a decision did; an idea that was traded on paper was passed. None for closing and the like."""
    if action in PASSES or mode == "paper":
        return Deed.PASSED
    return Deed.TRADED if action in TRADES else None


class Deeds:
    """The rows of a house, in columns: there may be millions."""

    def __init__(self, rows: Iterable[DeedRow]) -> None:
        """Take the rows, which come in order of time; those without a time are in no window."""
        self._columns = {deed: _Column() for deed in Deed}
        self._numbers: dict[str, int] = {}
        self._trades: dict[int, array[int]] = {}
        for row in rows:
            if not row.at_ns:
                continue
            number = self._numbers.setdefault(row.idea, len(self._numbers))
            self._columns[row.deed].add(row.at_ns, number, row.many)
            if row.deed is Deed.TRADED:
                self._trades.setdefault(number, array("q")).append(row.at_ns)
        self._names = tuple(self._numbers)

    def between(self, begin_ns: int, end_ns: int, at_ns: int) -> Ideas:
        """Return what was done from `begin_ns` to `end_ns`; of a crowd what is nearest to `at_ns`."""
        near = {deed: column.near(begin_ns, end_ns, at_ns) for deed, column in self._columns.items()}
        ideas = {deed: frozenset(column.ideas[near[deed]]) for deed, column in self._columns.items()}
        far = {each for each in ideas[Deed.RESEARCHED] if self._traded(each, begin_ns, end_ns)}
        return Ideas(
            researched=self._named(ideas[Deed.RESEARCHED]), traded=self._named(far | ideas[Deed.TRADED]),
            passed=self._named(ideas[Deed.PASSED]),
            counted=sum(self._columns[Deed.COUNTED].counts[near[Deed.COUNTED]]),
        )  # fmt: skip

    def _traded(self, idea: int, begin: int, end: int) -> bool:
        times = self._trades.get(idea, array("q"))
        place = bisect_left(times, begin)
        return place < len(times) and times[place] <= end

    def _named(self, numbers: Iterable[int]) -> frozenset[str]:
        return frozenset(self._names[each] for each in numbers)


class _Column:
    """The rows of one deed: times, ideas by number, counts."""

    def __init__(self) -> None:
        self.times, self.ideas, self.counts = array("q"), array("L"), array("q")

    def add(self, at: int, idea: int, count: int) -> None:
        self.times.append(at)
        self.ideas.append(idea)
        self.counts.append(count)

    def near(self, begin: int, end: int, at: int) -> slice:
        first, last, middle = bisect_left(self.times, begin), bisect_right(self.times, end), bisect_left(self.times, at)
        return slice(max(first, middle - NEAREST), max(first, min(last, middle + NEAREST)))
