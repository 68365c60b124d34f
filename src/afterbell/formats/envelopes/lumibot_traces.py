"""Lumibot's agent traces: one JSON document a run, `traces/<agent>/<cache key or live>-<time>.json`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from afterbell.formats import json_rows, lumibot_run
from afterbell.formats.items import Context, Item, Unit
from afterbell.model.trace import Refusal

NAME = "lumibot-traces"
TITLE = "Lumibot agent traces"
UNIT = Unit.STREAM
RANK = 46

_KEYS = ("agent", "request", "events", "execution_outcome", "duckdb_metrics", "tool_results", "timing", "tool_calls")
_FEWEST = 3


def recognise(head: bytes, _name: str) -> bool:
    """Tell whether a run begins here. Keys stand in the order of the alphabet, so some may come after `head`."""
    if not json_rows.begins(head) or head.lstrip()[:1] == b"[":
        return False
    keys = json_rows.keys(head)
    lumibot = "duckdb_metrics" in keys or {"decision_completed", "broker_state_certainty"} <= keys
    return lumibot and {"agent", "events"} <= keys and sum(key in keys for key in _KEYS) >= _FEWEST


def read(stream: BinaryIO, context: Context) -> Iterator[Item]:
    """Read the runs into spans, or refusals that say where and why."""
    for number, row in enumerate(json_rows.rows(stream), 1):
        if isinstance(row, Refusal):
            yield row
        elif not isinstance(row.value, dict) or not isinstance(row.value.get("events"), list):
            yield Refusal(where=row.where, why="no run: an object with agent and events is needed")
        else:
            raw = lumibot_run.raw_id(context.name or row.where)
            yield from lumibot_run.spans(row.value, raw if number == 1 else f"{raw}:{number}", number, NAME)
