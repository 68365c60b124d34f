"""As of when a decision was taken: its `trading.decision.data_asof`, else the start of its span.

A backtest or replay runs at another time than it pretends to, so without `data_asof` its decisions have no time. It
does not look at what the decision said.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from afterbell.model.casefile import CaseFile
from afterbell.model.run import Trace
from afterbell.model.scan import Evidence
from afterbell.model.trading import TradeEvent, TradeKind
from afterbell.reading.moments.days import zone_of
from afterbell.reading.moments.places import place
from afterbell.reading.times import Stamp, from_ns

ASOF = "trading.decision.data_asof"
_SIMULATED = {"backtest", "replay", "simulation"}
_HOUR = 3600 * 10**9
_DAY = 24 * _HOUR
_MAX_DEPTH = 200


class DecisionTime(Struct, frozen=True, kw_only=True):
    """A decision and the instants as of which it was taken.

    `days` are the dates that this may be, in UTC and at its exchange. `stated` says that it rests on data_asof;
    `began_ns` is when its span began, on the machine's clock.
    """

    event: TradeEvent
    asof: Stamp
    days: tuple[date, ...]
    evidence: Evidence
    stated: bool = False
    began_ns: int = 0


class Decisions(Struct, frozen=True, kw_only=True):
    """The decisions whose time is known, the earliest first, and what is missing for the others."""

    times: tuple[DecisionTime, ...] = ()
    missing: tuple[str, ...] = ()


def decisions(case: CaseFile) -> Decisions:
    """Return the decisions of the trace, else those of its ideas in other traces."""
    events = _of(case.trace)
    ideas = set(case.trace.idea_ids)
    if not events:
        events = [each for run in case.kin for each in _of(run) if each.idea_id in ideas]
    if not events:
        return Decisions(missing=("a trading.decision span",))
    found, missing = [], []
    for event in events:
        when = _time(event, case)
        if isinstance(when, str):
            missing.append(when)
        else:
            found.append(when)
    return Decisions(times=tuple(sorted(found, key=lambda each: each.began_ns)), missing=tuple(dict.fromkeys(missing)))


def _of(trace: Trace) -> list[TradeEvent]:
    return list(trace.of_kind(TradeKind.DECISION))


def _time(event: TradeEvent, case: CaseFile) -> DecisionTime | str:
    text, span_id = _asof(event, case)
    field = ASOF if text else "trading.decision.action" if event.action else ""
    shown = text or event.action
    days: tuple[date, ...] = ()
    if not text:
        mode = event.mode or _mode(case)
        if mode in _SIMULATED:
            return f"{ASOF} ({mode}: the clock of the run is not the time of the decision)"
        if not event.at_ns:
            return "the time of the decision"
        stamp = Stamp(first=event.at_ns, last=event.at_ns)
    else:
        where = place(text)
        if where is None or where.coarse or len(where.stamps) > 1:
            return f"a readable {ASOF}"
        stamp, days = where.stamps[0], where.days
        if days:
            # A day alone means what was known by its end.
            stamp = Stamp(first=stamp.first + _DAY, last=stamp.last)
    proof = Evidence(trace_id=event.source.trace_id, span_id=span_id, field=field, excerpt=shown, end=len(shown))
    return DecisionTime(
        event=event, asof=stamp, days=days or _days(stamp, event.exchange), evidence=proof, stated=bool(text),
        began_ns=event.at_ns,
    )  # fmt: skip


def _asof(event: TradeEvent, case: CaseFile) -> tuple[str, str]:
    """Return data_asof as written and the span that states it: the decision's, else the nearest one above."""
    run = next((run for run in case.runs if run.trace_id == event.source.trace_id), case.trace)
    value = event.attributes.get(ASOF)
    spans = {span.span_id: span for span in run.spans}
    here = spans.get(event.source.span_id)
    span_id = event.source.span_id
    for _ in range(_MAX_DEPTH):
        if value not in (None, "") or here is None:
            break
        span_id, value = here.span_id, here.attributes.get(ASOF)
        here = spans.get(here.parent_span_id)
    return (str(value), span_id) if value not in (None, "") else ("", event.source.span_id)


def _mode(case: CaseFile) -> str:
    """Return the mode that any span of the trace states."""
    stated = (attributes.get("trading.mode") for attributes in _attributes(case.trace))
    return next((str(mode).lower() for mode in stated if mode), "")


def _attributes(trace: Trace) -> list[Mapping[str, object]]:
    return [span.attributes for span in trace.spans]


def _days(stamp: Stamp, exchange: str) -> tuple[date, ...]:
    """Return the dates of an instant in UTC and at its exchange; of a stamp without a zone, the date as written."""
    if not stamp.exact:
        middle = from_ns(stamp.first + 14 * _HOUR)
        return (middle.date(),) if middle else ()
    moment = from_ns(stamp.first)
    if moment is None:
        return ()
    zone = zone_of(exchange)
    local = _local(moment, zone) if zone else moment
    return tuple(dict.fromkeys((moment.date(), local.date())))


def _local(moment: datetime, zone: str) -> datetime:
    try:
        return moment.astimezone(ZoneInfo(zone))
    except OverflowError:  # at either end of the calendar
        return moment
