"""Canonical JSON bytes and SHA-256: the one form in which a value is hashed, signed and compared.

The form is RFC 8785 for the values we allow: objects with string keys, arrays, strings, booleans, null and
integers within +-(2^53 - 1). Floats are refused (decimals are strings), as are NUL, lone surrogates, duplicate
keys and nesting deeper than 32. Text is not normalised.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import msgspec
import orjson

from afterbell.errors import CanonError

MAX_INT = 2**53 - 1
MAX_DEPTH = 32


def _check(value: Any, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise CanonError(f"nested deeper than {MAX_DEPTH}", "flatten the value")
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, str):
        if "\0" in value:
            raise CanonError("a text holds a NUL character", "remove it")
        try:
            value.encode()
        except UnicodeEncodeError:
            raise CanonError("a text holds a lone surrogate", "it is not valid Unicode") from None
    elif isinstance(value, int):
        if abs(value) > MAX_INT:
            raise CanonError(f"integer {str(value)[:24]} is outside +-(2^53 - 1)", "write it as a string")
    elif isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise CanonError(f"key {key!r} is not a string")
            _check(key, depth)
            _check(item, depth + 1)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _check(item, depth + 1)
    else:
        raise CanonError(f"{type(value).__name__} has no canonical form", "write decimals and times as strings")


def _utf16_sorted(value: Any) -> Any:
    """Order keys by UTF-16 code units (RFC 8785 section 3.2.3); differs from code points only beyond the BMP."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return {key: _utf16_sorted(value[key]) for key in keys}
    if isinstance(value, (list, tuple)):
        return [_utf16_sorted(item) for item in value]
    return value


def dumps(value: Any) -> bytes:
    """Return the canonical UTF-8 bytes of `value` (no newline). Raises CanonError for what has none."""
    quick = _quick_form(value)
    if quick is not None:
        return quick
    _check(value, 1)
    ordered = _utf16_sorted(value)
    return json.dumps(ordered, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise CanonError("an object names one key twice")
    return found


def _no_float(text: str) -> Any:
    raise CanonError(f"floating-point number {text[:24]}", "decimals are strings")


def loads(data: bytes) -> Any:
    """Parse strictly: UTF-8 without BOM, no duplicate keys, no floats, bounded depth and integers.

    Raises CanonError, and nothing else, for any bytes that are not such a JSON text.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise CanonError(f"not UTF-8 at byte {error.start}") from None
    if text.startswith("\ufeff"):
        raise CanonError("starts with a byte order mark", "save the file as plain UTF-8")
    try:
        value = json.loads(text, object_pairs_hook=_pairs, parse_float=_no_float, parse_constant=_no_float)
    except (RecursionError, ValueError) as error:
        raise CanonError(f"not JSON: {str(error)[:120]}") from None
    _check(value, 1)
    return value


def _refused(text: str) -> Any:
    raise ValueError(text)


_DECODER = msgspec.json.Decoder(float_hook=_refused)
_FORM = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER
_PLAIN = orjson.OPT_PASSTHROUGH_SUBCLASS | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS
_FOUR_BYTES = bytes(range(0xF0, 0xF5))
_TOO_DEEP = b"\n" + b" " * (2 * MAX_DEPTH)
_NUL = b"\\u0000"


def quick_value(data: bytes) -> Any | None:
    """Return the object or array of which `data` is the canonical form, in a tenth of the time of `loads`.

    None says that there is none, or that only `loads` and `dumps` can tell.
    """
    try:
        value = _DECODER.decode(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, (dict, list)) or not is_form(value, data):
        return None
    # A line end is never in a text, so depth shows as indent.
    return value if _TOO_DEEP not in orjson.dumps(value, option=orjson.OPT_INDENT_2) else None


def is_form(value: Any, data: bytes) -> bool:
    """Tell whether `data` is the canonical form of an object or array that was read from it, without its floats.

    Its depth is not judged. False also where only `dumps` can tell. Equal bytes say that no key came twice and that no
    text was spelled oddly.
    """
    # Without four-byte characters UTF-8 order is UTF-16 order.
    try:
        return (
            orjson.dumps(value, option=_FORM) == data
            and (data.isascii() or len(data.translate(None, _FOUR_BYTES)) == len(data))
            and not (b"\\" in data and _NUL in data)
        )
    except (ValueError, TypeError, RecursionError):
        return False


def draft(value: Any) -> bytes | None:
    """Return what is the canonical form of `value` if it reads back as it; None where only `dumps` can tell."""
    try:
        return orjson.dumps(value, option=_FORM | _PLAIN)
    except (ValueError, TypeError, RecursionError):
        return None


def _quick_form(value: Any) -> bytes | None:
    """Return what `dumps` would, None where only the slow way can tell: what reads back the same has no odd type."""
    data = draft(value)
    back = None if data is None else quick_value(data)
    return data if back is not None and back == value else None


def is_canonical(data: bytes) -> bool:
    """Tell whether `data` is exactly the canonical form of the value it holds."""
    try:
        return dumps(loads(data)) == data
    except CanonError:
        return False


def sha256_hex(data: bytes) -> str:
    """Return the SHA-256 of `data` as 64 lower-case hex digits."""
    return hashlib.sha256(data).hexdigest()
