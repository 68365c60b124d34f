"""Spans as Arize Phoenix hands them out: one a line, a list, or a page `{"data": [...]}`.

Attributes are OpenInference's, flat or nested; both give the same names here. Phoenix keeps no resource, no scope, no
links and no counts of what was dropped, so an OTLP copy of the same spans says more. Its data frames are read by
`phoenix_frame`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO

from afterbell.formats import json_rows
from afterbell.formats.items import Context, Item, Unit
from afterbell.formats.messages import as_json, as_object, as_text
from afterbell.formats.otlp_values import span_id, status_code, trace_id
from afterbell.formats.stamps import stamp
from afterbell.model.trace import Refusal, Span, SpanEvent

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "phoenix-spans"
TITLE = "Arize Phoenix spans as JSON or JSON lines"
UNIT = Unit.STREAM
RANK = 44

_KEYS = {"context", "span_kind", "status_code", "attributes"}
_KIND = "openinference.span.kind"
_DEEPEST = 32


def recognise(head: bytes, _name: str) -> bool:
    """Tell whether JSON begins here with the keys of Phoenix's spans."""
    return json_rows.begins(head) and json_rows.keys(head) >= _KEYS


def read(stream: BinaryIO, _context: Context) -> Iterator[Item]:
    """Read the spans, or refusals that say where and why."""
    position = 0
    for row in json_rows.rows(stream, "data", "spans"):
        if isinstance(row, Refusal):
            yield row
            continue
        listed = _listed(row.value)
        for number, each in enumerate(listed or [row.value], 1):
            position += 1
            yield span_of(each, f"{row.where}, span {number}" if listed else row.where, position)


def _listed(value: Any) -> list[Any]:
    found = next((value[key] for key in ("data", "spans") if key in value), None) if isinstance(value, dict) else None
    return found if isinstance(found, list) else []


def span_of(row: Any, where: str, position: int, form: str = NAME) -> Item:
    """Return the span of one row of Phoenix's, or a refusal that says `where` it stood; `form` is the format's name."""
    if not isinstance(row, Mapping):
        return Refusal(where=where, why="the span is not an object")
    context = as_object(row.get("context"))
    raw_trace, raw_span = as_text(context.get("trace_id")), as_text(context.get("span_id"))
    if not trace_id(raw_trace) or not span_id(raw_span):
        return Refusal(where=where, why="no trace id or no span id")
    attributes = dict(_flat(as_object(row.get("attributes")), "", 0))
    kind = as_text(row.get("span_kind"))
    if kind.upper() not in {"", "UNKNOWN"}:  # Phoenix's word where a span states no kind
        attributes.setdefault(_KIND, kind)
    return Span(
        trace_id=trace_id(raw_trace), trace_id_raw=raw_trace, span_id=span_id(raw_span), span_id_raw=raw_span,
        parent_span_id=span_id(as_text(row.get("parent_id"))), name=as_text(row.get("name")),
        start_ns=stamp(row.get("start_time")), end_ns=stamp(row.get("end_time")),
        status_code=status_code(row.get("status_code")), status_message=as_text(row.get("status_message")),
        attributes=attributes, events=tuple(_events(row.get("events"))), format=form, position=position,
    )  # fmt: skip


def _events(value: Any) -> Iterator[SpanEvent]:
    rows = as_json(value)
    for each in rows if isinstance(rows, list) else ():
        if isinstance(each, Mapping):
            yield SpanEvent(
                name=as_text(each.get("name")), time_ns=stamp(each.get("timestamp")),
                attributes=dict(_flat(as_object(each.get("attributes")), "", 0)),
            )  # fmt: skip


def _flat(value: Mapping[str, Any], prefix: str, depth: int) -> Iterator[tuple[str, Any]]:
    """Yield attributes under dotted names: objects opened, and lists of objects by number, as OpenInference does."""
    for key, inner in value.items():
        rows = dict(enumerate(inner)) if _holds_objects(inner) else inner
        if isinstance(rows, Mapping) and rows and depth < _DEEPEST:
            yield from _flat({str(name): each for name, each in rows.items()}, f"{prefix}{key}.", depth + 1)
        else:
            yield f"{prefix}{key}", inner


def _holds_objects(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, Mapping) for each in value)
