"""Timestamp error: what the decision rested on was too old, from the future, or cannot be placed in time.

What it asks
    Was any news item, quote or filing that the run read older than the strategy's decay window at decision time, dated
    after the decision, or dated so that it cannot be placed?

Why it matters
    A search returns what matches, not what is new. A story of last month reads like one of today, a backtest reads
    tomorrow's paper, and a stamp without a zone hides up to a day. The thesis is then about a market that is gone, or
    not there yet.

How it looks
    Each source read before the decision is compared with it: decision time is `trading.decision.data_asof`, else the
    start of the decision's span (in another trace of the idea if this one has none). The limit is `decay_window` of
    the policy (P7D; per strategy; `decay_window_quote` and `decay_window_filing` for those kinds), not the thesis's
    horizon. Dates come from the document, the article's own fields, its "Published" line or the markup of its page,
    ages such as "3 hours ago" counted from the reading, and the as-of time of a quote. Yes when one is older than the
    limit, later than the decision, or lacks a zone that would change the answer. A date without a time is compared by
    days. Each decision answers for what was read since the one before it, or for all before when nothing was.
    Not sources: the period a filing covers, bars of a requested history, calendar rows, own fills, dates in a story.
    No source: not applicable. A source without any date, no decision, or a backtest without data_asof: unknown.

What would prevent it
    A gate between retrieval and prompt that drops what is older than the window or later than the decision, and refuses
    what has no date with a zone; tests of the gate on both sides of the limit.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from msgspec import Struct

from afterbell.model.casefile import CaseFile, Need
from afterbell.model.policy import Limits
from afterbell.model.run import Trace
from afterbell.model.scan import Suggestion, na, no, unknown, yes
from afterbell.reading.moments.decisions import DecisionTime, decisions
from afterbell.reading.moments.places import is_clock
from afterbell.reading.moments.sources import DatedSource, Kind, Sources, dated_sources
from afterbell.reading.times import Stamp

NUMBER = 13
SLUG = "timestamp_error"
QUESTION = (
    "Was any news, quote or filing older than the strategy's decay window at decision time, dated after it, or dated "
    "so that it cannot be placed?"
)
SINCE = "0.1.0"
NEEDS = (Need.SPANS,)
KNOBS: dict[str, Any] = {}

_SHOWN = 12
_HOUR = 3600 * 10**9
_DAY = 24 * _HOUR
_MAX_DEPTH = 200


class _Fault(StrEnum):
    """What is wrong with a source, worst first."""

    FUTURE = "dated after the decision"
    STALE = "older than the window"
    NO_ZONE = "not placed in time"


class _Finding(Struct, frozen=True, kw_only=True):
    """A source at fault for one decision. `age_ns` is decision minus date, where both are instants or days."""

    source: DatedSource
    decision: DecisionTime
    fault: _Fault
    age_ns: int
    window: timedelta


def detect(case: CaseFile) -> Suggestion:
    """Return yes with every source at fault, no when all are fresh, na without sources, unknown without dates."""
    read = _read(case)
    if not read.sources and not read.missing:
        return na("The run read no news, quote or filing.")
    when = decisions(case)
    if not when.times:
        return unknown("The time of the decision is not known, so that no age can be told.", when.missing)
    bad, unsure, judged = _judge(case, read.sources, when.times)
    limits = case.limits
    figures: dict[str, Any] = {"sources": judged, "window": _span(limits.decay_window)}
    if bad:
        return yes(_told(bad, judged), _proof(bad), figures | _figures(bad), (*unsure, *read.missing))
    if not judged and not read.missing:
        return na("The run read no news, quote or filing before a decision.")
    missing = (*unsure, *read.missing, *when.missing)
    if missing:
        return unknown("What can be placed is within its window; the rest has no date that can be compared.",
                       tuple(dict.fromkeys(missing)), figures)  # fmt: skip
    return no(f"{_several(judged, 'source')} read before the decision, each within its window.", figures)


def _read(case: CaseFile) -> Sources:
    """Return the sources of the trace and of the traces of its ideas."""
    ideas = set(case.trace.idea_ids)
    runs = [run for run in case.kin if ideas & set(run.idea_ids)]
    found = [dated_sources(run) for run in (case.trace, *runs)]
    return Sources(
        sources=tuple(each for part in found for each in part.sources), missing=found[0].missing
    )  # fmt: skip


def _judge(
    case: CaseFile, sources: Sequence[DatedSource], times: Sequence[DecisionTime]
) -> tuple[list[_Finding], tuple[str, ...], int]:
    """Return the findings, what is missing for the other sources, and how many were read before a decision."""
    above = _Above(case.runs)
    bad: list[_Finding] = []
    missing: dict[str, None] = {}
    judged: set[int] = set()
    left = list(range(len(sources)))
    for decision in times:
        before = [each for each in range(len(sources)) if _precedes(sources[each], decision, above)]
        fresh = [each for each in before if each in left]
        for each in fresh or before:
            judged.add(each)
            found = _compare(sources[each], decision, case)
            if isinstance(found, str):
                missing[found] = None
            elif found is not None:
                bad.append(found)
        left = [each for each in left if each not in fresh]
    worst: dict[int, _Finding] = {}
    for finding in bad:
        worst.setdefault(id(finding.source), finding)
    order = list(_Fault)
    ranked = sorted(worst.values(), key=lambda each: (order.index(each.fault), -abs(each.age_ns)))
    return ranked, tuple(missing), len(judged)


class _Above:
    """The spans above a span, in any of the traces."""

    def __init__(self, runs: Sequence[Trace]) -> None:
        self._parents = {(run.trace_id, span.span_id): span.parent_span_id for run in runs for span in run.spans}

    def within(self, trace_id: str, span_id: str, outer: str) -> bool:
        """Tell whether a span is another one or lies within it."""
        for _ in range(_MAX_DEPTH):
            if not span_id or span_id == outer:
                break
            span_id = self._parents.get((trace_id, span_id), "")
        return span_id == outer


def _inside(source: DatedSource, decision: DecisionTime, above: _Above) -> bool:
    place = decision.event.source
    return source.trace_id == place.trace_id and above.within(source.trace_id, source.span_id, place.span_id)


def _precedes(source: DatedSource, decision: DecisionTime, above: _Above) -> bool:
    if not source.read_ns or not decision.began_ns or source.read_ns <= decision.began_ns:
        return True
    return _inside(source, decision, above)


def _window(source: DatedSource, decision: DecisionTime, case: CaseFile) -> timedelta:
    limits: Limits = case.policy.of(decision.event.strategy_id) if decision.event.strategy_id else case.limits
    special = {Kind.QUOTE: limits.decay_window_quote, Kind.FILING: limits.decay_window_filing}.get(source.kind)
    return limits.decay_window if special is None else special


def _compare(source: DatedSource, decision: DecisionTime, case: CaseFile) -> _Finding | str | None:
    """Return a finding, what is missing to compare, or None when the source is within its window."""
    window = _window(source, decision, case)
    place, asof = source.place, decision.asof
    if place is None:
        if is_clock(source.stamp):
            return _Finding(source=source, decision=decision, fault=_Fault.NO_ZONE, age_ns=0, window=window)
        return f"the date of {source.kind} {source.name[:60]!r}"
    if not decision.stated and asof.exact and source.read_ns > asof.first:
        # Read while the decision was being taken: it cannot be from after its own reading.
        asof = Stamp(first=source.read_ns, last=source.read_ns)
    if place.days and len(place.days) == len(place.stamps):
        found = {_by_day(day, stamp, decision, window) for day, stamp in zip(place.days, place.stamps, strict=True)}
    else:
        found = {_by_time(stamp, asof, window) for stamp in place.stamps}
    age = asof.first - place.stamps[0].first
    if found == {None}:
        return None
    if len(found) == 1 and None not in found:
        fault = found.pop()
    elif place.coarse or place.exact or not asof.exact:
        return _unsettled(source, decision)
    else:
        fault = _Fault.NO_ZONE
    if fault is _Fault.NO_ZONE and (place.coarse or not asof.exact) and not place.days:
        return _unsettled(source, decision)
    return _Finding(source=source, decision=decision, fault=fault or _Fault.NO_ZONE, age_ns=age, window=window)


def _unsettled(source: DatedSource, decision: DecisionTime) -> str:
    if not decision.asof.exact and (source.place is None or not source.place.coarse):
        return "the zone of trading.decision.data_asof"
    return f"a closer date of {source.kind} {source.name[:60]!r}"


def _by_time(stamp: Stamp, asof: Stamp, window: timedelta) -> _Fault | None:
    """Compare instants; NO_ZONE when they overlap so that the missing zone decides."""
    span = _ns(window)
    if stamp.first > asof.last:
        return _Fault.FUTURE
    if stamp.last < asof.first - span:
        return _Fault.STALE
    if stamp.last <= asof.first and stamp.first >= asof.last - span:
        return None
    return _Fault.NO_ZONE


def _by_day(day: date, stamp: Stamp, decision: DecisionTime, window: timedelta) -> _Fault | None:
    """Compare a date without a time by days; under a window of hours it cannot be placed."""
    if not decision.days:
        return _by_time(stamp, decision.asof, window)
    if window >= timedelta(days=1):
        if any(timedelta(0) <= own - day <= window for own in decision.days):
            return None
    elif any(timedelta(0) <= own - day <= timedelta(days=1) for own in decision.days):
        return _Fault.NO_ZONE
    if stamp.first > decision.asof.last:
        return _Fault.FUTURE
    return _Fault.STALE if day < max(decision.days) else _Fault.NO_ZONE


def _ns(window: timedelta) -> int:
    return (window.days * 86_400 + window.seconds) * 10**9


def _span(window: timedelta) -> str:
    """Return a window as ISO 8601 writes it."""
    hours, rest = divmod(window.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    clock = "".join(f"{number}{letter}" for number, letter in ((hours, "H"), (minutes, "M"), (seconds, "S")) if number)
    days = f"{window.days}D" if window.days or not clock else ""
    return f"P{days}" + (f"T{clock}" if clock else "")


def _age(finding: _Finding) -> str:
    """Return an age in words, to one digit."""
    total = abs(finding.age_ns)
    if total >= _DAY:
        return f"{total / _DAY:.1f} days"
    return f"{total / _HOUR:.1f} hours" if total >= _HOUR else f"{total * 60 / _HOUR:.1f} minutes"


def _told(bad: Sequence[_Finding], judged: int) -> str:
    first = bad[0]
    counts = {fault: sum(each.fault is fault for each in bad) for fault in _Fault}
    parts = ", ".join(f"{count} {fault}" for fault, count in counts.items() if count)
    name = " ".join(first.source.name.split())[:80]
    said = f"{len(bad)} of {_several(judged, 'source')}: {parts}"
    if first.fault is _Fault.FUTURE:
        return f"{said}; {name!r} is dated {first.source.stamp}, {_age(first)} after the decision."
    if first.fault is _Fault.STALE:
        return f"{said}; {name!r} was {_age(first)} old at the decision (limit {_span(first.window)})."
    return f"{said}; {name!r} is dated {first.source.stamp!r}, and what that leaves out would change the answer."


def _proof(bad: Sequence[_Finding]) -> tuple[Any, ...]:
    times = dict.fromkeys(each.decision.evidence for each in bad[:_SHOWN] if each.decision.evidence.excerpt)
    return (*(each.source.evidence for each in bad[:_SHOWN]), *list(times)[:3])


def _figures(bad: Sequence[_Finding]) -> dict[str, Any]:
    listed = [
        {
            "name": each.source.name[:120],
            "kind": str(each.source.kind),
            "dated": each.source.stamp,
            "fault": str(each.fault),
            "age_days": f"{each.age_ns / _DAY:.2f}",
            "window": _span(each.window),
        }
        for each in bad[:_SHOWN]
    ]
    return {"at_fault": len(bad), "sources_at_fault": listed}


def _several(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
