"""Which stage a call, tool or document belongs to: research, decision, risk or execution.

The rule is the evidence contract's: its own `trading.stage`; else its nearest ancestor that states one or is named
trading.research, trading.decision, trading.risk_check or trading.order.*; else the agent's name; else what comes
before the first decision or order is research.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import structs

from afterbell.formats.items import Readout
from afterbell.model.calls import LlmCall
from afterbell.model.trace import Span
from afterbell.model.trading import TradeEvent, TradeKind
from afterbell.model.vocabulary import Stage

_BY_SPAN = {
    "trading.research": Stage.RESEARCH, "trading.decision": Stage.DECISION, "trading.risk_check": Stage.RISK,
}  # fmt: skip
_BY_AGENT = (
    (re.compile(r"risk", re.IGNORECASE), Stage.RISK),
    (re.compile(r"execut|order", re.IGNORECASE), Stage.EXECUTION),
    (re.compile(r"trader|portfolio|decision", re.IGNORECASE), Stage.DECISION),
    (re.compile(r"research|analyst|fundamental|news|sentiment", re.IGNORECASE), Stage.RESEARCH),
)
_WORDS = frozenset(Stage)
_MAX_DEPTH = 1000


class StageFinder:
    """Tells the stage of whatever stands on a span; built once per trace."""

    def __init__(self, spans: Sequence[Span], readouts: Mapping[str, Readout], trades: Sequence[TradeEvent]) -> None:
        """Keep the spans by id and the moment of the first decision or order (nanoseconds, 0 = none)."""
        self._spans = {span.span_id: span for span in spans}
        self._readouts = readouts
        starts = [trade.at_ns for trade in trades if trade.kind in {TradeKind.DECISION, TradeKind.ORDER}]
        self._first_decision = min((start for start in starts if start), default=0)

    def __call__(self, span_id: str, agent_name: str = "") -> Stage | None:
        """Return the stage, or None when the span is unknown."""
        span = self._spans.get(span_id)
        if span is None:
            return None
        return self.told(span_id) or self._by_agent(span_id, agent_name) or self._by_time(span)

    def told(self, span_id: str) -> Stage | None:
        """Return the stage that the span or its nearest ancestor states or is named after, or None."""
        for span in self._upwards(span_id):
            by_name = Stage.EXECUTION if span.name.startswith("trading.order.") else _BY_SPAN.get(span.name)
            found = self._stated(span) or by_name
            if found:
                return found
        return None

    def agent_of(self, span_id: str) -> str:
        """Return the name of the nearest agent above a span, itself included, or an empty text."""
        return next((name for span in self._upwards(span_id) if (name := self._agent(span))), "")

    def _upwards(self, span_id: str) -> Iterator[Span]:
        here = self._spans.get(span_id)
        for _ in range(_MAX_DEPTH):
            if here is None:
                return
            yield here
            here = self._spans.get(here.parent_span_id)

    def _agent(self, span: Span) -> str:
        readout = self._readouts.get(span.span_id)
        return readout.agent_name if readout else ""

    def _stated(self, span: Span) -> Stage | None:
        readout = self._readouts.get(span.span_id)
        word = (readout.stage if readout else "").strip().lower()
        return Stage(word) if word in _WORDS else None

    def _by_agent(self, span_id: str, agent_name: str) -> Stage | None:
        names = (agent_name, *(self._agent(span) for span in self._upwards(span_id)))
        for name in filter(None, names):
            for pattern, stage in _BY_AGENT:
                if pattern.search(name):
                    return stage
        return None

    def _by_time(self, span: Span) -> Stage | None:
        if self._first_decision and span.start_ns >= self._first_decision:
            return Stage.DECISION
        return Stage.RESEARCH


def single_shot(calls: tuple[LlmCall, ...], trades: Sequence[TradeEvent], finder: StageFinder) -> tuple[LlmCall, ...]:
    """Count a lone call that both researches and decides as research, unless a span says its stage outright."""
    if len(calls) != 1 or calls[0].stage in {None, Stage.RESEARCH} or finder.told(calls[0].span_id):
        return calls
    decides = any(trade.kind in {TradeKind.DECISION, TradeKind.ORDER} for trade in trades)
    return (structs.replace(calls[0], stage=Stage.RESEARCH),) if decides else calls
