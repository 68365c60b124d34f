"""Looks for one step of arithmetic where it means something: over figures that belong together and are named.

Figures belong together in a row, a column, a sentence, a paragraph, an object, or under the claim's own words. In a
row (and in prose) one operand must be named by the claim's words; across rows both must be, or one be a total of
which the other is a share; growth does not run from one item to another. A claim's years bound the years of the
operands.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final

from msgspec import Struct

from afterbell.reading.quantities import labels
from afterbell.reading.quantities.derivations import Found, Step, Wanted, find
from afterbell.reading.quantities.pool import Pool
from afterbell.reading.quantities.quantity import Kind

PERCENTS: Final = frozenset({Kind.PERCENT})
_AMOUNTS: Final = frozenset({Kind.MONEY, Kind.PLAIN})
_CLASSES: Final = (
    _AMOUNTS, frozenset({Kind.COUNT, Kind.PLAIN}), PERCENTS, frozenset({Kind.TIME, Kind.PLAIN}),
    frozenset({Kind.MULTIPLE}),
)  # fmt: skip
_WHOLES = "total revenue sale turnover asset equity liability capital income sum 收入 资产"
_BASES: Final = frozenset(_WHOLES.split())
_EFFORT = 20_000
_MOST_GROUPS = 60
_CANDIDATES = 400
_ACROSS: Final = frozenset("cowa")
_PAIR = 2
_SOME, _MANY = 3, 4


class Asked(Struct, frozen=True, kw_only=True):
    """What a claim says of its operands.

    `steps` are those that its words ask for; a margin (1 - a/b) is a growth that nobody called growth. `named` are the
    figures that its words name outright, `touched` those with any of its words. `digits` is how many it shows: the more
    there are, the less they are met by chance, and the further is looked. `every`: it speaks of every year between the
    first and the last it names. `unscaled`: only figures whose scale nobody states.
    """

    words: frozenset[str]
    steps: frozenset[Step]
    named: frozenset[int]
    touched: frozenset[int]
    digits: int
    every: bool
    unscaled: bool


class Search:
    """One search for several results, with a limit on its effort."""

    def __init__(self, pool: Pool, wanted: Sequence[tuple[Wanted, frozenset[Kind]]], asked: Asked) -> None:
        self._pool, self._wanted, self._unscaled = pool, wanted, asked.unscaled
        self._named, self._touched = asked.named, asked.touched
        self._years = sorted(int(year) for year in labels.years(asked.words))
        self._margin, self._grows = Step.RATIO in asked.steps, Step.GROWTH in asked.steps
        told = asked.steps if not asked.steps >= frozenset(Step) else frozenset()
        self._averages, self._sums = Step.MEAN in told, Step.SUM in told
        self._digits, self._every = asked.digits, asked.every
        self._effort = 0

    def found(self, beside: tuple[int, ...]) -> Found | None:
        """Return the first step that gives a result: over the figures beside the claim, then over groups it names."""
        if len(set(beside)) >= _PAIR:
            found = self._over([("b", tuple(sorted(set(beside))))], frozenset())
            if found is not None:
                return found
        anchors = self._named or self._touched
        everything = frozenset(range(len(self._pool)))
        groups = [*self._pool.together(anchors or everything), *self._pool.akin(anchors)]
        found = self._over(groups, anchors)
        if found is None and anchors and self._digits >= _SOME:
            near = [each for each in self._pool.together(self._touched) if each[0] not in _ACROSS]
            found = self._over([*near, *self._pool.akin(self._touched)], self._touched)
        if found is None and anchors and self._digits >= _MANY:
            found = self._over(self._pool.together(everything), frozenset())
        return found

    def _over(self, groups: Iterable[tuple[str, tuple[int, ...]]], anchors: frozenset[int]) -> Found | None:
        searched: Counter[str] = Counter()
        for kind, group in groups:
            searched[kind] += 1
            if searched[kind] > _MOST_GROUPS:
                continue  # words that name hundreds of rows name none
            self._effort += len(group)
            if self._effort > _EFFORT:
                return None
            found = self._group(kind, group, anchors)
            if found is not None:
                return found
        return None

    def _group(self, kind: str, group: tuple[int, ...], anchors: frozenset[int]) -> Found | None:
        present = {self._pool.held[place].figure.kind for place in group}
        loose = bool(self._named)
        for kinds in _CLASSES:
            rates = kinds is PERCENTS
            bare = Kind.PLAIN in present and (kinds is _AMOUNTS or (rates and loose))
            if not present & kinds - {Kind.PLAIN} and not bare:
                continue
            taken = kinds | {Kind.PLAIN} if rates and (loose or Kind.PERCENT in present) else kinds
            members = self._pool.ranked(group, taken, unscaled=self._unscaled)
            if len(members.places) < _PAIR:
                continue
            for each, allowed in self._wanted:
                if kinds & allowed:
                    for found in islice(find(each, members, anchors), _CANDIDATES):
                        if self._is_sensible(kind, found, anchors, members.places):
                            return found
        return None

    def _is_sensible(self, kind: str, found: Found, anchors: frozenset[int], group: Sequence[int]) -> bool:
        """Tell whether the claim's words can mean these operands; `group` are all it has."""
        operands = found.operands
        if kind == "b":
            return True
        pair = len(operands) == _PAIR
        if (anchors and anchors.isdisjoint(operands)) or not self._in_years(found):
            return False
        if found.step is Step.MEAN and not self._is_mean(kind, operands, group):
            return False
        if not (pair or self._sums or self._averages) and self._touched.isdisjoint(operands):
            return False
        if kind == "a" and found.step is Step.DIFFERENCE and self._grows and not self._is_one_item(operands):
            return False
        if kind not in _ACROSS:
            return self._grows or found.step is not Step.GROWTH
        if found.step is Step.GROWTH:
            margin = self._margin and operands[0] in self._touched and self._is_base(operands[1])
            return margin or (self._grows and self._is_one_item(operands))
        if not pair:
            touched = sum(place in self._touched for place in operands)
            return kind != "c" or self._digits >= _MANY or 2 * touched >= len(operands) or not self._touched
        if not anchors:
            return True
        return all(
            place in self._touched or (found.step is not Step.MEAN and self._is_base(place)) for place in operands
        )

    def _is_mean(self, kind: str, operands: tuple[int, ...], group: Sequence[int]) -> bool:
        """Tell whether a mean of these may be meant; that of a run of many is near anything and must be asked for."""
        if len(operands) != _PAIR:
            return self._averages and not (kind in "ro" and self._every and len(operands) < self._within(group))
        if kind in "rcoa" and len(group) > _PAIR and not self._covers_years(operands):
            return False
        return not (kind in "ro" and self._every and len(operands) < self._within(group))

    def _is_one_item(self, operands: tuple[int, ...]) -> bool:
        names = [self._pool.held[place].figure.row_label for place in operands]
        first, second = (name - labels.years(name) for name in names)
        return first <= second or second <= first

    def _is_base(self, place: int) -> bool:
        return not self._pool.held[place].figure.row_label.isdisjoint(_BASES)

    def _in_years(self, found: Found) -> bool:
        """Tell whether the operands' years are those of the claim: the two it names, else up to one before."""
        if not self._years:
            return True
        first, last = self._years[0], self._years[-1]
        allowed = set(range(first - (1 if first == last else 0), last + 1))
        if len(self._years) == _PAIR and found.step in {Step.GROWTH, Step.DIFFERENCE}:
            allowed = {first, last}
        for place in found.operands:
            own = {int(year) for year in labels.years(self._pool.held[place].figure.label)}
            if own and own.isdisjoint(allowed):
                return False
        return found.step in {Step.RATIO, Step.SUM} or len(self._years) != _PAIR or self._covers_years(found.operands)

    def _within(self, group: Sequence[int]) -> int:
        """Count the figures of a group whose year lies between the first and the last that the claim names."""
        said = [labels.years(self._pool.held[place].figure.label) for place in group]
        if not self._years:
            return len(group)
        return sum(any(self._years[0] <= int(year) <= self._years[-1] for year in years) for years in said)

    def _covers_years(self, operands: tuple[int, ...]) -> bool:
        """Tell whether the operands stand for every year that the claim names, as far as they say their years."""
        said = [labels.years(self._pool.held[place].figure.label) for place in operands]
        return bool(self._years) and (not all(said) or {str(year) for year in self._years} <= frozenset().union(*said))
