"""Langfuse's own attributes on OpenTelemetry spans: `langfuse.observation.*`.

Langfuse counts cached input and reasoning beside `input` and `output`, not inside; counts under a provider's own names
mean what that provider means. Langfuse's exports and its API are other formats.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from msgspec import structs

from afterbell.formats import usage
from afterbell.formats.call_join import ROLLUP
from afterbell.formats.dialects import inputs_outputs
from afterbell.formats.dialects.inputs_outputs import Side, side
from afterbell.formats.failure import UNNAMED, failure, http_status
from afterbell.formats.items import Readout
from afterbell.formats.messages import as_decimal, as_json, as_text
from afterbell.model.calls import LlmCall, Source, ToolCall, Usage
from afterbell.model.vocabulary import SpanKind, UsageConvention

if TYPE_CHECKING:
    from afterbell.model.trace import LogRecord, Span

NAME = "langfuse"
RANK = 10

_P = "langfuse.observation."
_KINDS = {
    "generation": SpanKind.LLM,
    "agent": SpanKind.AGENT,
    "tool": SpanKind.TOOL,
    "chain": SpanKind.CHAIN,
    "span": SpanKind.CHAIN,
    "retriever": SpanKind.RETRIEVER,
    "embedding": SpanKind.EMBEDDING,
    "guardrail": SpanKind.GUARDRAIL,
    "evaluator": SpanKind.EVALUATOR,
}
_SUMS = {SpanKind.AGENT, SpanKind.CHAIN}
_REASONING = ("output_reasoning_tokens", "output_reasoning", "reasoning_tokens")
_ANTHROPIC = ("cache_read_input_tokens", "cache_creation_input_tokens")


def speaks(span: Span) -> bool:
    """Tell whether the span is an observation in Langfuse's words."""
    return any(key.startswith(_P) for key in span.attributes)


def read(span: Span, _logs: tuple[LogRecord, ...]) -> Readout:
    """Read what the observation says; Langfuse keeps nothing in log records."""
    told = as_text(span.attributes.get(f"{_P}type")).lower()
    kind = _KINDS.get(told) or (SpanKind.LLM if f"{_P}model.name" in span.attributes else None)
    given, answered = side(span, f"{_P}input"), side(span, f"{_P}output")
    found = Readout(kind=kind, agent_name=span.name if kind is SpanKind.AGENT else "")
    if kind is SpanKind.LLM:
        call = _call(span)
        visible = (call.usage.output_tokens or 0) - (call.usage.reasoning or 0)
        content = inputs_outputs.of_model(given, answered, _tools(given), whole=False, failed=call.failed,
                                          billed=visible > 0)  # fmt: skip
        filled = structs.replace(
            call, system=content.system, input=content.input, output=content.output,
            tool_definitions=content.tool_definitions, states=content.states,
        )  # fmt: skip
        return structs.replace(found, call=filled, messages=content.messages)
    if kind is SpanKind.TOOL:
        return structs.replace(found, tool=_tool(span, given, answered))
    if kind is SpanKind.RETRIEVER:
        return structs.replace(found, documents=inputs_outputs.documents(answered, started_ns=span.start_ns))
    if kind in _SUMS and f"{_P}usage_details" in span.attributes:
        return structs.replace(found, call=structs.replace(_call(span), operation=ROLLUP))
    return found


def _text(span: Span, key: str) -> str:
    return as_text(span.attributes.get(_P + key))


def _object(value: Any) -> Mapping[str, Any]:
    found = as_json(value)
    return found if isinstance(found, Mapping) else {}


def _failure(span: Span) -> tuple[str, str]:
    kind, said = failure(span, span.attributes)
    if kind or _text(span, "level").upper() == "ERROR":
        return kind or UNNAMED, said or _text(span, "status_message")
    return "", ""


def _call(span: Span) -> LlmCall:
    kind, said = _failure(span)
    cost = as_decimal(_object(span.attributes.get(f"{_P}cost_details")).get("total"))
    named = _text(span, "model.name")
    return LlmCall(
        call_id=span.span_id, span_id=span.span_id, request_model=named, response_model="" if kind else named,
        started_ns=span.start_ns, ended_ns=span.end_ns, error_type=kind, error_message=said,
        parameters=dict(_object(span.attributes.get(f"{_P}model.parameters"))),
        http_status=http_status(span.attributes, kind, said), usage=_usage(span), cost=cost,
        cost_currency="USD" if cost is not None else "", prompt_name=_text(span, "prompt.name"),
        prompt_version=_text(span, "prompt.version"),
        task_type=as_text(span.attributes.get("trading.task.type")).lower(),
    )  # fmt: skip


def _usage(span: Span) -> Usage:
    place = Source(trace_id=span.trace_id, span_id=span.span_id, field=f"{_P}usage_details")
    counts = dict(_object(span.attributes.get(place.field)))
    own = "input" in counts or "output" in counts
    if own:
        left = usage.tokens(counts.get("output"))
        beside = next((each for name in _REASONING if (each := usage.tokens(counts.get(name))) is not None), None)
        if left is not None and beside is not None:
            counts["output"] = left + beside
    outside = own or any(name in counts for name in _ANTHROPIC)
    convention = UsageConvention.EXCLUSIVE if outside else UsageConvention.INCLUSIVE
    return usage.of_details(counts, convention, place)


def _tools(given: Side) -> Any:
    return given.value.get("tools") if isinstance(given.value, Mapping) else None


def _tool(span: Span, given: Side, answered: Side) -> ToolCall:
    kind, said = _failure(span)
    asked, asked_at = inputs_outputs.arguments(given)
    result = answered.value
    return ToolCall(
        call_id=_first_id(answered), name=span.name, arguments=inputs_outputs.shown(given, asked, asked_at),
        result=answered.whole if result is not None else said, is_error=bool(kind), error_type=kind,
        executed_in=span.span_id, arguments_source=given.at(asked_at) if asked is not None else None,
        result_source=answered.at("") if result is not None else None,
        result_state=inputs_outputs.result_state(answered, result, failed=bool(kind)),
        started_ns=span.start_ns, ended_ns=span.end_ns,
    )  # fmt: skip


def _first_id(answered: Side) -> str:
    return as_text(_object(answered.value).get("tool_call_id"))
