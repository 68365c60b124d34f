"""Finds the texts inside a protobuf document around given places, so that a mask never crosses a frame.

A text in protobuf is preceded by its length and followed by the next field's tag, and both may look like letters.
It knows the wire format only (tags, varints, lengths), no messages. Source: protobuf.dev/programming-guides/encoding.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec import Struct

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_WIDTH = {_FIXED64: 8, _FIXED32: 4}
# Tags and lengths of any real message show among its first fields; a text holds no such bytes.
_BINARY = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f]")
_HEAD = 1 << 16
_DEEPEST = 24
_PREFIX = 4
_LONGEST_VARINT = 10
# From a KeyValue's field 2: the AnyValue, perhaps an ArrayValue and its first entry, and the string.
_TO_TEXT = (b"\x12", b"\x2a", b"\x0a", b"\x0a")


class Leaves(Struct, frozen=True, kw_only=True):
    """The innermost fields that hold the places asked for, in order."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]

    @staticmethod
    def of(data: bytes, places: Sequence[int]) -> Leaves | None:
        """Return the fields around the places, or None when the data is no protobuf (bare, or in 32-bit frames)."""
        messages = tuple(_messages(data)) if _BINARY.search(data, 0, _HEAD) else ()
        if not messages:
            return None
        wanted = sorted(places)
        found = sorted(leaf for begin, end in messages for leaf in _leaves(data, begin, end, wanted))
        return Leaves(starts=tuple(start for start, _ in found), ends=tuple(end for _, end in found))

    def around(self, place: int) -> tuple[int, int]:
        """Return begin and end of the field that holds `place`; an empty one where no field does."""
        index = bisect_right(self.starts, place) - 1
        if index < 0 or self.ends[index] <= place:
            return place, place
        return self.starts[index], self.ends[index]


def value_after(data: bytes, place: int) -> tuple[int, int] | None:
    """Return begin and end of the text when `place` begins the value of a KeyValue, else None.

    The value is a string, or a list whose first entry is one.
    """
    end = len(data)
    for tag in _TO_TEXT:
        if data[place : place + 1] == tag:
            length, place = _varint(data, place + 1, end)
            if length < 1 or place + length > end:
                return None
            end = place + length
    return (place, end) if place < end else None


def _messages(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield the outermost messages; none when the data is no protobuf."""
    if _whole(data, 0, len(data), cut=True):
        yield 0, len(data)
        return
    orders: tuple[Literal["big", "little"], ...] = ("big", "little")
    for order in orders:
        length = int.from_bytes(data[:_PREFIX], order)
        if 0 < length <= len(data) and _whole(data, _PREFIX, min(_PREFIX + length, len(data)), cut=True):
            place = 0
            while place + _PREFIX < len(data):
                end = place + _PREFIX + int.from_bytes(data[place : place + _PREFIX], order)
                yield place + _PREFIX, min(end, len(data))
                place = end
            return


def _leaves(data: bytes, begin: int, end: int, places: Sequence[int], depth: int = 0) -> Iterator[tuple[int, int]]:
    for first, stop in _fields(data, begin, end):
        low = bisect_left(places, first)
        if low < len(places) and places[low] < stop:
            if depth < _DEEPEST and _whole(data, first, stop, cut=False):
                yield from _leaves(data, first, stop, places, depth + 1)
            else:
                yield first, stop


def _whole(data: bytes, begin: int, end: int, *, cut: bool) -> bool:
    """Tell whether the stretch is a message: fields up to its very end (`cut` allows the last to be cut off)."""
    place = begin
    while place < end:
        place = _next(data, place, end)[2]
        if place < 0:
            return False
    return place == end or (cut and place > end)


def _fields(data: bytes, begin: int, end: int) -> Iterator[tuple[int, int]]:
    place = begin
    while 0 <= place < end:
        kind, first, place = _next(data, place, end)
        if kind == _BYTES and place > first:
            yield first, min(place, end)


def _next(data: bytes, place: int, end: int) -> tuple[int, int, int]:
    """Return wire type, begin and end of the field at `place`; -1 as its end where there is no field."""
    tag, first = _varint(data, place, end)
    kind = tag & 7
    if tag < 8:  # noqa: PLR2004 - field numbers begin at 1
        return kind, first, -1
    if kind == _VARINT:
        value, stop = _varint(data, first, end)
        return kind, first, stop if value >= 0 else -1
    if kind == _BYTES:
        length, first = _varint(data, first, end)
        return kind, first, first + length if length >= 0 else -1
    return kind, first, first + _WIDTH[kind] if kind in _WIDTH else -1


def _varint(data: bytes, place: int, end: int) -> tuple[int, int]:
    """Return the number at `place` and the place after it, or -1 where there is none."""
    number = 0
    for shift in range(_LONGEST_VARINT):
        if place + shift >= end:
            return -1, place
        byte = data[place + shift]
        number |= (byte & 0x7F) << (7 * shift)
        if byte < 0x80:  # noqa: PLR2004 - the continuation bit
            return number, place + shift + 1
    return -1, place
