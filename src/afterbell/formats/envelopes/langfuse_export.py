"""Langfuse's exports and the answers of its public API as JSON: observations, traces with observations, scores.

One row a line (blob export; one in Parquet comes here so), a list, a page `{"data": [...]}`, or one trace
`{"trace": {...}, "observations": [...]}`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from afterbell.formats import json_rows, langfuse_rows
from afterbell.formats.items import Context, Item, Unit
from afterbell.model.trace import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "langfuse-export"
TITLE = "Langfuse exports and API answers as Parquet, JSON or JSON lines: observations, traces, scores"
UNIT = Unit.STREAM
RANK = 42


def recognise(head: bytes, _name: str) -> bool:
    """Tell whether JSON begins here with the keys of Langfuse's rows."""
    return json_rows.begins(head) and langfuse_rows.starts_with_row(json_rows.keys(head))


def read(stream: BinaryIO, _context: Context) -> Iterator[Item]:
    """Read the rows into spans and log records, or refusals that say where and why."""
    for position, row in enumerate(json_rows.rows(stream, "observations", "data"), 1):
        if isinstance(row, Refusal):
            yield row
        else:
            yield from langfuse_rows.items(row, NAME, position)
