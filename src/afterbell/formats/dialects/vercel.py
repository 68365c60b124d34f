"""The Vercel AI SDK's own attributes, `ai.*`, on OpenTelemetry spans.

Its inner spans (`doGenerate`, `doStream`) are the model calls and carry a few `gen_ai.*` names too; content and the
finer counts stand only here. Its outer spans repeat the sums.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import structs

from afterbell.formats import usage
from afterbell.formats.chat import Spoken, speak
from afterbell.formats.content import absent, known_empty, output_state, split_system, state_of, state_of_value
from afterbell.formats.failure import failure, http_status
from afterbell.formats.items import Readout
from afterbell.formats.messages import as_json, as_text
from afterbell.model.calls import ROLLUP, LlmCall, Message, Source, ToolCall
from afterbell.model.vocabulary import ContentState, SpanKind, UsageConvention

if TYPE_CHECKING:
    from collections.abc import Callable

    from afterbell.model.trace import LogRecord, Span

NAME = "vercel-ai"
RANK = 25

_OPERATION = "ai.operationId"
_MESSAGES, _TOOLS = "ai.prompt.messages", "ai.prompt.tools"
_ANSWERS = ("ai.response.reasoning", "ai.response.text", "ai.response.object", "ai.response.toolCalls")
_USAGE = "ai.usage."
_ASKED, _GIVEN = "ai.toolCall.args", "ai.toolCall.result"


def speaks(span: Span) -> bool:
    """Tell whether the span is one of the SDK's."""
    return _OPERATION in span.attributes


def read(span: Span, _logs: tuple[LogRecord, ...]) -> Readout:
    """Read what the span says; the SDK keeps nothing in log records."""
    operation = as_text(span.attributes[_OPERATION])
    if operation == "ai.toolCall":
        return Readout(kind=SpanKind.TOOL, tool=_tool(span))
    if operation.endswith("Embed") or "embed" in operation.lower():
        return Readout(kind=SpanKind.EMBEDDING)
    if ".do" in operation:
        call, messages = _call(span, "chat")
        return Readout(kind=SpanKind.LLM, call=call, messages=messages)
    summed = any(key.startswith(_USAGE) for key in span.attributes)
    return Readout(
        kind=SpanKind.CHAIN, call=_bare(span, ROLLUP) if summed else None,
        agent_name=as_text(span.attributes.get("ai.telemetry.functionId")),
    )  # fmt: skip


def _at(span: Span, name: str) -> Callable[[str], Source]:
    return lambda path: Source(trace_id=span.trace_id, span_id=span.span_id, field=name + path)


def _bare(span: Span, operation: str) -> LlmCall:
    facts = span.attributes
    kind, said = failure(span, facts)
    counts = {key.removeprefix(_USAGE): value for key, value in facts.items() if key.startswith(_USAGE)}
    place = next((key for key in facts if key.startswith(_USAGE)), _USAGE)
    return LlmCall(
        call_id=span.span_id, span_id=span.span_id, operation=operation, started_ns=span.start_ns,
        ended_ns=span.end_ns, provider=as_text(facts.get("ai.model.provider")),
        request_model=as_text(facts.get("ai.model.id")), response_model=as_text(facts.get("ai.response.model")),
        response_id=as_text(facts.get("ai.response.id")) if operation != ROLLUP else "", error_type=kind,
        error_message=said, http_status=http_status(facts, kind, said),
        usage=usage.of_details(counts, UsageConvention.INCLUSIVE, _at(span, place)("")),
    )  # fmt: skip


def _call(span: Span, operation: str) -> tuple[LlmCall, tuple[Message, ...]]:
    call, facts = _bare(span, operation), span.attributes
    asked, asked_state = _leg(span, (_MESSAGES,), "user")
    said, said_state = _leg(span, _ANSWERS, "assistant")
    leading, rest = split_system(asked)
    definitions = facts.get(_TOOLS)
    listed = f"[{','.join(map(as_text, definitions))}]" if isinstance(definitions, list) else as_text(definitions)
    every = tuple(message for message, _ref in (*asked, *said))
    spoken = tuple(message for message, _ref in said)
    found = structs.replace(
        call, system=leading, input=rest, output=tuple(ref for _message, ref in said), tool_definitions=listed,
        states={
            "system": asked_state,
            "input": asked_state,
            "output": output_state(spoken, said_state, asked_state, failed=call.failed, billed=call.usage.visible > 0),
            "tools": state_of_value(listed) if listed else known_empty(ContentState.NOT_CAPTURED, asked_state),
        },
    )  # fmt: skip
    return found, every


def _leg(span: Span, names: tuple[str, ...], role: str) -> tuple[list[Spoken], ContentState]:
    there = [name for name in names if span.attributes.get(name) not in (None, "")]
    if not there:
        return [], absent(names[0], span.dropped_attributes, span.attributes)
    spoken: list[Spoken] = []
    states = []
    for name in there:
        value = span.attributes[name]
        state = state_of_value(value)
        states.append(state)
        if state is not ContentState.REDACTED:
            spoken += speak(_content(name, value), role, _at(span, name))
    worse = [state for state in states if state is not ContentState.CAPTURED]
    return spoken, worse[0] if worse else state_of(message for message, _ref in spoken)


def _content(name: str, value: Any) -> Any:
    """Return messages and tool calls as structures; what a model wrote stays the text that it wrote."""
    parsed = as_json(value) if name in {_MESSAGES, "ai.response.toolCalls"} else value
    if name == "ai.response.toolCalls" and isinstance(parsed, list):
        return [{"type": "tool-call", **call} if isinstance(call, dict) else call for call in parsed]
    return value if parsed is None else parsed


def _tool(span: Span) -> ToolCall:
    facts = span.attributes
    kind, said = failure(span, facts)
    asked, result = facts.get(_ASKED), facts.get(_GIVEN)
    why = ContentState.CAPTURED if kind else absent(_GIVEN, span.dropped_attributes, facts)
    return ToolCall(
        call_id=as_text(facts.get("ai.toolCall.id")), name=as_text(facts.get("ai.toolCall.name")),
        arguments=as_text(asked), result=as_text(result) if result is not None else said, is_error=bool(kind),
        error_type=kind, executed_in=span.span_id,
        arguments_source=_at(span, _ASKED)("") if asked is not None else None,
        result_source=_at(span, _GIVEN)("") if result is not None else None,
        result_state=state_of_value(result) if result is not None else why, started_ns=span.start_ns,
        ended_ns=span.end_ns,
    )  # fmt: skip
