"""Tool definitions as parsed JSON, in one form whatever API they were written for, and where two of them differ.

Key order, the order of required names and of enum values, and white space do not count. Names, descriptions, parameters
and their types, enums and what is required do. Whether a difference is a fault is the caller's question.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

import orjson

from afterbell.reading.json_text import parsed

_SCHEMAS: Final = ("parameters", "input_schema", "inputSchema", "parametersJsonSchema", "args_schema", "schema")
_UNORDERED: Final = frozenset({"required", "enum", "type"})
_DEEPEST = 24
_SHOWN = 120
_SHORT = 60_000  # characters of definitions worth remembering: every call of a run repeats them


def definitions(text: str) -> Mapping[str, Any] | None:
    """Return the tools of a definition text by name, each as {description, parameters}; None if it does not parse."""
    if not text.strip():
        return {}
    return (_definitions if len(text) <= _SHORT else _definitions.__wrapped__)(text)


@lru_cache(maxsize=64)
def _definitions(text: str) -> Mapping[str, Any] | None:
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    return dict(_tools(value))


def _tools(value: Any, depth: int = 0) -> Iterator[tuple[str, Any]]:
    if isinstance(value, str) and value[:1] in {"{", "["}:
        value = parsed(value)
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for item in value:
            yield from _tools(item, depth + 1)
        return
    if not isinstance(value, Mapping):
        return
    for key in ("functionDeclarations", "function_declarations", "tools", "functions"):
        if isinstance(value.get(key), list):
            yield from _tools(value[key], depth + 1)
            return
    inner = value.get("function")
    tool = inner if isinstance(inner, Mapping) else value
    name = tool.get("name")
    if isinstance(name, str) and name:
        schema: Any = next((tool[key] for key in _SCHEMAS if tool.get(key) is not None), {})
        yield name, {"description": _spaced(tool.get("description") or ""), "parameters": canonical(schema)}


def canonical(value: Any, depth: int = 0) -> Any:
    """Return JSON with what has no order sorted and white space in texts evened; too deep a value is cut off."""
    if depth > _DEEPEST:
        return "…"
    if isinstance(value, str) and value[:1] in {"{", "["}:
        try:
            value = orjson.loads(value)
        except orjson.JSONDecodeError:
            return _spaced(value)
    if isinstance(value, Mapping):
        found = {str(key): canonical(item, depth + 1) for key, item in sorted(value.items(), key=lambda each: each[0])}
        for key in _UNORDERED & found.keys():
            if isinstance(found[key], list):
                found[key] = sorted(found[key], key=_sortable)
        return found
    if isinstance(value, list):
        return [canonical(item, depth + 1) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return _spaced(value) if isinstance(value, str) else value


def _sortable(value: Any) -> str:
    return repr(value)


def _spaced(text: Any) -> Any:
    return " ".join(text.split()) if isinstance(text, str) else text


def first_difference(one: Any, other: Any, path: str = "") -> str:
    """Return what differs between two canonical values, in words with its path; empty when they are equal."""
    if one == other and isinstance(one, bool) == isinstance(other, bool):
        return ""
    here = path or "the definition"
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        for key in sorted({*one, *other}):
            below = f"{path}.{key}" if path else str(key)
            if key not in other:
                return f"{below} is gone"
            if key not in one:
                return f"{below} is new"
            found = first_difference(one[key], other[key], below)
            if found:
                return found
        return ""
    if isinstance(one, list) and isinstance(other, list):
        lost, gained = [each for each in one if each not in other], [each for each in other if each not in one]
        words = [f"lost {_shown(lost[0])}"] if lost else []
        words += [f"gained {_shown(gained[0])}"] if gained else []
        return f"{here} {' and '.join(words) or 'has another order'}"
    return f"{here} was {_shown(one)} and is {_shown(other)}"


def where_different(one: Any, other: Any) -> tuple[str, ...]:
    """Return the keys that lead to the first difference of two canonical values."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        for key in sorted({*one, *other}):
            if key not in one or key not in other:
                return (key,)
            if first_difference(one[key], other[key]):
                return (key, *where_different(one[key], other[key]))
    return ()


def own_difference(one: Any, other: Any) -> str:
    """Return the innermost key of the first value that the first has otherwise than the second, or alone; or empty."""
    if not isinstance(one, Mapping) or not isinstance(other, Mapping):
        return ""
    for key in sorted(one):
        if key not in other or first_difference(one[key], other[key]):
            return own_difference(one[key], other.get(key)) or str(key)
    return ""


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else orjson.dumps(value, default=str).decode()
    return f"{text[:_SHOWN]!r}" if isinstance(value, str) else text[:_SHOWN]
