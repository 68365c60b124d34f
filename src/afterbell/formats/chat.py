"""Reads chat messages in the JSON shapes of OpenTelemetry, of the providers' own APIs and of LangChain.

Every shape becomes the same `Message`, and every part keeps the path of its text. Nothing here knows spans:
the caller says where the value stands. Whatever is no message is kept as text rather than lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec

from afterbell.formats.messages import as_json, as_text, message, ref, role_word
from afterbell.model.calls import Message, MessageRef, Part, PartKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from afterbell.model.calls import Source

Spoken = tuple[Message, MessageRef]
Found = tuple[Part, str]

_TEXTS = {"text", "input_text", "output_text", "summary_text"}
_REASONS = {"reasoning", "thinking", "redacted_thinking"}
_CALLS = {"tool_call", "tool_use", "function_call", "server_tool_call", "server_tool_use", "mcp_call", "tool-call"}
_RESULTS = {"tool_call_response", "tool_result", "function_call_output", "server_tool_call_response", "tool-result"}
_ASSISTANT_ITEMS = _CALLS | _REASONS
_DEEPEST = 8
_ASKED = ("messages", "input", "contents", "prompt", "prompts")
_MEDIA = {"blob", "image", "image_url", "input_image", "audio", "input_audio", "video", "document", "file"}
_PARTS = _TEXTS | _REASONS | _MEDIA
_SHORT = 16_384  # bytes of a message worth remembering
_elements = msgspec.json.Decoder(list[msgspec.Raw])


def speak(value: Any, role: str, at: Callable[[str], Source]) -> list[Spoken]:
    """Return the messages in a decoded structure (list, one message, or plain text), in order.

    `role` is used where a message states none; `at` makes the source of a path below the value.
    """
    found = []
    for said, parts in _each(value, role, ""):
        made = message(said, (part for part, _path in parts))
        found.append((made, ref(made, (at(path) for _part, path in parts))))
    return found


def speak_text(text: str, role: str, at: Callable[[str], Source]) -> list[Spoken] | None:
    """Return the messages of a JSON array of messages in its written form; None for any other text.

    Each call of a run repeats the history of those before it, so messages that were read lately are not read again.
    """
    if not text.startswith("[{"):
        return None
    try:
        listed = _elements.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return None
    found: list[Spoken] = []
    for number, data in enumerate(map(bytes, listed)):
        said = (_lately if len(data) <= _SHORT else _lately.__wrapped__)(data, role)
        if said is None:
            return None
        for made, paths in said:
            found.append((made, ref(made, [at(f"[{number}]{path}") for path in paths])))
    return found


@lru_cache(maxsize=1024)
def _lately(data: bytes, role: str) -> tuple[tuple[Message, tuple[str, ...]], ...] | None:
    """Return the messages of one element of an array and the paths of their parts; None when it is a bare part."""
    value = as_json(data.decode())
    if value is None or _is_part(value):
        return None
    return tuple(
        (message(said, (part for part, _path in parts)), tuple(path for _part, path in parts))
        for said, parts in _each(value, role, "", 1)
    )


def _each(value: Any, role: str, path: str, depth: int = 0) -> Iterator[tuple[str, list[Found]]]:
    if isinstance(value, list) and depth < _DEEPEST:
        # A bare list of parts is one message; LangChain wraps batches of messages once more.
        if value and all(_is_part(item) for item in value):
            yield role, _content(value, path)
            return
        for number, item in enumerate(value):
            yield from _each(item, role, f"{path}[{number}]", depth + 1)
    elif isinstance(value, Mapping):
        inner = value.get("kwargs" if "lc" in value else "data")
        if isinstance(inner, Mapping) and "content" in inner:
            key = "kwargs" if "lc" in value else "data"
            said = str(inner.get("type") or inner.get("role") or value.get("type") or role)
            yield role_word(said), _message(inner, role_word(said), f"{path}.{key}")
        elif "role" in value or "parts" in value or "content" in value:
            said = role_word(str(value.get("role") or value.get("type") or role))
            yield said, _message(value, said, path)
        elif str(value.get("type")) in _ASSISTANT_ITEMS | _RESULTS:
            said = "tool" if value["type"] in _RESULTS else "assistant"
            yield said, _content([value], path, single=True)
        else:
            yield role, [(_text(as_text(value)), path)]
    elif value not in (None, ""):
        yield role, [(_text(as_text(value)), path)]


def speak_request(value: Any, at: Callable[[str], Source]) -> list[Spoken]:
    """Return the messages in the decoded body of a request to a model: system text first, then the rest."""
    if not isinstance(value, Mapping) or "role" in value:
        return speak(value, "user", at)
    found: list[Spoken] = []
    for key in ("system", "instructions"):
        if value.get(key):
            found += speak(value[key], "system", _below(at, f".{key}"))
    key = next((name for name in _ASKED if value.get(name)), "")
    if not key and not found:
        return speak(value, "user", at)
    return found + (speak(value[key], "user", _below(at, f".{key}")) if key else [])


def speak_answer(value: Any, at: Callable[[str], Source]) -> list[Spoken]:
    """Return the messages in the decoded body of a model's answer, whoever wrapped it."""
    if not isinstance(value, Mapping) or "role" in value or "parts" in value:
        return speak(value, "assistant", at)
    for key in ("choices", "candidates", "generations"):
        if isinstance(value.get(key), list):
            leaves = _leaves(value[key], f".{key}")
            return [said for path, choice in leaves for said in _choice(choice, path, at)]
    key = next((name for name in ("output", "messages", "message") if value.get(name)), "")
    return speak(value[key], "assistant", _below(at, f".{key}")) if key else speak(value, "assistant", at)


def _leaves(value: list[Any], path: str, depth: int = 0) -> Iterator[tuple[str, Any]]:
    for number, item in enumerate(value):
        if isinstance(item, list) and depth < _DEEPEST:
            yield from _leaves(item, f"{path}[{number}]", depth + 1)
        else:
            yield f"{path}[{number}]", item


def _choice(choice: Any, path: str, at: Callable[[str], Source]) -> list[Spoken]:
    key = ""
    if isinstance(choice, Mapping):
        key = next((name for name in ("message", "content", "text") if choice.get(name)), "")
    return speak(choice[key], "assistant", _below(at, f"{path}.{key}")) if key else []


def _below(at: Callable[[str], Source], prefix: str) -> Callable[[str], Source]:
    return lambda path: at(prefix + path)


def _is_part(item: Any) -> bool:
    return isinstance(item, Mapping) and "role" not in item and "parts" not in item and str(item.get("type")) in _PARTS


def _holds_results(content: Any) -> bool:
    """Tell whether a tool's message lists results that carry their own call ids."""
    return isinstance(content, list) and any(
        isinstance(item, Mapping) and str(item.get("type")) in _RESULTS for item in content
    )


def _message(value: Mapping[str, Any], role: str, path: str) -> list[Found]:
    if isinstance(value.get("parts"), list):
        found = _content(value["parts"], f"{path}.parts")
    elif role == "tool" and not _holds_results(value.get("content")):
        call_id = as_text(value.get("tool_call_id", value.get("id")))
        found = [
            (
                Part(
                    kind=PartKind.TOOL_RESULT,
                    text=_flat(value.get("content")),
                    call_id=call_id,
                    name=as_text(value.get("name")),
                ),
                f"{path}.content",
            )
        ]
    else:
        found = _content(value.get("content"), f"{path}.content")
    known = {part.call_id for part, _path in found if part.kind is PartKind.TOOL_CALL}
    calls, inside = value.get("tool_calls"), "tool_calls"
    spare = value.get("additional_kwargs")
    if not calls and isinstance(spare, Mapping):  # LangChain leaves a provider's own calls there
        calls, inside = spare.get("tool_calls"), "additional_kwargs.tool_calls"
    for number, call in enumerate(calls if isinstance(calls, list) else ()):
        if isinstance(call, Mapping):
            part, where = _tool_call(call, f"{path}.{inside}[{number}]")
            if not part.call_id or part.call_id not in known:
                found.append((part, where))
    legacy = value.get("function_call")
    if isinstance(legacy, Mapping):
        found.append(_tool_call(legacy, f"{path}.function_call"))
    refusal = value.get("refusal")
    if isinstance(refusal, str) and refusal:
        found.append((_text(refusal), f"{path}.refusal"))
    return found


def _content(value: Any, path: str, *, single: bool = False) -> list[Found]:
    if value is None or value == "":
        return []
    if not isinstance(value, list):
        return [(_text(as_text(value)), path)]
    found = []
    for number, item in enumerate(value):
        where = path if single else f"{path}[{number}]"
        part, field = part_of(item, where) if isinstance(item, Mapping) else (_text(as_text(item)), where)
        if part.text or part.call_id or part.name:
            found.append((part, field))
    return found


def part_of(item: Mapping[str, Any], path: str) -> Found:
    """Return one part in any known shape, and the path of its text below `path`."""
    kind = str(item.get("type", ""))
    if kind in _CALLS:
        return _tool_call(item, path)
    if kind in _RESULTS:
        keys = ("response", "result", "output", "content", "server_tool_call_response")
        key = next((name for name in keys if name in item), "response")
        call_id = _first(item, "id", "tool_use_id", "call_id", "toolCallId")
        return (
            Part(
                kind=PartKind.TOOL_RESULT,
                text=_flat(item.get(key)),
                call_id=call_id,
                name=_first(item, "name", "toolName"),
            ),
            f"{path}.{key}",
        )
    names = ("content", "text", "thinking", "reasoning", "summary", "refusal", "uri", "file_id", "url")
    key = next((name for name in names if item.get(name)), "")
    text = _flat(item.get(key)) if key else ""
    field = f"{path}.{key}" if key else path
    if kind in _REASONS:
        return Part(kind=PartKind.REASONING, text=text), field
    if kind in _TEXTS or (not kind and key in {"content", "text"}):
        return _text(text), field
    if kind in _MEDIA:
        # Bytes of a picture are no text; a link or a file id is kept so that it can be seen.
        return Part(kind=PartKind.OTHER, text="" if key == "content" else text, name=kind), field
    return Part(kind=PartKind.OTHER, text=text or as_text(item), name=kind), field


def _tool_call(call: Mapping[str, Any], path: str) -> Found:
    inner, where = call, path
    for key in ("function", "server_tool_call"):
        nested = call.get(key)
        if isinstance(nested, Mapping):
            inner, where = nested, f"{path}.{key}"
            break
    key = next((name for name in ("arguments", "input", "args") if name in inner), "arguments")
    value = inner if inner is call.get("server_tool_call") else inner.get(key)
    call_id = _first(call, "call_id", "id", "toolCallId")
    name = _first(inner, "name", "toolName") or _first(call, "name")
    field = where if value is inner else f"{where}.{key}"
    return Part(kind=PartKind.TOOL_CALL, text=as_text(value), call_id=call_id, name=name), field


def _first(item: Mapping[str, Any], *names: str) -> str:
    return next((as_text(item[name]) for name in names if item.get(name)), "")


def _text(text: str) -> Part:
    return Part(kind=PartKind.TEXT, text=text)


def _flat(value: Any) -> str:
    """Join a list of text parts as people read it; anything else as text."""
    if isinstance(value, list) and value and all(isinstance(item, Mapping) and "text" in item for item in value):
        return "\n".join(as_text(item["text"]) for item in value)
    return as_text(value)
