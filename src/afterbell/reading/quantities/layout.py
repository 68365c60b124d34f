"""Finds the tables in a text: Markdown, CSV, tabs, aligned columns, HTML. What is left between them is prose.

It finds rows and cells with their places and does not read figures. Takes any text; every line is looked at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from afterbell.reading.quantities.tables import Cell

_RULE = re.compile(r"[\s|:+=_-]{3,}\Z")
_GAPS = re.compile(r"[ \u00a0]{2,}|\t")
_FIELD = re.compile(r'[ \t]{0,40}"((?:[^"\n]|""){0,2000})"[ \t]{0,40}(?:,|\Z)|([^,\n]{0,2000})(?:,|\Z)')
_HTML_ROW = re.compile(r"<tr\b[^>]{0,400}>", re.IGNORECASE)
_HTML_CELL = re.compile(r"<t[dh]\b[^>]{0,800}>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,800}>|&(?:nbsp|#160|ensp|emsp|#8194|#8195);", re.IGNORECASE)
_FIGURE = re.compile(r"\d")
_LETTER = re.compile(r"[A-Za-z\u4e00-\u9fff]")
_WORDY = 120
_CAPTION = 240


class Block(Struct, frozen=True, kw_only=True):
    """A piece of a text: rows of a table, or none and then prose from `start` to `end`. `about` = the lines before."""

    start: int
    end: int
    rows: tuple[tuple[Cell, ...], ...] = ()
    about: str = ""


def blocks(text: str) -> Iterator[Block]:
    """Yield the tables and the prose of a text in order."""
    if "<tr" in text or "<TR" in text:
        yield from _html(text)
        return
    yield from _lines(text, 0, len(text))


def _lines(text: str, begin: int, end: int) -> Iterator[Block]:
    """Yield runs of lines that split alike as tables."""
    prose = begin
    rows: list[tuple[Cell, ...]] = []
    kind = ""
    first = at = begin
    while at <= end:
        stop = text.find("\n", at, end)
        stop = end if stop < 0 else stop
        own, cells = _split(text, at, stop, kind) if stop > at else ("", ())
        if own and (own == kind or not kind):
            if not rows:
                first = at
            kind = own
            if cells:
                rows.append(cells)
        else:
            if _is_table(rows, kind):
                yield from _prose(text, prose, first)
                yield Block(start=first, end=at, rows=tuple(rows), about=_about(text, begin, first))
                prose = at
            rows, kind = ([cells], own) if own and cells else ([], own)
            first = at
        at = stop + 1
    if _is_table(rows, kind):
        yield from _prose(text, prose, first)
        yield Block(start=first, end=end, rows=tuple(rows), about=_about(text, begin, first))
    else:
        yield from _prose(text, prose, end)


def _prose(text: str, start: int, end: int) -> Iterator[Block]:
    if end > start and text[start:end].strip():
        yield Block(start=start, end=end)


def _about(text: str, begin: int, first: int) -> str:
    """Return the last two lines before a table: its caption, or the note that states its scale."""
    lines = text[max(begin, first - _CAPTION) : first].rstrip().rsplit("\n", 2)
    return " ".join(line for line in lines[-2:] if line.strip())


def _is_table(rows: list[tuple[Cell, ...]], kind: str) -> bool:
    if len(rows) < 2:  # noqa: PLR2004 - a table has two rows
        return kind == "pipe" and len(rows) == 1 and len(rows[0]) > 2  # noqa: PLR2004 - a label and two cells
    if kind == "pipe":
        return True
    return sum(any(_FIGURE.search(cell.text) for cell in row[1:]) for row in rows) * 2 > len(rows)


def _split(text: str, start: int, end: int, kind: str) -> tuple[str, tuple[Cell, ...]]:
    """Return how a line splits (pipe, tab, comma, gap, or "" for prose) and its cells; a rule of dashes has none."""
    line = text[start:end]
    if line.count("|") > 1 or (kind == "pipe" and "|" in line):
        return "pipe", () if _RULE.match(line) else _pipes(line, start)
    if "\t" in line.strip():
        return "tab", _cut(line, start, re.compile(r"\t"))
    if line.count(",") > 1 and not re.search(r",\s\S+\s\S+\s\S", line[:_WORDY]):
        cells = _commas(line, start)
        if len(cells) > 2 and (kind == "comma" or all(len(cell.text) < _WORDY for cell in cells)):  # noqa: PLR2004 - two cells are prose
            return "comma", cells
    if "  " in line.strip() and _FIGURE.search(line):
        cells = _cut(line, start, _GAPS)
        if len(cells) > 1 and (not cells[0].text or _LETTER.search(cells[0].text) or _FIGURE.match(cells[0].text)):
            return "gap", cells
    return "", ()


def _pipes(line: str, start: int) -> tuple[Cell, ...]:
    cells = []
    at = 0
    bare = line.rstrip()
    if bare.lstrip().startswith("|"):
        at = bare.index("|") + 1
    stop = len(bare) - 1 if bare.endswith("|") else len(bare)
    for piece in bare[at:stop].split("|"):
        cells.append(Cell(piece.replace("*", " "), start + at))
        at += len(piece) + 1
    return tuple(cells)


def _cut(line: str, start: int, gap: re.Pattern[str]) -> tuple[Cell, ...]:
    cells = []
    at = len(line) - len(line.lstrip(" "))
    for hit in gap.finditer(line, at):
        cells.append(Cell(line[at : hit.start()], start + at))
        at = hit.end()
    if at < len(line):
        cells.append(Cell(line[at:], start + at))
    return tuple(cells)


def _commas(line: str, start: int) -> tuple[Cell, ...]:
    cells = []
    at = 0
    while at <= len(line):
        hit = _FIELD.match(line, at)
        if hit is None:
            break
        group = 1 if hit[1] is not None else 2
        cells.append(Cell(hit[group], start + hit.start(group)))
        if hit.end() == at or not hit.group().endswith(","):
            break
        at = hit.end()
    return tuple(cells)


def _html(text: str) -> Iterator[Block]:
    """Yield the tables of HTML row by row; tags within cells read as blanks, so that places stay."""
    bare = _TAG.sub(lambda hit: hit.group() if hit.group()[:3].lower() in {"<tr", "<td", "<th"} else " " * len(hit.group()), text)
    rows: list[tuple[Cell, ...]] = []
    starts = [hit.span() for hit in _HTML_ROW.finditer(bare)]
    at = 0
    for place, (begin, inner) in enumerate(starts):
        following = starts[place + 1][0] if place + 1 < len(starts) else len(text)
        closing = text.lower().find("</tr", inner, following) if False else _closing(text, inner, following)
        if not rows and begin > at:
            yield from _plain_html(bare, at, begin)
            first = begin
        rows.append(_html_cells(bare, inner, closing))
        if _closing_table(text, closing, following) or following == len(text):
            yield Block(start=first, end=closing, rows=tuple(row for row in rows if row), about=_about(bare, 0, first))
            rows = []
            at = closing
    if at < len(bare):
        yield from _plain_html(bare, at, len(bare))
