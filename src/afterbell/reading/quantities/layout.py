"""Finds the tables in a text: Markdown, CSV, tabs, aligned columns, HTML. What is left between them is prose.

It finds rows and cells with their places and does not read figures. Takes any text; every line is looked at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from afterbell.reading import views
from afterbell.reading.quantities.tables import Cell

_RULE = re.compile(r"[\s|:+=_-]{3,}\Z")
_GAPS = re.compile(r"[ \u00a0]{2,}|\t")
_ENDS_IN_FIGURE = re.compile(r"[ \u00a0]{2}[$€£¥]?\(?-?\d[\d,.]{0,30}\)?%?\s{0,9}\Z")
_PIPE_AND_FIGURE = re.compile(r"\w\s{0,9}\|\s{0,40}[$€£¥]?\(?-?\d[\d,.]{0,30}\)?%?\s{0,9}\Z")
_FIELD = re.compile(r'[ \t]{0,40}"((?:[^"\n]|""){0,2000})"[ \t]{0,40}(?:,|\Z)|([^,\n]{0,2000})(?:,|\Z)')
_MARKUP = re.compile(r"<(?:tr|td|table|div|html|body|p|span)\b[^<>]{0,4000}>", re.IGNORECASE)
_TAG = re.compile(
    r"<(/?[a-z][a-z0-9]{0,12})\b[^<>]{0,4000}>|<[^<>]{1,4000}>|&(?:nbsp|#160|#xa0|[a-z]{2,6}|#\d{2,5});", re.IGNORECASE
)
_BREAKS = frozenset({"p", "/p", "br", "div", "/div", "li", "h1", "h2", "h3", "h4", "h5"})
_TORN = re.compile(r"(?<=[$€£¥(])[\t ]{1,400}(?=[\d(])|(?<=\d)[\t ]{1,400}(?=\)|%[ ]{0,400}[\t\n])")
_ROOM = re.compile(r"\s{2,4000}")
_TAB = re.compile(r"\t")
_QUOTED = re.compile(r'"[^"\n]{0,2000}"')
_LISTED = re.compile(r",\s\S{1,40}\s\S{1,40}\s\S")
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


def blocks(text: str, *, html: bool = False) -> Iterator[Block]:
    """Yield the tables and the prose of a text in order; `html`: it is what `flat` made of HTML."""
    yield from _lines(text, html=html)


def flat(text: str) -> str:
    """Return HTML with rows as lines and cells between tabs, every place as it was; any other text as it is."""
    if _MARKUP.search(text) is None:
        return text
    in_row = False

    def sign(hit: re.Match[str]) -> str:
        nonlocal in_row
        name = (hit[1] or "").lower()
        if name in {"tr", "/tr", "/table"}:
            in_row = name == "tr"
            mark = "\n"
        elif name in {"td", "th"}:
            mark = "\t"
        else:
            mark = " " if in_row or name not in _BREAKS else "\n"
        return mark.ljust(len(hit.group()))

    plain = _TAG.sub(sign, text.replace("\n", " "))
    return _TORN.sub(lambda hit: " " * len(hit.group()), plain)


def _lines(text: str, *, html: bool) -> Iterator[Block]:
    """Yield runs of lines that split alike as tables."""
    begin, end = 0, len(text)
    prose = begin
    rows: list[tuple[Cell, ...]] = []
    kind = ""
    first = at = begin
    while at <= end:
        stop = text.find("\n", at, end)
        stop = end if stop < 0 else stop
        if html:
            own, cells = _html_row(text, at, stop)
        else:
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
    if line.count("|") > 1 or ("|" in line and (kind == "pipe" or _PIPE_AND_FIGURE.search(line))):
        return "pipe", () if _RULE.match(line) else _pipes(line, start)
    if "\t" in line:
        return "tab", _cut(line, start, _TAB)
    gaps = len(_GAPS.findall(line.strip()))
    if (
        gaps
        and (kind == "gap" or gaps > 1 or "," not in line or _ENDS_IN_FIGURE.search(line))
        and kind != "comma"
        and _FIGURE.search(line)
    ):
        cells = _cut(line, start, _GAPS)
        if len(cells) > 1 and (_LETTER.search(cells[0].text) or _FIGURE.match(cells[0].text)):
            return "gap", cells
    bare = _QUOTED.sub("", line) if '"' in line else line
    if line.count(",") > 1 and not _LISTED.search(bare[:_WORDY]):
        cells = _commas(line, start)
        if len(cells) > 2 and (kind == "comma" or all(len(cell.text) < _WORDY for cell in cells)):  # noqa: PLR2004 - two cells are prose
            return "comma", cells
    return "", ()


def _html_row(text: str, start: int, end: int) -> tuple[str, tuple[Cell, ...]]:
    """Return the cells of a row of HTML that hold something."""
    if text.find("\t", start, end) < 0:
        return ("tab", ()) if not text[start:end].strip() else ("", ())
    return "tab", tuple(_squeezed(cell) for cell in _cut(text[start:end], start, _TAB) if cell.text.strip())


def _squeezed(cell: Cell) -> Cell:
    """Return a cell without the room that its tags took."""
    seen = views.rewritten(views.view(cell.text), _ROOM, lambda _hit: " ")
    return Cell(seen.text, cell.start, seen)


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
