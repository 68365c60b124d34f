"""OTLP as JSON lines: what the OpenTelemetry Collector's file exporter writes, traces and logs.

One line is one export request (or TracesData, LogsData, or an array of them). Field names in either case,
integers as numbers or texts, enums as numbers or words, ids as hex or base64, and unknown fields are all
taken. This is the hot path of ingest: common attributes are read without a call each, and resources are
read once and shared.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import orjson

from afterbell.formats.content import is_cut
from afterbell.formats.items import Context, Item, Unit
from afterbell.formats.otlp_values import json_value, span_id, span_kind, status_code, trace_id, whole
from afterbell.model.trace import LogRecord, Refusal, Span, SpanEvent, SpanLink

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "otlp-json"
TITLE = "OpenTelemetry (OTLP) as JSON lines"
UNIT = Unit.LINE

_BEGINS = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*\[?\s*\{\s*\"(?:resource_?(?:spans|logs|metrics)|scope_?(?:spans|logs))\"\s*:",
    re.IGNORECASE,
)
_OPEN = b"{[,:"
_SPAN_DEPTH = 3
_SNAKE = ("resource_spans", "resource_logs", "scope_spans", "scope_logs")
_OLD = {
    "instrumentationLibrarySpans": "scopeSpans",
    "instrumentationLibraryLogs": "scopeLogs",
    "instrumentationLibrary": "scope",
    "logs": "logRecords",
}
_BAD = (AttributeError, KeyError, TypeError, ValueError, OverflowError)


def recognise(head: bytes, _name: str) -> bool:
    """Tell whether the text begins with an OTLP export on one line; the line may be longer than `head`."""
    return looks_like_otlp(head) and not is_spread(head)


def looks_like_otlp(head: bytes) -> bool:
    """Tell whether a JSON text begins with one of OTLP's outer keys."""
    return _BEGINS.match(head) is not None


def is_spread(head: bytes) -> bool:
    """Tell whether the first JSON value goes on after the first line, as a pretty-printed document does."""
    line, end, _rest = head.lstrip(b"\xef\xbb\xbf \t\r\n").partition(b"\n")
    return bool(end) and line.rstrip()[-1:] in _OPEN


def read(line: bytes, context: Context) -> Iterator[Item]:
    """Read one line into spans, log records and refusals."""
    where = f"line {context.position}"
    text = line.strip().removeprefix(b"\xef\xbb\xbf")
    if not text:
        return
    try:
        data = _parse(text)
    except ValueError as error:
        yield Refusal(where=where, why=str(error))
        return
    try:
        if _is_old(data):
            data = camel(data)
        yield from items(data, where, context.position, NAME)
    except RecursionError:
        yield Refusal(where=where, why="nested too deep")


def _is_old(value: Any, depth: int = 0) -> bool:
    """Tell whether field names are written in an older way. Asks the outer levels only: a line is mostly content."""
    if isinstance(value, list):
        # One exporter wrote all spans of a list.
        return any(_is_old(item, depth) for item in (value[:1] if depth == _SPAN_DEPTH else value))
    if not isinstance(value, dict):
        return False
    if depth == _SPAN_DEPTH:
        return "trace_id" in value
    for key, item in value.items():
        if key in _SNAKE or key.startswith("instrumentationLibrary"):
            return True
        if isinstance(item, list) and _is_old(item, depth + 1):
            return True
    return False


def _parse(text: bytes) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        pass
    # Bare NaN, lone surrogates and broken UTF-8 are no JSON, yet emitters write them: a second, slower look.
    loose = text.decode("utf-8", "replace")
    try:
        return json.loads(loose)
    except ValueError as error:
        if is_cut(loose, error):
            raise ValueError(f"cut off: the JSON ends early, after {len(text)} bytes") from None
        raise ValueError(f"not JSON: {error}") from None
    except RecursionError:
        raise ValueError("not JSON that can be read: nested too deep") from None


def camel(value: Any) -> Any:
    """Return the structure with field names as OTLP writes them today; attribute keys are no field names."""
    if isinstance(value, list):
        return [camel(item) for item in value]
    if not isinstance(value, dict):
        return value
    found = {}
    for key, item in value.items():
        first, *others = key.split("_")
        name = first + "".join(word.capitalize() for word in others)
        found[_OLD.get(name, name)] = camel(item)
    return found


def items(data: Any, where: str, position: int, form: str) -> Iterator[Item]:
    """Read a parsed export request into spans and log records; what is none is refused with its place."""
    if isinstance(data, list):
        for number, inner in enumerate(data, 1):
            yield from items(inner, f"{where}, item {number}", position, form)
        return
    if not isinstance(data, dict):
        yield Refusal(where=where, why="not an OTLP export: not an object")
        return
    known = False
    if "scopeSpans" in data or "scopeLogs" in data:
        data = {"resourceSpans": [data], "resourceLogs": [data]}
    for key, read_one in (("resourceSpans", _spans), ("resourceLogs", _logs)):
        listed = data.get(key)
        if listed is not None:
            known = True
            for number, resource in enumerate(listed if isinstance(listed, list) else (), 1):
                if isinstance(resource, dict):
                    try:
                        yield from read_one(resource, where, position, form)
                    except _BAD as error:
                        yield Refusal(where=f"{where}, {key} {number}", why=f"not an OTLP resource: {str(error)[:120]}")
                else:
                    yield Refusal(where=f"{where}, {key} {number}", why="not an object")
    if not known:
        metrics = "resourceMetrics" in data
        why = "metrics are not read" if metrics else "not an OTLP export: no resourceSpans, no resourceLogs"
        yield Refusal(where=where, why=why)


def attributes(pairs: Any) -> dict[str, Any]:
    """Return the attributes of a list of key-value pairs; of two with one key the last counts."""
    found: dict[str, Any] = {}
    for pair in pairs or ():
        try:
            value = pair["value"]
            if "stringValue" in value:
                found[pair["key"]] = value["stringValue"]
            elif "intValue" in value:
                found[pair["key"]] = int(value["intValue"])
            elif "boolValue" in value:
                found[pair["key"]] = value["boolValue"]
            elif "doubleValue" in value:
                found[pair["key"]] = float(value["doubleValue"])
            else:
                found[pair["key"]] = json_value(value)
        except _BAD:
            if isinstance(pair, dict) and isinstance(pair.get("key"), str):
                found[pair["key"]] = json_value(pair.get("value"))
    return found


def _scopes(resource: dict[str, Any], key: str) -> Iterator[tuple[dict[str, Any], str, str, str]]:
    listed = resource.get(key)
    for scoped in listed if isinstance(listed, list) else ():
        if isinstance(scoped, dict):
            scope = scoped.get("scope")
            scope = scope if isinstance(scope, dict) else {}
            schema = scoped.get("schemaUrl") or resource.get("schemaUrl") or ""
            yield scoped, str(scope.get("name") or ""), str(scope.get("version") or ""), str(schema)


def _resource(resource: dict[str, Any]) -> dict[str, Any]:
    inner = resource.get("resource")
    return attributes(inner.get("attributes")) if isinstance(inner, dict) else {}


def _spans(resource: dict[str, Any], where: str, position: int, form: str) -> Iterator[Item]:
    shared = _resource(resource)
    for scoped, name, version, schema in _scopes(resource, "scopeSpans"):
        listed = scoped.get("spans")
        for number, span in enumerate(listed if isinstance(listed, list) else (), 1):
            try:
                raw_trace, raw_span = span.get("traceId") or "", span.get("spanId") or ""
                trace, own = trace_id(raw_trace), span_id(raw_span)
                if not trace or not own:
                    yield Refusal(where=f"{where}, span {number}", why="no trace id or no span id")
                    continue
                get = span.get
                status = get("status") or {}
                parent = get("parentSpanId")
                yield Span(
                    trace_id=trace,
                    span_id=own,
                    parent_span_id=span_id(parent) if parent else "",
                    trace_id_raw=str(raw_trace),
                    span_id_raw=str(raw_span),
                    name=str(get("name") or ""),
                    otel_kind=span_kind(get("kind")),
                    start_ns=whole(get("startTimeUnixNano")),
                    end_ns=whole(get("endTimeUnixNano")),
                    status_code=status_code(status.get("code")),
                    status_message=str(status.get("message") or ""),
                    trace_state=str(get("traceState") or ""),
                    flags=whole(get("flags")) if "flags" in span else 0,
                    resource=shared,
                    scope_name=name,
                    scope_version=version,
                    schema_url=schema,
                    attributes=attributes(get("attributes")),
                    events=_events(get("events")) if "events" in span else (),
                    links=_links(get("links")) if "links" in span else (),
                    dropped_attributes=whole(get("droppedAttributesCount")) if "droppedAttributesCount" in span else 0,
                    dropped_events=whole(get("droppedEventsCount")) if "droppedEventsCount" in span else 0,
                    dropped_links=whole(get("droppedLinksCount")) if "droppedLinksCount" in span else 0,
                    format=form,
                    position=position,
                )
            except _BAD as error:
                yield Refusal(where=f"{where}, span {number}", why=f"not an OTLP span: {str(error)[:120]}")


def _events(listed: Any) -> tuple[SpanEvent, ...]:
    return tuple(
        SpanEvent(
            name=str(event.get("name") or ""),
            time_ns=whole(event.get("timeUnixNano")),
            attributes=attributes(event.get("attributes")),
            dropped_attributes=whole(event.get("droppedAttributesCount")),
        )
        for event in listed or ()
    )


def _links(listed: Any) -> tuple[SpanLink, ...]:
    return tuple(
        SpanLink(
            trace_id=trace_id(link.get("traceId")),
            span_id=span_id(link.get("spanId")),
            attributes=attributes(link.get("attributes")),
        )
        for link in listed or ()
    )


def _logs(resource: dict[str, Any], where: str, position: int, form: str) -> Iterator[Item]:
    shared = _resource(resource)
    for scoped, name, _version, _schema in _scopes(resource, "scopeLogs"):
        listed = scoped.get("logRecords")
        for number, log in enumerate(listed if isinstance(listed, list) else (), 1):
            try:
                facts = attributes(log.get("attributes"))
                yield LogRecord(
                    trace_id=trace_id(log.get("traceId")),
                    span_id=span_id(log.get("spanId")),
                    time_ns=whole(log.get("timeUnixNano")),
                    observed_ns=whole(log.get("observedTimeUnixNano")),
                    severity=str(log.get("severityText") or log.get("severityNumber") or ""),
                    event_name=str(log.get("eventName") or facts.get("event.name") or ""),
                    body=json_value(log.get("body")),
                    attributes=facts,
                    resource=shared,
                    scope_name=name,
                    dropped_attributes=whole(log.get("droppedAttributesCount")),
                    format=form,
                    position=position,
                )
            except _BAD as error:
                why = f"not an OTLP log record: {str(error)[:120]}"
                yield Refusal(where=f"{where}, log record {number}", why=why)
