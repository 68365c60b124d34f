"""Which value of a reported fact stood at a moment, and what a later filing did to the one before.

A change of up to 0.5 % is rounding. A share split moves per-share and share-count facts inversely by one factor while
net income stays; such facts of the registrant that moved by the factor of a split between two filings are not
restated. Everything else is. It knows reports and moments and reads no text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from msgspec import Struct

from afterbell.model.books import CompanyFact, Report
from afterbell.reading.times import Stamp, read, to_ns

ROUNDING = Decimal("0.005")
_DAY_NS = 86_400 * 10**9
_LEAST_FACTOR = Decimal("1.2")
_INVERSE = Decimal("0.02")
_OF_FACTOR = Decimal("0.01")
_CENT = Decimal("0.005")
_MOST_MOVES = 20_000
_COUNTED = re.compile(r"Shares")
_EARNINGS = frozenset({
    "NetIncomeLoss", "ProfitLoss", "NetIncomeLossAvailableToCommonStockholdersBasic",
    "ProfitLossAttributableToOwnersOfParent",
})  # fmt: skip


class Change(StrEnum):
    """What a later filing did to a value."""

    NONE = "none"
    ROUNDING = "rounding"
    SPLIT = "split"
    RESTATED = "restated"


class Split(Struct, frozen=True, kw_only=True):
    """A share split: shares after it = `factor` times before; it falls between two days of filing."""

    factor: Decimal
    after: str
    by: str


class Standing(Struct, frozen=True, kw_only=True):
    """The reports of one fact for one period, as they stood at a moment, each in order of filing.

    `known` could be read by then, its last is the one that stood; `unsure` may have been out or not.
    """

    known: tuple[Report, ...]
    unsure: tuple[Report, ...] = ()
    later: tuple[Report, ...] = ()


def by_period(fact: CompanyFact) -> dict[tuple[str, str], list[Report]]:
    """Return the reports of a fact by period (start, end)."""
    found: dict[tuple[str, str], list[Report]] = {}
    for report in fact.reports:
        found.setdefault((report.start, report.end), []).append(report)
    return found


def standing(reports: Iterable[Report], moment: Stamp) -> Standing:
    """Return which reports of one period could be known at a moment."""
    sides: dict[bool | None, list[Report]] = {True: [], None: [], False: []}
    for report in reports:
        sides[available(report, moment)].append(report)
    return Standing(known=tuple(sides[True]), unsure=tuple(sides[None]), later=tuple(sides[False]))


def available(report: Report, moment: Stamp) -> bool | None:
    """Tell whether a filing was out: accepted before the moment, or filed on an earlier UTC day; None = unsure."""
    accepted = to_ns(report.accepted) if report.accepted else None
    if accepted is not None:
        return True if accepted < moment.first else None if accepted < moment.last else False
    day = read(report.filed + "T00:00:00Z") if report.filed else None
    if day is None:
        return None
    if moment.first >= day.first + _DAY_NS:
        return True
    return None if moment.last >= day.first else False


def change(fact: CompanyFact, old: Report, new: Report, splits: Sequence[Split]) -> Change:
    """Return what became of the old report's value in the new one."""
    if old.value == new.value:
        return Change.NONE
    if abs(new.value - old.value) <= ROUNDING * max(abs(old.value), abs(new.value)):
        return Change.ROUNDING
    return Change.SPLIT if _is_split(fact, old, new, splits) else Change.RESTATED


def _is_split(fact: CompanyFact, old: Report, new: Report, splits: Sequence[Split]) -> bool:
    per_share, count = _per_share(fact), fact.unit == "shares"
    if not (per_share or count) or not old.value or not new.value:
        return False
    between = [each.factor for each in splits if old.filed < each.by and new.filed > each.after]
    factor = Decimal(1)
    for each in reversed(between):  # one split, or that and the ones before it
        factor *= each
        if _moved(old.value, new.value, factor if count else 1 / factor, _CENT if per_share else Decimal(0)):
            return True
    return any(_moved(old.value, new.value, each if count else 1 / each, _CENT if per_share else Decimal(0))
               for each in between)  # fmt: skip


def _moved(old: Decimal, new: Decimal, factor: Decimal, step: Decimal) -> bool:
    return abs(new - old * factor) <= step + step * factor + _OF_FACTOR * abs(new)


def _per_share(fact: CompanyFact) -> bool:
    return fact.unit.endswith("/shares")


def splits(facts: Sequence[CompanyFact]) -> tuple[Split, ...]:
    """Return a registrant's share splits as its own filings show them, in order of time.

    Found where, between two filings of one period, a per-share fact and a share count moved inversely by a factor of at
    least 1.2 and no net income of the period changed by more than rounding.
    """
    counts: dict[tuple[str, str], list[tuple[Decimal, str, str]]] = {}
    pers: dict[tuple[str, str], list[tuple[Report, Report]]] = {}
    for fact in facts:
        if fact.unit == "shares" and _COUNTED.search(fact.concept):
            for old, new in _moves(fact):
                factor = new.value / old.value
                if old.start and (factor >= _LEAST_FACTOR or factor <= 1 / _LEAST_FACTOR):
                    counts.setdefault((old.start, old.end), []).append((factor, old.filed, new.filed))
        elif _per_share(fact):
            for old, new in _moves(fact):
                pers.setdefault((old.start, old.end), []).append((old, new))
    restated = _restated_earnings(facts) if counts and pers else frozenset()
    found = []
    for period, moved in counts.items():
        for factor, after, by in moved:
            for old, new in pers.get(period, ()):
                overlap = old.filed < by and after < new.filed
                if overlap and _inverse(old, new, factor) and not _earnings_moved(restated, period, after, by):
                    found.append(Split(factor=factor, after=max(after, old.filed), by=min(by, new.filed)))
    return tuple(_distinct(found))


def _inverse(old: Report, new: Report, factor: Decimal) -> bool:
    step = _CENT + _CENT * factor
    return abs(old.value - new.value * factor) <= step + _INVERSE * abs(old.value) and abs(new.value) > _CENT


def _moves(fact: CompanyFact) -> Iterator[tuple[Report, Report]]:
    told = 0
    for reports in by_period(fact).values():
        for old, new in pairwise(reports):
            if old.value and new.value and old.value != new.value and old.filed and new.filed and told < _MOST_MOVES:
                told += 1
                yield old, new


def _restated_earnings(facts: Sequence[CompanyFact]) -> frozenset[tuple[str, str, str, str]]:
    found = set()
    for fact in facts:
        if fact.concept in _EARNINGS:
            for old, new in _moves(fact):
                if abs(new.value - old.value) > ROUNDING * max(abs(old.value), abs(new.value)):
                    found.add((old.start, old.end, old.filed, new.filed))
    return frozenset(found)


def _earnings_moved(
    restated: frozenset[tuple[str, str, str, str]], period: tuple[str, str], after: str, by: str
) -> bool:
    return any((start, end) == period and old < by and new > after for start, end, old, new in restated)


def _distinct(found: Sequence[Split]) -> list[Split]:
    """Return each split once: those of one factor whose stretches overlap are one."""
    kept: list[Split] = []
    for each in sorted(found, key=lambda split: (split.after, split.by)):
        same = next(
            (place for place, other in enumerate(kept)
             if abs(other.factor - each.factor) <= _INVERSE * each.factor
             and each.after < other.by and other.after < each.by),
            None,
        )  # fmt: skip
        if same is None:
            kept.append(each)
        else:
            other = kept[same]
            kept[same] = Split(
                factor=_rounder(other.factor, each.factor), after=max(other.after, each.after),
                by=min(other.by, each.by),
            )  # fmt: skip
    return kept


def _rounder(one: Decimal, other: Decimal) -> Decimal:
    """Return the factor that is nearer to a whole number or to one over a whole number."""

    def off(factor: Decimal) -> Decimal:
        whole = factor if factor >= 1 else 1 / factor
        return abs(whole - round(whole))

    return min(one, other, key=off)


def days(report: Report) -> int:
    """Return how many days a report's period has, 0 for an instant or a date that does not exist."""
    try:
        begin, end = date.fromisoformat(report.start or report.end), date.fromisoformat(report.end)
    except ValueError:
        return 0
    return (end - begin + timedelta(days=bool(report.start))).days
