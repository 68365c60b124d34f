"""Protobuf's wire format, as far as telling OTLP messages apart needs it: tags, varints, lengths.

It decodes no messages; that is the official library's work. Source: protobuf.dev,
"Encoding".
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
_SPAN_TIMES = (7, 8)
_METRIC_DATA = (7, 9, 10, 11)


class Holds(StrEnum):
    """What an OTLP message carries."""

    SPANS = "spans"
    LOGS = "logs"
    METRICS = "metrics"


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
    """Tell what a TracesData, LogsData or MetricsData between two places carries; None if it is none or empty.

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
    """Tell what a resource's spans, logs or metrics between two places are. Raises WireError for none of them."""
    for number, kind, begin, stop in fields(data, start, end):
        if kind != BYTES or number > 3:  # noqa: PLR2004 - resource, scopes, schema URL (and 1000, long gone)
            raise WireError("no resource")
        for inner, inner_kind, first, last in fields(data, begin, stop) if number == 2 else ():  # noqa: PLR2004
            if inner_kind == BYTES and inner == 2:  # noqa: PLR2004 - spans, log records or metrics
                found = _record_holds(data, first, last)
                if found is not None:
                    return found
    return None


def _record_holds(data: bytes, start: int, end: int) -> Holds | None:
    """Tell a span (ids of 16 and 8 bytes), a log record (a time) and a metric (a name, a description) apart.

    A name may be as long as an id: then what follows decides, for only a span has its times in fields 7 and 8.
    """
    named = False
    for number, kind, begin, stop in fields(data, start, end):
        if number in _ID_LENGTHS:
            if kind != BYTES:
                return Holds.LOGS if kind == (FIXED64 if number == 1 else VARINT) else None
            text, fits = _is_text(data[begin:stop]), stop - begin == _ID_LENGTHS[number]
            if fits and not text:
                return Holds.SPANS
            named = named or text
            if not fits:
                return Holds.METRICS if named else None
        elif number in _SPAN_TIMES and kind == FIXED64:
            return Holds.SPANS
        elif number in _METRIC_DATA and kind == BYTES and named:
            return Holds.METRICS
        elif number == 11 and kind == FIXED64:  # noqa: PLR2004 - observed time of a log record
            return Holds.LOGS
    return Holds.METRICS if named else None


def _is_text(data: bytes) -> bool:
    return bool(data) and data.decode("utf-8", "ignore").isprintable()
