"""The stage of a call: what it states, what stands around it, who asked, and when."""

from __future__ import annotations

import pytest

from afterbell.formats.items import Readout
from afterbell.formats.stages import StageFinder, single_shot
from afterbell.model.calls import LlmCall, Source
from afterbell.model.trace import Span
from afterbell.model.trading import TradeEvent, TradeKind
from afterbell.model.vocabulary import Stage

HERE = Source(trace_id="t", span_id="d")


def finder(*rows, decided=0, stages=(), agents=()):
    """Rows are (span, parent, name, start)."""
    spans = [Span(trace_id="t", span_id=own, parent_span_id=up, name=name, start_ns=at) for own, up, name, at in rows]
    said = {own: Readout(stage=word) for own, word in dict(stages).items()}
    said |= {own: Readout(agent_name=word) for own, word in dict(agents).items()}
    trades = [TradeEvent(kind=TradeKind.DECISION, at_ns=decided, source=HERE)] if decided else []
    return StageFinder(spans, said, trades)


def test_its_own_word_comes_first():
    found = finder(("a", "", "trading.decision", 1), ("b", "a", "chat", 2), stages={"b": "Research"})
    assert found("b") is Stage.RESEARCH
    assert finder(("b", "", "chat", 2), stages={"b": "lunch"})("b") is Stage.RESEARCH


@pytest.mark.parametrize(
    ("name", "stage"),
    [
        ("trading.research", Stage.RESEARCH),
        ("trading.decision", Stage.DECISION),
        ("trading.risk_check", Stage.RISK),
        ("trading.order.submit", Stage.EXECUTION),
        ("trading.order.cancel", Stage.EXECUTION),
    ],
)
def test_the_nearest_named_ancestor_comes_next(name, stage):
    found = finder(
        ("r", "", "trading.research", 1), ("a", "r", name, 1), ("s", "a", "step", 1), ("b", "s", "chat", 2),
        agents={"s": "news analyst"},
    )  # fmt: skip
    assert found("b") is stage


def test_a_stage_stated_around_it_is_nearer_than_a_name_farther_out():
    found = finder(("r", "", "trading.decision", 1), ("s", "r", "step", 1), ("b", "s", "chat", 2), stages={"s": "risk"})
    assert found("b") is Stage.RISK


@pytest.mark.parametrize(
    ("agent", "stage"),
    [
        ("fundamental_analyst", Stage.RESEARCH),
        ("News desk", Stage.RESEARCH),
        ("Trader", Stage.DECISION),
        ("portfolio_manager", Stage.DECISION),
        ("risk_analyst", Stage.RISK),
        ("order router", Stage.EXECUTION),
    ],
)
def test_then_the_agents_name(agent, stage):
    found = finder(("a", "", "run", 1), ("s", "a", "step", 1), ("b", "s", "chat", 9), decided=5, agents={"s": agent})
    assert found("b") is stage
    assert found.agent_of("b") == agent


def test_then_the_time_of_the_first_decision():
    found = finder(("a", "", "chat", 1), ("b", "", "chat", 9), decided=5)
    assert (found("a"), found("b")) == (Stage.RESEARCH, Stage.DECISION)
    assert finder(("a", "", "chat", 1))("a") is Stage.RESEARCH


def test_an_unknown_span_has_no_stage():
    assert finder()("nowhere") is None


def test_spans_in_a_circle_end():
    assert finder(("a", "b", "x", 1), ("b", "a", "y", 1))("a") is Stage.RESEARCH


def test_a_lone_call_that_also_decides_is_research():
    found = finder(("a", "", "chat", 9), decided=5)
    trades = [TradeEvent(kind=TradeKind.ORDER, at_ns=5, source=HERE)]
    lone = (LlmCall(call_id="a", span_id="a", stage=Stage.DECISION),)
    assert single_shot(lone, trades, found)[0].stage is Stage.RESEARCH
    assert single_shot(lone, (), found)[0].stage is Stage.DECISION
    told = finder(("a", "", "trading.decision", 9), decided=5)
    assert single_shot(lone, trades, told)[0].stage is Stage.DECISION
