"""Langfuse's exports as CSV: a header with the export's columns, then one observation, trace or score a row.

Cells hold JSON where the column does. Read row by row, in bounded memory.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, BinaryIO

from afterbell.formats import bounded, langfuse_rows
from afterbell.formats.items import Context, Item, Unit
from afterbell.formats.json_rows import Row
from afterbell.model.trace import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "langfuse-csv"
TITLE = "Langfuse exports as CSV"
UNIT = Unit.STREAM
RANK = 42

LONGEST_LINE, LONGEST_ROW = 16 * 1024 * 1024, 64 * 1024 * 1024
_SHOWN = 120


def recognise(head: bytes, _name: str) -> bool:
    """Tell whether the first line is a header with the columns of Langfuse's rows."""
    line = head.removeprefix(b"\xef\xbb\xbf").partition(b"\n")[0].decode("utf-8", "replace")
    cells = frozenset(cell.strip().strip('"') for cell in line.split(","))
    return "id" in cells and langfuse_rows.starts_with_row(cells)


def read(stream: BinaryIO, _context: Context) -> Iterator[Item]:
    """Read the rows into spans and log records, or refusals with the number of the row (the header is row 1)."""
    lines = _Lines(stream)
    table = csv.reader(lines, strict=True)
    number, header = 0, None
    while True:
        number += 1
        lines.held = 0
        try:
            cells = _next(table)
        except csv.Error as error:
            yield Refusal(where=f"row {number}", why=f"not CSV: {str(error)[:_SHOWN]}")
            continue
        if cells is None:
            return
        if header is None:
            header = [cell.removeprefix("\ufeff").strip() for cell in cells]
        elif len(cells) == len(header):
            row = Row(where=f"row {number}", value=dict(zip(header, cells, strict=True)))
            yield from langfuse_rows.items(row, NAME, number)
        elif "".join(cells).strip():
            yield Refusal(where=f"row {number}", why=f"{len(cells)} cells under {len(header)} columns")


def _next(table: Iterator[list[str]]) -> list[str] | None:
    """Return the next row, None after the last. How long a cell may be is a setting of the process: lent for a row."""
    limit = csv.field_size_limit(LONGEST_ROW)
    try:
        return next(table, None)
    finally:
        csv.field_size_limit(limit)


class _Lines:
    """The lines of a table as text; a line or a row too long to hold is given up with csv.Error, and read past.

    `held` counts the bytes of the row under way, which may go over many lines.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._lines = bounded.lines(stream, LONGEST_LINE)
        self.held = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line, whole = next(self._lines)
        self.held += len(line)
        if not whole or self.held > LONGEST_ROW:
            raise csv.Error(bounded.too_long(LONGEST_ROW if whole else LONGEST_LINE))
        return line.decode("utf-8", "replace")
