"""The few figures of a trace that triggers need: usage per call, plans, ids. No message text."""

from __future__ import annotations

from collections.abc import Mapping

from afterbell.model.calls import Source
from afterbell.model.docket import CallFacts, RunFacts
from afterbell.model.run import Trace
from afterbell.model.trace import Span

_MAX_DEPTH = 1000
_LONGEST_FIGURE = 40


def run_facts(trace: Trace) -> RunFacts:
    """Return the facts of a trace; each logical call once, with the spans above it."""
    parents = {span.span_id: span.parent_span_id for span in trace.spans}
    spans = {span.span_id: span for span in trace.spans}
    root = next((span for span in trace.spans if not span.parent_span_id), None)
    return RunFacts(
        trace_id=trace.trace_id, started_ns=trace.started_ns, ended_ns=trace.ended_ns,
        name=root.name if root else "", idea_ids=trace.idea_ids, strategy_ids=trace.strategy_ids,
        account_ids=tuple(dict.fromkeys(trade.account_id for trade in trace.trades if trade.account_id)),
        budgets=trace.budgets,
        calls=tuple(
            CallFacts(
                span_id=call.span_id, ancestors=_above(call.span_id, parents), tokens=call.usage.total,
                cost=call.cost, failed=call.failed, source=call.usage.source,
                figure=_figure(call.usage.source, spans), started_ns=call.started_ns,
            )
            for call in trace.calls
        ),
    )  # fmt: skip


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
