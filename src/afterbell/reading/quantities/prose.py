"""Reads the figures of running text, each with the words of its clause and sentence, its heading and its paragraph.

Takes one piece of text without tables. It does not judge who claims what.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from msgspec import structs

from afterbell.reading.quantities import grammar, labels, scales
from afterbell.reading.quantities.quantity import Kind, Quantity

_END = re.compile(r"(?<=[.!?])[\s*_\"')]{1,8}(?=[A-Z\"'(\[*#\-\u4e00-\u9fff])|[。！？；]|\n")
_BREAK = re.compile(r"\n[ \t]{0,40}\n")
_HEADING = re.compile(r"(?:^|\n)[ \t]{0,8}(?:#{1,6}[ \t]{1,4}([^\n]{1,160})|\*\*([^*\n]{1,120})\*\*:?[ \t]{0,8}(?=\n))")
_CLAUSE_END = re.compile(r"[,;:()]|\band\b|\bwhile\b|\bversus\b")
# "Revenue by segment (in millions): East 473; West 678": what the head of a line states holds for its list.
_LISTED = re.compile(r"(?:^|(?<=\n)|(?<=[.!?]\s))([^\n:：]{3,120})[:：][^\n]{1,2000}")
_LONGEST = 400
_CLAUSE = 90


def read(text: str, name: str, *, about: str = "") -> Iterator[Quantity]:
    """Yield the figures of a text in order. `about` holds words that name all of them (keys above, a title).

    What a document states of its scale holds for tables; a sentence says its own.
    """
    found = grammar.read(text)
    if not found:
        return
    ends = [hit.end() for hit in _END.finditer(text)]
    breaks = [hit.end() for hit in _BREAK.finditer(text)]
    headings = [(hit.end(), hit[1] or hit[2]) for hit in _HEADING.finditer(text)]
    tops = [place for place, _ in headings]
    listed = _scaled_lists(text)
    above = labels.words(about[:_LONGEST])
    basis_above = labels.basis(about[:_LONGEST]) if about else frozenset()
    for place, each in enumerate(found):
        sentence = bisect_right(ends, each.start)
        start = max(ends[sentence - 1] if sentence else 0, each.start - _LONGEST)
        end = min(ends[sentence] if sentence < len(ends) else len(text), each.end + _LONGEST)
        clause = _clause(text, found, place, start, end)
        heading = bisect_right(tops, each.start)
        title = headings[heading - 1][1] if heading else ""
        own = labels.words(clause)
        basis = labels.basis(clause) or labels.basis(text[start:end]) or labels.basis(title) or basis_above
        yield _seen(
            structs.replace(
                _in_list(each, listed), row_label=own, basis=basis,
                label=own | labels.words(text[start:end]) | labels.words(title) | above,
                groups=(f"s{name}.{sentence}", f"p{name}.{bisect_right(breaks, each.start)}"),
            ),
            clause, text[start:end],
        )  # fmt: skip


def _scaled_lists(text: str) -> list[tuple[int, int, int]]:
    """Return where lists stand whose head states a scale, with that power of ten."""
    if scales.stated_in(text) is None:
        return []
    found = []
    for hit in _LISTED.finditer(text):
        scale = scales.header_scale(hit[1])
        if scale is not None:
            found.append((hit.end(1), hit.end(), scale))
    return found


def _in_list(figure: Quantity, listed: list[tuple[int, int, int]]) -> Quantity:
    if not listed or figure.scale_from or figure.kind not in {Kind.PLAIN, Kind.MONEY} or figure.per_share:
        return figure
    scale = next((scale for start, end, scale in listed if start <= figure.start < end), None)
    return figure if scale is None else structs.replace(figure, scale=scale, scale_from="header")


def _clause(text: str, found: tuple[Quantity, ...], place: int, start: int, end: int) -> str:
    """Return the words right beside a figure: back to the figure before it, on to the next comma or figure."""
    each = found[place]
    back = max(start, found[place - 1].end if place else 0, each.start - _CLAUSE)
    on = min(end, found[place + 1].start if place + 1 < len(found) else end, each.end + _CLAUSE)
    stop = _CLAUSE_END.search(text, each.end, on)
    return f"{text[back : each.start]} {text[each.end : stop.start() if stop else on]}"


def _seen(figure: Quantity, clause: str, sentence: str) -> Quantity:
    """Return the figure with what prose means by it: a figure without a scale word is in ones, or per share."""
    per_share = figure.per_share or (
        figure.kind in {Kind.PLAIN, Kind.MONEY} and not figure.scale_from and scales.is_per_share(clause)
    )
    ones = "" if "\t" in sentence or "|" in sentence else "text"  # a lone row of a table says nothing
    return structs.replace(figure, per_share=per_share, scale_from=figure.scale_from or ones)
