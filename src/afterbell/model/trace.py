"""The physical layer of a trace: spans and log records exactly as they were emitted, and where each came from.

Nothing is interpreted here: attribute names and values are the emitter's own. What they mean (calls, tools,
documents, orders) is the logical layer in `calls.py` and `trading.py`; `run.py` holds both as one `Trace`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

STATUS_UNSET, STATUS_OK, STATUS_ERROR = 0, 1, 2

_HEX = re.compile(r"[0-9a-fA-F]+\Z")


class SpanEvent(Struct, frozen=True, kw_only=True, gc=False):
    """A timed event on a span; `time_ns` is nanoseconds since the Unix epoch, 0 when not stated."""

    name: str
    time_ns: int = 0
    attributes: Mapping[str, Any] = {}
    dropped_attributes: int = 0


class SpanLink(Struct, frozen=True, kw_only=True, gc=False):
    """A link from one span to another, often in another trace of the same idea."""

    trace_id: str
    span_id: str
    attributes: Mapping[str, Any] = {}


class Span(Struct, frozen=True, kw_only=True):
    """One span as emitted. Ids are lower-case hex (32 and 16 digits); the emitter's own spelling is in `*_raw`.

    Times are nanoseconds since the Unix epoch; an `end_ns` of 0 means the span never ended.
    `evidence` is the SHA-256 of the kept bytes, `position` the unit (line, frame or run) within them.
    """

    trace_id: str
    span_id: str
    parent_span_id: str = ""
    trace_id_raw: str = ""
    span_id_raw: str = ""
    name: str = ""
    otel_kind: int = 0
    start_ns: int = 0
    end_ns: int = 0
    status_code: int = STATUS_UNSET
    status_message: str = ""
    trace_state: str = ""
    flags: int = 0
    resource: Mapping[str, Any] = {}
    scope_name: str = ""
    scope_version: str = ""
    schema_url: str = ""
    attributes: Mapping[str, Any] = {}
    events: tuple[SpanEvent, ...] = ()
    links: tuple[SpanLink, ...] = ()
    dropped_attributes: int = 0
    dropped_events: int = 0
    dropped_links: int = 0
    format: str = ""
    evidence: str = ""
    position: int = 0


class LogRecord(Struct, frozen=True, kw_only=True):
    """One log record as emitted; GenAI content and trading events often travel this way."""

    trace_id: str = ""
    span_id: str = ""
    time_ns: int = 0
    observed_ns: int = 0
    severity: str = ""
    event_name: str = ""
    body: Any = None
    attributes: Mapping[str, Any] = {}
    resource: Mapping[str, Any] = {}
    scope_name: str = ""
    dropped_attributes: int = 0
    format: str = ""
    evidence: str = ""
    position: int = 0


class Refusal(Struct, frozen=True, kw_only=True):
    """Something a reader did not take in, or took in only in part: where it stands and why.

    `taken` marks a remark: the content was taken in, but not quite as it was written (a column under another name).
    """

    where: str
    why: str
    taken: bool = False


def trace_hex(raw: str) -> str:
    """Return 32 lower-case hex digits for any spelling of a trace id (hex, UUID, `tr-…`, or any text).

    Hex of another length and free text become the first 32 digits of their SHA-256, so that equal ids stay equal.
    """
    return _hex(raw, 32)


def span_hex(raw: str) -> str:
    """Return 16 lower-case hex digits for any spelling of a span id; an empty id stays empty."""
    return _hex(raw, 16)


def _hex(raw: str, digits: int) -> str:
    if len(raw) == digits and _HEX.match(raw):
        return raw.lower()
    if not raw:
        return ""
    plain = raw.replace("-", "")
    if len(plain) == digits and _HEX.match(plain):
        return plain.lower()
    return hashlib.sha256(raw.encode("utf-8", "surrogatepass")).hexdigest()[:digits]
