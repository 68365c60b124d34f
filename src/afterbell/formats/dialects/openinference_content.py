"""The content of an OpenInference call: flattened messages, completions, or `input.value`, `output.value`.

Not a dialect of its own; `openinference` asks it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from afterbell.formats.chat import Spoken, speak, speak_answer, speak_request
from afterbell.formats.content import (
    absent,
    known_empty,
    output_state,
    split_system,
    state_of,
    state_of_value,
)
from afterbell.formats.flattened import Rows, has_gap, rows, under
from afterbell.formats.messages import as_json, as_text, message, ref
from afterbell.model.calls import Message, MessageRef, Part, PartKind, Source
from afterbell.model.vocabulary import ContentState

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from afterbell.model.trace import Span

_INPUT, _OUTPUT = "llm.input_messages.", "llm.output_messages."
_PROMPTS, _CHOICES = "llm.prompts.", "llm.choices."
_TOOLS = "llm.tools."
_KINDS = {"text": PartKind.TEXT, "reasoning": PartKind.REASONING, "thinking": PartKind.REASONING}
_TEXTS = ("text", "image.image.url", "data")


class Content(Struct, frozen=True, kw_only=True):
    """What a call was told and what it said, with the state of each of its four legs."""

    messages: tuple[Message, ...]
    system: tuple[MessageRef, ...]
    input: tuple[MessageRef, ...]
    output: tuple[MessageRef, ...]
    tool_definitions: str
    states: dict[str, ContentState]


def content(span: Span, *, failed: bool, billed: bool) -> Content:
    """Return the content of a model call; `billed` tells that visible output was charged for."""
    facts = span.attributes
    found = rows(facts, _INPUT, _OUTPUT, _PROMPTS, _CHOICES, _TOOLS)
    asked, asked_state = _leg(span, found, (_INPUT, _PROMPTS, "prompt.text", "input.value"), "user")
    said, said_state = _leg(span, found, (_OUTPUT, _CHOICES, "completion.text", "output.value"), "assistant")
    tools, tools_state = _tools(span, found[_TOOLS])
    system, rest = split_system(asked)
    every = [heard for heard, _ref in (*asked, *said)]
    return Content(
        messages=tuple({heard.sha256: heard for heard in every}.values()),
        system=system,
        input=rest,
        output=tuple(reference for _heard, reference in said),
        tool_definitions=tools,
        states={
            "system": _system_state(found[_INPUT], system, asked_state),
            "input": asked_state,
            "output": output_state(
                (heard for heard, _ref in said), said_state, asked_state, failed=failed, billed=billed
            ),
            "tools": known_empty(tools_state, asked_state),
        },
    )


def _at(span: Span, prefix: str) -> Callable[[str], Source]:
    return lambda path: Source(trace_id=span.trace_id, span_id=span.span_id, field=prefix + path)


def _leg(
    span: Span, found: Mapping[str, Rows], names: tuple[str, str, str, str], role: str
) -> tuple[list[Spoken], ContentState]:
    chat, plain, text, whole = names
    facts = span.attributes
    value = facts.get(whole)
    if found[chat]:
        spoken = [_message(row, role, _at(span, f"{chat}{number}.")) for number, row in sorted(found[chat].items())]
        evicted = span.dropped_attributes and (has_gap(found[chat]) or not all(said.parts for said, _ref in spoken))
        return spoken, ContentState.EVICTED if evicted else state_of(said for said, _ref in spoken)
    if found[plain]:
        spoken = [
            said
            for number, row in sorted(found[plain].items())
            for said in speak(row.get(text), role, _at(span, f"{plain}{number}.{text}"))
        ]
        return spoken, state_of(said for said, _ref in spoken)
    if value is None or value == "":
        return [], absent(whole, span.dropped_attributes, facts)
    state = state_of_value(value)
    if state is ContentState.REDACTED:
        return [], state
    parsed = as_json(value)
    read = speak_request if role == "user" else speak_answer
    spoken = read(value if parsed is None else parsed, _at(span, whole))
    return spoken, state if state is not ContentState.CAPTURED else state_of(said for said, _ref in spoken)


def _message(row: Mapping[str, Any], role: str, at: Callable[[str], Source]) -> Spoken:
    said = as_text(row.get("message.role")) or role
    call_id = as_text(row.get("message.tool_call_id"))
    answers = call_id != "" or said.lower() in {"tool", "function"}
    found: list[tuple[Part, str]] = []
    for number, item in sorted(under(row, "message.contents.").items()):
        part, field = _content_part(item)
        found.append((part, f"message.contents.{number}.{field}"))
    whole = as_text(row.get("message.content"))
    if whole and all(part.text != whole for part, _field in found):
        found.insert(0, (Part(kind=PartKind.TEXT, text=whole), "message.content"))
    if answers:
        name = as_text(row.get("message.name"))
        found = [
            (Part(kind=PartKind.TOOL_RESULT, text=part.text, call_id=call_id, name=name), field)
            for part, field in found
        ] or [(Part(kind=PartKind.TOOL_RESULT, call_id=call_id, name=name), "message.content")]
    known = {part.call_id for part, _field in found if part.kind is PartKind.TOOL_CALL}
    for number, item in sorted(under(row, "message.tool_calls.").items()):
        part, field = _tool_call(item)
        if not part.call_id or part.call_id not in known:
            found.append((part, f"message.tool_calls.{number}.{field}"))
    legacy = row.get("message.function_call_arguments_json")
    if legacy is not None:
        name = as_text(row.get("message.function_call_name"))
        part = Part(kind=PartKind.TOOL_CALL, text=as_text(legacy), name=name)
        found.append((part, "message.function_call_arguments_json"))
    made = message(said, (part for part, _field in found))
    return made, ref(made, (at(field) for _part, field in found))


def _content_part(item: Mapping[str, Any]) -> tuple[Part, str]:
    if any(key.startswith("tool_call.") for key in item):
        return _tool_call(item)
    kind = as_text(item.get("message_content.type"))
    key = next((name for name in _TEXTS if item.get(f"message_content.{name}") not in (None, "")), "text")
    text = as_text(item.get(f"message_content.{key}"))
    known = _KINDS.get(kind or "text", PartKind.OTHER)
    return Part(kind=known, text=text, name="" if known is not PartKind.OTHER else kind), f"message_content.{key}"


def _tool_call(item: Mapping[str, Any]) -> tuple[Part, str]:
    part = Part(
        kind=PartKind.TOOL_CALL,
        text=as_text(item.get("tool_call.function.arguments")),
        call_id=as_text(item.get("tool_call.id")),
        name=as_text(item.get("tool_call.function.name")),
    )
    return part, "tool_call.function.arguments"


def _system_state(found: Rows, system: tuple[MessageRef, ...], asked: ContentState) -> ContentState:
    """Return the system leg's state: its message comes first, so it is whole when the first one is there."""
    if system and asked is ContentState.EVICTED and 0 in found:
        return ContentState.CAPTURED
    return asked


def _tools(span: Span, found: Rows) -> tuple[str, ContentState]:
    texts = [as_text(row.get("tool.json_schema")) for _number, row in sorted(found.items())]
    if not texts:
        invoked = as_json(span.attributes.get("llm.invocation_parameters"))
        listed = invoked.get("tools") or invoked.get("functions") if isinstance(invoked, dict) else None
        if listed:
            return as_text(listed), ContentState.CAPTURED
        return "", absent("llm.tools", span.dropped_attributes, span.attributes)
    states = {state_of_value(text) for text in texts}
    if has_gap(found) and span.dropped_attributes:
        states.add(ContentState.EVICTED)
    gone = (ContentState.REDACTED, ContentState.TRUNCATED, ContentState.EVICTED)
    state = next((each for each in gone if each in states), ContentState.CAPTURED)
    return f"[{','.join(texts)}]" if state is not ContentState.REDACTED else "", state
