"""The structure of model outputs: kind, keys, types, declared enums, nesting; inferred from samples or from a schema.

One shape serves both: a JSON Schema and the outputs of the primary model are read into it, and an answer is held
against it. Key order, list length, white space, code fences, absent optional keys and the keys of an open map do not
count. It validates no more of JSON Schema than structure (no patterns, no ranges).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import orjson
from msgspec import Struct

_DEEPEST, _MOST_FAULTS, _MOST_BRANCHES, _MOST_NESTED = 12, 8, 16, 3
_FENCE = re.compile(r"\A\s{0,99}```[A-Za-z0-9_-]{0,20}[ \t]{0,9}\n?(.*?)\n?[ \t]{0,9}```\s{0,99}\Z", re.DOTALL)
_OPEN_KEY = re.compile(r"(?:\$?[A-Z][A-Z0-9_.:/-]{0,24}|\d{4}-\d\d-\d\d.{0,20}|\d{1,19}|\d{6}\.[A-Z]{2})\Z")
_ERROR_KEYS = frozenset({"error", "errors", "detail", "fault"})
_NAMES: Final = {"integer": "number", "string": "text", "boolean": "boolean", "number": "number", "null": "null",
                 "object": "object", "array": "list"}  # fmt: skip
CUT_REASONS: Final = frozenset({"length", "max_tokens", "max_output_tokens", "model_length"})


class Shape(Struct, frozen=True, kw_only=True):
    """The structure of a value. `kinds` empty = anything; `open_map` = keys are data, values have shape `items`."""

    kinds: frozenset[str] = frozenset()
    keys: Mapping[str, Shape] = {}
    required: frozenset[str] = frozenset()
    items: Shape | None = None
    enum: frozenset[str] = frozenset()
    open_map: bool = False
    either: tuple[Shape, ...] = ()


ANY = Shape()


class Output(Struct, frozen=True, kw_only=True):
    """An output as read: its JSON value if it has one, else the kind of text (prose, cut off, error, empty)."""

    value: Any = None
    kind: str = "json"

    @property
    def structured(self) -> bool:
        """Whether the output parsed as an object or a list."""
        return self.kind == "json" and isinstance(self.value, (Mapping, list))


def read(text: str, *, cut: bool = False) -> Output:
    """Read an output: equal JSON in a code fence is the same; `cut` when the model was stopped by its length limit."""
    fenced = _FENCE.match(text)
    plain = (fenced[1] if fenced else text).strip()
    if not plain:
        return Output(kind="empty")
    try:
        value = orjson.loads(plain)
    except orjson.JSONDecodeError:
        began = plain[:1] in {"{", "["} or (not fenced and text.lstrip().startswith("```"))
        return Output(kind="cut off" if cut else "not parseable" if began else "prose")
    if isinstance(value, str) and value[:1] in {"{", "["}:
        return read(value, cut=cut)
    if isinstance(value, Mapping) and value and _is_error(value):
        return Output(value=value, kind="an error body")
    if not isinstance(value, (Mapping, list)):
        return Output(value=value, kind="prose" if isinstance(value, str) else "json")
    return Output(value=value)


def _is_error(value: Mapping[str, Any]) -> bool:
    keys = {str(key).lower() for key in value}
    return not _ERROR_KEYS.isdisjoint(keys) and keys <= _ERROR_KEYS | {"message", "code", "type", "status", "object",
                                                                       "request_id", "param"}  # fmt: skip


def of_samples(values: Sequence[Any], depth: int = 0) -> Shape:
    """Return the shape that all these values have: keys of every one are required, those of some optional."""
    told = [value for value in values if value is not None]
    if not told or depth > _DEEPEST:
        return ANY
    kinds = frozenset(_kind(value) for value in told) | ({"null"} if len(told) < len(values) else frozenset())
    objects = [value for value in told if isinstance(value, Mapping)]
    lists = [item for value in told if isinstance(value, list) for item in value]
    items = of_samples(lists, depth + 1) if lists else None
    if objects and all(_open(value) for value in objects):
        inner = [item for value in objects for item in value.values()]
        return Shape(kinds=kinds, open_map=True, items=of_samples([*inner, *lists], depth + 1))
    names = dict.fromkeys(str(key) for value in objects for key in value)
    return Shape(
        kinds=kinds, items=items,
        keys={name: of_samples([value[name] for value in objects if name in value], depth + 1) for name in names},
        required=frozenset(name for name in names if all(name in value for value in objects)),
    )  # fmt: skip


def _open(value: Mapping[str, Any]) -> bool:
    """Tell whether an object is a map whose keys are data: tickers, dates, numbers."""
    return bool(value) and all(_OPEN_KEY.match(str(key)) for key in value)


def of_schema(schema: Any) -> Shape:
    """Return the shape that a JSON Schema declares; what it does not restrict is anything."""
    return _declared(schema, schema, 0, {})


def _declared(schema: Any, root: Any, depth: int, known: dict[tuple[int, int], Shape]) -> Shape:
    """Read one subschema; one that refers to itself is read once per depth, so that it cannot multiply."""
    if not isinstance(schema, Mapping) or depth > _DEEPEST:
        return ANY
    key = (id(schema), depth)
    if key not in known:
        known[key] = _unread(schema, root, depth, known)
    return known[key]


def _unread(schema: Mapping[str, Any], root: Any, depth: int, known: dict[tuple[int, int], Shape]) -> Shape:
    reference = schema.get("$ref")
    if isinstance(reference, str):
        return _declared(_resolved(reference, root), root, depth + 1, known)
    branches = next((schema[key] for key in ("anyOf", "oneOf") if isinstance(schema.get(key), list)), None)
    if branches is not None:
        return Shape(either=tuple(_declared(branch, root, depth + 1, known) for branch in branches[:_MOST_BRANCHES]))
    merged = _merged(schema, root, 0)
    kinds = merged.get("type")
    named = kinds if isinstance(kinds, list) else [kinds] if kinds else []
    listed = merged.get("enum")
    listed = listed if isinstance(listed, list) else [merged["const"]] if "const" in merged else []
    properties = _mapping(merged.get("properties"))
    required = _list(merged.get("required"))
    extra = merged.get("additionalProperties")
    items = merged.get("items") if not isinstance(extra, Mapping) or properties else extra
    found = {_NAMES[str(kind).lower()] for kind in named if str(kind).lower() in _NAMES}
    if merged.get("nullable") is True and found:
        found.add("null")
    if not found and (properties or required):
        found = {"object"}
    return Shape(
        kinds=frozenset(found), enum=frozenset(_plain(value) for value in listed),
        keys={str(key): _declared(value, root, depth + 1, known) for key, value in properties.items()},
        required=frozenset(str(key) for key in required),
        items=_declared(items, root, depth + 1, known) if isinstance(items, Mapping) else None,
        open_map=isinstance(extra, Mapping) and not properties,
    )  # fmt: skip


def _merged(schema: Mapping[str, Any], root: Any, depth: int) -> Mapping[str, Any]:
    """Lay the parts of an allOf together: properties and required names add up."""
    found = dict(schema)
    for part in _list(schema.get("allOf"))[:_DEEPEST]:
        piece = _resolved(part["$ref"], root) if isinstance(part, Mapping) and "$ref" in part else part
        if isinstance(piece, Mapping) and depth < _MOST_NESTED:
            inner = _merged(piece, root, depth + 1)
            properties = {**_mapping(found.get("properties")), **_mapping(inner.get("properties"))}
            required = [*_list(found.get("required")), *_list(inner.get("required"))]
            found = {**inner, **found, "properties": properties, "required": required}
    return found


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _resolved(reference: Any, root: Any) -> Any:
    here = root
    for step in str(reference).removeprefix("#").strip("/").split("/")[:_DEEPEST]:
        here = here.get(step.replace("~1", "/").replace("~0", "~")) if isinstance(here, Mapping) and step else here
    return here if here is not root or reference in {"#", "#/"} else None


def _plain(value: Any) -> str:
    """Return a value so that 1 and 1.0 are equal and 1 and "1" are not."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return repr(value)


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, str):
        return "text"
    return "list" if isinstance(value, list) else "object"


def faults(value: Any, shape: Shape) -> tuple[str, ...]:
    """Return how a value's structure departs from a shape, in words with the path; empty when it fits."""
    return tuple(_of(_faults(value, shape, "", 0)))


def _of(found: Iterator[str]) -> Iterator[str]:
    for number, fault in enumerate(found):
        if number >= _MOST_FAULTS:
            return
        yield fault


def _faults(value: Any, shape: Shape, path: str, choices: int) -> Iterator[str]:
    """Yield the faults of one value; below several choices within each other anything fits, or they would multiply."""
    here = path or "the output"
    if shape.either:
        if choices >= _MOST_NESTED:
            return
        tried = [tuple(_of(_faults(value, branch, path, choices + 1))) for branch in shape.either]
        if all(tried):
            yield from min(tried, key=len)
        return
    kind = _kind(value)
    if shape.kinds and kind not in shape.kinds:
        yield f"{here} is {_article(kind)} instead of {' or '.join(_article(each) for each in sorted(shape.kinds))}"
        return
    if shape.enum and _plain(value) not in shape.enum:
        yield f"{here} is {str(value)[:40]!r}, which the enum does not hold"
    if isinstance(value, Mapping):
        yield from _object_faults(value, shape, path, choices)
    elif isinstance(value, list) and shape.items is not None:
        for number, item in enumerate(value):
            yield from _faults(item, shape.items, f"{path}[{number}]", choices)


def _object_faults(value: Mapping[str, Any], shape: Shape, path: str, choices: int) -> Iterator[str]:
    if shape.open_map:
        for key, item in value.items():
            if shape.items is not None:
                yield from _faults(item, shape.items, f"{path}.{key}" if path else str(key), choices)
        return
    for key in sorted(shape.required - value.keys()):
        yield f"{f'{path}.{key}' if path else key} is missing"
    for key, inner in shape.keys.items():
        if key in value:
            yield from _faults(value[key], inner, f"{path}.{key}" if path else key, choices)


def _article(kind: str) -> str:
    return {"text": "a text", "number": "a number", "boolean": "a boolean", "null": "null", "object": "an object",
            "list": "a list"}[kind]  # fmt: skip
