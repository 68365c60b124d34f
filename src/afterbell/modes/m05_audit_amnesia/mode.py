"""Audit amnesia: part of what the run did cannot be retrieved.

What it asks
    Can every prompt, tool call, model output and executed trade of this trace be retrieved, unaltered?

Why it matters
    A postmortem, a regulator or a counterparty asks what the model saw and said. A record with holes answers "we do
    not know", and the holes are found only when they are needed.

How it looks
    Yes when any leg is missing, each listed with its reason: a prompt, system prompt, output or document that is not
    captured, redacted, truncated, evicted, offloaded to a file that was not handed in, or lost although tokens were
    billed; a tool call that was never asked for in a captured output, has no execution or no result, or was not fed
    back although a later call of the conversation exists; a decision to trade without execution report or fill (in
    this trace, in another of the same idea, in the books), unless a risk check denied it or its order ended unfilled;
    an order called filled without either; a position that grew without an order; a text whose SHA-256 is not the one
    stated; attributes, events or links that the exporter dropped; a span whose parent is missing; a run that never
    ended; a run of which only the lines of a log tell, when they speak of model calls. A missing system prompt counts
    only where the format says that one belongs there. A trace with a root and no call, tool, document or order has
    nothing to lose: not applicable.

What would prevent it
    Capture of content switched on and tested in CI; attribute limits above the longest conversation; a nightly check
    that every decision of the day has its fill and every span its parent.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from afterbell.model.casefile import CaseFile, Need
from afterbell.model.scan import Suggestion, na, no, yes
from afterbell.reading.legs.calls import Leg, content, hashes, structure
from afterbell.reading.legs.tools import empty_results, tool_legs
from afterbell.reading.legs.trades import trade_legs

NUMBER = 5
SLUG = "audit_amnesia"
QUESTION = "Is any part of the trace's record missing: a prompt, a tool call, a model output, or the executed trade?"
SINCE = "0.1.0"
NEEDS = (Need.SPANS,)
KNOBS: dict[str, Any] = {}

_CITED = 40
_PER_GROUP = 6
_SPANS = 10
_TOLD = 4
_DROPPED = "dropped by the exporter"


def detect(case: CaseFile) -> Suggestion:
    """Return yes with every missing leg and why, no when all are there, na when there is nothing to keep."""
    trace = case.trace
    legs = [*structure(trace), *content(trace), *tool_legs(trace), *trade_legs(case), *hashes(trace)]
    figures = _figures(case, legs)
    if legs:
        groups = _groups(legs)
        told = "; ".join(_sentence(group) for group in groups[:_TOLD])
        rest = f"; and {len(groups) - _TOLD} more kinds" if len(groups) > _TOLD else ""
        rest += f"; beside that, {_several(figures['empty_results'], 'tool result')} empty" * bool(empty_results(trace))
        proof = [leg.evidence for group in groups for leg in group[:_PER_GROUP]]
        return yes(f"Missing: {told}{rest}.", tuple(proof[:_CITED]), figures)
    if not (trace.calls or trace.tools or trace.documents or trace.trades):
        return na("The trace holds no call, tool, document or order.")
    return no(
        f"Every leg is there: {len(trace.calls)} model calls, {len(trace.tools)} tool calls,"
        f" {len(trace.documents)} documents, {len(trace.trades)} trading facts.",
        figures,
    )


def _groups(legs: Sequence[Leg]) -> list[list[Leg]]:
    """Return the legs by what is missing and why, what the auditor asks for first."""
    found: dict[tuple[str, str], list[Leg]] = {}
    for leg in legs:
        found.setdefault((leg.leg, leg.why), []).append(leg)
    return list(found.values())


def _sentence(group: Sequence[Leg]) -> str:
    first = group[0]
    if first.why == _DROPPED:
        total = sum(leg.count for leg in group)
        return f"{total} {first.leg} {first.why} on {_several(len(group), 'place')}"
    names = list(dict.fromkeys(leg.name for leg in group if leg.name))[:3]
    of = f" ({', '.join(name[:40] for name in names)})" if names else ""
    shown = f"{len(group)} x {first.leg}" if len(group) > 1 else first.leg
    return " ".join(f"{shown}{of}: {first.why}".split())


def _several(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _figures(case: CaseFile, legs: Sequence[Leg]) -> dict[str, Any]:
    whole = case.trace.completeness
    return {
        "missing_legs": len(legs),
        "missing": [
            {
                "leg": group[0].leg,
                "why": group[0].why,
                "count": sum(leg.count for leg in group),
                "spans": list(dict.fromkeys(leg.evidence.span_id for leg in group if leg.evidence.span_id))[:_SPANS],
            }
            for group in _groups(legs)
        ],
        "dropped_attributes": whole.dropped_attributes,
        "dropped_events": whole.dropped_events,
        "dropped_links": whole.dropped_links,
        "missing_parents": len(whole.missing_parents),
        "unended": len(whole.unended),
        "empty_results": len(empty_results(case.trace)),
    }
