"""Records what is traded as OpenTelemetry spans and events in `trading.*`, through the tracing API alone.

    from afterbell import record

    with record.idea("IDEA-1", symbol="SYNTHETIC_A", strategy="slow_value", account="ACC-1", mode="paper"):
        record.budget(tokens_planned=50_000)
        record.thesis("TH-1", text="Margins hold.", invalidation_condition="gross margin below 37 percent")
        with record.decision("DEC-1") as decision:
            decision.set(action="buy", quantity=Decimal(100), confidence=0.62)
        with record.order("CO-1", side="buy", quantity=Decimal(100), price=Decimal("62.50")) as order:
            record.execution_report("EX-1", last_quantity=Decimal(100), last_price=Decimal("62.48"))

What is opened inside an idea bears its ids, and its id travels in W3C baggage. What happens later or elsewhere (a fill
in another process, an exit days after) is a trace of its own: give `after=order.carrier`, and it is linked.

Without a configured SDK nothing is recorded and nothing fails. No function raises over a value: an agent never stops
because of what it records. None is left out; a further keyword becomes an attribute with the function's prefix, as a
key of a row does (docs: "Afterbell's own JSON lines"). Give money and quantities as Decimal or text. Needs the `record`
extra; an SDK is the application's choice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from afterbell.errors import MissingExtraError

try:
    from opentelemetry import baggage, context, trace
    from opentelemetry.baggage.propagation import W3CBaggagePropagator
    from opentelemetry.context import Context
    from opentelemetry.trace import Link, Span, SpanKind
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
except ImportError:
    raise MissingExtraError("afterbell.record", "record") from None

__all__ = [
    "Recorded",
    "account_snapshot",
    "budget",
    "cache",
    "carrier",
    "decision",
    "default_action",
    "execution_report",
    "fallback",
    "idea",
    "monitor",
    "order",
    "position_snapshot",
    "research",
    "risk_check",
    "thesis",
    "thesis_invalidated",
    "validation",
]

Value = str | int | float | bool | Decimal | datetime | None

_IDEA = "trading.idea.id"
_IDS = {
    "idea": _IDEA, "decision": "trading.decision.id", "thesis": "trading.thesis.id",
    "strategy": "trading.strategy.id", "account": "trading.account.id", "run": "trading.run.id",
    "symbol": "trading.symbol", "exchange": "trading.exchange", "currency": "trading.currency", "mode": "trading.mode",
    "stage": "trading.stage",
}  # fmt: skip
_OF_THE_ORDER = {
    "client_order_id": "trading.order.client_order_id", "order_id": "trading.order.id", "side": "trading.order.side",
    "quantity": "trading.order.quantity", "status": "trading.order.status",
    "position_effect": "trading.order.position_effect", "realized_pnl": "trading.position.realized_pnl",
}  # fmt: skip
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_INT64 = 2**63
_HELD = context.create_key("afterbell-record-ids")
_TRACE, _BAGGAGE = TraceContextTextMapPropagator(), W3CBaggagePropagator()


class Recorded:
    """A span under way."""

    def __init__(self, span: Span, prefix: str, carrier: Mapping[str, str]) -> None:
        """`prefix` begins the names of attributes; `carrier` is what a later trace is given as `after`."""
        self.span = span
        self.carrier = carrier
        self._prefix = prefix

    def set(self, **facts: Value) -> None:
        """Add attributes, named as in the function that opened the span; of two with one name the last counts."""
        self.span.set_attributes(_attributes(self._prefix, facts))


@contextmanager
def idea(idea_id: str, *, after: Mapping[str, str] | None = None, **facts: Value) -> Iterator[Recorded]:
    """Open the span of an idea. Usual: `strategy`, `account`, `symbol`, `exchange`, `currency`, `mode`, `run`."""
    with _span("trading.idea", "trading.idea.", {"idea": idea_id, **facts}, after) as opened:
        yield opened


@contextmanager
def research(*, after: Mapping[str, str] | None = None, **facts: Value) -> Iterator[Recorded]:
    """Open the span of one step of research. Usual: `step` (from 1), `posterior` (0 to 1)."""
    with _span("trading.research", "trading.research.", {"stage": "research", **facts}, after) as opened:
        yield opened


@contextmanager
def decision(decision_id: str, *, after: Mapping[str, str] | None = None, **facts: Value) -> Iterator[Recorded]:
    """Open the span of a decision. Usual: `action` (buy, sell, hold, close, reduce, skip), `quantity`, `confidence`.

    Also `reason`, `plan`, `data_asof` (the moment whose data it rests on), `halt_reason`.
    """
    given = {"decision": decision_id, "stage": "decision", **facts}
    with _span("trading.decision", "trading.decision.", given, after) as opened:
        yield opened


@contextmanager
def order(
    client_order_id: str, *, cancel: bool = False, after: Mapping[str, str] | None = None, **facts: Value
) -> Iterator[Recorded]:  # fmt: skip
    """Open the span of sending an order, or with `cancel` of cancelling it.

    Usual: `side`, `type`, `quantity`, `price`, `time_in_force`, `status`, `position_effect` (open, close),
    `reject_reason`.
    """
    given = {"client_order_id": client_order_id, "stage": "execution", **facts}
    name = "trading.order.cancel" if cancel else "trading.order.submit"
    with _span(name, "trading.order.", given, after, SpanKind.CLIENT) as opened:
        yield opened


@contextmanager
def monitor(*, after: Mapping[str, str] | None = None, **facts: Value) -> Iterator[Recorded]:
    """Open the span of a monitor's look at open positions or theses."""
    with _span("trading.monitor", "trading.monitor.", facts, after) as opened:
        yield opened


def thesis(
    thesis_id: str, *, text: str | None = None, invalidation_condition: str | None = None, **facts: Value
) -> None:
    """Record a thesis and what would make it false. Usual: `status`, `horizon` (ISO 8601 duration), `conviction`."""
    given = {"thesis": thesis_id, "text": text, "invalidation_condition": invalidation_condition, **facts}
    with _span("trading.thesis", "trading.thesis.", given):
        pass


def risk_check(name: str, verdict: str, **facts: Value) -> None:
    """Record a risk check: `verdict` is allow, deny, modify or escalate. Usual: `limit`, `value`."""
    with _span("trading.risk_check", "trading.risk.check.", {"name": name, "verdict": verdict, **facts}):
        pass


def validation(name: str, verdict: str, **facts: Value) -> None:
    """Record a validation: `verdict` is pass, reject, coerced or skipped. Usual: `strict`, `errors`."""
    with _span("trading.validation", "trading.validation.", {"name": name, "verdict": verdict, **facts}):
        pass


def cache(
    key: str, *, hit: bool | None = None, written_by_run: str | None = None, content: str | None = None, **facts: Value
) -> None:  # fmt: skip
    """Record that a cache or a memory was read (`hit` says whether it had it) or, without `hit`, written.

    `content` is what was read or written. Usual: `ttl` (ISO 8601 duration).
    """
    given = {"key": key, "hit": hit, "written_by_run": written_by_run, **facts}
    with _span("trading.cache", "trading.cache.", given) as opened:
        if content is not None:
            opened.span.set_attribute("output.value" if hit else "input.value", content)


def budget(
    *, tokens_planned: int | None = None, tokens_max: int | None = None, cost_planned: Decimal | str | None = None,
    steps_max: int | None = None,
) -> None:  # fmt: skip
    """Set the plan of the current span: of an idea, over all its traces; of a root, over its trace; else, below it.

    `tokens_planned` and `cost_planned` are plans, `tokens_max` and `steps_max` hard caps.
    """
    facts = {
        "trading.budget.tokens.planned": tokens_planned, "trading.budget.tokens.max": tokens_max,
        "trading.budget.cost.planned": cost_planned, "trading.budget.steps.max": steps_max,
    }  # fmt: skip
    trace.get_current_span().set_attributes(_attributes("", facts))


def fallback(from_model: str, to_model: str, reason: str, **facts: Value) -> None:
    """Record that another model answers than was asked for: `reason` is rate_limit, overloaded or quota."""
    given = {"from_model": from_model, "to_model": to_model, "reason": reason, **facts}
    _event("trading.llm.fallback", "trading.llm.fallback.", given)


def default_action(**facts: Value) -> None:
    """Record that a default was acted on since nothing better was to be had."""
    _event("trading.default_action", "trading.default_action.", facts)


def execution_report(exec_id: str, *, at: datetime | int | None = None, **facts: Value) -> None:
    """Record what a venue reported, `at` its own time (`transact_time`; nanoseconds since 1970 or a datetime).

    Usual: `exec_type`, `last_quantity`, `last_price`, `cumulative_quantity`, `leaves_quantity`, `average_price`,
    `commission`, `venue`; of the order `client_order_id`, `order_id`, `side`, `quantity`, `status`, `position_effect`;
    and `realized_pnl`.
    """
    others = {_OF_THE_ORDER[key]: value for key, value in facts.items() if key in _OF_THE_ORDER}
    own = {key: value for key, value in facts.items() if key not in _OF_THE_ORDER}
    given = {"id": exec_id, "type": own.pop("exec_type", None), "transact_time": _moment(at), **own}
    _event("trading.execution_report", "trading.execution.", given, at, others)


def thesis_invalidated(thesis_id: str, *, at: datetime | int | None = None, **facts: Value) -> None:
    """Record that a thesis became false, and when."""
    given = {"thesis": thesis_id, "status": "invalidated", "invalidated_at": _moment(at), **facts}
    _event("trading.thesis_invalidated", "trading.thesis.", given, at)


def position_snapshot(symbol: str, *, at: datetime | int | None = None, **facts: Value) -> None:
    """Record a position.

    Usual: `quantity` (signed), `average_price`, `realized_pnl`, `unrealized_pnl`, `market_value`.
    """
    _event("trading.position_snapshot", "trading.position.", {"symbol": symbol, **facts}, at)


def account_snapshot(account: str, *, at: datetime | int | None = None, **facts: Value) -> None:
    """Record an account. Usual: `equity`, `deployed_capital`, `cash`, `drawdown`."""
    _event("trading.account_snapshot", "trading.account.", {"account": account, **facts}, at)


def carrier() -> Mapping[str, str]:
    """Return where we are as W3C headers (`traceparent`, `baggage`): keep it with an order, or send it along."""
    held: dict[str, str] = {}
    _TRACE.inject(held)
    _BAGGAGE.inject(held)
    return held


@contextmanager
def _span(
    name: str, prefix: str, facts: Mapping[str, Value], after: Mapping[str, str] | None = None,
    kind: SpanKind = SpanKind.INTERNAL,
) -> Iterator[Recorded]:  # fmt: skip
    """Open a span that bears the ids around it; what is opened inside bears its own. After a carrier: a new trace."""
    links = []
    around = context.get_current()
    if after is not None:
        around = _BAGGAGE.extract(after, Context())
        earlier = trace.get_current_span(_TRACE.extract(after, Context())).get_span_context()
        links = [Link(earlier)] if earlier.is_valid else []
    held = _held(around)
    attributes = held | _attributes(prefix, facts)
    ids = {key: value for key, value in attributes.items() if key in _IDS.values() and key != "trading.stage"}
    around = context.set_value(_HELD, ids, around)
    if _IDEA in ids:
        around = baggage.set_baggage(_IDEA, str(ids[_IDEA]), around)
    token = context.attach(around)
    try:
        with trace.get_tracer("afterbell.record").start_as_current_span(
            name, kind=kind, attributes=attributes, links=links
        ) as span:  # fmt: skip
            yield Recorded(span, prefix, carrier())
    finally:
        context.detach(token)


def _event(
    name: str, prefix: str, facts: Mapping[str, Value], at: datetime | int | None = None,
    others: Mapping[str, Value] | None = None,
) -> None:  # fmt: skip
    """Add an event to the current span; where there is none, a span of its own carries it."""
    found = _held(context.get_current()) | _attributes(prefix, facts) | _attributes("", others or {})
    span = trace.get_current_span()
    if span.is_recording():
        span.add_event(name, found, _ns(at))
        return
    with _span("trading.report", "trading.", {}) as opened:
        opened.span.add_event(name, found, _ns(at))


def _held(around: Context) -> dict[str, Any]:
    """Return the ids that are in force: of the span around, or the idea that came by baggage."""
    held = context.get_value(_HELD, around)
    if isinstance(held, dict):
        return held
    came = baggage.get_baggage(_IDEA, around)
    return {} if came is None else {_IDEA: str(came)}


def _attributes(prefix: str, facts: Mapping[str, Value]) -> dict[str, Any]:
    return {
        _IDS.get(key) or (key if "." in key else prefix + key): _plain(value)
        for key, value in facts.items()
        if value is not None
    }


def _plain(value: Any) -> Any:
    """Return a value as an attribute holds it: decimals as text, moments as RFC 3339 in UTC."""
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, int) and not -_INT64 <= value < _INT64:
        return str(value)
    return value if isinstance(value, str | bool | int | float) else str(value)


def _moment(at: datetime | int | None) -> str | None:
    """Return a moment as text; one without a zone stays without, since nobody knows which it was."""
    if at is None:
        return None
    if isinstance(at, int):
        try:
            at = _EPOCH + timedelta(microseconds=at // 1000)
        except OverflowError:
            return str(at)
    if at.tzinfo is None:
        return at.isoformat(timespec="microseconds")
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _ns(at: datetime | int | None) -> int | None:
    """Return nanoseconds since 1970; none for a moment that no event can bear, which then is now."""
    if isinstance(at, datetime):
        return (at - _EPOCH) // timedelta(microseconds=1) * 1000 if at.tzinfo is not None else None
    return at if at is None or 0 <= at < _INT64 else None
