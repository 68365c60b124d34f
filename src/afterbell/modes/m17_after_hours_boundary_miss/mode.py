"""After-hours boundary miss: a release outside regular hours that nobody had planned for.

What it asks
    Did an earnings release or a macro print for the ticker fall outside regular hours between research and exit, while
    neither the thesis nor the plan mentions it?

Why it matters
    Outside regular hours a stop does not trade. The price opens somewhere else, and a position that was sized for a
    day's range takes a gap. The date of the release was in a calendar all along.

How it looks
    The window runs from the beginning of the research (in any trace of the idea) to the last closing fill; while the
    position is open, to the thesis's horizon. An event of the calendar book (`events`: CSV, iCalendar, 8-K filings)
    within it that lies outside the sessions of `trading.exchange` is a miss unless the thesis, or the plan (else the
    decision call's output), speaks of this coming event. Weekends, holidays, lunch breaks and the afternoon of a half
    day are outside. An event of every symbol (a macro print) has no symbol. A past release is no mention.
    No position, or a round-the-clock market: not applicable. No row of the ticker in the calendar, no exchange (and no
    `exchange` in the policy), an event without a time, or a thesis of which only the hash is left: unknown.

What would prevent it
    A check at decision time that joins the holding period with the calendar and refuses a plan that does not name each
    release in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from msgspec import Struct

from afterbell.errors import PolicyError
from afterbell.model.books import CalendarEvent
from afterbell.model.casefile import CaseFile, Need
from afterbell.model.facts import run_facts
from afterbell.model.policy import duration
from afterbell.model.scan import Evidence, Suggestion, na, no, unknown, yes
from afterbell.model.trading import TradeEvent, TradeKind
from afterbell.model.vocabulary import Stage
from afterbell.reading.moments import sessions
from afterbell.reading.moments.mentions import mention
from afterbell.reading.results.holdings import Holding, holding, kin_of_idea
from afterbell.reading.times import from_ns, read

NUMBER = 17
SLUG = "after_hours_boundary_miss"
QUESTION = (
    "Did an earnings release or macro print fall outside regular hours between research and exit, unmentioned by "
    "thesis and plan?"
)
SINCE = "0.1.0"
NEEDS = (Need.SPANS,)
KNOBS = {"exchange": ""}

_TRADES = {"buy", "sell", "sell_short", "short", "cover", "add", "increase", "reduce", "close"}
_ROUND_THE_CLOCK = {"CRYPTO", "24/7"}
_CRYPTO_TYPES = {"crypto", "cryptocurrency", "perpetual", "fx", "forex"}
_THESIS, _HASH, _HORIZON = "trading.thesis.text", "trading.thesis.text_hash", "trading.thesis.horizon"
_PLAN, _TYPE = "trading.decision.plan", "trading.security.type"
_SHOWN = 6


class _Text(Struct, frozen=True, kw_only=True):
    """One text in which an event may be foreseen, and where it stands."""

    text: str
    trace_id: str
    span_id: str
    field: str


class _Hit(Struct, frozen=True, kw_only=True):
    """An event in the window. `moment` is None where only its day is known, and `outside` where that leaves it open."""

    event: CalendarEvent
    day: date
    moment: datetime | None
    outside: bool | None


def detect(case: CaseFile) -> Suggestion:
    """Return yes with the release and the texts that miss it, no, na without a position, unknown for want of facts."""
    held = holding(case)
    facts = _facts(case)
    placed = [trade for run in kin_of_idea(case) for trade in run_facts(run).trades]
    exchange = _first(placed, "exchange") or str({**KNOBS, **case.knobs}["exchange"])
    kind = next((str(span.attributes[_TYPE]).lower() for run in kin_of_idea(case) for span in run.spans
                 if span.attributes.get(_TYPE)), "")  # fmt: skip
    if exchange.upper() in _ROUND_THE_CLOCK or kind in _CRYPTO_TYPES:
        return na("The instrument trades around the clock.")
    if not held.traded:
        wanted = [each for each in facts if each.kind is TradeKind.DECISION and each.action in _TRADES]
        if not wanted:
            return na("The idea came to no position.")
        return unknown(
            "A trade was decided, and nothing says whether it was executed.", ("execution reports or fills",)
        )
    symbol = _first(placed, "symbol")
    if not symbol:
        return unknown("The position's symbol is not stated.", ("trading.symbol",))
    rows = [each for each in case.books.events if _same(each.symbol, symbol)]
    common = [each for each in case.books.events if not each.symbol]
    if not rows and not common:
        return unknown(f"The calendar holds no row of {symbol}.", (f"events of {symbol}",))
    if not exchange:
        return unknown("The exchange is not stated, so that its hours are not known.", ("trading.exchange",))
    return _judge(case, held, exchange, symbol, rows, common)


def _judge(
    case: CaseFile, held: Holding, exchange: str, symbol: str, rows: list[CalendarEvent], common: list[CalendarEvent]
) -> Suggestion:
    begin, end, closed = _window(case, held)
    hits = [hit for each in (*rows, *common) if (hit := _hit(each, exchange, begin, end))]
    texts, lost = _texts(case)
    figures = {"from": _said(begin), "until": _said(end), "exchange": exchange, "events": len(hits)}
    missing: dict[str, None] = {} if rows else {f"events of {symbol}": None}
    foreseen = 0
    for hit in sorted(hits, key=lambda each: each.outside is not True):
        if hit.outside is False:
            continue
        if any(mention(each.text, hit.event.kind, hit.event.title, hit.day) for each in texts):
            foreseen += 1
            continue
        if hit.outside is None:
            known = sessions.covers(exchange, hit.day)
            missing[f"the time of {_name(hit.event)}" if known else f"the sessions of {exchange}"] = None
        elif lost or not texts:
            missing[lost or "the thesis or the plan"] = None
        else:
            return yes(
                f"{_name(hit.event)} at {hit.event.at} fell outside the hours of {exchange} while the idea was held,"
                " and neither thesis nor plan speaks of it.",
                (_row(case, hit.event), *(_cite(each) for each in texts[:_SHOWN]), *held.evidence),
                figures, tuple(missing),
            )  # fmt: skip
    if not closed:
        missing["the exit or the thesis's horizon"] = None
    if missing:
        return unknown("What is missing could hide a release that nobody planned for.", tuple(missing), figures)
    if foreseen:
        return no("Each release outside hours is foreseen in the thesis or the plan.", figures)
    return no(f"No release for {symbol} fell outside the hours of {exchange} while the idea was held.", figures)


def _facts(case: CaseFile) -> list[TradeEvent]:
    return [event for run in kin_of_idea(case) for event in run.trades]


def _first(facts: list[TradeEvent], name: str) -> str:
    return next((value for each in facts if (value := str(getattr(each, name)))), "")


def _same(one: str, other: str) -> bool:
    return one.strip().lstrip("$").upper() == other.strip().lstrip("$").upper()


def _window(case: CaseFile, held: Holding) -> tuple[int, int, bool]:
    """Return beginning and end in ns, and whether the end is one: an exit, or the horizon."""
    runs = kin_of_idea(case)
    begin = min((run.started_ns for run in runs if run.started_ns), default=held.opened_ns)
    if held.exit_ns:
        return begin, held.exit_ns, True
    horizon = max((_horizon(each, held) for run in runs for each in run.trades), default=0)
    last = max((run.ended_ns for run in runs), default=0)
    return begin, max(horizon, last, held.opened_ns), bool(horizon)


def _horizon(event: TradeEvent, held: Holding) -> int:
    value = event.attributes.get(_HORIZON)
    if not isinstance(value, str) or not value:
        return 0
    stamp = read(value)
    if stamp is not None:
        return stamp.last
    try:
        length = duration(value)
    except PolicyError:
        return 0
    return (held.opened_ns or event.at_ns) + (length // timedelta(microseconds=1)) * 1000


def _hit(event: CalendarEvent, exchange: str, begin: int, end: int) -> _Hit | None:
    """Return an event that lies, or may lie, in the window."""
    stamp = read(event.at)
    if stamp is None:
        return None
    if stamp.exact:
        moment = from_ns(stamp.first)
        if moment is None or not begin <= stamp.first <= end:
            return None
        inside = sessions.is_open(exchange, moment)
        day = sessions.day_of(exchange, moment) or moment.date()
        return _Hit(event=event, day=day, moment=moment, outside=None if inside is None else not inside)
    day = date.fromisoformat(event.at[:10])
    first, last = from_ns(begin), from_ns(end)
    if first is None or last is None:
        return None
    noon = datetime.combine(day, time(12), UTC)
    if (
        not (sessions.day_of(exchange, first) or first.date())
        <= day
        <= (sessions.day_of(exchange, last) or last.date())
    ):
        return None
    shut = sessions.covers(exchange, noon.date()) and sessions.session(exchange, day) is None
    return _Hit(event=event, day=day, moment=None, outside=True if shut else None)


def _texts(case: CaseFile) -> tuple[list[_Text], str]:
    """Return theses and plans, and what is lost of them. A plan is stated, else the decision call's output."""
    runs = kin_of_idea(case)
    found: dict[tuple[str, str], _Text] = {}
    hashed = False
    for run in runs:
        for event in run.trades:
            for key in (_THESIS, _PLAN):
                value = event.attributes.get(key)
                if isinstance(value, str) and value:
                    span_id = event.source.span_id
                    found[key, value] = _Text(text=value, trace_id=run.trace_id, span_id=span_id, field=key)
            hashed = hashed or bool(event.attributes.get(_HASH))
    if not any(key == _PLAN for key, _ in found):
        for each in _outputs(case):
            found.setdefault((each.field, each.text), each)
    lost = (
        "the text of the thesis (only its hash was kept)" if hashed and not any(k == _THESIS for k, _ in found) else ""
    )
    return list(found.values()), lost


def _outputs(case: CaseFile) -> Iterator[_Text]:
    for run in kin_of_idea(case):
        for call in run.calls:
            if call.stage is Stage.DECISION:
                for _message, part, source in run.parts(call.output):
                    if part.text:
                        yield _Text(text=part.text, trace_id=run.trace_id, span_id=source.span_id, field=source.field)


def _cite(text: _Text) -> Evidence:
    shown = text.text[:240]
    return Evidence(trace_id=text.trace_id, span_id=text.span_id, field=text.field, excerpt=shown, end=len(shown))


def _row(case: CaseFile, event: CalendarEvent) -> Evidence:
    return Evidence(trace_id=case.trace.trace_id, field=f"events:{event.row}:at", excerpt=event.at, end=len(event.at))


def _name(event: CalendarEvent) -> str:
    title = " ".join(event.title.split())[:80]
    return title or f"the {event.kind} release of {event.symbol or 'every symbol'}"


def _said(at: int) -> str:
    moment = from_ns(at)
    return moment.isoformat() if moment else ""
