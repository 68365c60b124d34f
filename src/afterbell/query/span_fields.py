"""The raw fields of a span as rows of text, under the names by which evidence cites them; nothing is interpreted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from afterbell.model.run import Trace
from afterbell.model.trace import LogRecord, Span
from afterbell.model.trace_page import Field

_DEEPEST = 32


def fields(trace: Trace, span: Span) -> tuple[Field, ...]:
    """Return what was recorded of a span: itself, its attributes, events, links, log records and resource."""
    return tuple(_fields(trace, span))


def _fields(trace: Trace, span: Span) -> Iterator[Field]:
    for name, value in _own(span):
        if value not in ("", 0):
            yield Field(name=name, text=str(value))
    yield from _leaves(span.attributes, "")
    for number, event in enumerate(span.events):
        yield Field(name=f"events[{number}].name", text=event.name)
        if event.time_ns:
            yield Field(name=f"events[{number}].time", text=str(event.time_ns))
        yield from _leaves(event.attributes, f"event:{event.name}.")
    for number, link in enumerate(span.links):
        yield Field(name=f"links[{number}]", text=f"{link.trace_id} {link.span_id}")
        yield from _leaves(link.attributes, f"links[{number}].")
    for log in trace.logs:
        if log.span_id == span.span_id:
            yield from _log(log)
    yield from _leaves(span.resource, "resource.")


def _own(span: Span) -> tuple[tuple[str, Any], ...]:
    return (
        ("name", span.name), ("span_id", span.span_id), ("span_id as written", span.span_id_raw),
        ("parent_span_id", span.parent_span_id), ("start_time", span.start_ns), ("end_time", span.end_ns),
        ("status.code", span.status_code), ("status.message", span.status_message), ("kind", span.otel_kind),
        ("trace_state", span.trace_state), ("flags", span.flags), ("scope.name", span.scope_name),
        ("scope.version", span.scope_version), ("dropped_attributes", span.dropped_attributes),
        ("dropped_events", span.dropped_events), ("dropped_links", span.dropped_links), ("format", span.format),
        ("evidence", span.evidence), ("position in the evidence", span.position),
    )  # fmt: skip


def _log(log: LogRecord) -> Iterator[Field]:
    name = f"log:{log.event_name}"
    if log.time_ns or log.observed_ns:
        yield Field(name=f"{name}.time", text=str(log.time_ns or log.observed_ns))
    if isinstance(log.body, Mapping):
        yield from _leaves(log.body, f"{name}.")
    elif log.body not in (None, ""):
        yield Field(name=f"{name}.body", text=as_text(log.body))
    yield from _leaves(log.attributes, f"{name}.")


def _leaves(value: Any, path: str, depth: int = 0) -> Iterator[Field]:
    """Yield what a nested value holds, each leaf under its path: `a.b[0].c`."""
    if isinstance(value, Mapping) and value and depth < _DEEPEST:
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}{key}" if not path or path.endswith(".") else f"{path}.{key}", depth + 1)
    elif isinstance(value, list | tuple) and depth < _DEEPEST and any(isinstance(each, Mapping) for each in value):
        for number, inner in enumerate(value):
            yield from _leaves(inner, f"{path}[{number}]", depth + 1)
    elif depth:
        yield Field(name=path, text=as_text(value))


def as_text(value: Any) -> str:
    """Return a value as text: a text as it is, anything else as JSON where JSON can write it."""
    if isinstance(value, str):
        return value
    try:
        return orjson.dumps(value).decode()
    except (TypeError, ValueError):  # Decimals, lone surrogates: what JSON cannot write
        return str(value)
