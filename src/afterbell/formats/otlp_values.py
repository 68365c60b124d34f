"""What OTLP's JSON and protobuf forms share: ids in any spelling, enums by word or number, values."""

from __future__ import annotations

import re
from base64 import b64decode, urlsafe_b64decode
from binascii import Error as Base64Error
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from afterbell.model.trace import span_hex, trace_hex

if TYPE_CHECKING:
    from collections.abc import Mapping

_KINDS = {"UNSPECIFIED": 0, "INTERNAL": 1, "SERVER": 2, "CLIENT": 3, "PRODUCER": 4, "CONSUMER": 5}
_CODES = {"UNSET": 0, "OK": 1, "ERROR": 2}
_KIND_NUMBERS, _CODE_NUMBERS = frozenset(_KINDS.values()), frozenset(_CODES.values())
_LIMIT = 2**63
_TRACE_BYTES, _SPAN_BYTES = 16, 8
_DEEPEST = 64
_PLAIN = re.compile("[0-9a-f]+").fullmatch


@lru_cache(maxsize=4096)
def trace_id(raw: Any) -> str:
    """Return 32 hex digits for a trace id in hex or base64; others are hashed; absent or zero is empty."""
    return _id(raw, _TRACE_BYTES)


def span_id(raw: Any) -> str:
    """Return 16 hex digits for a span id in hex or base64; others are hashed; absent or all zero is empty."""
    return _id(raw, _SPAN_BYTES)


def _id(raw: Any, size: int) -> str:
    if type(raw) is str and len(raw) == 2 * size and _PLAIN(raw) and raw.strip("0"):
        return raw
    text = raw if isinstance(raw, str) else "" if raw is None else str(raw)
    if len(text) != 2 * size:
        text = _from_base64(text, size) or text
    found = trace_hex(text) if size == _TRACE_BYTES else span_hex(text)
    return "" if not found.strip("0") else found


def _from_base64(text: str, size: int) -> str:
    """Return the hex of base64 that holds exactly `size` bytes, or nothing."""
    if len(text) not in {(size * 4 + 2) // 3, -(-size // 3) * 4} or not text.isascii():
        return ""
    padded = text + "=" * (-len(text) % 4)
    try:
        data = urlsafe_b64decode(padded) if "-" in text or "_" in text else b64decode(padded, validate=True)
    except (Base64Error, ValueError):
        return ""
    return data.hex() if len(data) == size else ""


def span_kind(value: Any) -> int:
    """Return the number of a span kind given as number or word (`SPAN_KIND_CLIENT`); 0 for others."""
    if type(value) is int:
        return value if value in _KIND_NUMBERS else 0
    found = _enum(value, "SPAN_KIND_", _KINDS)
    return found if found in _KIND_NUMBERS else 0


def status_code(value: Any) -> int:
    """Return the number of a status code given as number or word (`STATUS_CODE_ERROR`); 0 for others."""
    if type(value) is int:
        return value if value in _CODE_NUMBERS else 0
    found = _enum(value, "STATUS_CODE_", _CODES)
    return found if found in _CODE_NUMBERS else 0


def _enum(value: Any, prefix: str, words: Mapping[str, int]) -> int:
    if isinstance(value, str):
        return words.get(value.upper().removeprefix(prefix), whole(value))
    return whole(value)


def whole(value: Any) -> int:
    """Return an integer written as number or text; 0 for anything else, and for what no 64 bits hold."""
    try:
        found = int(value or 0)
    except (TypeError, ValueError, OverflowError):
        return 0
    return found if -_LIMIT <= found < _LIMIT else 0


def json_value(value: Any, depth: int = 0) -> Any:
    """Return what an AnyValue in JSON holds, with field names in either case; an empty one is None.

    Bytes stay the base64 text they are written as. What is no AnyValue is returned as it stands.
    """
    if not isinstance(value, dict) or depth > _DEEPEST:
        return value
    for key, inner in value.items():
        plain = key.replace("_", "").lower()
        if plain in {"intvalue", "doublevalue"}:
            return _number(inner, int if plain == "intvalue" else float)
        if plain in {"stringvalue", "boolvalue", "bytesvalue"}:
            return inner
        if plain == "arrayvalue":
            return [json_value(item, depth + 1) for item in _values(inner)]
        if plain == "kvlistvalue":
            return {
                str(item.get("key", "")): json_value(item.get("value"), depth + 1)
                for item in _values(inner)
                if isinstance(item, dict)
            }
    return None


def _values(inner: Any) -> list[Any]:
    found = inner.get("values") if isinstance(inner, dict) else inner
    return found if isinstance(found, list) else []


def _number(inner: Any, kind: type[int | float]) -> Any:
    try:
        return kind(inner)
    except (TypeError, ValueError, OverflowError):
        return inner
