"""Spans as Phoenix's client gives them in a data frame, saved as Parquet (which comes here as JSON lines).

A column for each attribute (`attributes.llm.model_name`), beside `context.trace_id` and `context.span_id`, which may be
the frame's index. A frame gives every span all columns: what holds nothing is not there, and counts that became
floating-point numbers are whole again. What Phoenix does not keep, the frame does not either: see `phoenix_spans`.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from afterbell.formats import json_rows
from afterbell.formats.envelopes import phoenix_spans
from afterbell.formats.items import Context, Item, Unit
from afterbell.model.trace import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "phoenix-frame"
TITLE = "Arize Phoenix spans as a data frame: Parquet, or JSON lines with its columns"
UNIT = Unit.LINE
RANK = 43

_COLUMNS = frozenset({"context.trace_id", "span_kind", "start_time"})
_ATTRIBUTE, _CONTEXT = "attributes.", "context."
_INDEX = "__index_level_0__"
_BEGINS = re.compile(rb"(?:\xef\xbb\xbf)?\{")
_SHOWN = 120
_EXACT = 2**53


def recognise(head: bytes, _name: str) -> bool:
    """Tell whether the first line begins an object with the columns of a frame of spans."""
    line, _end, _rest = head.partition(b"\n")
    return _BEGINS.match(line) is not None and json_rows.keys(line) >= _COLUMNS


def read(line: bytes, context: Context) -> Iterator[Item]:
    """Read one row into a span, or a refusal that says what is wrong with it."""
    where = f"row {context.position}"
    if not line.strip():
        return
    try:
        row = json_rows.parsed(line)
        held = _held(row)
    except (ValueError, RecursionError) as error:
        yield Refusal(where=where, why=f"not JSON, or cut off: {str(error)[:_SHOWN]}")
        return
    if not isinstance(held, dict):
        yield Refusal(where=where, why="the span is not an object")
        return
    ids = {"span_id": held.get(_INDEX), **_under(held, _CONTEXT)}
    span = {key: value for key, value in held.items() if not key.startswith((_ATTRIBUTE, _CONTEXT))}
    span |= {"context": ids, "attributes": _under(held, _ATTRIBUTE)}
    yield phoenix_spans.span_of(span, where, context.position, NAME)


def _under(row: dict[str, Any], prefix: str) -> dict[str, Any]:
    return {key.removeprefix(prefix): value for key, value in row.items() if key.startswith(prefix)}


def _held(value: Any) -> Any:
    """Return the value without what holds nothing, whole floating-point numbers as integers; None for nothing."""
    if isinstance(value, dict):
        return {key: kept for key, each in value.items() if (kept := _held(each)) is not None} or None
    if isinstance(value, list):
        return [_held(each) if not isinstance(each, dict) else _held(each) or {} for each in value] or None
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return int(value) if value.is_integer() and abs(value) <= _EXACT else value
    return value
