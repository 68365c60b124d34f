"""Lumibot's agent_run_summaries.jsonl: a line for each run of an agent, with its tokens, outcome and trace file.

A line is the agent's span of the run that its trace file spells out; where both are taken in, they are one. A run that
was answered from the replay cache made no call: it is a trace of its own, with the cache's key.
"""

from __future__ import annotations

from collections.abc import Iterator

from afterbell.formats import json_rows, lumibot_run
from afterbell.formats.items import Context, Item, Unit
from afterbell.model.trace import Refusal

NAME = "lumibot-summaries"
TITLE = "Lumibot agent run summaries (agent_run_summaries.jsonl)"
UNIT = Unit.LINE
RANK = 46

_KEYS = frozenset({"agent_name", "cache_hit", "cache_key", "summary", "timestamp", "warning_messages"})
_SHOWN = 120


def recognise(head: bytes, _name: str) -> bool:
    """Tell whether the first line is a summary."""
    line, _end, _rest = head.partition(b"\n")
    return json_rows.begins(line) and line.lstrip()[:1] != b"[" and json_rows.keys(line) >= _KEYS


def read(line: bytes, context: Context) -> Iterator[Item]:
    """Read one summary into a span, or a refusal that says what is wrong with it."""
    where = f"line {context.position}"
    if not line.strip():
        return
    try:
        row = json_rows.parsed(line)
    except (ValueError, RecursionError) as error:
        yield Refusal(where=where, why=f"not JSON, or cut off: {str(error)[:_SHOWN]}")
        return
    if not isinstance(row, dict) or not row.get("agent_name"):
        yield Refusal(where=where, why="no summary: an object with agent_name is needed")
        return
    told = {key: value for key, value in row.items() if key != "events"}
    yield from lumibot_run.spans(told, lumibot_run.raw_id_of(row), context.position, NAME)
