"""Reads all figures of a text, whatever it is made of: prose, tables, JSON, and the one within the other.

Its one function is what modes and `grounding` read with. Takes any text, raises nothing, in linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import structs

from afterbell.reading import views
from afterbell.reading.quantities import grammar, layout, prose, scales, structures, tables
from afterbell.reading.quantities.quantity import Quantity

_STRUCTURE = re.compile(
    r"\{\s{0,40}[\"'}]|\[\s{0,40}(?:[\[{]|[\"'](?=[^\"'\n]{0,200}[\"']\s{0,20},)|-?\d[\d.,\s]{0,40},)"
)
_ROOM = re.compile(r"[ \t]{2,4000}")
_LONGEST = 4_000_000
_NESTED = 3


def read(text: str, *, scale: int | None = None) -> tuple[Quantity, ...]:
    """Return the figures of a text in order of place, with the words that name them and the scale that holds for them.

    `scale` is a power of ten that stands outside the text (the units of its document); a header within wins. Figures of
    text beyond four million characters are not read.
    """
    plain = grammar.plain(text[:_LONGEST])
    own = scales.stated_in(plain)
    return tuple(_read(plain, "", "", scale if own is None else own, 0))


def _read(text: str, name: str, about: str, scale: int | None, depth: int) -> Iterator[Quantity]:
    plain = layout.flat(text)
    html, text = plain is not text, plain
    at = part = 0
    while depth <= _NESTED and (hit := _STRUCTURE.search(text, at)) is not None:
        yield from _shifted(_plain(text[at : hit.start()], f"{name}-{part}", about, scale, html=html), at)
        stop, found = structures.read(text, hit.start(), f"{name}-{part}", _inner(depth), scale)
        yield from found
        at = max(stop, hit.end())
        part += 1
    yield from _shifted(_plain(text[at:], f"{name}-{part}", about, scale, html=html), at)


def _inner(depth: int) -> structures.TextReader:
    def reader(text: str, name: str, about: str, scale: int | None) -> Iterator[Quantity]:
        own = scales.stated_in(text)
        return _read(text, name, about, scale if own is None else own, depth + 1)

    return reader


def _shifted(found: Iterator[Quantity], by: int) -> Iterator[Quantity]:
    for each in found:
        yield structs.replace(each, start=each.start + by, end=each.end + by) if by else each


def _plain(text: str, name: str, about: str, scale: int | None, *, html: bool) -> Iterator[Quantity]:
    for place, block in enumerate(layout.blocks(text, html=html)):
        if block.rows:
            yield from tables.read(block.rows, f"{name}.{place}", scale=scale, about=block.about)
            continue
        seen = views.view(text[block.start : block.end])
        if html:
            seen = views.rewritten(seen, _ROOM, lambda _hit: " ")
        for each in prose.read(seen.text, f"{name}.{place}", about=about):
            begin, end = seen.place(each.start, each.end)
            yield structs.replace(each, start=begin + block.start, end=end + block.start)
