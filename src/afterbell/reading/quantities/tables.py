"""Reads the figures of a table: each with the words of its row and column and the scale that its headers state.

A table is rows of cells with their places; how it was written (Markdown, CSV, JSON, HTML) is `layout`'s business. Scale
is taken from the cell, the row, the column, the table, the text around it, in that order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from msgspec import Struct, structs

from afterbell.reading.quantities import grammar, labels, scales
from afterbell.reading.quantities.quantity import Kind, Quantity
from afterbell.reading.views import View

_PLAIN_NUMBER = re.compile(r"-?(?:\d{1,3}(?:,\d{3}){1,6}|\d{1,20})(?:\.\d{1,20})?\Z")
_YEAR = re.compile(r"(?:19|20)\d\d(?:\.0)?\Z")
_LETTER = re.compile(r"[A-Za-z\u4e00-\u9fff]")
_TOLD = 5  # words
_LONGEST_CELL = 400
_LARGE, _HUNDRED = 1000, 100
_UNNAMED = frozenset({"total"})  # a row of figures without a name is the total of those above it


class Cell(Struct, frozen=True):
    """A cell: its text, and where that begins in the whole text; `seen` maps a text that is not as it was written."""

    text: str
    start: int
    seen: View | None = None


class Column(Struct, frozen=True, kw_only=True):
    """What the headers say of a column."""

    label: str = ""
    scale: int | None = None


def read(rows: Sequence[Sequence[Cell]], name: str, *, scale: int | None = None, about: str = "") -> Iterator[Quantity]:
    """Yield the figures of a table row by row.

    `name` marks its groups; `scale` is what the text around states (a power of ten); `about` is its caption.
    """
    found = [
        [_cell(cell) if place or not _LETTER.search(cell.text) else () for place, cell in enumerate(row)]
        for row in rows
    ]
    told = {place for place, row in enumerate(rows) if not any(found[place]) and _is_told(row)}
    for place in told:
        found[place][0] = grammar.read(rows[place][0].text)
    body = next(
        (place for place, row in enumerate(found)
         if any(row[1:]) or (row and row[0] and (len(row) == 1 or place in told))),
        len(rows),
    )  # fmt: skip
    width = max((len(row) for row in rows[body:]), default=0)
    columns = _columns([_aligned(row, width) for row in rows[:body]])
    whole = next(
        (each for each in (scales.header_scale(text) for text in _captions(rows[:body], about)) if each is not None),
        scale,
    )
    if whole is None:
        stated = {column.scale for column in columns if column.scale is not None}
        whole = stated.pop() if len(stated) == 1 else None
    apart = next((each for each in map(scales.shares_apart, _captions(rows[:body], about)) if each is not None), None)
    section = ""
    for number in range(body, len(rows)):
        row = rows[number]
        title = _title(row, found[number])
        if not any(found[number]):
            said = scales.header_scale(title)
            whole = whole if said is None else said
            section = title
            continue
        yield from _row(
            row,
            found[number],
            columns,
            _Row(name=name, number=number, title=title, section=section, about=about),
            apart if apart is not None and scales.is_share_count(title) else whole,
        )


class _Row(Struct, frozen=True, kw_only=True):
    name: str
    number: int
    title: str
    section: str
    about: str


def _is_told(row: Sequence[Cell]) -> bool:
    """Tell whether a row's first cell says a sentence, with something beside it: no label and no section's title."""
    return (
        len(row) > 1
        and any(cell.text.strip() for cell in row[1:])
        and len(row[0].text.split()) >= _TOLD
        and scales.header_scale(row[0].text) is None
    )


def _row(
    row: Sequence[Cell],
    found: Sequence[tuple[Quantity, ...]],
    columns: Sequence[Column],
    where: _Row,
    whole: int | None,
) -> Iterator[Quantity]:
    own = scales.header_scale(where.title)
    row_words = labels.words(where.title[:_LONGEST_CELL]) or _UNNAMED
    above = f"{where.about} {where.section}"
    for place, cell in enumerate(row):
        column = columns[place] if place < len(columns) else Column()
        for each in found[place]:
            begin, end = cell.seen.place(each.start, each.end) if cell.seen else (each.start, each.end)
            stated = next((one for one in (own, column.scale, whole) if one is not None), None)
            yield named(
                structs.replace(
                    each, start=begin + cell.start, end=end + cell.start, row_label=row_words,
                    label=row_words | labels.words(column.label) | labels.words(above),
                    groups=(f"r{where.name}.{where.number}", f"c{where.name}.{place}"),
                    basis=labels.basis(where.title) | labels.basis(column.label) or labels.basis(above),
                ),
                (where.title, column.label), stated, where.section,
            )  # fmt: skip


def named(figure: Quantity, names: tuple[str, ...], scale: int | None, section: str = "") -> Quantity:
    """Return a figure with what its names and header say: percent, per share, the header's scale where it holds."""
    per_share = (
        figure.per_share or any(map(scales.is_per_share, names)) or (figure.shown > 0 and scales.is_per_share(section))
    )
    kind = figure.kind
    if kind is Kind.PLAIN and any(map(scales.is_points, names)):
        return structs.replace(figure, kind=Kind.PERCENT, scale=-2, scale_from="header")
    if kind is Kind.PLAIN and abs(figure.digits) < _LARGE and any(map(scales.is_percent, names)):
        kind = Kind.PERCENT
    plain = not figure.scale_from and kind in {Kind.PLAIN, Kind.MONEY, Kind.COUNT}
    small = kind is Kind.PLAIN and figure.shown > 0 and abs(figure.digits) <= _HUNDRED
    rate = (kind is Kind.PLAIN and any(map(scales.is_ratio, names))) or (small and any(map(scales.is_fraction, names)))
    if scale is None or not plain or per_share or rate:
        if per_share == figure.per_share and kind is figure.kind:
            return figure
        return structs.replace(figure, per_share=per_share, kind=kind)
    return structs.replace(figure, per_share=per_share, kind=kind, scale=scale, scale_from="header")


def whole(written: str) -> tuple[Quantity, ...]:
    """Return the figure of a value that is nothing but a figure, as a cell of a table is read."""
    return _cell(Cell(written, 0))


def _cell(cell: Cell) -> tuple[Quantity, ...]:
    bare = cell.text.strip()
    if not bare or len(bare) > _LONGEST_CELL:
        return () if not bare else grammar.read(cell.text)
    if _PLAIN_NUMBER.match(bare):
        if _YEAR.match(bare):
            return ()
        start = len(cell.text) - len(cell.text.lstrip())
        return (number(bare, start),)
    return grammar.read(cell.text, cell=True)


def number(written: str, start: int) -> Quantity:
    """Return the figure of a plain number at a place."""
    digits = Decimal(written.replace(",", ""))
    exponent = digits.as_tuple().exponent
    return Quantity(start=start, end=start + len(written), digits=digits, signed=digits < 0,
                    shown=max(0, -exponent) if isinstance(exponent, int) else 0)  # fmt: skip


def _title(row: Sequence[Cell], found: Sequence[tuple[Quantity, ...]]) -> str:
    """Return the words of a row: its cells before the first figure, else its first cell with letters."""
    first = next((place for place, each in enumerate(found) if each), len(row))
    words = [cell.text.strip() for cell in row[:first] if cell.text.strip()]
    if not words:
        words = [cell.text.strip() for cell in row if _LETTER.search(cell.text)][:1]
    return " ".join(words)[:_LONGEST_CELL]


def _captions(header: Sequence[Sequence[Cell]], about: str) -> Iterator[str]:
    """Yield what may state the scale of the whole table: first cells, lone cells of the header, the caption."""
    for row in header:
        told = [cell.text for cell in row if cell.text.strip()]
        if len(told) == 1 or (row and row[0].text.strip()):
            yield told[0]
    yield about


def _aligned(row: Sequence[Cell], width: int) -> Sequence[Cell]:
    """Return a header row that leaves out the empty corner with the corner filled in."""
    lacks = width - len(row)
    return [Cell("", 0)] * lacks + list(row) if lacks > 0 and len(row) > 1 else row


def _columns(header: Sequence[Sequence[Cell]]) -> list[Column]:
    """Return label and scale of each column; in all header rows but the last a blank cell continues its left one."""
    width = max((len(row) for row in header), default=0)
    texts: list[list[str]] = [[] for _ in range(width)]
    for depth, row in enumerate(header):
        last = ""
        for place in range(width):
            text = row[place].text.strip() if place < len(row) else ""
            spans = depth < len(header) - 1 and place > 0
            last = text or (last if spans else "")
            if last:
                texts[place].append(last)
    found = []
    for parts in texts:
        stated = [
            each
            for each in (scales.header_scale(part) or scales.bare_scale(part) for part in parts)
            if each is not None
        ]
        found.append(Column(label=" ".join(parts)[:_LONGEST_CELL], scale=stated[-1] if stated else None))
    return found
