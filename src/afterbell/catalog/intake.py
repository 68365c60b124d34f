"""Finds the envelope of some bytes by their content, and assembles traces with every dialect on the shelf."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from afterbell.catalog import shelves
from afterbell.errors import UsageError
from afterbell.formats.assembly import assemble, kinds
from afterbell.model.run import Trace
from afterbell.model.trace import LogRecord, Span
from afterbell.model.vocabulary import SpanKind

HEAD = 64 * 1024


def envelope_of(head: bytes, name: str) -> Any | None:
    """Return the envelope module that recognises this beginning (up to 64 KiB), or None."""
    return next((module for module in shelves.envelopes().values() if module.recognise(head, name)), None)


def envelope_named(name: str) -> Any:
    """Return the envelope with this NAME. Raises UsageError that lists the known ones."""
    known = shelves.envelopes()
    if name not in known:
        raise UsageError(f"unknown format {name!r}", f"known: {', '.join(known)}")
    return known[name]


def trace_of(trace_id: str, spans: Iterable[Span], logs: Iterable[LogRecord]) -> Trace:
    """Return the trace of these spans and log records, read by every dialect."""
    return assemble(trace_id, spans, logs, shelves.dialects())


def bare_of(trace_id: str, spans: Iterable[Span], logs: Iterable[LogRecord]) -> Trace:
    """Return the trace of these spans and log records with its physical layer alone, which takes no time to read."""
    return assemble(trace_id, spans, logs, ())


def kinds_of(trace: Trace) -> Mapping[str, SpanKind]:
    """Return what each span of a trace stands for, by span id."""
    return kinds(trace, shelves.dialects())
