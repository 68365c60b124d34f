"""AI-Trader's step logs: the calls and tool steps that `envelopes/aitrader_steps` spelled out as spans.

The agent has a system prompt and tools that its logger never writes, so those legs are not captured, whereas for
other emitters a prompt that shows none has none. An answer that the logger lost is lost.
"""

from __future__ import annotations

import orjson

from afterbell.formats.chat import speak
from afterbell.formats.content import state_of, state_of_text
from afterbell.formats.items import Readout
from afterbell.model.calls import LlmCall, Source, ToolCall
from afterbell.model.trace import LogRecord, Span
from afterbell.model.vocabulary import ContentState, SpanKind

NAME = "aitrader"
RANK = 20

_INPUT, _OUTPUT, _RESULT, _AGENT = "aitrader.input", "aitrader.output", "aitrader.result", "aitrader.signature"


def speaks(span: Span) -> bool:
    """Tell whether the span came from a step log."""
    return any(key.startswith("aitrader.") for key in span.attributes)


def read(span: Span, _logs: tuple[LogRecord, ...]) -> Readout:
    """Read a call, a tool step or the run itself."""
    if _INPUT in span.attributes:
        return _call(span)
    if _RESULT in span.attributes:
        return Readout(kind=SpanKind.TOOL, tool=_tool(span))
    return Readout(kind=SpanKind.AGENT, agent_name=str(span.attributes.get(_AGENT, "")))


def _call(span: Span) -> Readout:
    asked = speak(_decoded(span, _INPUT), "user", lambda path: _at(span, _INPUT + path))
    said = speak(_decoded(span, _OUTPUT), "assistant", lambda path: _at(span, _OUTPUT + path))
    messages = tuple({message.sha256: message for message, _ref in (*asked, *said)}.values())
    answered = _OUTPUT in span.attributes
    # An ended call without an output is one whose answer the logger overwrote; an open one never got any.
    gone = ContentState.LOST if span.end_ns else ContentState.NOT_CAPTURED
    call = LlmCall(
        call_id=span.span_id, span_id=span.span_id, started_ns=span.start_ns, ended_ns=span.end_ns,
        agent_name=str(span.attributes.get(_AGENT, "")),
        system=tuple(ref for message, ref in asked if message.role == "system"),
        input=tuple(ref for message, ref in asked if message.role != "system"), output=tuple(ref for _, ref in said),
        states={
            "system": ContentState.CAPTURED if any(message.role == "system" for message, _ in asked)
            else ContentState.NOT_CAPTURED,
            "input": state_of(message for message, _ in asked) if asked else ContentState.NOT_CAPTURED,
            "output": state_of(message for message, _ in said) if answered else gone,
            "tools": ContentState.NOT_CAPTURED,
        },
    )  # fmt: skip
    return Readout(kind=SpanKind.LLM, call=call, messages=messages, agent_name=call.agent_name)


def _tool(span: Span) -> ToolCall:
    result = str(span.attributes[_RESULT])
    return ToolCall(
        call_id="", result=result, executed_in=span.span_id, result_source=_at(span, _RESULT),
        result_state=state_of_text(result), started_ns=span.start_ns, ended_ns=span.end_ns,
    )  # fmt: skip


def _decoded(span: Span, key: str) -> object:
    try:
        return orjson.loads(str(span.attributes.get(key, "null")))
    except orjson.JSONDecodeError:
        return None


def _at(span: Span, field: str) -> Source:
    return Source(trace_id=span.trace_id, span_id=span.span_id, field=field)
