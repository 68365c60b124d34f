"""What happened to an answer: which validation it met, whether it was corrected, and what used it.

Used means: a decision to trade or an order came after it, or a later call of another prompt holds its text. A hold or
skip after a rejection is no use.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct

from afterbell.model.calls import LlmCall
from afterbell.model.casefile import CaseFile
from afterbell.model.run import Trace
from afterbell.model.scan import Evidence
from afterbell.model.trading import TradeEvent, TradeKind
from afterbell.reading.prompts.idea_runs import ideas

PASSES: Final = frozenset({"pass", "passed", "allow", "ok", "valid"})
DENIES: Final = frozenset({"reject", "rejected", "deny", "denied", "fail", "failed", "block", "blocked", "invalid"})
_IDLE = frozenset({"hold", "skip", "none", "wait", "no_action"})
_SCHEMA_CHECK = "output_schema"
_VERDICTS = ("trading.validation.verdict", "trading.risk.check.verdict")
_TELLING = 12  # characters from which a text that stands in a later prompt was handed on


class Passage(Struct, frozen=True, kw_only=True):
    """How an answer went on.

    `validation` is one of: none, lenient, skipped, strict pass, rejected; `used` says by what, empty when nothing that
    is recorded used it; `corrected` when a conforming answer came first.
    """

    validation: str = "none"
    used: str = ""
    corrected: bool = False
    evidence: tuple[Evidence, ...] = ()


def passage(case: CaseFile, call: LlmCall, conforming: Iterable[LlmCall]) -> Passage:
    """Follow an answer to the first thing that used it."""
    trace = case.trace
    better = min((each.started_ns for each in conforming), default=0)
    uses = sorted(_uses(case, call), key=lambda each: each[0])
    first = next((each for each in uses if each[0] >= call.started_ns), None)
    checks = [each for each in trace.trades if is_check(each) and each.at_ns >= call.started_ns
              and (first is None or each.at_ns <= first[0]) and (not better or each.at_ns <= better)]  # fmt: skip
    validation = _validation(checks)
    proof = tuple(verdict(each) for each in checks[-1:])
    if better and (first is None or better <= first[0]):
        return Passage(validation=validation, corrected=True, evidence=proof)
    if validation == "rejected":
        uses = [each for each in uses if not each[3]]
        first = uses[0] if uses else None
    if first is None:
        return Passage(validation=validation, evidence=proof)
    return Passage(validation=validation, used=first[1], evidence=(*proof, *((first[2],) if first[2] else ())))


_Use = tuple[int, str, Evidence | None, bool]


def _uses(case: CaseFile, call: LlmCall) -> Iterator[_Use]:
    """Yield what came after and could use the answer: when, what, where, and whether a rejection makes it none."""
    trace, mine = case.trace, set(ideas(case.trace))
    spans = {span.span_id: span for span in trace.spans}
    for run in (trace, *(run for run in case.kin if mine.intersection(ideas(run)))):
        for event in run.of_kind(TradeKind.DECISION, TradeKind.ORDER):
            span = spans.get(event.source.span_id)
            # A decision's span may stand around the call: it decides when it ends.
            at = max(event.at_ns, span.end_ns) if span and event.at_ns < call.started_ns else event.at_ns
            if at >= call.started_ns:
                idle = event.kind is TradeKind.DECISION and event.action in _IDLE
                yield at, f"the {event.kind}", _event(event), idle
    yield from _handed_on(trace, call)


def _handed_on(trace: Trace, call: LlmCall) -> Iterator[_Use]:
    """Yield later calls whose prompt holds the answer; within the same conversation it may be a request to mend it."""
    said = [part.text.strip() for _message, part, _source in trace.parts(call.output) if len(part.text) >= _TELLING]
    for later in trace.calls:
        if later.started_ns < (call.ended_ns or call.started_ns + 1) or later.failed or later is call:
            continue
        for _message, part, source in trace.parts((*later.system, *later.input)):
            text = next((text for text in said if text and text in part.text), "")
            if text:
                start = part.text.index(text)
                excerpt = text[:160]
                proof = Evidence(trace_id=source.trace_id, span_id=source.span_id, field=source.field, excerpt=excerpt,
                                 start=start, end=start + len(excerpt))  # fmt: skip
                yield later.started_ns, "a later call", proof, conversation(later) == conversation(call)
                break


def conversation(call: LlmCall) -> tuple[str, tuple[str, ...]]:
    """Return what calls of one conversation share: the agent, and the hashes of the system prompt."""
    return call.agent_name, tuple(ref.sha256 for ref in call.system)


def is_check(event: TradeEvent) -> bool:
    """Tell whether an event is a validation of an output: by its kind, or a risk check of this name."""
    if event.kind is TradeKind.VALIDATION:
        return True
    return event.kind is TradeKind.RISK_CHECK and event.attributes.get("trading.risk.check.name") == _SCHEMA_CHECK


def _validation(checks: Iterable[TradeEvent]) -> str:
    """Return the strongest thing that the checks did: a rejection, a strict pass, a lenient one, or nothing."""
    found = "none"
    for check in checks:
        strict = str(check.attributes.get("trading.validation.strict", "")).lower() == "true"
        if check.verdict in DENIES:
            return "rejected"
        if check.verdict in PASSES and strict:
            found = "strict pass"
        elif found == "none":
            found = "skipped" if check.verdict == "skipped" else "lenient"
    return found


def verdict(event: TradeEvent) -> Evidence:
    """Cite the verdict of a validation."""
    field = next((name for name in _VERDICTS if name in event.attributes), _VERDICTS[0])
    excerpt = str(event.attributes.get(field, ""))
    return Evidence(trace_id=event.source.trace_id, span_id=event.source.span_id, field=field, excerpt=excerpt,
                    end=len(excerpt))  # fmt: skip


def _event(event: TradeEvent) -> Evidence | None:
    field = "trading.decision.action" if event.kind is TradeKind.DECISION else "trading.order.client_order_id"
    value = event.attributes.get(field)
    if value is None:
        return None
    excerpt = str(value)
    return Evidence(trace_id=event.source.trace_id, span_id=event.source.span_id, field=field, excerpt=excerpt,
                    end=len(excerpt))  # fmt: skip
