"""Spans as OpenTelemetry's SDKs print or keep them, outside OTLP.

JavaScript's in-memory spans are `{name, spanContext, attributes, startTime: [s, ns], ...}` in a list or one a line;
Python's console exporter writes `{name, context: {trace_id: "0x..."}, ...}` one document after the other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO

import orjson

from afterbell.formats import bounded
from afterbell.formats.items import Context, Item, Unit
from afterbell.formats.messages import as_text
from afterbell.formats.otlp_values import span_id, span_kind, status_code, trace_id, whole
from afterbell.formats.stamps import stamp
from afterbell.model.trace import Refusal, Span, SpanEvent, SpanLink

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "otel-sdk-spans"
TITLE = "OpenTelemetry spans as an SDK prints them"
UNIT = Unit.STREAM

_BEGINS = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,99}(?:\[\s{0,99})?\{")
_JAVASCRIPT = re.compile(rb'(?<!\\)"spanContext"\s{0,9}:\s{0,9}\{')
_PYTHON = re.compile(rb'(?<!\\)"trace_id"\s{0,9}:\s{0,9}"0x[0-9a-f]{32}"')
_SECOND = 10**9
_PAIR = 2


def recognise(head: bytes, _name: str) -> bool:
    """Tell whether spans of an SDK begin here: their context stands in an object of its own, beside attributes."""
    if not _BEGINS.match(head) or b'"attributes"' not in head:
        return False
    return _JAVASCRIPT.search(head) is not None or _PYTHON.search(head) is not None


def read(stream: BinaryIO, _context: Context) -> Iterator[Item]:
    """Read the spans of one list, or of several documents in a row, or refusals that say what is wrong."""
    data = bounded.document(stream)
    if data is None:
        yield Refusal(where="document", why=bounded.too_long(bounded.LARGEST))
        return
    for number, row in enumerate(_rows(data), 1):
        yield row if isinstance(row, Refusal) else _span(row, number)


def _rows(data: bytes) -> Iterator[Any]:
    try:
        found = orjson.loads(data)
    except orjson.JSONDecodeError:
        yield from _several(data)
    else:
        yield from found if isinstance(found, list) else [found]


def _several(data: bytes) -> Iterator[Any]:
    text, decoder, start, number = data.decode("utf-8-sig", "replace"), json.JSONDecoder(), 0, 0
    while start < len(text):
        if text[start].isspace():
            start += 1
            continue
        number += 1
        try:
            value, start = decoder.raw_decode(text, start)
            yield from value if isinstance(value, list) else [value]
        except (ValueError, RecursionError) as error:
            yield Refusal(where=f"document {number}", why=f"not JSON, or cut off: {error}; nothing after it was read")
            return


def _span(row: Any, number: int) -> Item:
    where = f"span {number}"
    if not isinstance(row, dict):
        return Refusal(where=where, why="the span is not an object")
    own, above = _object(row, "spanContext", "context"), _object(row, "parentSpanContext")
    raw_trace, raw_span = _hex(own, "traceId", "trace_id"), _hex(own, "spanId", "span_id")
    if not trace_id(raw_trace) or not span_id(raw_span):
        return Refusal(where=where, why="no trace id or no span id")
    parent = _hex(above, "spanId", "span_id") or _hex(row, "parentSpanId", "parentId", "parent_id")
    status, scope = _object(row, "status"), _object(row, "instrumentationScope", "instrumentationLibrary")
    resource = _object(row, "resource")
    kind = row.get("kind")
    return Span(
        trace_id=trace_id(raw_trace), trace_id_raw=raw_trace, span_id=span_id(raw_span), span_id_raw=raw_span,
        parent_span_id=span_id(parent), name=as_text(row.get("name")),
        # JavaScript counts kinds from 0, OTLP from 1; Python writes words.
        otel_kind=span_kind(as_text(kind).rpartition(".")[2] if isinstance(kind, str) else whole(kind) + 1),
        start_ns=_time(row, "startTime", "start_time"), end_ns=_time(row, "endTime", "end_time"),
        status_code=status_code(status.get("code", status.get("status_code"))),
        status_message=as_text(status.get("message", status.get("description"))),
        attributes=dict(_object(row, "attributes")), events=_events(row), links=_links(row),
        resource=dict(_object(resource, "attributes", "_attributes")), schema_url=as_text(resource.get("schema_url")),
        scope_name=as_text(scope.get("name")), scope_version=as_text(scope.get("version")),
        dropped_attributes=whole(row.get("droppedAttributesCount")), format=NAME, position=number,
        dropped_events=whole(row.get("droppedEventsCount")), dropped_links=whole(row.get("droppedLinksCount")),
    )  # fmt: skip


def _object(row: Mapping[str, Any], *names: str) -> Mapping[str, Any]:
    return next((row[name] for name in names if isinstance(row.get(name), dict)), {})


def _listed(row: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = row.get(name)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _hex(row: Mapping[str, Any], *names: str) -> str:
    return next((as_text(row[name]).removeprefix("0x") for name in names if row.get(name)), "")


def _time(row: Mapping[str, Any], *names: str) -> int:
    """Return a moment in nanoseconds: a pair of seconds and nanoseconds, or a stamp."""
    value = next((row[name] for name in names if row.get(name)), None)
    if isinstance(value, list):
        return whole(whole(value[0]) * _SECOND + whole(value[1])) if len(value) == _PAIR else 0
    return stamp(value)


def _events(row: Mapping[str, Any]) -> tuple[SpanEvent, ...]:
    return tuple(
        SpanEvent(
            name=as_text(each.get("name")), time_ns=_time(each, "time", "timestamp"),
            attributes=dict(_object(each, "attributes")), dropped_attributes=whole(each.get("droppedAttributesCount")),
        )
        for each in _listed(row, "events")
    )  # fmt: skip


def _links(row: Mapping[str, Any]) -> tuple[SpanLink, ...]:
    return tuple(
        SpanLink(
            trace_id=trace_id(_hex(_object(each, "context"), "traceId", "trace_id")),
            span_id=span_id(_hex(_object(each, "context"), "spanId", "span_id")),
            attributes=dict(_object(each, "attributes")),
        )
        for each in _listed(row, "links")
    )  # fmt: skip
