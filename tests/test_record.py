"""What the recording helper writes, read back as any trace is: through OTLP and the dialects."""

from __future__ import annotations

import io
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from opentelemetry import baggage, trace
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from afterbell import record
from afterbell.catalog import intake
from afterbell.formats.items import Context
from afterbell.model.trading import TradeKind
from afterbell.reading import kept_content
from afterbell.reading.answers import fallbacks


@pytest.fixture
def written(monkeypatch):
    """Return a function that gives the traces recorded so far, in order of their beginning."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "get_tracer", provider.get_tracer)

    def read():
        data = encode_spans(exporter.get_finished_spans()).SerializeToString()
        spans = sorted(
            intake.envelope_named("otlp-proto").read(io.BytesIO(data), Context()), key=lambda span: span.start_ns
        )
        ids = dict.fromkeys(span.trace_id for span in spans)
        return [intake.trace_of(each, [span for span in spans if span.trace_id == each], []) for each in ids]

    return read


def kinds(run):
    return {trade.kind: trade for trade in run.trades}


def test_a_whole_trade_is_read_back(written):
    with record.idea("IDEA-1", symbol="SYNTHETIC_A", strategy="slow_value", account="ACC-1", mode="paper"):
        record.budget(tokens_planned=50_000, cost_planned=Decimal("1.50"), steps_max=12)
        with record.research(step=1, posterior=0.4):
            pass
        record.thesis(
            "TH-1", text="Margins hold.", invalidation_condition="gross margin below 37 percent", status="accepted"
        )
        with record.decision(
            "DEC-1", data_asof=datetime(2026, 1, 5, 9, 30, tzinfo=timezone(timedelta(hours=-5)))
        ) as decision:
            decision.set(action="buy", quantity=Decimal("100.50"), confidence=0.62, reason=None)
        record.risk_check("max_position", "allow", limit=500)
        record.validation("decision", "pass", strict=True)
        with record.order("CO-1", side="buy", quantity=Decimal("100.50"), price="62.50", position_effect="open"):
            record.execution_report(
                "EX-1", exec_type="trade", client_order_id="CO-1", side="buy", status="filled", last_quantity=Decimal("100.50"),
                last_price=Decimal("62.48"), at=1_767_621_903_000_000_123,
            )  # fmt: skip
    (run,) = written()
    found = kinds(run)
    assert set(found) == {
        TradeKind.IDEA, TradeKind.RESEARCH, TradeKind.THESIS, TradeKind.DECISION, TradeKind.RISK_CHECK,
        TradeKind.VALIDATION, TradeKind.ORDER, TradeKind.EXECUTION_REPORT,
    }  # fmt: skip
    for trade in run.trades:
        assert (trade.idea_id, trade.symbol, trade.strategy_id, trade.account_id, trade.mode) == (
            "IDEA-1", "SYNTHETIC_A", "slow_value", "ACC-1", "paper")  # fmt: skip
    assert found[TradeKind.THESIS].text == "Margins hold."
    assert (
        found[TradeKind.THESIS].attributes["trading.thesis.invalidation_condition"] == "gross margin below 37 percent"
    )
    assert found[TradeKind.DECISION].attributes["trading.decision.data_asof"] == "2026-01-05T14:30:00.000000Z"
    assert "trading.decision.reason" not in found[TradeKind.DECISION].attributes
    assert found[TradeKind.DECISION].quantity == found[TradeKind.ORDER].quantity == Decimal("100.50")
    assert found[TradeKind.ORDER].price == Decimal("62.50")
    filled = found[TradeKind.EXECUTION_REPORT]
    assert (filled.exec_id, filled.exec_type, filled.status, filled.price) == (
        "EX-1",
        "trade",
        "filled",
        Decimal("62.48"),
    )
    assert filled.at_ns == 1_767_621_903_000_000_000
    assert filled.client_order_id == "CO-1"
    (budget,) = run.budgets
    assert (budget.tokens_planned, budget.cost_planned, budget.steps_max) == (50_000, Decimal("1.50"), 12)


def test_what_happens_later_is_a_trace_of_its_own_linked_and_of_the_same_idea(written):
    with record.idea("IDEA-1", symbol="SYNTHETIC_A"), record.order("CO-1", side="buy") as order:
        pass
    assert set(order.carrier) == {"traceparent", "baggage"}
    with record.monitor(after=order.carrier):
        record.thesis_invalidated("TH-1")
        with record.order("CO-2", side="sell"):
            pass
    with record.monitor(after={}):
        pass
    first, second, third = written()
    assert {span.name for span in second.spans} == {"trading.monitor", "trading.order.submit"}
    (link,) = next(span for span in second.spans if span.name == "trading.monitor").links
    assert link.span_id == next(span for span in first.spans if span.name == "trading.order.submit").span_id
    assert {trade.idea_id for trade in second.trades} == {"IDEA-1"}
    assert [span.links for span in third.spans] == [()]


def test_the_idea_travels_by_baggage_and_goes_with_its_block(written):
    with record.idea("IDEA-1"):
        assert baggage.get_baggage("trading.idea.id") == "IDEA-1"
        with record.idea("IDEA-2"):
            assert record.carrier()["baggage"] == "trading.idea.id=IDEA-2"
    assert baggage.get_baggage("trading.idea.id") is None
    assert record.carrier() == {}
    (run,) = written()
    assert {trade.idea_id for trade in run.trades} == {"IDEA-1", "IDEA-2"}


def test_caches_and_fallbacks_are_seen_by_what_asks_for_them(written):
    with record.idea("IDEA-1", run="run-7"), record.research():
        record.cache("filing/A", content="Margin 39.1 percent.", ttl="P1D")
        record.cache("filing/A", hit=True, written_by_run="run-3", content="Margin 39.1 percent.")
        record.fallback("model-large", "model-small", "rate_limit")
        record.default_action(action="hold")
    (run,) = written()
    assert [(each.key, each.contents[0].text) for each in kept_content.writes(run)] == [
        ("filing/A", "Margin 39.1 percent.")
    ]
    assert [(each.key, each.written_by) for each in kept_content.reads(run)] == [("filing/A", "run-3")]
    (fallback,) = fallbacks.fallbacks(run)
    assert (fallback.primary, fallback.model) == ("model-large", "model-small")


def test_a_report_outside_of_any_span_is_carried_by_its_own(written):
    record.execution_report("EX-9", exec_type="trade", idea="IDEA-1", realized_pnl=Decimal("-3.20"))
    record.account_snapshot("ACC-1", equity=Decimal(100), at=datetime(2026, 1, 5, 21, tzinfo=UTC))
    filled, account = written()
    (report,) = filled.trades
    assert (report.exec_id, report.idea_id, report.realized_pnl) == ("EX-9", "IDEA-1", Decimal("-3.20"))
    assert [trade.kind for trade in account.trades] == [TradeKind.ACCOUNT_SNAPSHOT]
    assert account.trades[0].at_ns == 1_767_646_800_000_000_000


@pytest.mark.parametrize("odd", [float("nan"), 2**80, [1, 2], {"a": 1}, b"\xff", datetime(2026, 1, 5), object])  # noqa: DTZ001
def test_no_value_stops_an_agent(written, odd):
    with record.idea("IDEA-1", note=odd):
        record.execution_report("EX-1", last_price=odd, at=2**70)
        record.account_snapshot("ACC-1", equity=odd, at=datetime(2026, 1, 5))  # noqa: DTZ001
    assert len(written()) == 1


def test_an_error_inside_goes_on_its_way_and_is_recorded(written):
    with pytest.raises(ValueError, match="no route"), record.idea("IDEA-1"), record.order("CO-1"):
        raise ValueError("no route to the venue")
    (run,) = written()
    assert {span.status_code for span in run.spans} == {2}


def test_without_an_sdk_nothing_is_recorded_and_nothing_fails():
    with record.idea("IDEA-1") as opened:
        record.budget(tokens_planned=1)
        record.execution_report("EX-1")
        opened.set(symbol="SYNTHETIC_A")
        assert record.carrier() == {"baggage": "trading.idea.id=IDEA-1"}


def test_without_the_api_the_hint_is_the_command_that_installs_it():
    program = "import sys; sys.modules['opentelemetry'] = None\ntry:\n import afterbell.record\nexcept Exception as e: print(e.hint)"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert said.stdout == "pip install 'afterbell[record]'\n"
