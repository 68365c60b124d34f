"""The OpenAI Agents SDK's own traces: objects `trace` and `trace.span`, one a line, a list, or `{"data": [...]}`.

A trace's own object becomes a log record `openai_agents.trace`. Every key of a span's data stays an attribute under
`openai_agents.`. Response spans hold no content unless a processor added it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO

from afterbell.formats import json_rows
from afterbell.formats.items import Context, Item, Unit
from afterbell.formats.messages import as_attribute, as_text
from afterbell.formats.stamps import stamp
from afterbell.model.trace import STATUS_ERROR, STATUS_UNSET, LogRecord, Refusal, Span, span_hex, trace_hex

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "openai-agents"
TITLE = "OpenAI Agents SDK traces"
UNIT = Unit.STREAM
RANK = 40

PREFIX = "openai_agents."
_OBJECT = re.compile(rb'(?<!\\)"object"\s{0,9}:\s{0,9}"trace(?:\.span)?"')


def recognise(head: bytes, _name: str) -> bool:
    """Tell whether the SDK's objects begin here."""
    return json_rows.begins(head) and _OBJECT.search(head) is not None


def read(stream: BinaryIO, _context: Context) -> Iterator[Item]:
    """Read the objects into spans and log records, or refusals that say where and why."""
    for position, row in enumerate(json_rows.rows(stream, "data"), 1):
        if isinstance(row, Refusal):
            yield row
            continue
        listed = row.value.get("data") if isinstance(row.value, Mapping) else None
        for each in listed if isinstance(listed, list) else [row.value]:
            yield _item(each, row.where, position)


def _item(value: Any, where: str, position: int) -> Item:
    kind = value.get("object") if isinstance(value, Mapping) else None
    raw = as_text(value.get("id")) if kind else ""
    if kind == "trace" and raw:
        return LogRecord(
            trace_id=trace_hex(raw),
            event_name=f"{PREFIX}trace",
            attributes=_kept(value),
            format=NAME,
            position=position,
        )
    trace = as_text(value.get("trace_id")) if kind else ""
    if kind != "trace.span" or not raw or not trace:
        return Refusal(where=where, why="neither a trace nor a span with its ids")
    data, fault = value.get("span_data"), value.get("error")
    facts = data if isinstance(data, Mapping) else {}
    said = as_text(fault.get("message")) if isinstance(fault, Mapping) else as_text(fault)
    extra = {"error.data": fault.get("data")} if isinstance(fault, Mapping) else {}
    return Span(
        trace_id=trace_hex(trace), trace_id_raw=trace, span_id=span_hex(raw), span_id_raw=raw,
        parent_span_id=span_hex(as_text(value.get("parent_id"))), name=as_text(facts.get("name") or facts.get("type")),
        start_ns=stamp(value.get("started_at")), end_ns=stamp(value.get("ended_at")),
        status_code=STATUS_ERROR if fault else STATUS_UNSET, status_message=said,
        attributes=_kept({"type": "custom", **facts, **extra}), format=NAME, position=position,
    )  # fmt: skip


def _kept(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {PREFIX + key: as_attribute(value) for key, value in facts.items() if value not in (None, {}, [])}
