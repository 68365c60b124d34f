"""The `trading.*` namespace: ideas, theses, decisions, orders, execution reports, snapshots, budgets.

Words are FIX's in snake case; numeric FIX codes are mapped. Names and values: `docs/guide/own-format.md`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from afterbell.formats.items import Readout
from afterbell.model.calls import Source
from afterbell.model.trace import LogRecord, Span
from afterbell.model.trading import Budget, BudgetScope, TradeEvent, TradeKind
from afterbell.model.vocabulary import SpanKind
from afterbell.reading.times import to_ns

NAME = "trading"
RANK = 90

_BY_SPAN_NAME = {
    "trading.idea": TradeKind.IDEA,
    "trading.research": TradeKind.RESEARCH,
    "trading.thesis": TradeKind.THESIS,
    "trading.decision": TradeKind.DECISION,
    "trading.risk_check": TradeKind.RISK_CHECK,
    "trading.validation": TradeKind.VALIDATION,
    "validate_output": TradeKind.VALIDATION,
    "trading.monitor": TradeKind.MONITOR,
}
_BY_EVENT_NAME = {
    "trading.execution_report": TradeKind.EXECUTION_REPORT,
    "trading.thesis_invalidated": TradeKind.THESIS_INVALIDATED,
    "trading.position_snapshot": TradeKind.POSITION_SNAPSHOT,
    "trading.account_snapshot": TradeKind.ACCOUNT_SNAPSHOT,
}
# Families of attributes that make a trading fact on a span of any other name.
_BY_ATTRIBUTE = (
    ("trading.decision.action", TradeKind.DECISION),
    ("trading.thesis.text", TradeKind.THESIS),
    ("trading.thesis.invalidation_condition", TradeKind.THESIS),
    ("trading.order.client_order_id", TradeKind.ORDER),
    ("trading.order.id", TradeKind.ORDER),
    ("trading.order.side", TradeKind.ORDER),
    ("trading.risk.check.verdict", TradeKind.RISK_CHECK),
    ("trading.validation.verdict", TradeKind.VALIDATION),
    ("trading.execution.id", TradeKind.EXECUTION_REPORT),
)
_SIDES = {"1": "buy", "2": "sell", "5": "sell_short", "6": "sell_short_exempt"}
_STATUSES = {
    "0": "new", "1": "partially_filled", "2": "filled", "3": "done_for_day", "4": "canceled", "5": "replaced",
    "6": "pending_cancel", "7": "stopped", "8": "rejected", "9": "suspended", "A": "pending_new", "B": "calculated",
    "C": "expired", "D": "accepted_for_bidding", "E": "pending_replace", "cancelled": "canceled",
}  # fmt: skip
_EXEC_TYPES = _STATUSES | {
    "F": "trade", "G": "trade_correct", "H": "trade_cancel", "D": "restated", "I": "order_status", "L": "triggered",
}  # fmt: skip


def speaks(span: Span) -> bool:
    """Tell whether the span or one of its events is named or keyed in `trading.*`."""
    return (
        span.name.startswith("trading.") or span.name == "validate_output"
        or any(key.startswith("trading.") for key in span.attributes)
        or any(event.name.startswith("trading.") for event in span.events)
    )  # fmt: skip


def read(span: Span, _logs: tuple[LogRecord, ...]) -> Readout:
    """Read the trading facts of a span and of its events; those of log records are `read_logs`'s."""
    attributes = span.attributes
    trades = [
        _trade(kind, attributes, span.start_ns, _source(span.trace_id, span.span_id, field), span.status_message)
        for kind, field in _kinds(span)
    ]
    for number, event in enumerate(span.events):
        kind = _BY_EVENT_NAME.get(event.name)
        if kind is not None:
            place = _source(span.trace_id, span.span_id, f"events[{number}]")
            trades.append(_trade(kind, {**_ids(attributes), **event.attributes}, event.time_ns, place))
    named = span.name.startswith("trading.") or span.name == "validate_output"
    return Readout(
        kind=SpanKind.TRADING if named else None, trades=tuple(trades), budgets=tuple(_budgets(span)),
        stage=str(attributes.get("trading.stage", "")),
    )  # fmt: skip


def read_logs(logs: tuple[LogRecord, ...], spans: Mapping[str, Span]) -> Readout:
    """Read the trading facts and plans that travel as log records; a record's span lends it its ids."""
    trades, budgets = [], []
    for log in logs:
        around = spans.get(log.span_id)
        source = _source(log.trace_id, log.span_id, f"log:{log.event_name}")
        kind = _BY_EVENT_NAME.get(log.event_name)
        if kind is not None:
            lent = _ids(around.attributes) if around else {}
            trades.append(_trade(kind, {**lent, **log.attributes}, log.time_ns, source))
        elif log.event_name == "trading.budget":
            found = _budget(log.attributes, _scope(around), source)
            budgets += [found] if found else []
    return Readout(trades=tuple(trades), budgets=tuple(budgets))


def _ids(attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in attributes.items() if key.endswith(".id") or key in {
        "trading.symbol", "trading.exchange", "trading.currency", "trading.mode"}}  # fmt: skip


def _kinds(span: Span) -> Iterator[tuple[TradeKind, str]]:
    seen = set()
    kind = _BY_SPAN_NAME.get(span.name)
    if kind is None and span.name.startswith("trading.order."):
        kind = TradeKind.ORDER
    if kind is not None:
        seen.add(kind)
        yield kind, "name"
    for key, other in _BY_ATTRIBUTE:
        if key in span.attributes and other not in seen:
            seen.add(other)
            yield other, key


def _source(trace_id: str, span_id: str, field: str) -> Source:
    return Source(trace_id=trace_id, span_id=span_id, field=field)


def decimal(value: Any) -> Decimal | None:
    """Read a decimal from a text or a number; None for anything that is not a finite number."""
    if value is None or isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def whole(value: Any) -> int | None:
    """Read a whole number from a number or its text; None for anything else."""
    number = decimal(value)
    return int(number) if number is not None and number == number.to_integral_value() else None


def _word(value: Any, codes: Mapping[str, str]) -> str:
    text = str(value if value is not None else "").strip()
    return codes.get(text, codes.get(text.lower(), text.lower()))


def _trade(
    kind: TradeKind, attributes: Mapping[str, Any], at_ns: int, source: Source, status_message: str = ""
) -> TradeEvent:
    def text(*keys: str) -> str:
        return next((str(attributes[key]) for key in keys if attributes.get(key) is not None), "")

    stated = attributes.get("trading.execution.transact_time", attributes.get("trading.thesis.invalidated_at"))
    stamp = to_ns(stated) if isinstance(stated, str) else stated if isinstance(stated, int) else None
    of_order = kind in {TradeKind.ORDER, TradeKind.EXECUTION_REPORT}
    return TradeEvent(
        kind=kind, at_ns=stamp or at_ns, idea_id=text("trading.idea.id"), decision_id=text("trading.decision.id"),
        thesis_id=text("trading.thesis.id"), strategy_id=text("trading.strategy.id"),
        account_id=text("trading.account.id"), mode=text("trading.mode").lower(), symbol=text("trading.symbol"),
        exchange=text("trading.exchange"), currency=text("trading.currency"),
        action=text("trading.decision.action").lower(), client_order_id=text("trading.order.client_order_id"),
        order_id=text("trading.order.id"), exec_id=text("trading.execution.id"),
        exec_type=_word(attributes.get("trading.execution.type"), _EXEC_TYPES),
        side=_word(attributes.get("trading.order.side"), _SIDES),
        status=_word(attributes.get("trading.order.status"), _STATUSES) if of_order
        else text("trading.thesis.status").lower(),
        position_effect=text("trading.order.position_effect").lower(),
        verdict=text("trading.validation.verdict", "trading.risk.check.verdict").lower(),
        quantity=decimal(next((attributes[key] for key in _QUANTITY[kind] if key in attributes), None)),
        price=decimal(next((attributes[key] for key in _PRICE[kind] if key in attributes), None)),
        cumulative_quantity=decimal(attributes.get("trading.execution.cumulative_quantity")),
        leaves_quantity=decimal(attributes.get("trading.execution.leaves_quantity")),
        average_price=decimal(attributes.get("trading.execution.average_price",
                                             attributes.get("trading.position.average_price"))),
        commission=decimal(attributes.get("trading.execution.commission")),
        realized_pnl=decimal(attributes.get("trading.position.realized_pnl")),
        text=text("trading.thesis.text", "trading.decision.reason", "trading.order.reject_reason",
                  "trading.order.text") or status_message,
        source=source, attributes={key: value for key, value in attributes.items() if key.startswith("trading.")},
    )  # fmt: skip


_ORDER_QUANTITY = ("trading.order.quantity", "trading.decision.quantity")
_QUANTITY = dict.fromkeys(TradeKind, _ORDER_QUANTITY) | {
    TradeKind.EXECUTION_REPORT: ("trading.execution.last_quantity",),
    TradeKind.POSITION_SNAPSHOT: ("trading.position.quantity",),
    TradeKind.DECISION: ("trading.decision.quantity", "trading.order.quantity"),
}
_PRICE = dict.fromkeys(TradeKind, ("trading.order.price",)) | {
    TradeKind.EXECUTION_REPORT: ("trading.execution.last_price",),
}


def _budgets(span: Span) -> Iterator[Budget]:
    if not any(key.startswith("trading.budget.") for key in span.attributes):
        return
    place = _source(span.trace_id, span.span_id, "trading.budget.tokens.planned")
    found = _budget(span.attributes, _scope(span), place)
    if found is not None:
        yield found


def _scope(span: Span | None) -> BudgetScope:
    if span is not None and span.name == "trading.idea":
        return BudgetScope.IDEA
    return BudgetScope.SUBTREE if span is not None and span.parent_span_id else BudgetScope.TRACE


def _budget(attributes: Mapping[str, Any], scope: BudgetScope, source: Source) -> Budget | None:
    planned, most = (
        attributes.get("trading.budget.tokens.planned"),
        attributes.get("trading.budget.tokens.max"),
    )
    cost, steps = attributes.get("trading.budget.cost.planned"), attributes.get("trading.budget.steps.max")
    if all(value is None for value in (planned, most, cost, steps)):
        return None
    return Budget(
        scope=scope, span_id=source.span_id, idea_id=str(attributes.get("trading.idea.id", "")),
        tokens_planned=whole(planned), tokens_max=whole(most), cost_planned=decimal(cost), steps_max=whole(steps),
        source=source,
    )  # fmt: skip
