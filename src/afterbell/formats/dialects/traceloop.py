"""Traceloop's attributes beside OpenTelemetry's: agents, tools and prompts under `traceloop.*`.

Model calls of that instrumentation carry `gen_ai.*`; the GenAI dialect reads them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from afterbell.formats.dialects import inputs_outputs
from afterbell.formats.dialects.inputs_outputs import side
from afterbell.formats.failure import failure
from afterbell.formats.items import Readout
from afterbell.formats.messages import as_text
from afterbell.model.calls import LlmCall, ToolCall
from afterbell.model.vocabulary import SpanKind

if TYPE_CHECKING:
    from afterbell.model.trace import LogRecord, Span

NAME = "traceloop"
RANK = 35

_KIND, _NAME = "traceloop.span.kind", "traceloop.entity.name"
_INPUT, _OUTPUT = "traceloop.entity.input", "traceloop.entity.output"
_PROMPT, _VERSION = "traceloop.prompt.key", "traceloop.prompt.version"
_KINDS = {
    "workflow": SpanKind.WORKFLOW,
    "task": SpanKind.CHAIN,
    "agent": SpanKind.AGENT,
    "tool": SpanKind.TOOL,
}


def speaks(span: Span) -> bool:
    """Tell whether the span states a kind of Traceloop's, or the prompt it was made from."""
    return _KIND in span.attributes or _PROMPT in span.attributes


def read(span: Span, _logs: tuple[LogRecord, ...]) -> Readout:
    """Read what the span says; Traceloop keeps nothing in log records."""
    facts = span.attributes
    kind = _KINDS.get(as_text(facts.get(_KIND)).lower())
    # Only a model's span was made from a prompt; which model was asked, the GenAI names say.
    call = LlmCall(
        call_id=span.span_id, span_id=span.span_id, started_ns=span.start_ns, ended_ns=span.end_ns,
        prompt_name=as_text(facts.get(_PROMPT)), prompt_version=as_text(facts.get(_VERSION)),
    )  # fmt: skip
    asked_a_model = _PROMPT in facts and any(key.startswith("gen_ai.request.") for key in facts)
    return Readout(
        kind=kind, call=call if asked_a_model else None, tool=_tool(span) if kind is SpanKind.TOOL else None,
        agent_name=(as_text(facts.get(_NAME)) or span.name) if kind is SpanKind.AGENT else "",
    )  # fmt: skip


def _tool(span: Span) -> ToolCall:
    given, answered = side(span, _INPUT), side(span, _OUTPUT)
    asked, asked_at = inputs_outputs.arguments(given)
    kind, said = failure(span, span.attributes)
    result = answered.value
    return ToolCall(
        call_id="", name=as_text(span.attributes.get(_NAME)) or span.name,
        arguments=inputs_outputs.shown(given, asked, asked_at),
        result=answered.whole if result is not None else said, is_error=bool(kind), error_type=kind,
        executed_in=span.span_id, arguments_source=given.at(asked_at) if asked is not None else None,
        result_source=answered.at("") if result is not None else None,
        result_state=inputs_outputs.result_state(answered, result, failed=bool(kind)),
        started_ns=span.start_ns, ended_ns=span.end_ns,
    )  # fmt: skip
