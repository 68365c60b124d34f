"""What answered in place of a throttled call or tool: the same model, a weaker one, or any on a shortened prompt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from afterbell.model.calls import LlmCall, ToolCall
from afterbell.model.run import Trace
from afterbell.model.scan import Evidence
from afterbell.model.trace import STATUS_ERROR
from afterbell.model.vocabulary import ContentState
from afterbell.reading.throttles.model_tiers import Standing, standing
from afterbell.reading.throttles.notices import limit_notice
from afterbell.reading.throttles.same_step import shortened
from afterbell.reading.throttles.step import Effect, Followed, StepFacts, answered_by, lost, shown
from afterbell.reading.throttles.throttling import Throttle, shows_throttle

TRUNCATED: Final = "trading.prompt.truncated"
_MODELS = ("gen_ai.response.model", "gen_ai.request.model", "llm.model_name", "llm.request.model", "llm.response.model",
           "trading.llm.fallback.to_model")  # fmt: skip
_EXCERPT = 160


def call_again(facts: StepFacts, throttle: Throttle, tiers: Mapping[str, int]) -> Followed:
    """Follow the call that met the throttle to the first call that answered in its place."""
    call = throttle.call
    wanted = throttle.from_model or (call.request_model if call else "")
    if throttle.fallback and throttle.to_model and wanted:
        return _compared(facts, throttle, wanted, throttle.to_model, call, tiers)
    if call is None:
        return _span_again(facts, throttle)
    if not lost(call):
        return _compared(facts, throttle, wanted, answered_by(call), call, tiers)
    for other in facts.later(call, throttle.at_ns):
        if not lost(other):
            return _compared(facts, throttle, wanted, answered_by(other), other, tiers)
    return Followed(effect=Effect.NOTHING)


def _compared(
    facts: StepFacts, throttle: Throttle, wanted: str, got: str, answer: LlmCall | None, tiers: Mapping[str, int]
) -> Followed:
    found = standing(wanted, got, tiers)
    if found is Standing.UNTOLD and answer is not None and not throttle.fallback:
        # A deployment's own name answers under the name of its model: asked for by the same name, it is the same.
        found = standing(wanted, answer.request_model, tiers)
    if found is Standing.UNTOLD and throttle.tried:
        # What was asked for may be a gateway's own name for a group of models; the model it tried first is none.
        found = standing(throttle.tried, got, tiers)
    proof = _model(facts, answer, got, throttle)
    if found is Standing.WEAKER:
        told = f"{wanted} {throttle.done} and the weaker {got} answered."
        return Followed(effect=Effect.WEAKER, told=told, evidence=proof)
    call = throttle.call
    if call is not None and answer is not None and answer is not call:
        short = _cut(facts, throttle, call, answer)
        if short is not None:
            return short
    if found is Standing.UNTOLD and (wanted or got):
        return Followed(effect=Effect.UNTOLD, missing=f"which of {wanted or 'an unnamed model'} and"
                        f" {got or 'an unnamed model'} is the weaker ([policy.model_tiers])")  # fmt: skip
    return Followed(
        effect=Effect.RECOVERED, told=f"{got or 'The model'} answered after the {throttle.word}.", evidence=proof
    )


def _model(facts: StepFacts, answer: LlmCall | None, got: str, throttle: Throttle) -> tuple[Evidence, ...]:
    ids = (throttle.span_id, *((answer.span_id, *answer.duplicates) if answer else ()))
    for span_id in reversed(ids):
        span = facts.spans.get(span_id)
        for key in _MODELS:
            if span is not None and span.attributes.get(key) == got and got:
                return (Evidence(trace_id=span.trace_id, span_id=span_id, field=key, excerpt=got, end=len(got)),)
    return (throttle.answered,) if throttle.answered else ()


def _cut(facts: StepFacts, throttle: Throttle, call: LlmCall, answer: LlmCall) -> Followed | None:
    """Return how the answering call was given less than the throttled one."""
    for span_id in (answer.span_id, *answer.duplicates):
        span = facts.spans.get(span_id)
        if span is not None and str(span.attributes.get(TRUNCATED, "")).lower() == "true":
            text = shown(span.attributes[TRUNCATED])
            proof = Evidence(trace_id=span.trace_id, span_id=span_id, field=TRUNCATED, excerpt=text, end=len(text))
            return Followed(
                effect=Effect.SHORTER, told=f"After the {throttle.word} the prompt was cut.", evidence=(proof,)
            )
    if answer.states.get("input") is not ContentState.CAPTURED:
        return None  # what was not kept of a prompt may be what seems to be missing from it
    before, after = facts.asked(call), facts.asked(answer)
    if not shortened(before, after):
        return None
    proofs = []
    for _message, part, source in facts.trace.parts(answer.input):
        excerpt = part.text[:_EXCERPT]
        proofs.append(Evidence(trace_id=source.trace_id, span_id=source.span_id, field=source.field, excerpt=excerpt,
                               end=len(excerpt)))  # fmt: skip
    told = (f"After the {throttle.word} the same task was asked with {after.length} characters, before with"
            f" {before.length}.")  # fmt: skip
    return Followed(effect=Effect.SHORTER, told=told, evidence=tuple(proofs[:1]))


def tool_again(trace: Trace, tool: ToolCall, throttle: Throttle) -> Followed:
    """Tell whether a throttled tool answered after all, or later with the same arguments."""
    again = [other for other in trace.tools if other.name == tool.name and other.arguments == tool.arguments
             and other is not tool and other.started_ns >= throttle.at_ns]  # fmt: skip
    for each in (tool, *again):
        kept = each.result_state is ContentState.CAPTURED
        if kept and not each.is_error and limit_notice(each.result) is None:
            return Followed(
                effect=Effect.RECOVERED, told=f"{tool.name or 'The tool'} answered after the {throttle.word}."
            )
    return Followed(effect=Effect.NOTHING)


def _span_again(facts: StepFacts, throttle: Throttle) -> Followed:
    """Tell whether a throttled span that is neither a model call nor a tool was run again beside it and went well."""
    mine = facts.spans.get(throttle.span_id)
    if mine is None:
        return Followed(effect=Effect.NOTHING)
    for span in facts.trace.spans:
        again = span.name == mine.name and span.parent_span_id == mine.parent_span_id and span is not mine
        well = span.status_code != STATUS_ERROR and not shows_throttle(span)
        if again and span.start_ns >= throttle.at_ns and well:
            return Followed(effect=Effect.RECOVERED, told=f"{mine.name} went well after the {throttle.word}.")
    return Followed(effect=Effect.NOTHING)
