"""TradeArena's trajectories: steps as traces, what the risk manager changed, fills at the step they belong to."""

from __future__ import annotations

import json
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest

from afterbell.catalog import intake
from afterbell.formats.envelopes import tradearena
from afterbell.formats.items import Context
from afterbell.model.trace import LogRecord, Refusal, Span
from afterbell.model.trading import TradeKind

GOLDEN = (Path(__file__).parents[1] / "golden" / "tradearena.json").read_bytes()
WHOLE = json.loads(GOLDEN)


def read(data):
    return list(tradearena.read(BytesIO(data), Context(name="run.json")))


def traces(items):
    rows = {}
    for item in items:
        if not isinstance(item, Refusal):
            rows.setdefault(item.trace_id, []).append(item)
    return [
        intake.trace_of(
            key,
            [item for item in found if isinstance(item, Span)],
            [item for item in found if isinstance(item, LogRecord)],
        )
        for key, found in rows.items()
    ]


def test_found_by_content():
    assert intake.envelope_of(GOLDEN, "x") is tradearena
    assert intake.envelope_of(json.dumps(WHOLE, sort_keys=True).encode(), "x") is tradearena
    assert not tradearena.recognise(b'{"task_id": 1, "steps": []}', "x")
    schema = {"$schema": "x", "properties": {"schema_version": {"const": "tradearena_trajectory_v1"}, **WHOLE}}
    assert not tradearena.recognise(json.dumps(schema).encode(), "x")


def test_what_the_risk_manager_made_of_each_decision():
    first, _second = traces(read(GOLDEN))
    checks = [trade for trade in first.of_kind(TradeKind.RISK_CHECK) if trade.symbol]
    assert [(trade.symbol, trade.verdict) for trade in checks] == [("SYNTHETIC_A", "modify"), ("SYNTHETIC_B", "deny")]
    assert [trade.action for trade in first.of_kind(TradeKind.DECISION)] == ["buy", "buy"]
    own = [trade.verdict for trade in first.of_kind(TradeKind.RISK_CHECK) if not trade.symbol]
    assert own == ["allow", "allow"]


def test_an_answer_that_made_two_signals_is_one_call():
    first, _second = traces(read(GOLDEN))
    assert [(call.agent_name, call.request_model) for call in first.calls] == [("llm-analyst", "m-1-2026")]


def test_a_late_fill_belongs_to_the_step_of_its_order():
    first, second = traces(read(GOLDEN))
    (order,), (fill,) = first.of_kind(TradeKind.ORDER), second.of_kind(TradeKind.EXECUTION_REPORT)
    assert (fill.idea_id, fill.status) == (order.idea_id, "partially_filled")
    assert (order.quantity, fill.quantity, fill.price, fill.commission) == tuple(
        map(Decimal, ("350", "200", "101", "1.5"))
    )
    (held,) = second.of_kind(TradeKind.POSITION_SNAPSHOT)
    assert (held.symbol, held.quantity) == ("SYNTHETIC_A", 200)


@pytest.mark.parametrize("late", [None, -3, "1e999999999", 5, "soon"])
def test_a_rejected_fill_without_figures_and_of_an_odd_age(late):
    fills = [{"symbol": "SYNTHETIC_A", "side": "buy", "quantity": "many", "status": "rejected", "latency_steps": late}]
    step = {**WHOLE["steps"][1], "fills": fills}
    (trace,) = traces(read(json.dumps({**WHOLE, "steps": [step]}).encode()))
    (report,) = trace.of_kind(TradeKind.EXECUTION_REPORT)
    assert (report.status, report.quantity, report.price) == ("rejected", None, None)


@pytest.mark.parametrize("keep", [-3, -400])
def test_of_a_cut_document_whole_steps_are_read(keep):
    items = read(GOLDEN.rstrip()[:keep])
    assert [item.where for item in items if isinstance(item, Refusal)]
    assert len(traces(items)) == (2 if keep == -3 else 1)


@pytest.mark.parametrize("step", [7, {}, {"timestamp": "soon"}])
def test_a_step_that_is_none_is_refused_by_number(step):
    items = read(json.dumps({**WHOLE, "steps": [step, WHOLE["steps"][1]]}).encode())
    (refusal,) = [item for item in items if isinstance(item, Refusal)]
    assert "step 1" in refusal.where
    assert len(traces(items)) == 1


def test_parts_of_the_wrong_kind_are_passed_over():
    step = {"timestamp": "2026-01-05T00:00:00Z", "signals": 1, "decisions": [2], "fills": {"a": 1}, "portfolio": [3],
            "risk_report": {"checks": [4, {"passed": "yes"}]}, "orders": None}  # fmt: skip
    (trace,) = traces(read(json.dumps({**WHOLE, "steps": [step]}).encode()))
    assert len(trace.spans) == 1
