"""Looks evidence up where it says it stands: in the span's own attributes, without the readers' help."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from afterbell.formats.messages import as_json, as_text
from afterbell.model.books import Books
from afterbell.model.run import Trace
from afterbell.model.scan import Evidence
from afterbell.model.trace import LogRecord, Span

_STEP = re.compile(r"\[(\d{1,9})\]|\.?([^\[\]]+)")
_EVENT = re.compile(r"events\[(\d{1,9})\]\.?(.*)\Z", re.DOTALL)
_MISSING = object()
_COLUMNS = {"status.message": "status_message", **{name: name for name in (
    "name", "parent_span_id", "dropped_attributes", "dropped_events", "dropped_links")}}  # fmt: skip


def holds(proof: Evidence, runs: Mapping[str, Trace], books: Books) -> bool:
    """Tell whether the field that the evidence names holds its excerpt, at its offsets where the field is one text.

    Evidence without an excerpt names what is missing; with one, the span must be there and the field on it.
    """
    if not proof.excerpt:
        return True
    if not proof.span_id:
        return _in_book(proof, books) or _in_logs(proof, runs)
    run = runs.get(proof.trace_id)
    span = run.span(proof.span_id) if run else None
    found = _of_span(span, proof.field) if span else _MISSING
    return _shows(found, proof) or _in_logs(proof, runs)


def _shows(value: Any, proof: Evidence) -> bool:
    if value is _MISSING:
        return False
    text = as_text(value)
    if text[proof.start : proof.end] == proof.excerpt:
        return True
    # A value with a structure (a message, a document) is cited by what stands in it.
    return not isinstance(value, str) and any(proof.excerpt in each for each in (text, *_texts(value)))


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, Mapping):
        value = [*value, *value.values()]
    if isinstance(value, list):
        for each in value:
            yield from _texts(each)
    else:
        yield as_text(value)


def _of_span(span: Span, field: str) -> Any:
    if field in _COLUMNS:
        return getattr(span, _COLUMNS[field])
    event = _EVENT.match(field)
    if event:
        number = int(event[1])
        if number >= len(span.events):
            return _MISSING
        found = span.events[number]
        return found.name if event[2] == "name" else _below(found.attributes, event[2])
    return _below(span.attributes, field)


def _below(facts: Mapping[str, Any], field: str) -> Any:
    """Return what stands at a path: the longest key that begins it, then keys and numbers inside its value."""
    if field in facts:
        return facts[field]
    if not field:
        return dict(facts)
    key = max((key for key in facts if field.startswith((f"{key}.", f"{key}["))), key=len, default=None)
    return _MISSING if key is None else _inside(facts[key], field[len(key) :])


def _inside(value: Any, path: str) -> Any:
    if not path:
        return value
    value = as_json(value)
    step = _STEP.match(path)
    if isinstance(value, list) and step and step[1]:
        number = int(step[1])
        return _inside(value[number], path[step.end() :]) if number < len(value) else _MISSING
    return _below(value, path.removeprefix(".")) if isinstance(value, Mapping) else _MISSING


def _in_logs(proof: Evidence, runs: Mapping[str, Trace]) -> bool:
    run = runs.get(proof.trace_id)
    if run is None or not proof.field.startswith("log:"):
        return False
    field = proof.field.removeprefix("log:")
    return any(
        _shows(_of_log(log, field), proof) for log in run.logs
        if log.span_id == proof.span_id and field.startswith(log.event_name)
    )  # fmt: skip


def _of_log(log: LogRecord, field: str) -> Any:
    rest = field.removeprefix(log.event_name).removeprefix(".")
    if not rest:
        return log.event_name
    return log.body if rest == "body" else _below(log.attributes, rest)


def _in_book(proof: Evidence, books: Books) -> bool:
    """Tell whether a cell "book:row:column" shows the excerpt. A number or a time may be written in another way."""
    name, _, place = proof.field.partition(":")
    number, _, column = place.partition(":")
    if not hasattr(books, name) or not number.isdigit():
        return False
    rows = getattr(books, name)
    if name == "facts":
        return any(str(report.value) == proof.excerpt for fact in rows for report in fact.reports
                   if report.row == int(number))  # fmt: skip
    cells = [getattr(row, column, _MISSING) for row in rows if row.row == int(number)]
    return any(cell is not _MISSING and _same(cell, proof.excerpt) for cell in cells)


def _same(cell: Any, excerpt: str) -> bool:
    plain = str(cell)
    return plain == excerpt or plain.replace(" ", "T") == excerpt.replace(" ", "T").replace("Z", "+00:00")
