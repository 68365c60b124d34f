"""The figures of accounts that a run's outputs claim, and whether each is the value that stood when it decided.

A claim gets its concept from the words beside it, or from the key of a tool's result that holds the same value, and its
period likewise. It is held against every report of the registrants named. It reads and compares; the mode answers.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from enum import IntEnum

from msgspec import Struct, structs

from afterbell.model.books import CompanyFact, Report
from afterbell.model.calls import ROLLUP, PartKind, Source
from afterbell.model.run import Trace
from afterbell.model.scan import Evidence
from afterbell.reading.company_accounts import concepts, periods
from afterbell.reading.company_accounts.changes import Change, Split, Standing, by_period, change, standing
from afterbell.reading.company_accounts.given import Given
from afterbell.reading.company_accounts.periods import Period
from afterbell.reading.quantities import labels
from afterbell.reading.quantities.claims import Claimed, claims
from afterbell.reading.quantities.grounding import slack
from afterbell.reading.quantities.quantity import Kind, Quantity
from afterbell.reading.times import Stamp

_TEXTS = ("trading.thesis.text", "trading.decision.reason", "trading.decision.plan")
_BEFORE, _AFTER = 220, 60
_BOUND = re.compile(r"[.!?;]\s|[。！？；\n]")
_OF_AFTER = re.compile(r"[^.;\n]{0,12}?\b(?:in|of)\s", re.IGNORECASE)
_SHIFTS = (0, 3, 6, 9)
_SURE = 3
_FLOAT_ERROR, _WIDER = 1e-9, 1e-6
_MOST_HELD = 200


class Fate(IntEnum):
    """What a claim is, held against the reports; a higher one wins where several periods fit."""

    ABSENT = 0
    NO_PERIOD = 1
    NEITHER = 2
    UNSURE = 3
    STALE = 4
    RIGHT = 5


class Use(Struct, frozen=True, kw_only=True):
    """A claim about accounts: the figure, where it stands, and what it is about. `tags` are those of its words."""

    figure: Quantity
    words: str
    source: Source
    at_ns: int
    tags: frozenset[str]
    spelt: str
    period: Period

    @property
    def evidence(self) -> Evidence:
        """Where the claim stands."""
        return Evidence(
            trace_id=self.source.trace_id, span_id=self.source.span_id, field=self.source.field,
            excerpt=self.words[self.figure.start : self.figure.end], start=self.figure.start, end=self.figure.end,
        )  # fmt: skip


class Judged(Struct, frozen=True, kw_only=True):
    """A use with its fate, and for a stale or unsure one the fact, the value used and the one that stood."""

    use: Use | None
    fate: Fate
    fact: CompanyFact | None = None
    old: Report | None = None
    new: Report | None = None
    why: str = ""


class Spoken(Struct, frozen=True, kw_only=True):
    """One text that the run put out."""

    words: str
    source: Source
    at_ns: int


def spoken(trace: Trace) -> Iterator[Spoken]:
    """Yield the outputs of calls, each once, and the texts of theses and decisions."""
    seen = set()
    for call in trace.calls:
        if call.operation == ROLLUP and len(trace.calls) > 1:
            continue
        for _message, part, source in trace.parts(call.output):
            if part.kind is PartKind.TEXT and part.text and part.text not in seen:
                seen.add(part.text)
                yield Spoken(words=part.text, source=source, at_ns=call.started_ns)
    for span in trace.spans:
        for key in _TEXTS:
            text = span.attributes.get(key)
            if isinstance(text, str) and text and text not in seen:
                seen.add(text)
                source = Source(trace_id=trace.trace_id, span_id=span.span_id, field=key)
                yield Spoken(words=text, source=source, at_ns=span.start_ns)


def figures(texts: Sequence[Spoken]) -> list[tuple[Spoken, Claimed]]:
    """Return the claimed amounts of the texts: no percentages, no lengths of time."""
    return [
        (text, claimed) for text in texts for claimed in claims(text.words)
        if claimed.figure.kind not in {Kind.PERCENT, Kind.TIME, Kind.MULTIPLE}
    ]  # fmt: skip


def uses(found: Sequence[tuple[Spoken, Claimed]], facts: Sequence[Given]) -> tuple[Use, ...]:
    """Return the claims that are about accounts; `facts` are what tools gave, under keys."""
    made = []
    sized = Sized([each.value for each in facts])
    for text, claimed in found:
        figure = claimed.figure
        before, after = _window(text.words, figure)
        tags = _tags(before, after, claimed.sentence)
        same = [facts[place] for place in sized.held(figure)]
        period = periods.of_words(_nearest(before), before + " " + after, claimed.sentence)
        if not period.stated:
            # In prose the words were read above; a table's column or an object tells its year by its label alone.
            years = labels.years(figure.label) if figure.groups[:1] and figure.groups[0][0] in "ro" else frozenset()
            period = periods.of_years(years) if years and not period.length[1] else period
        if tags:
            same = [each for each in same if each.tags & tags or _overlap(each, tags)]
            own = {each.period for each in same if each.period.stated}
            if not period.stated and len(own) == 1:
                period = own.pop()
            made.append(_use(text, figure, tags, "", period))
            continue
        named = {(each.tags, each.words, each.period) for each in same}
        if len({(tags, words) for tags, words, _ in named}) == 1 and figure.significant >= _SURE:
            tags, words, own_period = next(iter(sorted(named, key=str)))
            made.append(_use(text, figure, tags, words, period if period.stated else own_period))
    return tuple(made)


def _use(text: Spoken, figure: Quantity, tags: frozenset[str], spelt: str, period: Period) -> Use:
    return Use(figure=figure, words=text.words, source=text.source, at_ns=text.at_ns, tags=tags, spelt=spelt,
               period=period)  # fmt: skip


def _overlap(each: Given, tags: frozenset[str]) -> bool:
    return any(concepts.spelt(tag) == each.words for tag in tags)


def _window(text: str, figure: Quantity) -> tuple[str, str]:
    before = text[max(0, figure.start - _BEFORE) : figure.start]
    bounds = [hit.end() for hit in _BOUND.finditer(before)]
    after = text[figure.end : figure.end + _AFTER]
    stop = _BOUND.search(after)
    return before[bounds[-1] if bounds else 0 :], after[: stop.start() if stop else len(after)]


def _nearest(before: str) -> str:
    """Return the last clause before a figure, where its own period often stands."""
    return re.split(r",\s|\band\b|\bto\b|\bfrom\b", before)[-1]


def _tags(before: str, after: str, sentence: str) -> frozenset[str]:
    """Return the tags that the words beside a figure name: "$3m of revenue", else the last before it, else after it."""
    behind, ahead = concepts.in_text(before), concepts.in_text(after)
    lead = _OF_AFTER.match(after)
    if ahead and lead and ahead[0].start <= lead.end() + 8:
        return ahead[0].tags
    if behind:
        last = behind[-1]
        # "diluted EPS" holds "EPS": the longest of those that end together was found first.
        return last.tags
    if ahead:
        return ahead[0].tags
    whole = concepts.in_text(sentence)
    return whole[0].tags if len({each.tags for each in whole}) == 1 else frozenset()


class Sized:
    """Values in order of size, so that those which a figure may be are found without looking at all."""

    def __init__(self, values: Sequence[Decimal]) -> None:
        self._values = values
        self._order = sorted(range(len(values)), key=lambda place: abs(float(values[place])))
        self._sizes = [abs(float(values[place])) for place in self._order]

    def held(self, figure: Quantity) -> list[int]:
        """Return the places of the values that a claimed figure holds, in order."""
        low, high = slack(figure)
        size = abs(float(figure.value))
        found = set()
        for shift in _SHIFTS if not figure.scale_from else (0,):
            unit = 10.0**shift
            first = bisect_left(self._sizes, (size - low) * unit * (1 - _WIDER))
            last = bisect_right(self._sizes, (size + high) * unit * (1 + _WIDER))
            found.update(self._order[first : min(last, first + _MOST_HELD)])
        return sorted(place for place in found if holds(figure, self._values[place]))


def holds(figure: Quantity, value: Decimal) -> bool:
    """Tell whether a claimed figure is this value, to its shown digits and whatever its sign.

    A figure whose scale nobody states may stand for thousands, millions or billions of it.
    """
    size = abs(float(value))
    low, high = slack(figure)
    claimed = abs(float(figure.value))
    for shift in _SHIFTS if not figure.scale_from else (0,):
        unit = 10.0**shift
        spare = _FLOAT_ERROR * size
        if (claimed - low) * unit - spare <= size <= (claimed + high) * unit + spare:
            return bool(size) == bool(claimed)
    return False


def judge(use: Use, facts: Sequence[CompanyFact], splits: Sequence[Split], moment: Stamp) -> Judged:
    """Return what a use is, held against the reports of its registrants as they stood at a moment."""
    best = Judged(use=use, fate=Fate.ABSENT)
    for fact in facts:
        if not (fact.concept in use.tags or (use.spelt and concepts.spelt(fact.concept) == use.spelt)):
            continue
        best = _better(best, Judged(use=use, fate=Fate.NO_PERIOD, fact=fact))
        for reports in by_period(fact).values():
            if not any(periods.fits(use.period, each) for each in reports):
                continue
            best = _better(best, _of_period(use, fact, reports, splits, moment))
            if best.fate is Fate.RIGHT:
                return best
    return best


def _better(one: Judged, other: Judged) -> Judged:
    return other if other.fate > one.fate else one


def _of_period(
    use: Use, fact: CompanyFact, reports: Sequence[Report], splits: Sequence[Split], moment: Stamp
) -> Judged:
    at = standing(reports, moment)
    found = fate_of(lambda value: holds(use.figure, value), fact, at, splits)
    if found.fate is Fate.STALE and not use.period.stated and use.figure.significant < _SURE:
        return Judged(use=use, fate=Fate.NEITHER, fact=fact)
    return structs.replace(found, use=use)


def fate_of(same: Callable[[Decimal], bool], fact: CompanyFact, at: Standing, splits: Sequence[Split]) -> Judged:
    """Return the fate of a value for which `same` tells whether it is another, among the reports of one period."""
    unsure = next((each for each in at.unsure if same(each.value)), None)
    if not at.known:
        if unsure is None:
            return Judged(use=None, fate=Fate.NEITHER, fact=fact)
        return Judged(use=None, fate=Fate.UNSURE, fact=fact, old=unsure, why=_lack(unsure))
    stood = at.known[-1]
    if same(stood.value):
        newer = next((each for each in at.unsure if not same(each.value)
                      and change(fact, stood, each, splits) is Change.RESTATED), None)  # fmt: skip
        if newer is None:
            return Judged(use=None, fate=Fate.RIGHT, fact=fact, new=stood)
        return Judged(use=None, fate=Fate.UNSURE, fact=fact, old=stood, new=newer, why=_lack(newer))
    if unsure is not None:
        return Judged(use=None, fate=Fate.RIGHT, fact=fact, new=unsure)
    old = next((each for each in reversed(at.known[:-1]) if same(each.value)), None)
    if old is None:
        return Judged(use=None, fate=Fate.NEITHER, fact=fact, new=stood)
    if change(fact, old, stood, splits) is Change.RESTATED:
        return Judged(use=None, fate=Fate.STALE, fact=fact, old=old, new=stood)
    return Judged(use=None, fate=Fate.RIGHT, fact=fact, new=stood)


def _lack(report: Report) -> str:
    if not report.filed and not report.accepted:
        return "the day of filing of a reported value"
    return f"the time at which the filing of {report.filed} was accepted"
