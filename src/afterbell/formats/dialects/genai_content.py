"""Where a GenAI call's content stands: attributes, log records, flattened keys or events, or nowhere and why.

Not a dialect of its own; `genai` asks it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from afterbell.formats.chat import Spoken, speak, speak_text
from afterbell.formats.content import (
    absent,
    known_empty,
    output_state,
    split_system,
    state_of,
    state_of_value,
)
from afterbell.formats.dialects import genai_legacy, logfire_content
from afterbell.formats.messages import as_json, as_text
from afterbell.model.calls import Message, MessageRef, Source
from afterbell.model.vocabulary import ContentState

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from afterbell.model.trace import LogRecord, Span

SYSTEM, INPUT, OUTPUT = "gen_ai.system_instructions", "gen_ai.input.messages", "gen_ai.output.messages"
TOOLS = "gen_ai.tool.definitions"
_DETAILS = "gen_ai.client.inference.operation.details"  # a log record; some emitters write it as a span event
_GONE = (ContentState.NOT_CAPTURED, ContentState.EVICTED)


class Content(Struct, frozen=True, kw_only=True):
    """What a call was told and what it said, with the state of each of its four legs."""

    messages: tuple[Message, ...]
    system: tuple[MessageRef, ...]
    input: tuple[MessageRef, ...]
    output: tuple[MessageRef, ...]
    tool_definitions: str
    finish_reasons: tuple[str, ...]
    states: dict[str, ContentState]


class _Place(Struct, frozen=True, kw_only=True):
    """A set of attributes that may hold content, and how its fields are cited."""

    attributes: Mapping[str, Any]
    at: Callable[[str], Source]
    dropped: int


class _Leg(Struct, frozen=True, kw_only=True):
    spoken: list[Spoken] = []
    state: ContentState = ContentState.NOT_CAPTURED

    @property
    def messages(self) -> list[Message]:
        return [message for message, _ref in self.spoken]


def content(span: Span, logs: tuple[LogRecord, ...], *, failed: bool, billed: bool) -> Content:
    """Return the content of a model call; `billed` tells that visible output was charged for."""
    places = [_Place(attributes=span.attributes, at=_at(span, ""), dropped=span.dropped_attributes)]
    places += [
        _Place(attributes=log.attributes, at=_at(span, f"log:{log.event_name}."), dropped=log.dropped_attributes)
        for log in logs
    ]
    places += [
        _Place(attributes=event.attributes, at=_at(span, f"events[{number}]."), dropped=event.dropped_attributes)
        for number, event in enumerate(span.events)
        if event.name == _DETAILS
    ]
    system, asked, said = (
        _first(name, role, places) for name, role in ((SYSTEM, "system"), (INPUT, "user"), (OUTPUT, "assistant"))
    )
    reasons: tuple[str, ...] = ()
    if asked.state in _GONE or said.state in _GONE:
        prompt, answer, reasons = _legacy(span, logs)
        asked = prompt if asked.state in _GONE and prompt.spoken else asked
        said = answer if said.state in _GONE and answer.spoken else said
    tools, tools_state = _tools(places)
    leading, rest = split_system(asked.spoken)
    every = [*system.messages, *asked.messages, *said.messages]
    return Content(
        messages=tuple({message.sha256: message for message in every}.values()),
        system=tuple(ref for _message, ref in system.spoken) + leading,
        input=rest,
        output=tuple(ref for _message, ref in said.spoken),
        tool_definitions=tools,
        finish_reasons=reasons,
        states={
            "system": asked.state if leading and system.state in _GONE else known_empty(system.state, asked.state),
            "input": asked.state,
            "output": output_state(said.messages, said.state, asked.state, failed=failed, billed=billed),
            "tools": known_empty(tools_state, asked.state),
        },
    )


def _at(span: Span, prefix: str) -> Callable[[str], Source]:
    return lambda path: Source(trace_id=span.trace_id, span_id=span.span_id, field=prefix + path)


def _first(name: str, role: str, places: list[_Place]) -> _Leg:
    why = ContentState.NOT_CAPTURED
    for place in places:
        value = place.attributes.get(name)
        if value is not None:
            return _leg(value, role, _below(place.at, name))
        if why is ContentState.NOT_CAPTURED:
            why = absent(name, place.dropped, place.attributes)
    return _Leg(state=why)


def _below(at: Callable[[str], Source], prefix: str) -> Callable[[str], Source]:
    return lambda path: at(prefix + path)


def _leg(value: Any, role: str, at: Callable[[str], Source]) -> _Leg:
    spoken = speak_text(value, role, at) if isinstance(value, str) else None
    state = ContentState.CAPTURED
    if spoken is None:
        state = state_of_value(value)
        if state is ContentState.REDACTED:
            return _Leg(state=state)
        parsed = as_json(value)
        # What is still readable of a cut text can prove a fault, though never its absence.
        spoken = speak(value if parsed is None else parsed, role, at)
    if state is ContentState.CAPTURED:
        state = state_of(message for message, _ref in spoken)
    return _Leg(spoken=spoken, state=state)


def _legacy(span: Span, logs: tuple[LogRecord, ...]) -> tuple[_Leg, _Leg, tuple[str, ...]]:
    prompt, answer, gap = genai_legacy.flattened(span.attributes, _at(span, ""))
    reasons: tuple[str, ...] = ()
    if not prompt and not answer:
        prompt, answer, reasons = genai_legacy.events(span, logs, _at(span, ""))
    if not prompt and not answer:
        prompt, answer, reasons = logfire_content.content(span.attributes, _at(span, ""))
    asked = _Leg(spoken=prompt, state=state_of(message for message, _ref in prompt))
    if gap and span.dropped_attributes:
        asked = _Leg(spoken=prompt, state=ContentState.EVICTED)
    return asked, _Leg(spoken=answer, state=state_of(message for message, _ref in answer)), reasons


def _tools(places: list[_Place]) -> tuple[str, ContentState]:
    why = ContentState.NOT_CAPTURED
    for place in places:
        value = place.attributes.get(TOOLS)
        text = as_text(value) if value is not None else genai_legacy.functions(place.attributes)
        if text:
            state = state_of_value(text)
            return ("" if state is ContentState.REDACTED else text), state
        if why is ContentState.NOT_CAPTURED:
            why = absent(TOOLS, place.dropped, place.attributes)
    return "", why
