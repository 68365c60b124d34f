"""MLflow's traces as JSON: `{"info": {...}, "data": {"spans": [...]}}`, one, a list, or one a line.

Ids are base64 (MLflow 3) or hex (MLflow 2). MLflow encodes every attribute as JSON once more; texts and numbers are
decoded here, objects stay JSON text. What `info` says (previews, tags, source, assessments) stands on the first root.
Archived traces as protobuf (`traces.pb`) are not read here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO

import orjson

from afterbell.formats import json_rows
from afterbell.formats.items import Context, Item, Unit
from afterbell.formats.messages import as_attribute, as_object, as_text
from afterbell.formats.otlp_values import span_id, status_code, trace_id, whole
from afterbell.formats.stamps import stamp
from afterbell.model.trace import Refusal, Span, SpanEvent, SpanLink

if TYPE_CHECKING:
    from collections.abc import Iterator

    from afterbell.formats.json_rows import Row

NAME = "mlflow-traces"
TITLE = "MLflow traces as JSON"
UNIT = Unit.STREAM
RANK = 43

INFO = "mlflow.info."
_INFO_KEYS = {
    "trace_location", "trace_metadata", "request_time", "execution_duration_ms", "request_id", "request_metadata"
}  # fmt: skip
_SPREAD = ("trace_metadata", "request_metadata", "tags")


def recognise(head: bytes, _name: str) -> bool:
    """Tell whether JSON begins here with an MLflow trace."""
    if not json_rows.begins(head):
        return False
    keys = json_rows.keys(head)
    ours = "data" in keys or any(key.startswith("mlflow.") for key in keys)
    return ours and "info" in keys and bool(keys & _INFO_KEYS)


def read(stream: BinaryIO, _context: Context) -> Iterator[Item]:
    """Read the spans of the traces, or refusals that say where and why."""
    for position, row in enumerate(json_rows.rows(stream, "traces", "spans"), 1):
        if isinstance(row, Refusal):
            yield row
        else:
            yield from _traces(row, position)


def _traces(row: Row, position: int) -> Iterator[Item]:
    value = row.value
    several = value.get("traces") if isinstance(value, Mapping) else None
    for number, each in enumerate(several if isinstance(several, list) else [value], 1):
        where = f"{row.where}, trace {number}" if isinstance(several, list) else row.where
        if isinstance(each, Mapping) and "info" not in each and "span_id" in each:  # what is left of a cut trace
            yield _span(each, {}, "", where, position)
            continue
        info = as_object(each.get("info")) if isinstance(each, Mapping) else {}
        listed = as_object(each.get("data")).get("spans") if isinstance(each, Mapping) else None
        if not isinstance(listed, list) or not listed:
            yield Refusal(where=where, why="no spans under data")
            continue
        around, trace = dict(_around(info)), as_text(info.get("trace_id") or info.get("request_id"))
        for place, span in enumerate(listed, 1):
            found = _span(span, around, trace, f"{where}, span {place}", position)
            if isinstance(found, Span) and not found.parent_span_id:
                around = {}
            yield found


def _around(info: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in info.items():
        if key in _SPREAD:
            yield from as_object(value).items()
        elif value not in (None, "", {}, []):
            yield INFO + key, as_attribute(value)


def _span(row: Any, around: Mapping[str, Any], trace: str, where: str, position: int) -> Item:
    if not isinstance(row, Mapping):
        return Refusal(where=where, why="the span is not an object")
    old = as_object(row.get("context"))
    raw_trace = as_text(row.get("trace_id") or old.get("trace_id")).removeprefix("0x") or trace.removeprefix("tr-")
    raw_span = as_text(row.get("span_id") or old.get("span_id")).removeprefix("0x")
    if not trace_id(raw_trace) or not span_id(raw_span):
        return Refusal(where=where, why="no trace id or no span id")
    above = span_id(as_text(row.get("parent_span_id") or row.get("parent_id")).removeprefix("0x"))
    status = row.get("status")
    told = as_object(status) or {"code": row.get("status_code"), "message": row.get("status_message")}
    attributes = {key: _decoded(value) for key, value in as_object(row.get("attributes")).items()}
    return Span(
        trace_id=trace_id(raw_trace), trace_id_raw=trace or raw_trace, span_id=span_id(raw_span), span_id_raw=raw_span,
        parent_span_id=above, name=as_text(row.get("name")),
        start_ns=_time(row, "start_time"), end_ns=_time(row, "end_time"),
        status_code=status_code(as_text(told.get("code")).upper()), status_message=as_text(told.get("message")),
        attributes=attributes if above else {**around, **attributes}, events=tuple(_events(row.get("events"))),
        links=tuple(_links(row.get("links"))), format=NAME, position=position,
    )  # fmt: skip


def _time(row: Mapping[str, Any], name: str) -> int:
    stated = whole(row.get(f"{name}_unix_nano"))
    return stated or stamp(row.get(name))


def _decoded(value: Any) -> Any:
    """Return a text or number that was encoded as JSON once more; the JSON text of an object stays."""
    if not isinstance(value, str):
        return as_attribute(value)
    try:
        found = orjson.loads(value)
    except orjson.JSONDecodeError:
        return value
    return value if isinstance(found, (dict, list)) else found


def _events(value: Any) -> Iterator[SpanEvent]:
    for each in value if isinstance(value, list) else ():
        facts = as_object(each)
        yield SpanEvent(
            name=as_text(facts.get("name")), time_ns=whole(facts.get("time_unix_nano") or facts.get("timestamp")),
            attributes={key: _decoded(inner) for key, inner in as_object(facts.get("attributes")).items()},
        )  # fmt: skip


def _links(value: Any) -> Iterator[SpanLink]:
    for each in value if isinstance(value, list) else ():
        facts = as_object(each)
        yield SpanLink(
            trace_id=trace_id(as_text(facts.get("trace_id")).removeprefix("tr-")), span_id=span_id(facts.get("span_id"))
        )
