"""Claude Code's sessions: the answers and results that `envelopes/claude_code` put together.

Usage is Anthropic's: cached input stands beside `input_tokens`. System prompts and tools' definitions are never
written, so those legs are not captured.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from afterbell.formats.content import state_of_value
from afterbell.formats.dialects import bodies, inputs_outputs
from afterbell.formats.dialects.inputs_outputs import side
from afterbell.formats.failure import failure, http_status
from afterbell.formats.items import Readout
from afterbell.formats.messages import as_object, as_text
from afterbell.model.calls import LlmCall, Source, ToolCall
from afterbell.model.vocabulary import SpanKind

if TYPE_CHECKING:
    from afterbell.model.trace import LogRecord, Span

NAME = "claude-code"
RANK = 22

_P = "claude_code."
_CODE = re.compile(r"API Error:?\s{0,3}\(?([45]\d\d)\b")


def speaks(span: Span) -> bool:
    """Tell whether the span came from a session file."""
    return any(key.startswith(_P) for key in span.attributes)


def read(span: Span, _logs: tuple[LogRecord, ...]) -> Readout:
    """Read an answer, a tool's result or the session itself."""
    if f"{_P}output" in span.attributes:
        return _call(span)
    if f"{_P}result" in span.attributes:
        return Readout(kind=SpanKind.TOOL, tool=_result(span))
    return Readout(kind=SpanKind.AGENT, agent_name="Claude Code")


def _text(span: Span, key: str) -> str:
    return as_text(span.attributes.get(_P + key))


def _at(span: Span, key: str) -> Source:
    return Source(trace_id=span.trace_id, span_id=span.span_id, field=_P + key)


def _result(span: Span) -> ToolCall:
    result = _text(span, "result")
    kind, _said = failure(span, span.attributes)
    return ToolCall(
        call_id=_text(span, "tool_use_id"), name=_text(span, "tool"), result=result, is_error=bool(kind),
        error_type=kind, executed_in=span.span_id, result_source=_at(span, "result"),
        result_state=state_of_value(result), started_ns=span.start_ns, ended_ns=span.end_ns,
    )  # fmt: skip


def _call(span: Span) -> Readout:
    given, answered = side(span, f"{_P}input"), side(span, f"{_P}output")
    kind, said = failure(span, span.attributes)
    code = _CODE.match(said)
    model = "" if kind else _text(span, "model")
    reason = _text(span, "stop_reason")
    counts = {} if kind else as_object(span.attributes.get(f"{_P}usage"))
    call = LlmCall(
        call_id=span.span_id, span_id=span.span_id, response_id=_text(span, "id"), provider="anthropic",
        request_model=model, response_model=model, started_ns=span.start_ns, ended_ns=span.end_ns,
        finish_reasons=(reason,) if reason else (), error_type=kind, error_message=said,
        http_status=int(code[1]) if code else http_status({}, kind, said),
        usage=bodies.tokens(counts, _at(span, "usage"), raw=True), agent_name=_text(span, "chain"),
    )  # fmt: skip
    content = inputs_outputs.of_model(given, answered, None, whole=False, failed=call.failed, billed=False)
    content = bodies.without_prompts(content)
    return Readout(kind=SpanKind.LLM, call=bodies.filled(call, content), messages=content.messages)
