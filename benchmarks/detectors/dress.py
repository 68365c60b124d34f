"""Writes a plant's rows in a format that users have, as bytes, and reads such bytes through the product's readers.

What the rows say is turned into spans by the reader of our own lines, so that every format tells the same facts: the
spans under OpenTelemetry's GenAI names as they are, or put into OpenInference's words (`_openinference`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson

from _openinference import told
from afterbell.catalog.intake import HEAD, envelope_of, trace_of
from afterbell.formats.envelopes import afterbell_jsonl
from afterbell.formats.items import Context
from afterbell.model.run import Trace
from afterbell.model.trace import LogRecord, Refusal, Span
from afterbell.reading import secrets
from plant import NATIVE, OPENINFERENCE, Row

_RESOURCE = {"attributes": [{"key": "service.name", "value": {"stringValue": "desk"}}]}
_SCOPE = {"name": "agent"}


class CorpusError(Exception):
    """A plant that cannot be written or read: a fault of the corpus, never of a detector."""


def dressed(rows: Sequence[Row], form: str) -> bytes:
    """Return the rows as a file in one of `plant.FORMS`. Raises CorpusError when the format cannot tell them."""
    if form == NATIVE:
        return b"".join(orjson.dumps(row) + b"\n" for row in rows)
    spans, logs = [], []
    try:
        for position, row in enumerate(rows, 1):
            item = afterbell_jsonl.item(row, position)
            (spans if isinstance(item, Span) else logs).append(item)
        if form == OPENINFERENCE:
            spans, logs = told(spans, logs)
    except ValueError as error:
        raise CorpusError(f"{form}: {error}") from error
    return b"".join(orjson.dumps(line) + b"\n" for line in _lines(spans, logs))


def read(data: bytes) -> Mapping[str, Trace]:
    """Return the traces of a file by id, through redaction, envelope and dialects. Raises CorpusError on a refusal."""
    kept, _counts = secrets.redact(data)
    envelope = envelope_of(kept[:HEAD], "plant")
    if envelope is None:
        raise CorpusError("no reader knows the file")
    spans: dict[str, list[Span]] = {}
    logs: dict[str, list[LogRecord]] = {}
    for position, line in enumerate(kept.splitlines(), 1):
        for item in envelope.read(line, Context(name="plant", position=position)):
            if isinstance(item, Refusal):
                raise CorpusError(f"{envelope.NAME}, {item.where}: {item.why}")
            (spans if isinstance(item, Span) else logs).setdefault(item.trace_id, []).append(item)
    return {each: trace_of(each, spans.get(each, ()), logs.get(each, ())) for each in dict.fromkeys([*spans, *logs])}


def _lines(spans: Iterable[Span], logs: Iterable[LogRecord]) -> Iterator[Mapping[str, Any]]:
    """Yield one export request per trace for spans, then one per trace for log records."""
    for trace_spans in _by_trace(spans):
        scoped = {"scope": _SCOPE, "spans": [_span(span) for span in trace_spans]}
        yield {"resourceSpans": [{"resource": _RESOURCE, "scopeSpans": [scoped]}]}
    for trace_logs in _by_trace(logs):
        records = {"scope": _SCOPE, "logRecords": [_log(log) for log in trace_logs]}
        yield {"resourceLogs": [{"resource": _RESOURCE, "scopeLogs": [records]}]}


def _by_trace(items: Iterable[Any]) -> Iterable[list[Any]]:
    found: dict[str, list[Any]] = {}
    for item in items:
        found.setdefault(item.trace_id, []).append(item)
    return found.values()


def _span(span: Span) -> Mapping[str, Any]:
    found = {
        "traceId": span.trace_id, "spanId": span.span_id, "name": span.name, "kind": 1,
        "startTimeUnixNano": str(span.start_ns), "endTimeUnixNano": str(span.end_ns),
        "attributes": _attributes(span.attributes),
        "events": [
            {"name": event.name, "timeUnixNano": str(event.time_ns), "attributes": _attributes(event.attributes)}
            for event in span.events
        ],
        "status": {"code": span.status_code, "message": span.status_message},
        "droppedAttributesCount": span.dropped_attributes,
    }  # fmt: skip
    return found | ({"parentSpanId": span.parent_span_id} if span.parent_span_id else {})


def _log(log: LogRecord) -> Mapping[str, Any]:
    return {
        "traceId": log.trace_id, "spanId": log.span_id, "timeUnixNano": str(log.time_ns),
        "eventName": log.event_name, "attributes": _attributes(log.attributes),
    }  # fmt: skip


def _attributes(facts: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [{"key": key, "value": _value(value)} for key, value in facts.items()]


def _value(value: Any) -> Mapping[str, Any]:
    """Return a value as OTLP's AnyValue; whole numbers travel as texts."""
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int):
        return {"intValue": str(value)}
    if isinstance(value, float):
        return {"doubleValue": value}
    if isinstance(value, str):
        return {"stringValue": value}
    if isinstance(value, Mapping):
        return {"kvlistValue": {"values": _attributes(value)}}
    if isinstance(value, (list, tuple)):
        return {"arrayValue": {"values": [_value(each) for each in value]}}
    return {}
