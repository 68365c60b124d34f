"""Langfuse's exports as CSV: a header with the export's columns, then one observation, trace or score a row.

Cells hold JSON where the column does. Read row by row, in bounded memory.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, BinaryIO

from afterbell.formats import langfuse_rows
from afterbell.formats.items import Context, Item, Unit
from afterbell.formats.json_rows import Row
from afterbell.model.trace import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "langfuse-csv"
TITLE = "Langfuse exports as CSV"
UNIT = Unit.STREAM
RANK = 42

LONGEST_CELL = 16 * 1024 * 1024
_SHOWN = 120


def recognise(head: bytes, _name: str) -> bool:
    """Tell whether the first line is a header with the columns of Langfuse's rows."""
    line = head.removeprefix(b"\xef\xbb\xbf").partition(b"\n")[0].decode("utf-8", "replace")
    cells = frozenset(cell.strip().strip('"') for cell in line.split(","))
    return "id" in cells and langfuse_rows.starts_with_row(cells)


def read(stream: BinaryIO, _context: Context) -> Iterator[Item]:
    """Read the rows into spans and log records, or refusals with the number of the row (the header is row 1)."""
    limit = csv.field_size_limit(LONGEST_CELL)
    try:
        yield from _rows(stream)
    finally:
        csv.field_size_limit(limit)


def _rows(stream: BinaryIO) -> Iterator[Item]:
    lines = (line.decode("utf-8", "replace") for line in iter(lambda: stream.readline(LONGEST_CELL), b""))
    table = csv.reader(lines, strict=True)
    number, header = 0, None
    while True:
        number += 1
        try:
            cells = next(table, None)
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
