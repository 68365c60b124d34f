"""LiteLLM's rows: what was asked of the gateway (`model_group`), what answered (`model`), usage, cost and errors.

LiteLLM writes usage in OpenAI's form for every provider: `prompt_tokens` includes cached input.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from afterbell.formats import usage
from afterbell.formats.dialects import bodies, inputs_outputs
from afterbell.formats.dialects.inputs_outputs import Side, side
from afterbell.formats.failure import UNNAMED, http_status
from afterbell.formats.items import Readout
from afterbell.formats.messages import as_decimal, as_object, as_text
from afterbell.model.calls import LlmCall, Source, Usage
from afterbell.model.trace import STATUS_ERROR
from afterbell.model.vocabulary import SpanKind, UsageConvention

if TYPE_CHECKING:
    from collections.abc import Mapping

    from afterbell.model.trace import LogRecord, Span

NAME = "litellm"
RANK = 45

_P = "litellm."
_COUNTS = ("prompt_tokens", "completion_tokens", "total_tokens")
_KINDS = {
    "completion": SpanKind.LLM, "text_completion": SpanKind.LLM, "responses": SpanKind.LLM,
    "anthropic_messages": SpanKind.LLM, "generate_content": SpanKind.LLM, "embedding": SpanKind.EMBEDDING,
    "rerank": SpanKind.RERANKER, "call_mcp_tool": SpanKind.TOOL,
}  # fmt: skip


def speaks(span: Span) -> bool:
    """Tell whether the span was a row of LiteLLM's."""
    return f"{_P}call_type" in span.attributes


def read(span: Span, _logs: tuple[LogRecord, ...]) -> Readout:
    """Read what the row says; LiteLLM keeps nothing in log records."""
    kind = _kind(_text(span, "call_type"))
    if kind is SpanKind.TOOL:
        given, answered = side(span, f"{_P}messages", f"{_P}proxy_server_request"), side(span, f"{_P}response")
        name = _text(span, "mcp_namespaced_tool_name")
        return Readout(kind=kind, tool=bodies.executed(span, given, answered, _failure(span)[:2], name=name))
    if kind is not SpanKind.LLM:
        return Readout(kind=kind)
    request = as_object(span.attributes.get(f"{_P}proxy_server_request"))
    given, answered = side(span, f"{_P}messages", f"{_P}proxy_server_request"), side(span, f"{_P}response")
    asked = as_object(span.attributes.get(f"{_P}model_parameters")) or request
    call = _call(span, asked, answered)
    content = inputs_outputs.of_model(
        given, answered, asked.get("tools"), whole=bool(asked), failed=call.failed, billed=call.usage.visible > 0
    )
    return Readout(kind=kind, call=bodies.filled(call, content), messages=content.messages)


def _kind(word: str) -> SpanKind | None:
    plain = word.lower().rpartition(".")[2]
    return _KINDS.get(plain) or _KINDS.get(plain.removeprefix("a"))


def _text(span: Span, key: str) -> str:
    return as_text(span.attributes.get(_P + key))


def _failure(span: Span) -> tuple[str, str, int | None]:
    if span.status_code != STATUS_ERROR:
        return "", "", None
    metadata = as_object(span.attributes.get(f"{_P}metadata"))
    fault = as_object(span.attributes.get(f"{_P}error_information") or metadata.get("error_information"))
    kind = as_text(fault.get("error_class")) or UNNAMED
    code = usage.tokens(fault.get("error_code"))
    return kind, span.status_message, code or http_status({}, kind, span.status_message)


def _call(span: Span, asked: Mapping[str, Any], answered: Side) -> LlmCall:
    told = bodies.answer(answered.value)
    kind, said, code = _failure(span)
    metadata = as_object(span.attributes.get(f"{_P}metadata"))
    spent = span.attributes.get(f"{_P}response_cost", span.attributes.get(f"{_P}spend"))
    cost = as_decimal(spent)
    return LlmCall(
        call_id=span.span_id, span_id=span.span_id, response_id=told.response_id or span.span_id_raw,
        provider=_text(span, "custom_llm_provider"), request_model=_text(span, "model_group") or _text(span, "model"),
        response_model="" if kind else told.model or _text(span, "model"),
        started_ns=span.start_ns, ended_ns=span.end_ns, usage=_usage(span, metadata, told, answered),
        parameters=bodies.parameters(asked), finish_reasons=told.finish_reasons, error_type=kind, error_message=said,
        http_status=code, resend_count=usage.tokens(metadata.get("attempted_retries")),
        cost=cost, cost_currency="USD" if cost is not None else "",
        task_type=as_text(span.attributes.get("trading.task.type")).lower(),
    )  # fmt: skip


def _usage(span: Span, metadata: Mapping[str, Any], told: bodies.Answer, answered: Side) -> Usage:
    """Return the usage from the place that says most: LiteLLM's usage object, the answer's, the row's counters."""
    stated = as_object(metadata.get("usage_object"))
    extra = as_object(metadata.get("additional_usage_values"))
    row = {key: span.attributes[_P + key] for key in _COUNTS if _P + key in span.attributes}
    places = (
        (stated, Source(trace_id=span.trace_id, span_id=span.span_id, field=f"{_P}metadata.usage_object")),
        ({**row, **extra}, Source(trace_id=span.trace_id, span_id=span.span_id, field=f"{_P}prompt_tokens")),
    )
    if "prompt_tokens" in told.usage:
        return usage.of_details({**extra, **told.usage}, UsageConvention.INCLUSIVE, answered.at(".usage"))
    for counts, place in places:
        found = usage.of_details(counts, UsageConvention.INCLUSIVE, place)
        if found.total:
            return found
    return bodies.tokens(told.usage, answered.at(".usage"))
