"""The few facts of a trace that triggers need: usage per call, plans, ids, trades. No message text, bounded in size."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from msgspec import structs

from afterbell.model.calls import Source
from afterbell.model.docket import CallFacts, RunFacts
from afterbell.model.run import Trace
from afterbell.model.trace import Span
from afterbell.model.trading import TradeEvent, TradeKind

_MAX_DEPTH = 1000
_LONGEST_FIGURE = 40
_MOST_TRADES, _LONGEST_TEXT, _DIGITS = 5000, 1100, 60
_DECIMALS = ("quantity", "price", "cumulative_quantity", "leaves_quantity", "average_price", "commission",
             "realized_pnl")  # fmt: skip
CONDITION = "trading.thesis.invalidation_condition"
_KEPT_TRADES = frozenset(TradeKind) - {
    TradeKind.RESEARCH,
    TradeKind.RISK_CHECK,
    TradeKind.VALIDATION,
    TradeKind.MONITOR,
}
_KEPT_ATTRIBUTES = frozenset({
    CONDITION, "trading.thesis.invalidated_at", "trading.thesis.status", "trading.execution.last_quantity",
    "trading.position.quantity", "trading.order.quantity", "trading.account.equity", "trading.account.deployed_capital",
    "trading.position.realized_pnl", "trading.execution.last_price",
})  # fmt: skip

_INHERITED = {
    "idea_id": "trading.idea.id", "strategy_id": "trading.strategy.id", "account_id": "trading.account.id",
    "symbol": "trading.symbol", "exchange": "trading.exchange", "currency": "trading.currency", "mode": "trading.mode",
}  # fmt: skip
"""What a trading fact that does not say so itself takes from the nearest span above it."""


def run_facts(trace: Trace) -> RunFacts:
    """Return the facts of a trace; each logical call once, with the spans above it."""
    parents = {span.span_id: span.parent_span_id for span in trace.spans}
    spans = {span.span_id: span for span in trace.spans}
    root = next((span for span in trace.spans if not span.parent_span_id), None)
    trades = [trade for trade in trace.trades if trade.kind in _KEPT_TRADES]
    kept = tuple(_brief(trade, spans, root) for trade in trades[:_MOST_TRADES])
    return RunFacts(
        trace_id=trace.trace_id, started_ns=trace.started_ns, ended_ns=trace.ended_ns,
        name=root.name if root else "", idea_ids=trace.idea_ids, strategy_ids=trace.strategy_ids,
        account_ids=tuple(dict.fromkeys(trade.account_id for trade in kept if trade.account_id)),
        budgets=trace.budgets, trades=kept,
        trades_left_out=max(0, len(trades) - _MOST_TRADES),
        calls=tuple(
            CallFacts(
                span_id=call.span_id, ancestors=_above(call.span_id, parents), tokens=call.usage.total,
                cost=call.cost, failed=call.failed, source=call.usage.source,
                figure=_figure(call.usage.source, spans), started_ns=call.started_ns,
            )
            for call in trace.calls
        ),
    )  # fmt: skip


def _brief(trade: TradeEvent, spans: Mapping[str, Span], root: Span | None) -> TradeEvent:
    """Return a trading fact without its prose, with few attributes and the ids of the spans above it."""
    kept = {key: _cut(trade.attributes[key]) for key in _KEPT_ATTRIBUTES if key in trade.attributes}
    blank = {field: key for field, key in _INHERITED.items() if not getattr(trade, field)}
    lent: dict[str, str] = {}
    here = spans.get(trade.source.span_id, root)
    for _ in range(_MAX_DEPTH):
        if here is None or len(lent) == len(blank):
            break
        lent |= {field: str(value) for field, key in blank.items()
                 if field not in lent and (value := here.attributes.get(key))}  # fmt: skip
        here = spans.get(here.parent_span_id)
    sane = {field: None for field in _DECIMALS if not _is_sane(getattr(trade, field))}
    return structs.replace(trade, text="", attributes=kept, **lent, **sane)


def _is_sane(figure: Decimal | None) -> bool:
    """Tell whether a figure is of a size that money and quantities have; an absurd one is as good as not stated."""
    return figure is None or abs(figure.adjusted()) <= _DIGITS


def _cut(value: Any) -> Any:
    return value[:_LONGEST_TEXT] if isinstance(value, str) else value


def _figure(source: Source | None, spans: Mapping[str, Span]) -> str:
    span = spans.get(source.span_id) if source else None
    value = span.attributes.get(source.field) if span and source else None
    text = "" if value is None or isinstance(value, (dict, list)) else str(value)
    return text if len(text) <= _LONGEST_FIGURE else ""


def _above(span_id: str, parents: dict[str, str]) -> tuple[str, ...]:
    found: list[str] = []
    here = parents.get(span_id, "")
    while here and here not in found and len(found) < _MAX_DEPTH:
        found.append(here)
        here = parents.get(here, "")
    return tuple(found)
