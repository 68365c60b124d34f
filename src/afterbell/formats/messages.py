"""Builds messages addressed by content, the same way for every dialect, so that equal messages have equal hashes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import orjson

from afterbell.model.calls import Message, MessageRef, Part, PartKind, Source

_ROLES = {"human": "user", "ai": "assistant", "model": "assistant", "function": "tool", "developer": "system"}


def role_word(role: str) -> str:
    """Return the role in OpenTelemetry's words: system, user, assistant, tool (others as they are)."""
    plain = role.strip().lower()
    return _ROLES.get(plain, plain)


def message(role: str, parts: Iterable[Part]) -> Message:
    """Make a message; its hash covers role and parts. Lone surrogates are hashed as they are, never refused."""
    kept = tuple(parts)
    digest = hashlib.sha256()
    for text in (
        role_word(role),
        *(piece for part in kept for piece in (part.kind, part.call_id, part.name, part.text)),
    ):
        data = str(text).encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return Message(sha256=digest.hexdigest(), role=role_word(role), parts=kept)


def ref(found: Message, sources: Iterable[Source]) -> MessageRef:
    """Return a reference to a message at one place; `sources` has one entry per part."""
    return MessageRef(sha256=found.sha256, sources=tuple(sources))


def as_json(value: Any) -> Any:
    """Return the structure in `value`: parsed when it is a JSON text of an object or array, else as it is.

    Emitters write the same attribute as a structure (logs), as a JSON string (spans) or twice encoded.
    Returns None for a text that starts like JSON and does not parse (cut off).
    """
    if not isinstance(value, str):
        return value
    if value[:1].isspace():
        value = value.strip()
    if value[:1] not in {"{", "["}:
        return value
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError:
        return None


def as_object(value: Any) -> Mapping[str, Any]:
    """Return the object in `value`, parsed where it is JSON text; an empty one for anything else."""
    found = as_json(value)
    return found if isinstance(found, Mapping) else {}


def as_decimal(value: Any) -> Decimal | None:
    """Return `value` as a finite number, None if it is none. A truth value is no number."""
    try:
        number = Decimal(str(value)) if value is not None and not isinstance(value, bool) else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() else None


def as_text(value: Any) -> str:
    """Return `value` as people would read it: text as it is, anything else as compact JSON."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    try:
        return orjson.dumps(value, default=str).decode()
    except orjson.JSONEncodeError:
        pass
    try:
        return str(value)
    except RecursionError:
        return "(nested too deep)"


def as_attribute(value: Any) -> Any:
    """Return `value` as an attribute holds it: an object or a list as JSON text, anything else as it is."""
    return as_text(value) if isinstance(value, (dict, list)) else value


def as_attributes(prefix: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts that are not blank as attributes, each under the prefix and its own name."""
    return {prefix + key: as_attribute(value) for key, value in facts.items() if value not in (None, "", {}, [])}


def text_part(text: str) -> Part:
    """Return a plain text part."""
    return Part(kind=PartKind.TEXT, text=text)


def canonical_arguments(arguments: str) -> str:
    """Return tool arguments with keys sorted and spaces gone, so that equal calls compare equal."""
    value = as_json(arguments)
    if isinstance(value, (Mapping, list)):
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
    return arguments.strip()
