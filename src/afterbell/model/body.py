"""A record or addendum as canonicalisable JSON, and back, exactly; unknown fields stay where they were.

It judges nothing: a body that breaks the rules of the seven fields still reads, since the log holds what it holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, TypeVar

import msgspec

from afterbell import canon
from afterbell.errors import CanonError, FormatError
from afterbell.model.record import Addendum, Record

_Filed = TypeVar("_Filed", Record, Addendum)


def plain(value: Any, depth: int = 0) -> Any:
    """Return `value` in the JSON we allow: decimals, floats, times and integers beyond 2^53 as strings.

    Raises CanonError for what is nested deeper than canonical JSON may be.
    """
    if depth > canon.MAX_DEPTH:
        raise CanonError(f"nested deeper than {canon.MAX_DEPTH}", "flatten the value")
    if isinstance(value, Enum):
        return plain(value.value, depth)
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, int):
        return value if abs(value) <= canon.MAX_INT else str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item, depth + 1) for item in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if value.tzinfo else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f") if value.is_finite() else str(value)
    if isinstance(value, float):
        return repr(value)
    return plain(msgspec.to_builtins(value), depth + 1)


def body(filed: Record | Addendum) -> dict[str, Any]:
    """Return the JSON object that the log hashes: every field by name, unknown ones merged back in."""
    known = plain(msgspec.to_builtins(filed, builtin_types=(Decimal, datetime, date)))
    extra = known.pop("extra")
    if isinstance(filed, Addendum) and filed.completion is not None:
        known["completion"] = body(filed.completion)
    merged: dict[str, Any] = _merge(known, extra)
    return merged


def from_body(data: Mapping[str, Any]) -> Record:
    """Read a record's body. Raises FormatError or CanonError for what is not one in canonical form."""
    return _read(data, Record)


def addendum_from_body(data: Mapping[str, Any]) -> Addendum:
    """Read an addendum's body. Raises FormatError (or CanonError) as `from_body` does."""
    addendum = _read(data, Addendum)
    if addendum.completion is None:
        return addendum
    completion = from_body(data["completion"])
    extra = {key: value for key, value in addendum.extra.items() if key != "completion"}
    return msgspec.structs.replace(addendum, completion=completion, extra=extra)


def _read(data: Mapping[str, Any], kind: type[_Filed]) -> _Filed:
    given = canon.dumps(data)
    if not isinstance(data, Mapping):
        raise FormatError("a body must be a JSON object", "one object holds the seven fields and what is beside them")
    try:
        filed = msgspec.convert({key: value for key, value in data.items() if key != "extra"}, kind)
    except msgspec.ValidationError as error:
        raise FormatError(f"not a {kind.__name__.lower()}: {error}", "read it with the version that wrote it") from None
    known = body(filed)
    left = {} if canon.dumps(known) == given else residue(data, known)  # same bytes, same values: nothing is left
    return msgspec.structs.replace(filed, extra=left)


def residue(given: Any, known: Any, where: str = "$") -> Any:
    """Return what `given` has and `known` lacks: objects by key, list items by index; both are plain JSON.

    Raises FormatError where both have a value and the two differ: `given` is then not in canonical form.
    """
    if isinstance(given, Mapping) and isinstance(known, Mapping):
        left = {}
        for key, item in given.items():
            if key not in known:
                left[key] = item
            elif rest := residue(item, known[key], f"{where}.{key}"):
                left[key] = rest
        return left
    if isinstance(given, (list, tuple)) and isinstance(known, list):
        pairs = enumerate(zip(given, known, strict=True))
        rests = {str(index): residue(item, own, f"{where}[{index}]") for index, (item, own) in pairs}
        return {index: rest for index, rest in rests.items() if rest}
    if given != known or type(given) is not type(known):
        raise FormatError(f"{where} is not in canonical form", f"it would be written as {known!r}"[:200])
    return {}


def _merge(known: Any, extra: Any) -> Any:
    if isinstance(known, dict) and isinstance(extra, Mapping):
        merged = dict(known)
        for key, item in extra.items():
            merged[key] = _merge(known[key], item) if key in known else item
        return merged
    if isinstance(known, list) and isinstance(extra, Mapping):
        return [_merge(item, extra.get(str(index), {})) for index, item in enumerate(known)]
    return known
