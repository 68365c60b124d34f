"""A text as it is read, with each place mapped back to the text as it is written.

Escapes in JSON, zero-width characters and look-alike letters change what stands in a field; a finding made in the
readable form must still be cited in the field's own characters. This module changes texts; what to change is told.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from typing import Final

from msgspec import Struct

_ESCAPE = re.compile(r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[nrtbf\"'/\\])")
_SIMPLE: Final = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_PASSES = 3
_PAIR = 12


class View(Struct, frozen=True, kw_only=True):
    """A readable form of a text.

    `starts` are places in `text` where a stretch begins; `places` tell of each where it stands in the original (first
    character and end) and whether it is the same there, character by character.
    """

    text: str
    starts: tuple[int, ...] = (0,)
    places: tuple[tuple[int, int, bool], ...] = ()

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return where `text[start:end]` stands in the original; an empty stretch stands before its character."""
        if not self.places:
            return start, end
        first, _ = self._one(start)
        last = self._one(end - 1)[1] if end > start else first
        return first, max(first, last)

    def _one(self, place: int) -> tuple[int, int]:
        index = max(0, bisect_right(self.starts, place) - 1)
        begin, stop, same = self.places[index]
        if same:
            at = min(begin + place - self.starts[index], stop)
            return at, min(at + 1, stop)
        return begin, stop


def view(text: str) -> View:
    """Return the text as its own view."""
    return View(text=text)


def rewritten(old: View, pattern: re.Pattern[str], new: Callable[[re.Match[str]], str]) -> View:
    """Return the view in which each match of `pattern` reads as `new` says; the very same view without a match."""
    pieces: list[str] = []
    starts: list[int] = []
    places: list[tuple[int, int, bool]] = []
    done = length = 0

    def add(piece: str, begin: int, end: int, *, same: bool) -> None:
        nonlocal length
        if not piece:
            return
        if same and old.places:
            _copy(old, begin, end, length, starts, places)
        else:
            starts.append(length)
            places.append((*(old.place(begin, end)), same))
        pieces.append(piece)
        length += len(piece)

    for match in pattern.finditer(old.text):
        add(old.text[done : match.start()], done, match.start(), same=True)
        add(new(match), match.start(), match.end(), same=False)
        done = match.end()
    if not done:
        return old
    add(old.text[done:], done, len(old.text), same=True)
    if not starts:
        return View(text="", starts=(0,), places=((0, 0, False),))
    return View(text="".join(pieces), starts=tuple(starts), places=tuple(places))


def _copy(old: View, begin: int, end: int, length: int, starts: list[int], places: list[tuple[int, int, bool]]) -> None:
    """Carry over the stretches of the old view between two places."""
    index = max(0, bisect_right(old.starts, begin) - 1)
    place = begin
    while place < end:
        stop = min(end, old.starts[index + 1] if index + 1 < len(old.starts) else end)
        first, last, same = old.places[index]
        skipped = place - old.starts[index]
        starts.append(length + place - begin)
        places.append((first + skipped, first + skipped + stop - place, True) if same else (first, last, False))
        place, index = stop, index + 1


def unescaped(old: View) -> View:
    r"""Return the view with \n, \", \u200b and the like as what they stand for, also where JSON holds JSON.

    It needs no JSON around: a text that was cut off, or a structure printed by a program, reads the same way.
    """
    found = old
    for _ in range(_PASSES):
        if "\\" not in found.text:
            break
        changed = rewritten(found, _ESCAPE, _meant)
        if changed is found:
            break
        found = changed
    return found


def _meant(match: re.Match[str]) -> str:
    said = match[0]
    if len(said) == _PAIR:
        high, low = int(said[2:6], 16), int(said[8:], 16)
        return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
    if said[1] == "u":
        return chr(int(said.removeprefix("\\u"), base=16))
    return _SIMPLE.get(said[1], said[1])
