"""Thesis not exited: a thesis was invalidated and its position was still open after the grace period.

The grace period is policy (`thesis_grace`, default none; `[policy.strategy.NAME]` overrides). How much was lost does
not matter.

Invalidated at t. An explicit event (`trading.thesis_invalidated`, or a thesis whose status is `invalidated`), or a
condition recorded with the thesis (`trading.thesis.invalidation_condition`) that came true after the entry: a price
beyond a level, a date, a scheduled event. A condition in words is read where it can be: "if the price closes below 4000
on a 3-minute candle", "valid until 2026-03-01", "before the earnings release". "Closes" needs the close of a bar of the
prices book, a wick is no break, and t is the bar's end; of finer bars the last of each stretch closes it. A condition
that was changed counts as it stood at the time. An event or a condition counts for its own thesis or idea only.

Still open. Fills of the books and execution reports of the traces, net of partial exits, else a position snapshot after
t and the grace period. An exit at the same instant does not fire.

What cannot be judged is a note that says unknown and what is missing: a condition that rests on an indicator (which is
named) or on words that are not read, prices that are missing, too coarse or end before the exit, no fill and no
snapshot, no condition at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal

from msgspec import Struct, structs

from afterbell.model.docket import Docket, RunFacts
from afterbell.model.event import Event, event
from afterbell.model.policy import Limits
from afterbell.model.scan import Evidence
from afterbell.model.trading import TradeKind
from afterbell.model.vocabulary import TriggerName
from afterbell.reading.conditions.bars import Bars, Window
from afterbell.reading.conditions.fulfilled import World, fulfilled
from afterbell.reading.conditions.wording import parse
from afterbell.reading.results.holdings import ns
from afterbell.reading.results.owners import Owners
from afterbell.reading.results.positions import Holding, Period, Position
from afterbell.reading.results.theses import Thesis, theses
from afterbell.reading.times import from_ns

NAME = "thesis_not_exited"
TITLE = "A thesis was invalidated and its position stayed open"
UNIT = "still open"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LISTED = 5
_IDLE = frozenset({"hold", "skip", "none", "wait", "no_action", "reject"})
_UNFILLED = frozenset({"rejected", "canceled", "expired"})


class Ended(Struct, frozen=True, kw_only=True):
    """An instant at which a thesis stopped to hold, how it is known, and what shows it."""

    at_ns: int
    said: str
    evidence: tuple[Evidence, ...] = ()


class Judged(Struct, frozen=True, kw_only=True):
    """One thesis: what ended it while its position was open, what was still held, and what could not be told."""

    thesis: Thesis
    limits: Limits
    position: Position
    ended: Ended | None = None
    holding: Holding | None = None
    missing: tuple[str, ...] = ()


def fire(docket: Docket) -> tuple[Event, ...]:
    """Return an event for each thesis whose position outlived it."""
    return tuple(_event(each) for each in judge(docket) if each.holding is not None)


def notes(docket: Docket) -> tuple[str, ...]:
    """Return a sentence for each thing that could not be judged, with the theses it concerns."""
    judged = judge(docket)
    by_reason: dict[str, list[str]] = {}
    for each in judged:
        if each.holding is None:
            for missing in each.missing:
                by_reason.setdefault(missing, []).append(each.thesis.subject)
    found = [f"{NAME}, {_listed(subjects)}: unknown, {missing}" for missing, subjects in by_reason.items()]
    bare = _without_thesis(docket.runs, [each.thesis for each in judged])
    if bare:
        found.append(f"{NAME}, {_listed(bare)}: unknown, traded without a recorded thesis"
                     " (trading.thesis.invalidation_condition, or an event trading.thesis_invalidated)")  # fmt: skip
    cut = [run.trace_id for run in docket.runs if run.trades_left_out]
    if cut:
        found.append(f"{NAME}, {_listed([f'trace:{each}' for each in cut])}: unknown, too many trading facts to keep")
    return tuple(found)


def judge(docket: Docket) -> tuple[Judged, ...]:
    """Return every recorded thesis with what became of it and of its position."""
    owners = Owners(docket)
    world = World(bars=Bars(docket.books.prices), events=docket.books.events)
    idle = _idle_ideas(docket.runs)
    latest = max(
        max((max(run.ended_ns, run.started_ns) for run in docket.runs), default=0),
        max((ns(fill.transact_time) for fill in docket.books.fills), default=0),
    )
    return tuple(
        _judged(thesis, docket.policy.of(thesis.owner.strategy), owners.of(thesis.owner), world,
                latest, idle=thesis.owner.idea in idle)
        for thesis in theses(docket.runs)
    )  # fmt: skip


def _judged(
    thesis: Thesis, limits: Limits, position: Position, world: World, latest: int, *, idle: bool
) -> Judged:  # fmt: skip
    base = Judged(thesis=thesis, limits=limits, position=position)
    periods = position.periods()
    if not periods:
        if idle or (position.snapshots and not position.moves):
            return base
        return structs.replace(base, missing=("no fill and no position of it is recorded",))
    grace = int(limits.thesis_grace.total_seconds()) * 10**9
    missing: list[str] = []
    for ended in sorted(_ends(thesis, position, periods, world, latest, missing), key=lambda each: each.at_ns):
        holding = position.after(ended.at_ns + grace)
        if holding.quantity:
            return structs.replace(base, ended=ended, holding=holding)
        if holding.quantity is None:
            missing.append(holding.missing)
    return structs.replace(base, missing=tuple(dict.fromkeys(missing)))


def _ends(
    thesis: Thesis, position: Position, periods: Sequence[Period], world: World, latest: int, missing: list[str]
) -> Iterator[Ended]:
    """Yield the instants within a holding at which the thesis stopped to hold; what is not known goes to `missing`."""
    if not thesis.versions and not thesis.invalidations:
        missing.append("no condition and no event that would invalidate it is recorded")
    for each in thesis.invalidations:
        if any(period.opened_ns <= each.at_ns and not 0 < period.closed_ns <= each.at_ns for period in periods):
            yield Ended(at_ns=each.at_ns, said="it was recorded as invalidated", evidence=(each.evidence,))
    symbol = thesis.owner.symbol or position.symbol
    for version in thesis.versions:
        condition = parse(version.text)
        for period in periods:
            ends = [end for end in (version.until_ns, period.closed_ns) if end]
            after = max(period.opened_ns, version.since_ns)
            until = min(ends) if ends else max(latest, world.bars.last_ns(symbol), after + 1)
            window = Window(after_ns=after, until_ns=until, entry=period.entry)
            if window.until_ns <= window.after_ns:
                continue
            outcome = fulfilled(condition, symbol, thesis.exchange, window, world)
            if outcome.at_ns:
                yield Ended(at_ns=outcome.at_ns, said=outcome.said, evidence=(version.evidence, *outcome.evidence))
            missing += outcome.missing


def _idle_ideas(runs: Sequence[RunFacts]) -> set[str]:
    """Return the ideas that surely came to no position: every decision waits, or every order came to nothing."""
    actions: dict[str, set[str]] = {}
    statuses: dict[str, set[str]] = {}
    for run in runs:
        for trade in run.trades:
            idea = trade.idea_id or (run.idea_ids[0] if len(run.idea_ids) == 1 else "")
            if trade.kind is TradeKind.DECISION:
                actions.setdefault(idea, set()).add(trade.action)
            elif trade.kind is TradeKind.ORDER:
                statuses.setdefault(idea, set()).add(trade.status)
    waits = {idea for idea, found in actions.items() if found <= _IDLE and idea not in statuses}
    return {idea for idea in waits | {idea for idea, found in statuses.items() if found <= _UNFILLED} if idea}


def _without_thesis(runs: Sequence[RunFacts], recorded: Sequence[Thesis]) -> list[str]:
    """Return the ideas (else traces) that were traded and of which no thesis is recorded."""
    spoken = {thesis.owner.idea for thesis in recorded if thesis.owner.idea}
    spoken |= {f"trace:{trace}" for thesis in recorded for trace in thesis.trace_ids}
    found: dict[str, None] = {}
    for run in runs:
        for trade in run.trades:
            if trade.kind in {TradeKind.EXECUTION_REPORT, TradeKind.ORDER} and trade.status not in _UNFILLED:
                idea = trade.idea_id or (run.idea_ids[0] if len(run.idea_ids) == 1 else "")
                if idea not in spoken and f"trace:{run.trace_id}" not in spoken:
                    found[f"idea:{idea}" if idea else f"trace:{run.trace_id}"] = None
    return list(found)


def _event(each: Judged) -> Event:
    thesis, ended, holding = each.thesis, each.ended, each.holding
    if ended is None or holding is None:
        raise ValueError(thesis.subject)
    quantity = holding.quantity or Decimal(0)
    when = from_ns(ended.at_ns) or _EPOCH
    closed = from_ns(holding.until_ns) if holding.until_ns else None
    fate = f"it was closed at {_text(closed)}" if closed else "nothing recorded closes it"
    grace = f" and a grace period of {each.limits.thesis_grace}" if each.limits.thesis_grace else ""
    symbol = thesis.owner.symbol or each.position.symbol
    return event(
        TriggerName.THESIS_NOT_EXITED,
        subject=thesis.subject,
        occurred_at=when,
        due_hours=each.limits.meeting_due_hours,
        measured=f"{abs(quantity):f}",
        limit="0",
        unit=f"{symbol or 'units'} {UNIT}",
        reason=f"The thesis stopped to hold at {_text(when)}: {ended.said}. After that{grace}"
        f" {'short ' if quantity < 0 else ''}{abs(quantity):f} {symbol} were still open; {fate}.".replace("  ", " "),
        trace_ids=tuple(dict.fromkeys((*thesis.trace_ids, *each.position.trace_ids))),
        evidence=(*ended.evidence, *((holding.evidence,) if holding.evidence else ())),
    )


def _text(moment: datetime | None) -> str:
    return moment.isoformat().replace("+00:00", "Z") if moment else ""


def _listed(subjects: Sequence[str]) -> str:
    more = f" and {len(subjects) - _LISTED} more" if len(subjects) > _LISTED else ""
    return ", ".join(subjects[:_LISTED]) + more
