"""A text in pieces: plain stretches, stretches that findings mark, and how much is left out where it is too long.

What a finding marks is always shown, with some words around it. It makes no markup; a template does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from afterbell.model.trace_page import Piece

LONGEST = 3000
_AROUND = 300
_LEAST_LEFT_OUT = 200


def pieces(text: str, marks: Iterable[tuple[int, int, int]] = (), longest: int = LONGEST) -> tuple[Piece, ...]:
    """Return a text in pieces; `marks` are (start, end, number of the finding) in characters, and may overlap.

    Of a text of more than `longest` characters the beginning and what is marked are shown.
    """
    placed = sorted((max(0, start), min(len(text), end), number) for start, end, number in marks)
    placed = [each for each in placed if each[0] < each[1]]
    found: list[Piece] = []
    told: set[int] = set()
    place = 0
    for start, end in _windows(len(text), placed, longest):
        if start > place:
            found.append(Piece(left_out=start - place))
        for piece in _cut(text, start, end, placed):
            begins = tuple(number for number in piece.findings if number not in told)
            told.update(begins)
            found.append(Piece(text=piece.text, findings=piece.findings, begins=begins))
        place = end
    if place < len(text):
        found.append(Piece(left_out=len(text) - place))
    return tuple(found)


def _windows(length: int, marks: Sequence[tuple[int, int, int]], longest: int) -> list[tuple[int, int]]:
    """Return the stretches to show, in order and apart."""
    if length <= longest + _LEAST_LEFT_OUT:
        return [(0, length)]
    wanted = [(0, longest), *((max(0, start - _AROUND), min(length, end + _AROUND)) for start, end, _number in marks)]
    joined: list[tuple[int, int]] = []
    for start, end in sorted(wanted):
        if joined and start - joined[-1][1] < _LEAST_LEFT_OUT:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    if length - joined[-1][1] < _LEAST_LEFT_OUT:
        joined[-1] = (joined[-1][0], length)
    return joined


def _cut(text: str, start: int, end: int, marks: Sequence[tuple[int, int, int]]) -> Iterator[Piece]:
    edges = {start, end} | {edge for mark in marks for edge in mark[:2] if start < edge < end}
    for left, right in pairwise(sorted(edges)):
        numbers = tuple(dict.fromkeys(number for first, last, number in marks if first <= left and right <= last))
        yield Piece(text=text[left:right], findings=numbers)
