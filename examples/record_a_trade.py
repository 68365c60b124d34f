"""An agent without a framework that records what it trades, and sends it to a live door.

In one terminal `afterbell serve`; in another, with the two lines that it prints in the environment:

    python examples/record_a_trade.py

Needs afterbell[record], opentelemetry-sdk and opentelemetry-exporter-otlp-proto-http. Then: afterbell traces
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from afterbell import record

NEWS = "Gross margin of SYNTHETIC_A was 36.4 percent."


def buy() -> str:
    """Follow an idea from its thesis to the fill, and return what the exit will need, as a text to keep."""
    with record.idea(
        "IDEA-1", symbol="SYNTHETIC_A", exchange="XNYS", currency="USD", strategy="slow_value", account="ACC-1",
        mode="paper",
    ):  # fmt: skip
        record.budget(tokens_planned=50_000, steps_max=12)
        with record.research(step=1):
            record.cache("filing/SYNTHETIC_A", hit=True, written_by_run="run-0", content="Margin 39.1 percent.")
            record.fallback("model-large", "model-small", "rate_limit")
        record.thesis(
            "TH-1", text="Margins hold through the year.", status="accepted",
            invalidation_condition="gross margin below 37 percent",
        )  # fmt: skip
        with record.decision("DEC-1", data_asof=datetime(2026, 1, 5, 13, 30, tzinfo=UTC)) as decision:
            decision.set(action="buy", quantity=Decimal(100), confidence=0.62, reason="margins are stable")
        record.risk_check("max_position", "allow", limit=Decimal(500), value=Decimal(100))
        with record.order(
            "CO-1", side="buy", type="limit", quantity=Decimal(100), price=Decimal("62.50"), position_effect="open"
        ) as order:  # fmt: skip
            record.execution_report(
                "EX-1", exec_type="trade", client_order_id="CO-1", side="buy", status="filled",
                last_quantity=Decimal(100), last_price=Decimal("62.48"), cumulative_quantity=Decimal(100),
                leaves_quantity=Decimal(0), at=datetime.now(UTC),
            )  # fmt: skip
            order.set(status="filled")
        return json.dumps(dict(order.carrier))


def exit_later(kept: str) -> None:
    """Do what another process does days later: a trace of its own, linked to the order, with the idea's id."""
    with record.monitor(after=json.loads(kept), note=NEWS):
        record.thesis_invalidated("TH-1", at=datetime.now(UTC))
        with record.order("CO-2", side="sell", type="market", quantity=Decimal(100), position_effect="close"):
            record.execution_report(
                "EX-2", exec_type="trade", client_order_id="CO-2", side="sell", status="filled",
                last_quantity=Decimal(100), last_price=Decimal("61.02"), realized_pnl=Decimal("-146.00"),
            )  # fmt: skip
        record.position_snapshot("SYNTHETIC_A", quantity=Decimal(0))
        record.account_snapshot("ACC-1", equity=Decimal(99854), deployed_capital=Decimal(100000))


def main() -> None:
    """Record, and send everything before the end."""
    provider = TracerProvider(resource=Resource.create({"service.name": "slow-value"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    exit_later(buy())
    provider.shutdown()


if __name__ == "__main__":
    main()
