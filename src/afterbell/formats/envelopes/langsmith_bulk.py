"""LangSmith's bulk export: one run a row, in Parquet (which comes here as JSON lines) or in lines of the same columns.

Columns are those of LangSmith's run format; objects stand as JSON text or as structures, and a column without a value
is none. What tells such a row from a run that an SDK sends is the workspace (`tenant_id`) or the mark of a root
(`is_root`) beside the run's type. Source: LangSmith's documentation of its bulk export.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from afterbell.formats import json_rows, langsmith_run
from afterbell.formats.items import Context, Item, Unit
from afterbell.formats.messages import as_object, as_text
from afterbell.model.trace import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "langsmith-bulk"
TITLE = "LangSmith's bulk export: runs as Parquet, or as JSON lines with its columns"
UNIT = Unit.LINE
RANK = 41

_BEGINS = re.compile(rb"(?:\xef\xbb\xbf)?\{")
_COLUMNS = frozenset({"id", "run_type"})
_OURS = frozenset({"tenant_id", "is_root"})
_OBJECTS = ("extra", "inputs", "outputs")
_SHOWN = 120


def recognise(head: bytes, _name: str) -> bool:
    """Tell whether the first line begins an object with the columns of a bulk export."""
    line, _end, _rest = head.partition(b"\n")
    if not _BEGINS.match(line):
        return False
    keys = json_rows.keys(line)
    return keys >= _COLUMNS and not keys.isdisjoint(_OURS)


def read(line: bytes, context: Context) -> Iterator[Item]:
    """Read one row into a span, or a refusal that says what is wrong with it."""
    where = f"row {context.position}"
    if not line.strip():
        return
    try:
        row = json_rows.parsed(line)
    except (ValueError, RecursionError) as error:
        yield Refusal(where=where, why=f"not JSON, or cut off: {str(error)[:_SHOWN]}")
        return
    if not isinstance(row, dict) or not row.get("id"):
        yield Refusal(where=where, why="no run: an object with an id is needed")
        return
    run = {key: value for key, value in row.items() if value not in (None, "")}
    run |= {key: dict(as_object(run[key])) or run[key] for key in _OBJECTS if key in run}
    kind = as_text(run.get("run_type"))
    if kind.lower() not in langsmith_run.KINDS:
        yield Refusal(where=where, why=f"unknown run type {kind[:40]!r}: read as a step", taken=True)
    yield langsmith_run.span_of(run, name=NAME, position=context.position)
