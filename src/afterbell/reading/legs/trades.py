"""Whether the executed trade can be found again: in an execution report of the trace or its kin, or in the fills.

A decision to buy, sell, reduce or close needs a trade unless a risk check denied it, its order ended without a fill,
or the run only shadows the market. It compares no prices and computes no result.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from afterbell.model.books import Fill
from afterbell.model.casefile import CaseFile
from afterbell.model.run import Trace
from afterbell.model.scan import Evidence
from afterbell.model.trace import trace_hex
from afterbell.model.trading import TradeEvent, TradeKind
from afterbell.reading.legs.calls import Leg

_TRADES = {"buy", "sell", "reduce", "close", "sell_short", "short", "cover", "buy_to_cover", "add", "increase"}
_UNFILLED = {"rejected", "expired", "canceled", "done_for_day"}
_FILLED = {"filled", "partially_filled"}
_EXECUTED = {"trade", "filled", "partially_filled", "trade_correct"}


def trade_legs(case: CaseFile) -> Iterator[Leg]:
    """Yield every trade of the trace under question that no report and no fill shows, and unordered growth."""
    trace = case.trace
    events = [event for run in _kin(case) for event in run.trades]
    for decision in trace.of_kind(TradeKind.DECISION):
        if _required(decision, trace, events) and not _retrievable(decision, case, events):
            yield Leg(leg="executed trade", why="neither an execution report nor a fill", name=decision.symbol,
                      evidence=_action(trace, decision))  # fmt: skip
    for order in trace.of_kind(TradeKind.ORDER):
        if order.status in _FILLED and not _executed(order, case, events):
            yield Leg(leg="executed trade", why="the order is called filled without a report or fill",
                      name=order.symbol, evidence=_field(trace, order, "trading.order.status"))  # fmt: skip
    yield from _grown(case)


def _kin(case: CaseFile) -> tuple[Trace, ...]:
    """Return the trace and the traces that share an idea with it."""
    ideas = set(case.trace.idea_ids)
    return (case.trace, *(run for run in case.kin if ideas & set(run.idea_ids)))


def _same(one: TradeEvent, other: TradeEvent, home: Trace) -> bool:
    """Tell whether two facts belong together: by decision, else by idea, else (in one trace) by symbol."""
    if one.decision_id and other.decision_id:
        return one.decision_id == other.decision_id
    if one.idea_id and other.idea_id:
        return one.idea_id == other.idea_id
    if other.source.trace_id != home.trace_id:
        return False
    return not one.symbol or not other.symbol or one.symbol == other.symbol


def _required(decision: TradeEvent, trace: Trace, events: Sequence[TradeEvent]) -> bool:
    if decision.action not in _TRADES or decision.mode == "shadow" or decision.quantity == 0:
        return False
    mine = [event for event in events if event is not decision and _same(decision, event, trace)]
    if _denied([event for event in mine if event.kind is TradeKind.RISK_CHECK]):
        return False
    orders = [event for event in mine if event.kind in {TradeKind.ORDER, TradeKind.EXECUTION_REPORT}]
    ended = any(event.status in _UNFILLED or event.exec_type in _UNFILLED for event in orders)
    return not (ended and not any(_is_fill(event) for event in orders))


def _denied(checks: Sequence[TradeEvent]) -> bool:
    """Tell whether any check's last word was deny."""
    last: dict[str, str] = {}
    for check in sorted(checks, key=lambda each: each.at_ns):
        last[str(check.attributes.get("trading.risk.check.name", ""))] = check.verdict
    return any(verdict in {"deny", "denied", "reject", "block"} for verdict in last.values())


def _is_fill(event: TradeEvent) -> bool:
    if event.kind is TradeKind.ORDER:
        return event.status in _FILLED
    return event.exec_type in _EXECUTED or event.status in _FILLED or bool(event.quantity or event.cumulative_quantity)


def _retrievable(decision: TradeEvent, case: CaseFile, events: Sequence[TradeEvent]) -> bool:
    trace = case.trace
    mine = [event for event in events if event is not decision and _same(decision, event, trace)]
    if any(event.kind is TradeKind.EXECUTION_REPORT for event in mine):
        return True
    orders = {event.client_order_id for event in mine if event.kind is TradeKind.ORDER and event.client_order_id}
    # A report that names the order is its report, also where its own trace names no idea.
    if any(report.client_order_id in orders for run in case.runs for report in run.of_kind(TradeKind.EXECUTION_REPORT)):
        return True
    ideas = {decision.idea_id} if decision.idea_id else set()
    return any(_fits(fill, trace, orders, ideas, decision.symbol) for fill in case.books.fills)


def _fits(fill: Fill, trace: Trace, orders: set[str], ideas: set[str], symbol: str) -> bool:
    if fill.client_order_id and fill.client_order_id in orders:
        return True
    if fill.idea_id and fill.idea_id in ideas:
        return True
    of_trace = bool(fill.trace_id) and trace_hex(fill.trace_id) == trace.trace_id
    return of_trace and (not symbol or not fill.symbol or fill.symbol == symbol)


def _executed(order: TradeEvent, case: CaseFile, events: Sequence[TradeEvent]) -> bool:
    """Tell whether an order that is called filled has a report of a trade, or a fill."""
    for event in events:
        if event.kind is not TradeKind.EXECUTION_REPORT or not _is_fill(event):
            continue
        ids = ((order.client_order_id, event.client_order_id), (order.order_id, event.order_id))
        named = [one == other for one, other in ids if one and other]
        if any(named) or (not named and _same(order, event, case.trace)):
            return True
    orders = {each for each in (order.client_order_id,) if each}
    ideas = {order.idea_id} if order.idea_id else set()
    by_id = any(order.order_id and fill.order_id == order.order_id for fill in case.books.fills)
    return by_id or any(_fits(fill, case.trace, orders, ideas, order.symbol) for fill in case.books.fills)


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
