"""Whether the executed trade can be found again: in an execution report of the trace or its kin, or in the fills.

A decision to buy, sell, reduce or close needs a trade unless a risk check denied it, its order ended without a fill,
or the run only shadows the market. It compares no prices and computes no result.
"""

from __future__ import annotations

from collections.abc import Iterator

from afterbell.model.casefile import CaseFile
from afterbell.model.run import Trace
from afterbell.model.scan import Evidence
from afterbell.model.trading import TradeEvent, TradeKind
from afterbell.reading.legs.belonging import FILLED, Facts, Fills
from afterbell.reading.legs.calls import Leg
from afterbell.reading.results.holdings import kin_of_idea

_TRADES = {"buy", "sell", "reduce", "close", "sell_short", "short", "cover", "buy_to_cover", "add", "increase"}


def trade_legs(case: CaseFile) -> Iterator[Leg]:
    """Yield every trade of the trace under question that no report and no fill shows, and unordered growth."""
    trace = case.trace
    facts, fills = Facts(trace, kin_of_idea(case)), Fills(case.books.fills, trace)
    reported = {event.client_order_id for run in case.runs for event in run.of_kind(TradeKind.EXECUTION_REPORT)}
    for decision in trace.of_kind(TradeKind.DECISION):
        if _required(decision, facts) and not _retrievable(decision, facts, fills, reported):
            yield Leg(leg="executed trade", why="neither an execution report nor a fill", name=decision.symbol,
                      evidence=_action(trace, decision))  # fmt: skip
    for order in trace.of_kind(TradeKind.ORDER):
        if order.status in FILLED and not _executed(order, facts, fills):
            yield Leg(leg="executed trade", why="the order is called filled without a report or fill",
                      name=order.symbol, evidence=_field(trace, order, "trading.order.status"))  # fmt: skip
    yield from _grown(case)


def _required(decision: TradeEvent, facts: Facts) -> bool:
    if decision.action not in _TRADES or decision.mode == "shadow" or decision.quantity == 0:
        return False
    mine = facts.of(decision)
    return not mine.denied and not mine.unfilled


def _retrievable(decision: TradeEvent, facts: Facts, fills: Fills, reported: set[str]) -> bool:
    mine = facts.of(decision)
    # A report that names the order is its report, also where its own trace names no idea.
    if mine.reported or not mine.orders.isdisjoint(reported):
        return True
    return fills.fit(mine.orders, decision.idea_id, decision.symbol)


def _executed(order: TradeEvent, facts: Facts, fills: Fills) -> bool:
    """Tell whether an order that is called filled has a report of a trade, or a fill."""
    if order.client_order_id in facts.traded_client_ids or order.order_id in facts.traded_order_ids:
        return True
    # A report without an id to compare is the order's where it belongs to the same decision, idea or symbol.
    for client, venue in facts.of(order).filled:
        if not (order.client_order_id and client) and not (order.order_id and venue):
            return True
    own = frozenset((order.client_order_id,) if order.client_order_id else ())
    return order.order_id in fills.order_ids or fills.fit(own, order.idea_id, order.symbol)


def _grown(case: CaseFile) -> Iterator[Leg]:
    """Yield positions that grew from one snapshot to the next without an order, a report or a fill of the symbol."""
    last: dict[tuple[str, str], TradeEvent] = {}
    for shot in case.trace.of_kind(TradeKind.POSITION_SNAPSHOT):
        if shot.quantity is None:
            continue
        key = (shot.account_id, shot.symbol)
        before = last.get(key)
        last[key] = shot
        if before is None or before.quantity is None or abs(shot.quantity) <= abs(before.quantity):
            continue
        if not _ordered(shot, case):
            yield Leg(leg="order", why=f"the position grew from {before.quantity} to {shot.quantity} without one",
                      name=shot.symbol, evidence=_field(case.trace, shot, "trading.position.quantity"))  # fmt: skip


def _ordered(shot: TradeEvent, case: CaseFile) -> bool:
    """Tell whether an order, a report or a fill of the symbol stands before the snapshot, in whatever trace."""
    for run in case.runs:
        for event in run.of_kind(TradeKind.ORDER, TradeKind.EXECUTION_REPORT):
            named = event.symbol == shot.symbol or (not event.symbol and run is case.trace)
            if named and event.at_ns <= shot.at_ns:
                return True
    return any(
        fill.symbol == shot.symbol and (not shot.account_id or fill.account_id in {"", shot.account_id})
        for fill in case.books.fills
    )


def _action(trace: Trace, decision: TradeEvent) -> Evidence:
    return _field(trace, decision, "trading.decision.action")


def _field(trace: Trace, event: TradeEvent, attribute: str) -> Evidence:
    """Cite the attribute of a trading fact, on its span, or in the event or log record it came with."""
    source = event.source
    field = f"{source.field}.{attribute}" if source.field.startswith(("events[", "log:")) else attribute
    value = event.attributes.get(attribute)
    excerpt = "" if value is None else str(value)
    return Evidence(trace_id=trace.trace_id, span_id=source.span_id, field=field, excerpt=excerpt, end=len(excerpt))
