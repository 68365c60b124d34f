"""Langfuse's words, on OpenTelemetry spans and in its exports: `langfuse.observation.*`, and scores.

Langfuse counts cached input and reasoning beside `input` and `output`, not inside, unless the total that it states
shows otherwise; counts under a provider's own names mean what that provider means.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from msgspec import structs

from afterbell.formats import usage
from afterbell.formats.dialects import bodies, inputs_outputs
from afterbell.formats.dialects.inputs_outputs import Side, side
from afterbell.formats.failure import UNNAMED, failure, http_status
from afterbell.formats.items import Readout
from afterbell.formats.langfuse_rows import SCORE
from afterbell.formats.messages import as_decimal, as_object, as_text
from afterbell.model.calls import ROLLUP, Annotation, LlmCall, Source, ToolCall, Usage
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
_ANNOTATORS = {"ANNOTATION": "HUMAN", "EVAL": "LLM", "API": "CODE"}
_ANTHROPIC = ("cache_read_input_tokens", "cache_creation_input_tokens")


def speaks(span: Span) -> bool:
    """Tell whether the span is an observation in Langfuse's words."""
    return any(key.startswith(_P) for key in span.attributes)


def read(span: Span, _logs: tuple[LogRecord, ...]) -> Readout:
    """Read what the observation says; its log records are scores."""
    told = as_text(span.attributes.get(f"{_P}type")).lower()
    kind = _KINDS.get(told) or (SpanKind.LLM if f"{_P}model.name" in span.attributes else None)
    given, answered = side(span, f"{_P}input"), side(span, f"{_P}output")
    found = Readout(kind=kind, agent_name=span.name if kind is SpanKind.AGENT else "")
    if kind is SpanKind.LLM:
        call = _call(span)
        given, tools = _as_asked(given)
        content = inputs_outputs.of_model(given, answered, tools, whole=False, failed=call.failed,
                                          billed=call.usage.visible > 0)  # fmt: skip
        return structs.replace(found, call=bodies.filled(call, content), messages=content.messages)
    if kind is SpanKind.TOOL:
        return structs.replace(found, tool=_tool(span, given, answered))
    if kind is SpanKind.RETRIEVER:
        return structs.replace(found, documents=inputs_outputs.documents(answered, started_ns=span.start_ns))
    if kind in _SUMS and f"{_P}usage_details" in span.attributes:
        return structs.replace(found, call=structs.replace(_call(span), operation=ROLLUP))
    return found


def read_logs(logs: tuple[LogRecord, ...], _spans: Mapping[str, Span]) -> Readout:
    """Read scores, which stand beside the trace."""
    return Readout(annotations=tuple(_score(log) for log in logs if log.event_name == SCORE))


def _score(log: LogRecord) -> Annotation:
    facts = {key.removeprefix(f"{SCORE}."): value for key, value in log.attributes.items()}
    value, worded = facts.get("value"), as_text(facts.get("string_value"))
    number = as_decimal(value)
    return Annotation(
        target=log.span_id or log.trace_id, name=as_text(facts.get("name")),
        label=worded or ("" if number is not None else as_text(value)), score=number,
        explanation=as_text(facts.get("comment")), annotator_kind=_ANNOTATORS.get(as_text(facts.get("source")), ""),
        identifier=as_text(facts.get("id")),
        source=Source(trace_id=log.trace_id, span_id=log.span_id, field=f"log:{SCORE}"),
    )  # fmt: skip


def _text(span: Span, key: str) -> str:
    return as_text(span.attributes.get(_P + key))


def _failure(span: Span) -> tuple[str, str]:
    kind, said = failure(span, span.attributes)
    if kind or _text(span, "level").upper() == "ERROR":
        return kind or UNNAMED, said or _text(span, "status_message")
    return "", ""


def _call(span: Span) -> LlmCall:
    kind, said = _failure(span)
    priced = as_object(span.attributes.get(f"{_P}cost_details")).get("total")
    cost = as_decimal(priced if priced is not None else span.attributes.get(f"{_P}total_cost"))
    named = _text(span, "model.name")
    # Langfuse keeps one name, the one that answered; what was asked for is the instrumentation's to say.
    asked = as_text(span.attributes.get("gen_ai.request.model")) or named
    return LlmCall(
        call_id=span.span_id, span_id=span.span_id, request_model=asked, response_model="" if kind else named,
        started_ns=span.start_ns, ended_ns=span.end_ns, error_type=kind, error_message=said,
        parameters=dict(as_object(span.attributes.get(f"{_P}model.parameters"))),
        http_status=http_status(span.attributes, kind, said), usage=_usage(span), cost=cost,
        cost_currency="USD" if cost is not None else "", prompt_name=_text(span, "prompt.name"),
        prompt_version=_text(span, "prompt.version"),
        task_type=as_text(span.attributes.get("trading.task.type")).lower(),
    )  # fmt: skip


def _usage(span: Span) -> Usage:
    place = Source(trace_id=span.trace_id, span_id=span.span_id, field=f"{_P}usage_details")
    counts = dict(as_object(span.attributes.get(place.field)))
    own = "input" in counts or "output" in counts
    if own:
        left = usage.tokens(counts.get("output"))
        beside = next((each for name in _REASONING if (each := usage.tokens(counts.get(name))) is not None), None)
        if left is not None and beside is not None:
            counts["output"] = left + beside
    outside = (own and not _adds_up(counts)) or (not own and any(name in counts for name in _ANTHROPIC))
    convention = UsageConvention.EXCLUSIVE if outside else UsageConvention.INCLUSIVE
    return usage.of_details(counts, convention, place)


def _adds_up(counts: Mapping[str, Any]) -> bool:
    """Tell whether input and output alone make the stated total although cached tokens are stated: they lie inside."""
    stated = usage.of_details(counts, UsageConvention.INCLUSIVE)
    total = usage.tokens(counts.get("total"))
    return total is not None and total == stated.total and bool((stated.cache_read or 0) + (stated.cache_write or 0))


def _as_asked(given: Side) -> tuple[Side, Any]:
    """Return what a model was asked, and the tools it was offered.

    Langfuse's LangChain handler writes tools as messages after the last one, and a tool's answer under the tool's own
    name as its role, without the call's id.
    """
    value = given.value
    if not isinstance(value, list):
        return given, value.get("tools") if isinstance(value, Mapping) else None
    end = len(value)
    while end and _defines(value[end - 1]):
        end -= 1
    asks: list[Mapping[str, Any]] = []
    kept = []
    for each in value[:end]:
        row = each if isinstance(each, Mapping) else {}
        calls = row.get("tool_calls")
        asks += [call for call in calls if isinstance(call, Mapping)] if isinstance(calls, list) else []
        answers = next((call for call in asks if _called(call) == row.get("role")), None)
        if answers is not None:
            asks.remove(answers)
            each = {**row, "role": "tool", "tool_call_id": answers.get("id"), "name": row["role"]}  # noqa: PLW2901
        kept.append(each)
    tools = [row["content"] for row in value[end:]] or None
    return structs.replace(given, value=kept), tools


def _defines(row: Any) -> bool:
    content = row.get("content") if isinstance(row, Mapping) and row.get("role") == "tool" else None
    inner = content.get("function") if isinstance(content, Mapping) else None
    return isinstance(inner, Mapping) and "name" in inner and "arguments" not in inner


def _called(call: Mapping[str, Any]) -> Any:
    inner = call.get("function")
    return (inner if isinstance(inner, Mapping) else call).get("name")


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
    return as_text(as_object(answered.value).get("tool_call_id"))
