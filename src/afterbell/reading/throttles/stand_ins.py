"""What stood in for a throttled step that nothing made good: no validation, or a default instead of an answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from msgspec import structs

from afterbell.model.calls import LlmCall, PartKind
from afterbell.model.run import Trace
from afterbell.model.scan import Evidence
from afterbell.model.trace import Span
from afterbell.model.trading import TradeEvent, TradeKind
from afterbell.model.vocabulary import Stage
from afterbell.reading.log_lines.defaults import SAYS_DEFAULT
from afterbell.reading.throttles.notices import names_limit, names_outage
from afterbell.reading.throttles.step import Effect, Followed, StepFacts, lost, shown
from afterbell.reading.throttles.throttling import Throttle

SKIPPED: Final = "trading.validation_skipped"
DEFAULT: Final = "trading.default_action"
_VERDICTS = frozenset(
    {"pass", "passed", "reject", "rejected", "coerced", "allow", "deny", "modify", "escalate", "fail"}
)
_VALIDATIONS = frozenset({"trading.validation", "validate_output", "trading.risk_check"})
_VALIDATION = re.compile(r"validat|verif|guardrail|schema[ _-]?check|review", re.IGNORECASE)
_TRADES = frozenset({"buy", "sell", "reduce", "close", "sell_short", "short", "cover", "add", "increase"})
_REASONS = frozenset({"skip_reason", "reason", "note", "default_reason"})
_OUTPUTS = ("output.value", "traceloop.entity.output", "langfuse.observation.output", "mlflow.spanOutputs",
            "trading.decision.reason", "trading.decision.plan", "output")  # fmt: skip
_LONGEST = 20_000


def admitted(trace: Trace, *, outages: bool = False) -> Iterator[Followed]:
    """Yield skipped validations and default actions whose own reason names a throttle (`outages`: or an outage)."""
    for name, effect, told in (
        (SKIPPED, Effect.SKIPPED, "Validation was skipped"),
        (DEFAULT, Effect.DEFAULT, "A default action was taken"),
    ):
        for _at, proof, reason in _marks(trace, name):
            if reason is not None and names_limit(reason.excerpt):
                yield Followed(effect=effect, told=f"{told} for the limit.", evidence=(reason, proof))
            elif reason is not None and outages and names_outage(reason.excerpt):
                yield Followed(effect=effect, told=f"{told} for the outage.", evidence=(reason, proof))


def skipped(facts: StepFacts, throttle: Throttle) -> Iterator[Followed]:
    """Yield the validation that the throttle took away: its own event, or an order that no verdict precedes."""
    validates = _validates(facts, throttle)
    for at, proof, reason in _marks(facts.trace, SKIPPED):
        if at >= throttle.at_ns and (validates or (reason is None and _beside(facts, throttle, proof.span_id))):
            yield Followed(
                effect=Effect.SKIPPED, told=f"After the {throttle.word} validation was skipped.", evidence=(proof,)
            )
            return
    if not validates:
        return
    acts = [each for each in facts.trace.of_kind(TradeKind.ORDER) if each.at_ns >= throttle.at_ns]
    acts = acts or [each for each in facts.trace.of_kind(TradeKind.DECISION)
                    if each.at_ns >= throttle.at_ns and each.action in _TRADES]  # fmt: skip
    if not acts:
        return
    verdicts = [facts.ended(each.source.span_id, each.at_ns)
                for each in facts.trace.of_kind(TradeKind.VALIDATION, TradeKind.RISK_CHECK)
                if each.verdict in _VERDICTS]  # fmt: skip
    if not any(throttle.at_ns <= at <= acts[0].at_ns for at in verdicts):
        told = f"The validation {throttle.done} and no verdict precedes the {acts[0].kind} that followed."
        yield Followed(effect=Effect.SKIPPED, told=told, evidence=_act(facts, acts[0]))


def _validates(facts: StepFacts, throttle: Throttle) -> bool:
    """Tell whether what was throttled is a validation."""
    call, tool = throttle.call, throttle.tool
    if call is not None and (call.stage is Stage.RISK or call.task_type in {"validation", "risk_review"}):
        return True
    names = [call.prompt_name, call.agent_name] if call else [tool.name] if tool else []
    span_id = call.span_id if call else tool.executed_in if tool else throttle.span_id
    for span in facts.above(span_id):
        if span.name in _VALIDATIONS:
            return True
        if str(span.attributes.get("openinference.span.kind", "")).upper() == "GUARDRAIL":
            return True
    own = facts.spans.get(span_id)
    return any(_VALIDATION.search(name) for name in (*names, own.name if own else "") if name)


def _beside(facts: StepFacts, throttle: Throttle, span_id: str) -> bool:
    """Tell whether a mark stands on the span that was throttled, or on one directly above it."""
    mine = [span.span_id for span in facts.above(throttle.call.span_id if throttle.call else throttle.span_id)]
    return span_id in mine or not span_id


def _marks(trace: Trace, name: str) -> Iterator[tuple[int, Evidence, Evidence | None]]:
    """Yield when an event of this name (or the attributes that say the same) happened, where, and its reason."""
    for span in trace.spans:
        for number, event in enumerate(span.events):
            if event.name == name:
                proof = Evidence(trace_id=trace.trace_id, span_id=span.span_id, field=f"events[{number}].name",
                                 excerpt=name, end=len(name))  # fmt: skip
                reason = _reason(trace, span.span_id, f"events[{number}].", event.attributes)
                yield event.time_ns or span.end_ns or span.start_ns, proof, reason
        said = _said(span, name)
        if said is not None:
            text = shown(span.attributes[said])
            proof = Evidence(trace_id=trace.trace_id, span_id=span.span_id, field=said, excerpt=text, end=len(text))
            yield span.end_ns or span.start_ns, proof, _reason(trace, span.span_id, "", span.attributes)
    for log in trace.logs:
        if log.event_name == name:
            proof = Evidence(trace_id=trace.trace_id, span_id=log.span_id, field=f"log:{name}", excerpt=name,
                             end=len(name))  # fmt: skip
            yield log.time_ns or log.observed_ns, proof, _reason(trace, log.span_id, f"log:{name}.", log.attributes)


def _said(span: Span, name: str) -> str | None:
    """Return the attribute by which a span itself says that validation was skipped, or that it is a default action."""
    if name == SKIPPED:
        if str(span.attributes.get("trading.validation.skipped", "")).lower() == "true":
            return "trading.validation.skipped"
        if str(span.attributes.get("trading.validation.verdict", "")).lower() == "skipped":
            return "trading.validation.verdict"
        return None
    return DEFAULT if str(span.attributes.get(DEFAULT, "")).lower() not in {"", "false"} else None


def _reason(trace: Trace, span_id: str, prefix: str, attributes: Mapping[str, Any]) -> Evidence | None:
    for key, value in attributes.items():
        if key.rsplit(".", 1)[-1] in _REASONS and isinstance(value, str) and value:
            return Evidence(trace_id=trace.trace_id, span_id=span_id, field=prefix + key, excerpt=value, end=len(value))
    return None


def _act(facts: StepFacts, event: TradeEvent) -> tuple[Evidence, ...]:
    span = facts.spans.get(event.source.span_id)
    for key in ("trading.order.side", "trading.decision.action", "trading.order.client_order_id"):
        if span is not None and key in span.attributes:
            text = str(span.attributes[key])
            return (Evidence(trace_id=span.trace_id, span_id=span.span_id, field=key, excerpt=text, end=len(text)),)
    return (Evidence(trace_id=event.source.trace_id, span_id=event.source.span_id, field=event.source.field),)


def defaulted(facts: StepFacts, throttle: Throttle) -> Iterator[Followed]:
    """Yield the default that stood in for the throttled step."""
    for at, proof, _why in _marks(facts.trace, DEFAULT):
        if at >= throttle.at_ns:
            yield Followed(
                effect=Effect.DEFAULT, told=f"After the {throttle.word} a default action was taken.", evidence=(proof,)
            )
            return
    for decision in facts.trace.of_kind(TradeKind.DECISION):
        if facts.ended(decision.source.span_id, decision.at_ns) >= throttle.at_ns and _unreasoned(
            facts, throttle, decision
        ):
            told = f"The decision ({decision.action or 'unnamed'}) was taken after every model call of its step failed."
            yield Followed(effect=Effect.DEFAULT, told=told, evidence=_act(facts, decision))
            return
    for text, proof in _texts(facts.trace, throttle.at_ns):
        hit = SAYS_DEFAULT.search(text[:_LONGEST])
        if hit is not None:
            start, end = hit.span()
            where = structs.replace(proof, excerpt=hit[0], start=start, end=end)
            told = f"After the {throttle.word} the output says that it is a default."
            yield Followed(effect=Effect.DEFAULT, told=told, evidence=(where,))
            return


def _unreasoned(facts: StepFacts, throttle: Throttle, decision: TradeEvent) -> bool:
    """Tell whether every model call of a decision's step failed, the throttled one among them."""
    if throttle.call is None:
        return False
    ended = facts.ended(decision.source.span_id, decision.at_ns)
    under = [call for call in facts.calls
             if any(span.span_id == decision.source.span_id for span in facts.above(call.span_id))]  # fmt: skip
    before = [call for call in facts.calls if call.started_ns <= ended]
    staged = [call for call in before if call.stage is Stage.DECISION]
    step: Sequence[LlmCall] = under or staged or before
    return throttle.call in step and all(lost(call) for call in step)


def _texts(trace: Trace, since_ns: int) -> Iterator[tuple[str, Evidence]]:
    """Yield outputs of spans and calls, reasons of decisions and log lines from a moment on."""
    for span in trace.spans:
        if (span.end_ns or span.start_ns) < since_ns:
            continue
        for key in _OUTPUTS:
            value = span.attributes.get(key)
            if isinstance(value, str):
                yield value, Evidence(trace_id=trace.trace_id, span_id=span.span_id, field=key)
    for call in trace.calls:
        if call.started_ns >= since_ns:
            for _message, part, source in trace.parts(call.output):
                if part.kind is PartKind.TEXT:
                    yield part.text, Evidence(trace_id=trace.trace_id, span_id=source.span_id, field=source.field)
    for log in trace.logs:
        if (log.time_ns or log.observed_ns) >= since_ns and isinstance(log.body, str):
            yield log.body, Evidence(trace_id=trace.trace_id, span_id=log.span_id, field=f"log:{log.event_name}.body")
