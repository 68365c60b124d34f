"""Protobuf's wire format, as far as telling OTLP messages apart needs it: tags, varints, lengths.

It decodes no messages; that is the official library's work. Source: protobuf.dev/programming-
guides/encoding.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
_FIXED = {FIXED64: 8, FIXED32: 4}
_LONGEST_VARINT = 10
_ID_LENGTHS = {1: 16, 2: 8}


class Holds(StrEnum):
    """What an OTLP message carries."""

    SPANS = "spans"
    LOGS = "logs"


class WireError(ValueError):
    """Bytes that are no protobuf message, or the beginning of one only."""


def varint(data: bytes, start: int) -> tuple[int, int]:
    """Return the number at `start` and the place after it. Raises WireError where there is none."""
    number = 0
    for place in range(_LONGEST_VARINT):
        if start + place >= len(data):
            raise WireError("cut off")
        byte = data[start + place]
        number |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:  # noqa: PLR2004 - the continuation bit
            return number, start + place + 1
    raise WireError("not a number")


def fields(data: bytes, start: int, end: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield number, wire type, begin and end of each field between two places; the last may pass the data.

    Raises WireError for what is no field.
    """
    while start < min(end, len(data)):
        tag, start = varint(data, start)
        number, kind = tag >> 3, tag & 7
        if not number:
            raise WireError("field 0")
        if kind == VARINT:
            _value, stop = varint(data, start)
        elif kind == BYTES:
            length, start = varint(data, start)
            stop = start + length
        elif kind in _FIXED:
            stop = start + _FIXED[kind]
        else:
            raise WireError(f"wire type {kind}")
        if stop > end:
            raise WireError("a field ends after its message")
        yield number, kind, start, stop
        start = stop


def holds(data: bytes, start: int, end: int) -> Holds | None:
    """Tell what a TracesData or LogsData message between two places carries; None if it is none or empty.

    `data` may end before `end`: then its beginning decides.
    """
    try:
        for number, kind, begin, stop in fields(data, start, end):
            if (number, kind) != (1, BYTES):
                return None
            found = resource_holds(data, begin, stop)
            if found is not None:
                return found
    except WireError:
        pass
    return None


def resource_holds(data: bytes, start: int, end: int) -> Holds | None:
    """Tell what a ResourceSpans or ResourceLogs between two places carries. Raises WireError for neither."""
    for number, kind, begin, stop in fields(data, start, end):
        if kind != BYTES or number > 3:  # noqa: PLR2004 - resource, scopes, schema URL (and 1000, long gone)
            raise WireError("no resource")
        for inner, inner_kind, first, last in fields(data, begin, stop) if number == 2 else ():  # noqa: PLR2004
            if inner_kind == BYTES and inner == 2:  # noqa: PLR2004 - spans or log records
                found = _record_holds(data, first, last)
                if found is not None:
                    return found
    return None


def _record_holds(data: bytes, start: int, end: int) -> Holds | None:
    for number, kind, begin, stop in fields(data, start, end):
        if number in _ID_LENGTHS:
            if kind == BYTES and stop - begin == _ID_LENGTHS[number]:
                return Holds.SPANS
            return Holds.LOGS if kind == (FIXED64 if number == 1 else VARINT) else None
        if number == 11 and kind == FIXED64:  # noqa: PLR2004 - observed time of a log record
            return Holds.LOGS
    return None
