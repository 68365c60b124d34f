"""Lumibot's `*_agent_detail.parquet` (which comes here as JSON lines): a row for each event of each agent's runs.

Rows of one call stand together: its summary, then its events in order. They are put together again into the run that
the trace file holds, one run in memory at a time; where both are taken in, they are one. Line ends are gone from texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any, BinaryIO

from afterbell.formats import json_rows, lumibot_run
from afterbell.formats.items import Context, Item, Unit
from afterbell.formats.json_rows import Row
from afterbell.formats.messages import as_json, as_object, as_text
from afterbell.model.trace import Refusal

NAME = "lumibot-detail"
TITLE = "Lumibot agent details: Parquet, or JSON lines with its columns"
UNIT = Unit.STREAM
RANK = 46

_KEYS = frozenset({"call_index", "agent_name", "event_kind", "is_call_summary", "event_payload_json"})
_TIMING = ("call_started_at", "call_ended_at")
_OUTCOME = "outcome_"


def recognise(head: bytes, _name: str) -> bool:
    """Tell whether the first line is a row of a detail table."""
    line, _end, _rest = head.partition(b"\n")
    return json_rows.begins(line) and json_rows.keys(line) >= _KEYS


def read(stream: BinaryIO, _context: Context) -> Iterator[Item]:
    """Read the rows into the spans of runs, or refusals that say where and why."""
    refused: list[Refusal] = []
    for number, (_key, rows) in enumerate(groupby(_rows(stream, refused), key=_call), 1):
        held = list(rows)
        yield from refused
        refused.clear()
        yield from lumibot_run.spans(_run(held), lumibot_run.raw_id_of(held[0]), number, NAME)
    yield from refused


def _rows(stream: BinaryIO, refused: list[Refusal]) -> Iterator[Mapping[str, Any]]:
    for row in json_rows.rows(stream):
        if isinstance(row, Row) and isinstance(row.value, dict) and row.value.get("event_kind"):
            yield row.value
        else:
            why = "no event: an object with event_kind is needed"
            refused.append(row if isinstance(row, Refusal) else Refusal(where=row.where, why=why))


def _call(row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(as_text(row.get(key)) for key in ("agent_name", "call_index", "trace_path", "cache_hit"))


def _run(rows: list[Mapping[str, Any]]) -> dict[str, Any]:
    first = rows[0]
    hit = first.get("cache_hit") is True
    whole = next((as_object(row.get("event_payload_json")) for row in rows if row.get("is_call_summary") is True), {})
    return {
        "agent": first.get("agent_name"), "model": first.get("model"), "mode": first.get("mode"),
        "timestamp": first.get("timestamp"), "summary": first.get("summary"), "cache_hit": hit,
        "request": {
            key: first.get(key)
            for key in ("task_prompt", "effective_system_prompt", "base_system_prompt", "user_system_prompt")
        } | {"context": first.get("context_text"), "runtime_context": first.get("runtime_context_text")},
        "timing": {key: first.get(key) for key in _TIMING}, "usage": whole.get("usage"),
        "warnings": whole.get("warnings"),
        "execution_outcome": {
            key.removeprefix(_OUTCOME): value for key, value in first.items()
            if key.startswith(_OUTCOME) and value is not None
        },
        "events": [] if hit else [_event(row) for row in rows if row.get("is_call_summary") is not True],
    }  # fmt: skip


def _event(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "kind": row.get("event_kind"), "text": row.get("event_text"), "tool_name": row.get("tool_name"),
        "call_id": row.get("tool_call_id"), "payload": as_json(row.get("event_payload_json")) or None,
        "timestamp": row.get("timestamp"),
    }  # fmt: skip
