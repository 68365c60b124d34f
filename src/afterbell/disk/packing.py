"""Spans and log records as rows of the store, and back, without loss.

Long texts are taken out of a row and kept once per trace by hash: each chat span repeats the whole history, so a
run of n turns would otherwise be stored n times over. A JSON array of messages is taken apart into its elements
(byte for byte; only when joining them again gives the same bytes), so that one more turn adds one more text.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import orjson

from afterbell.model.books import BookRow
from afterbell.model.trace import LogRecord, Span, SpanEvent, SpanLink

LONG = 120
HASH_DIGITS = 32  # 128 bits of SHA-256: enough to tell the texts of one trace apart

_WHOLE, _TIGHT, _SPACED = 0, 1, 2
_SINGLE = 2  # the length of a reference to one text: its style and one hash
_SEPARATORS = {_TIGHT: ",", _SPACED: ", "}
_RECENT_SIZE = 16 * 1024 * 1024  # characters that were put, a bound on those that are held
_INT8, _INT64 = 2**7 - 1, 2**63 - 1
_SAME: list[str] = []  # raw ids that are the ids
_NO_NUMBERS = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}  # as OTLP spells them
_DEEPEST, _TOO_DEEP = 200, "(nested too deep)"
_SURROGATES = re.compile("[\ud800-\udfff]")
_elements = msgspec.json.Decoder(list[msgspec.Raw])

SPAN_COLUMNS: Mapping[str, str] = {
    "trace_id": "VARCHAR", "span_id": "VARCHAR", "parent_span_id": "VARCHAR", "raw_ids": "JSON", "name": "VARCHAR",
    "idea_id": "VARCHAR", "otel_kind": "TINYINT", "start_ns": "BIGINT", "end_ns": "BIGINT", "status_code": "TINYINT",
    "status_message": "VARCHAR", "trace_state": "VARCHAR", "flags": "BIGINT", "resource": "JSON",
    "scope_name": "VARCHAR", "scope_version": "VARCHAR", "schema_url": "VARCHAR", "attributes": "JSON", "refs": "JSON",
    "events": "JSON", "links": "JSON", "dropped": "JSON", "format": "VARCHAR", "source": "INTEGER",
    "position": "BIGINT",
}  # fmt: skip
LOG_COLUMNS: Mapping[str, str] = {
    "trace_id": "VARCHAR", "span_id": "VARCHAR", "time_ns": "BIGINT", "observed_ns": "BIGINT", "severity": "VARCHAR",
    "event_name": "VARCHAR", "body": "JSON", "attributes": "JSON", "refs": "JSON", "resource": "JSON",
    "scope_name": "VARCHAR", "dropped_attributes": "BIGINT", "format": "VARCHAR", "source": "INTEGER",
    "position": "BIGINT",
}  # fmt: skip
TEXT_COLUMNS: Mapping[str, str] = {"trace_id": "VARCHAR", "hash": "VARCHAR", "text": "VARCHAR"}

Texts = dict[str, bytes | str]


class Recent:
    """The last long value of each attribute of each trace under way, and what it was taken apart into.

    The next chat span repeats it and adds a turn; then only the turn needs to be looked at.
    """

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], tuple[str, list[Any]]] = {}
        self._size = 0

    def get(self, mark: tuple[str, str]) -> tuple[str, list[Any]] | None:
        """Return the last value without its closing bracket, and its reference."""
        return self._found.get(mark)

    def put(self, mark: tuple[str, str], value: str, ref: list[Any]) -> None:
        """Remember a value that was taken apart."""
        if self._size > _RECENT_SIZE:
            self._found.clear()
            self._size = 0
        self._found[mark] = (value[:-1], ref)
        self._size += len(value)


def whole_text(text: str) -> str:
    """Return the text with U+FFFD for lone surrogates, which UTF-8 has no bytes for."""
    return _SURROGATES.sub("\ufffd", text)


def text_hash(data: bytes) -> str:
    """Return the key of a text: the first 32 hex digits of its SHA-256."""
    return hashlib.sha256(data).hexdigest()[:HASH_DIGITS]


def pack_span(span: Span, source: int, texts: Texts, recent: Recent) -> bytes:
    """Return the span as one JSON line; texts taken out of it are added to `texts` by hash.

    `source` is the number of the evidence within its commit.
    """
    attributes, refs = _take_out(span.trace_id, span.attributes, texts, recent)
    row: dict[str, Any] = {
        "trace_id": span.trace_id, "span_id": span.span_id, "name": span.name, "start_ns": _fit(span.start_ns),
        "end_ns": _fit(span.end_ns), "attributes": attributes, "format": span.format, "source": source,
        "position": span.position,
    }  # fmt: skip
    if refs:
        row["refs"] = refs
    if span.parent_span_id:
        row["parent_span_id"] = span.parent_span_id
    idea = span.attributes.get("trading.idea.id")
    if idea is not None:
        row["idea_id"] = str(idea)
    for name, number, most in (("otel_kind", span.otel_kind, _INT8), ("status_code", span.status_code, _INT8),
                               ("flags", span.flags, _INT64)):  # fmt: skip
        if number:
            row[name] = _fit(number, most)
    for name in ("status_message", "trace_state", "resource", "scope_name", "scope_version", "schema_url"):
        value = getattr(span, name)
        if value:
            row[name] = value
    if span.trace_id_raw == span.trace_id and span.span_id_raw == span.span_id:
        row["raw_ids"] = _SAME
    elif span.trace_id_raw or span.span_id_raw:
        row["raw_ids"] = [span.trace_id_raw, span.span_id_raw]
    if span.events:
        row["events"] = [[e.name, _fit(e.time_ns), e.attributes, _fit(e.dropped_attributes)] for e in span.events]
    if span.links:
        row["links"] = [[link.trace_id, link.span_id, link.attributes] for link in span.links]
    if span.dropped_attributes or span.dropped_events or span.dropped_links:
        row["dropped"] = [_fit(span.dropped_attributes), _fit(span.dropped_events), _fit(span.dropped_links)]
    return _line(row)


def pack_log(log: LogRecord, source: int, texts: Texts, recent: Recent) -> bytes:
    """Return the log record as one JSON line; texts taken out of it are added to `texts` by hash."""
    attributes, refs = _take_out(log.trace_id, log.attributes, texts, recent)
    row = {
        "trace_id": log.trace_id, "span_id": log.span_id, "time_ns": _fit(log.time_ns),
        "observed_ns": _fit(log.observed_ns), "severity": log.severity, "event_name": log.event_name,
        "body": log.body, "attributes": attributes, "refs": refs, "resource": log.resource,
        "scope_name": log.scope_name,
        "dropped_attributes": _fit(log.dropped_attributes), "format": log.format, "source": source,
        "position": log.position,
    }  # fmt: skip
    return _line(row)


def pack_row(row: BookRow, source: int) -> bytes:
    """Return a row of a book as one JSON line."""
    body = msgspec.to_builtins(row, str_keys=True)
    body.pop("evidence", None)
    told = {"source": source, "body": body}
    try:
        return orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:
        return orjson.dumps(_plain(told), option=orjson.OPT_APPEND_NEWLINE)


def pack_text(trace_id: str, key: str, text: bytes | str) -> bytes:
    """Return one kept text as one JSON line."""
    plain = text if isinstance(text, str) else text.decode("utf-8", "replace")
    return orjson.dumps({"trace_id": trace_id, "hash": key, "text": plain}, option=orjson.OPT_APPEND_NEWLINE)


def unpack_span(row: Mapping[str, Any], evidence: str, text_of: Callable[[str], str]) -> Span:
    """Return the span of a row of the store; `text_of` gives a kept text by hash."""
    raw = _json(row["raw_ids"], ["", ""]) or [row["trace_id"], row["span_id"]]
    dropped = _json(row["dropped"], [0, 0, 0])
    return Span(
        trace_id=row["trace_id"], span_id=row["span_id"], parent_span_id=row["parent_span_id"] or "",
        trace_id_raw=raw[0], span_id_raw=raw[1], name=row["name"] or "", otel_kind=row["otel_kind"] or 0,
        start_ns=row["start_ns"] or 0, end_ns=row["end_ns"] or 0, status_code=row["status_code"] or 0,
        status_message=row["status_message"] or "", trace_state=row["trace_state"] or "", flags=row["flags"] or 0,
        resource=_json(row["resource"], {}), scope_name=row["scope_name"] or "",
        scope_version=row["scope_version"] or "", schema_url=row["schema_url"] or "",
        attributes=_put_back(row, text_of),
        events=tuple(
            SpanEvent(name=name, time_ns=at, attributes=attributes, dropped_attributes=lost)
            for name, at, attributes, lost in _json(row["events"], [])
        ),
        links=tuple(
            SpanLink(trace_id=trace, span_id=span, attributes=attributes)
            for trace, span, attributes in _json(row["links"], [])
        ),
        dropped_attributes=dropped[0], dropped_events=dropped[1], dropped_links=dropped[2],
        format=row["format"] or "", evidence=evidence, position=row["position"] or 0,
    )  # fmt: skip


def unpack_log(row: Mapping[str, Any], evidence: str, text_of: Callable[[str], str]) -> LogRecord:
    """Return the log record of a row of the store."""
    return LogRecord(
        trace_id=row["trace_id"] or "", span_id=row["span_id"] or "", time_ns=row["time_ns"] or 0,
        observed_ns=row["observed_ns"] or 0, severity=row["severity"] or "", event_name=row["event_name"] or "",
        body=_json(row["body"], None), attributes=_put_back(row, text_of), resource=_json(row["resource"], {}),
        scope_name=row["scope_name"] or "", dropped_attributes=row["dropped_attributes"] or 0,
        format=row["format"] or "", evidence=evidence, position=row["position"] or 0,
    )  # fmt: skip


def _take_out(
    trace_id: str, attributes: Mapping[str, Any], texts: Texts, recent: Recent
) -> tuple[Mapping[str, Any], dict[str, Any] | None]:
    refs: dict[str, Any] | None = None
    kept = attributes
    for key, value in attributes.items():
        if type(value) is str and len(value) > LONG:
            if refs is None:
                refs, kept = {}, dict(attributes)
            del kept[key]  # type: ignore[attr-defined]
            refs[key] = _ref((trace_id, key), value, texts, recent)
    return kept, refs


def _ref(mark: tuple[str, str], value: str, texts: Texts, recent: Recent) -> list[Any]:
    if value.startswith("[{") and value.endswith("]"):
        ref = _grown(value, recent.get(mark), texts) or _apart(value, texts)
        if ref:
            recent.put(mark, value, ref)
            return ref
    try:
        data = value.encode()
    except UnicodeEncodeError:
        data = whole_text(value).encode()
    key = text_hash(data)
    texts[key] = data
    return [_WHOLE, key]


def _grown(value: str, before: tuple[str, list[Any]] | None, texts: Texts) -> list[Any] | None:
    """Return the reference of an array that is the one before and more elements, else None."""
    if before is None or not value.startswith(before[0]):
        return None
    head, ref = before
    if len(value) == len(head) + 1:
        return ref
    for style, separator in _SEPARATORS.items():
        if (style == ref[0] or len(ref) == _SINGLE) and value.startswith(separator, len(head)):
            more = _apart("[" + value[len(head) + len(separator) :], texts)
            if more and (more[0] == style or len(more) == _SINGLE):
                return [style, *ref[1:], *more[1:]]
    return None


def _apart(value: str, texts: Texts) -> list[Any] | None:
    """Return the reference of an array whose elements, joined again, are exactly its text, else None."""
    try:
        data = value.encode()
        pieces = [bytes(piece) for piece in _elements.decode(data)]
    except (UnicodeEncodeError, msgspec.DecodeError, RecursionError):
        return None
    for style, separator in _SEPARATORS.items():
        if pieces and b"[" + separator.encode().join(pieces) + b"]" == data:
            keys = [text_hash(piece) for piece in pieces]
            texts.update(zip(keys, pieces, strict=True))
            return [style, *keys]
    return None


def _put_back(row: Mapping[str, Any], text_of: Callable[[str], str]) -> dict[str, Any]:
    attributes: dict[str, Any] = _json(row["attributes"], {})
    for key, (style, *hashes) in _json(row["refs"], {}).items():
        found = [text_of(each) for each in hashes]
        attributes[key] = found[0] if style == _WHOLE else f"[{_SEPARATORS[style].join(found)}]"
    return attributes


def _json(text: str | None, empty: Any) -> Any:
    return empty if text is None else orjson.loads(text)


def _fit(number: int, most: int = _INT64) -> int:
    """Return a number that its column can hold; one that it cannot is no time, kind or count, and becomes 0."""
    return number if -most <= number <= most else 0


def _line(row: Mapping[str, Any]) -> bytes:
    try:
        line = orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:
        return orjson.dumps(_plain(row), option=orjson.OPT_APPEND_NEWLINE)
    # orjson writes null for NaN and infinity; a null may also be one, so only then is the row looked through.
    return orjson.dumps(_plain(row), option=orjson.OPT_APPEND_NEWLINE) if b"null" in line and _odd(row) else line


def _odd(value: Any) -> bool:
    """Tell whether a value holds a number that is none."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, float):
            if not math.isfinite(each):
                return True
        elif isinstance(each, Mapping):
            waiting += each.values()
        elif isinstance(each, (list, tuple)):
            waiting += each
    return False


def _plain(value: Any, depth: int = 0) -> Any:
    """Spell out what JSON cannot hold: huge integers, NaN and odd types as text, lone surrogates as U+FFFD.

    What is nested deeper than 200 levels is left to the evidence.
    """
    if isinstance(value, str):
        return whole_text(value)
    if depth > _DEEPEST:
        return _TOO_DEEP
    if isinstance(value, Mapping):
        return {whole_text(str(key)): _plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item, depth + 1) for item in value]
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return value if -(2**63) <= value < 2**64 else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else _NO_NUMBERS[str(value)]
    return str(value)


def new_texts(texts: Texts, seen: set[tuple[str, str]], trace_id: str) -> list[bytes]:
    """Return the texts not yet in `seen` for this trace as JSON lines, and mark them seen."""
    lines = []
    for key, text in texts.items():
        mark = (trace_id, key)
        if mark not in seen:
            seen.add(mark)
            lines.append(pack_text(trace_id, key, text))
    return lines
