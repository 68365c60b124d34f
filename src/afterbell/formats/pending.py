"""Logfire's pending spans: copies that it sends when a span begins, so that one can be watched, or survives a crash.

A copy has an id of its own, is a child of the span it copies, takes no time, and names that span's parent in
`logfire.pending_parent_id`. It says nothing beside its span. Where the span never came (the process died), the copy is
all there is: it is put in the span's place, as one that never ended. Source: Logfire's own processor of pending spans.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import structs

from afterbell.formats.otlp_values import span_id
from afterbell.model.trace import Span

_TYPE, _PENDING = "logfire.span_type", "pending_span"
_PARENT = "logfire.pending_parent_id"


def is_pending(span: Span) -> bool:
    """Tell whether this is the copy of a span that had just begun."""
    return span.attributes.get(_TYPE) == _PENDING


def settled(spans: Iterable[Span]) -> tuple[tuple[Span, ...], int]:
    """Return the spans without copies whose span is there, other copies in its place; and how many were dropped."""
    every = tuple(spans)
    if not any(map(is_pending, every)):
        return every, 0
    there = {span.span_id for span in every if not is_pending(span)}
    kept: list[Span] = []
    for span in every:
        if not is_pending(span) or not span.parent_span_id:
            kept.append(span)
        elif span.parent_span_id not in there:
            there.add(span.parent_span_id)
            above = span_id(str(span.attributes.get(_PARENT) or ""))
            kept.append(structs.replace(span, span_id=span.parent_span_id, parent_span_id=above, end_ns=0))
    return tuple(kept), len(every) - len(kept)
