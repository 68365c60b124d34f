"""What the bodies of a request and of its answer say beside their messages: models, ids, reasons, parameters, usage.

Bodies are those of the providers' own APIs (OpenAI's two, Anthropic's, Gemini's). Not a dialect; those whose sources
keep bodies ask it, and a tool's execution is put together here for all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct, structs

from afterbell.formats import usage
from afterbell.formats.dialects import inputs_outputs
from afterbell.formats.messages import as_object, as_text
from afterbell.model.calls import LlmCall, Source, ToolCall, Usage
from afterbell.model.vocabulary import ContentState, UsageConvention

if TYPE_CHECKING:
    from afterbell.formats.dialects.inputs_outputs import Content, Side
    from afterbell.model.trace import Span

_CONTENT = {"model", "messages", "input", "contents", "prompt", "prompts", "system", "instructions", "tools",
            "functions", "self", "kwargs", "args"}  # fmt: skip
_LONGEST = 200
_ANTHROPIC = ("cache_read_input_tokens", "cache_creation_input_tokens")


class Answer(Struct, frozen=True, kw_only=True):
    """What an answer's body states about itself."""

    response_id: str = ""
    model: str = ""
    finish_reasons: tuple[str, ...] = ()
    usage: Mapping[str, Any] = {}


def answer(value: Any) -> Answer:
    """Return what a decoded answer says; messages are `chat`'s work."""
    body = as_object(value)
    reasons = [body.get("stop_reason")]
    for key in ("choices", "candidates"):
        listed = body.get(key)
        for choice in listed if isinstance(listed, list) else ():
            facts = as_object(choice)
            reasons.append(facts.get("finish_reason") or facts.get("finishReason"))
    return Answer(
        response_id=as_text(body.get("id") or body.get("responseId")),
        model=as_text(body.get("model") or body.get("modelVersion")),
        finish_reasons=tuple(as_text(reason) for reason in reasons if reason),
        usage=as_object(body.get("usage") or body.get("usageMetadata") or body.get("usage_metadata")),
    )  # fmt: skip


def parameters(value: Any) -> dict[str, Any]:
    """Return what a decoded request asks for beside model, messages and tools: short plain values, and formats."""
    return {
        key: item for key, item in as_object(value).items()
        if key not in _CONTENT and item is not None
        and (not isinstance(item, (str, list, Mapping)) or len(as_text(item)) <= _LONGEST or key == "response_format")
    }  # fmt: skip


def tokens(counts: Mapping[str, Any], place: Source, *, raw: bool = False) -> Usage:
    """Return the usage of a provider's own usage object; only Anthropic's leaves cached input out, by its own names.

    Where the stated total proves that cached tokens lie inside, they do; `raw` tells that the total proves nothing,
    because the emitter added up what Anthropic states.
    """
    inside = usage.of_details(counts, UsageConvention.INCLUSIVE, place)
    stated = usage.tokens(counts.get("total_tokens"))
    named = any(counts.get(name) for name in _ANTHROPIC) and "prompt_tokens" not in counts
    if named and (raw or stated != inside.total):
        return usage.of_details(counts, UsageConvention.EXCLUSIVE, place)
    return inside


def filled(call: LlmCall, content: Content) -> LlmCall:
    """Return the call with its content."""
    return structs.replace(
        call, system=content.system, input=content.input, output=content.output,
        tool_definitions=content.tool_definitions, states=content.states,
    )  # fmt: skip


def without_prompts(content: Content) -> Content:
    """Return content of a source that never writes system prompts, nor all of the input: an empty leg is none."""
    gone = dict.fromkeys((leg for leg in ("system", "input") if not getattr(content, leg)), ContentState.NOT_CAPTURED)
    return structs.replace(content, states={**content.states, **gone})


def executed(
    span: Span, given: Side, answered: Side, error: tuple[str, str], *, name: str = "", call_id: str = ""
) -> ToolCall:
    """Return the execution of a tool that a span stands for; `error` is class and words, empty when it went well."""
    kind, said = error
    asked, asked_at = inputs_outputs.arguments(given)
    told = answered.value is not None
    return ToolCall(
        call_id=call_id, name=name or span.name, arguments=inputs_outputs.shown(given, asked, asked_at),
        result=answered.whole if told else said, is_error=bool(kind), error_type=kind, executed_in=span.span_id,
        arguments_source=given.at(asked_at) if asked is not None else None,
        result_source=answered.at("") if told
        else Source(trace_id=span.trace_id, span_id=span.span_id, field="status.message") if said else None,
        result_state=inputs_outputs.result_state(answered, answered.value, failed=bool(kind)),
        started_ns=span.start_ns, ended_ns=span.end_ns,
    )  # fmt: skip
