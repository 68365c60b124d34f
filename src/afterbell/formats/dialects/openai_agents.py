"""The OpenAI Agents SDK's spans: agents, functions, generations and responses.

Usage is OpenAI's: input includes cached tokens. A response span names its id and usage only; what was said is then not
captured.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from afterbell.formats.dialects import bodies, inputs_outputs
from afterbell.formats.dialects.inputs_outputs import side
from afterbell.formats.failure import failure, http_status
from afterbell.formats.items import Readout
from afterbell.formats.messages import as_object, as_text
from afterbell.model.calls import LlmCall, Source
from afterbell.model.vocabulary import SpanKind

if TYPE_CHECKING:
    from afterbell.model.trace import LogRecord, Span

NAME = "openai-agents"
RANK = 24

_P = "openai_agents."
_KINDS = {
    "agent": SpanKind.AGENT, "function": SpanKind.TOOL, "generation": SpanKind.LLM, "response": SpanKind.LLM,
    "guardrail": SpanKind.GUARDRAIL, "handoff": SpanKind.CHAIN, "custom": SpanKind.CHAIN,
}  # fmt: skip


def speaks(span: Span) -> bool:
    """Tell whether the span is one of the SDK's own."""
    return f"{_P}type" in span.attributes


def read(span: Span, _logs: tuple[LogRecord, ...]) -> Readout:
    """Read what the span says; the SDK keeps nothing in log records."""
    kind = _KINDS.get(as_text(span.attributes[f"{_P}type"]))
    given, answered = side(span, f"{_P}input"), side(span, f"{_P}output", f"{_P}response")
    error = failure(span, span.attributes)
    if kind is SpanKind.TOOL:
        return Readout(kind=kind, tool=bodies.executed(span, given, answered, error))
    if kind is not SpanKind.LLM:
        return Readout(kind=kind, agent_name=span.name if kind is SpanKind.AGENT else "")
    told, asked = bodies.answer(answered.value), as_object(span.attributes.get(f"{_P}model_config"))
    model = as_text(span.attributes.get(f"{_P}model"))
    counts = as_object(span.attributes.get(f"{_P}usage"))
    place = (
        Source(trace_id=span.trace_id, span_id=span.span_id, field=f"{_P}usage") if counts else answered.at(".usage")
    )
    call = LlmCall(
        call_id=span.span_id, span_id=span.span_id,
        response_id=as_text(span.attributes.get(f"{_P}response_id")) or told.response_id,
        request_model=model or told.model, response_model="" if error[0] else told.model or model,
        started_ns=span.start_ns, ended_ns=span.end_ns, parameters=bodies.parameters(asked),
        finish_reasons=told.finish_reasons, error_type=error[0], error_message=error[1],
        http_status=http_status({}, error[0], f"{error[1]} {span.attributes.get(f'{_P}error.data', '')}"),
        usage=bodies.tokens(counts or told.usage, place),
    )  # fmt: skip
    content = inputs_outputs.of_model(given, answered, None, whole=False, failed=call.failed, billed=False)
    return Readout(kind=kind, call=bodies.filled(call, content), messages=content.messages)
