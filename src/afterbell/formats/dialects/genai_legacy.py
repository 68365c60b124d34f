"""GenAI content as written before messages became one attribute: flattened keys, one event per message.

Flattened: `gen_ai.prompt.{i}.role|content`, `gen_ai.completion.{i}.tool_calls.{j}.name`, and
`llm.request.functions.{i}.name`. Events, as log records or on the span: `gen_ai.system.message` and its
like for user, assistant and tool, `gen_ai.choice`, `gen_ai.content.prompt|completion`. Not a dialect;
`genai` asks it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import orjson

from afterbell.formats.chat import speak
from afterbell.formats.messages import as_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from afterbell.formats.chat import Spoken
    from afterbell.model.calls import Source
    from afterbell.model.trace import LogRecord, Span

_FLAT = re.compile(r"gen_ai\.(prompt|completion)\.(\d{1,6})\.(.+)\Z")
_FUNCTION = re.compile(r"llm\.request\.functions\.(\d{1,6})\.(name|description|parameters)\Z")
_TOOL = re.compile(r"tool_calls\.(\d{1,6})\.(id|name|arguments|type)\Z")
_ROLES = {
    "gen_ai.system.message": "system",
    "gen_ai.user.message": "user",
    "gen_ai.assistant.message": "assistant",
    "gen_ai.tool.message": "tool",
}
_CONTENT = {
    "gen_ai.content.prompt": ("gen_ai.prompt", "user"),
    "gen_ai.content.completion": ("gen_ai.completion", "assistant"),
}
_CHOICE = "gen_ai.choice"


def flattened(attributes: Mapping[str, Any], at: Callable[[str], Source]) -> tuple[list[Spoken], list[Spoken], bool]:
    """Return the prompt's and the completion's messages, and whether messages of the prompt are missing."""
    rows: dict[str, dict[int, dict[str, Any]]] = {"prompt": {}, "completion": {}}
    for key, value in attributes.items():
        hit = _FLAT.match(key) if key.startswith(("gen_ai.prompt.", "gen_ai.completion.")) else None
        if hit:
            rows[hit[1]].setdefault(int(hit[2]), {})[hit[3]] = value
    said: dict[str, list[Spoken]] = {"prompt": [], "completion": []}
    for leg, role in (("prompt", "user"), ("completion", "assistant")):
        for number, row in sorted(rows[leg].items()):
            said[leg] += _flat_message(row, role, f"gen_ai.{leg}.{number}", at)
    numbers = sorted(rows["prompt"])
    return said["prompt"], said["completion"], bool(numbers) and numbers != list(range(len(numbers)))


def _flat_message(row: Mapping[str, Any], role: str, prefix: str, at: Callable[[str], Source]) -> list[Spoken]:
    calls: dict[int, dict[str, Any]] = {}
    for key, value in row.items():
        hit = _TOOL.match(key)
        if hit:
            calls.setdefault(int(hit[1]), {})[hit[2]] = value
    content = row.get("content")
    parsed = as_json(content)
    parts = parsed if isinstance(parsed, list) else []
    structured = bool(parts) and all(isinstance(part, Mapping) and "type" in part for part in parts)
    numbers = sorted(calls)
    return speak(
        {
            "role": row.get("role") or role,
            "content": parsed if structured else content,
            "tool_call_id": row.get("tool_call_id"),
            "tool_calls": [calls[number] for number in numbers],
        },
        role,
        lambda path: at(prefix + _dotted(path, numbers)),
    )


def _dotted(path: str, numbers: list[int]) -> str:
    hit = re.match(r"\.tool_calls\[(\d+)\](.*)", path)
    return f".tool_calls.{numbers[int(hit[1])]}{hit[2]}" if hit else path


def functions(attributes: Mapping[str, Any]) -> str:
    """Return the tool definitions that old instrumentations flattened, as JSON text; empty without any."""
    rows: dict[int, dict[str, Any]] = {}
    for key, value in attributes.items():
        hit = _FUNCTION.match(key) if key.startswith("llm.request.functions.") else None
        if hit:
            parsed = as_json(value)
            rows.setdefault(int(hit[1]), {})[hit[2]] = value if parsed is None else parsed
    return orjson.dumps([rows[number] for number in sorted(rows)]).decode() if rows else ""


def events(
    span: Span, logs: Iterable[LogRecord], at: Callable[[str], Source]
) -> tuple[list[Spoken], list[Spoken], tuple[str, ...]]:
    """Return the prompt's and the answer's messages of per-message events, and the finish reasons."""
    return told(_events(span, logs), at)


def told(
    found: Iterable[tuple[str, Any, str]], at: Callable[[str], Source]
) -> tuple[list[Spoken], list[Spoken], tuple[str, ...]]:
    """Return the same of events given as name, decoded content and field; names of other events are passed over."""
    prompt: list[Spoken] = []
    answer: list[Spoken] = []
    reasons: list[str] = []
    for name, value, place in found:
        where = _placed(at, place)
        if name == _CHOICE:
            inner, below = value, ""
            if isinstance(value, Mapping):
                reason = value.get("finish_reason")
                reasons += [str(reason)] if reason else []
                if "message" in value:
                    inner, below = as_json(value["message"]), ".message"
            answer += speak(inner, "assistant", _placed(at, place + below))
        elif name in _ROLES:
            said = {"role": _ROLES[name], **value} if isinstance(value, Mapping) else value
            prompt += speak(said, _ROLES[name], where)
        elif name in _CONTENT:
            role = _CONTENT[name][1]
            (answer if role == "assistant" else prompt).extend(speak(value, role, where))
    return prompt, answer, tuple(reasons)


def _placed(at: Callable[[str], Source], prefix: str) -> Callable[[str], Source]:
    return lambda path: at(prefix + path)


def _events(span: Span, logs: Iterable[LogRecord]) -> Iterator[tuple[str, Any, str]]:
    """Yield name, decoded content and field of each per-message event: log records first, then the span."""
    seen: dict[str, int] = {}
    for log in logs:
        name = log.event_name
        if name in _ROLES or name == _CHOICE or name in _CONTENT:
            nth = seen[name] = seen.get(name, -1) + 1
            found = _value(name, log.body, log.attributes)
            if found is not None:
                # The first of a name needs no number; later ones are told apart by theirs.
                yield name, found[0], f"log:{name}{f'[{nth}]' if nth else ''}.{found[1]}"
    for number, event in enumerate(span.events):
        if event.name in _ROLES or event.name == _CHOICE or event.name in _CONTENT:
            found = _value(event.name, None, event.attributes)
            if found is not None:
                yield event.name, found[0], f"events[{number}].{found[1]}"


def _value(name: str, body: Any, attributes: Mapping[str, Any]) -> tuple[Any, str] | None:
    if body not in (None, "", {}):
        return _decoded(body), "body"
    keys = ("gen_ai.event.content", _CONTENT[name][0] if name in _CONTENT else "content")
    for key in keys:
        if key == "content" and not {"content", "message", "tool_calls"}.isdisjoint(attributes):
            return {field: _decoded(item) for field, item in attributes.items()}, "attributes"
        if key in attributes:
            return _decoded(attributes[key]), key
    return None


def _decoded(value: Any) -> Any:
    parsed = as_json(value)
    return value if parsed is None else parsed
