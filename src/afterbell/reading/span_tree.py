"""The spans of a trace in the order of their tree: each parent before its children, siblings as they were given.

Spans whose parent is missing count as roots; spans that name each other as parents come last. Nothing recurses.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from afterbell.model.trace import Span


class Node(Struct, frozen=True, kw_only=True):
    """A span, how deep it hangs (0 = a root), and what is odd about its place."""

    span: Span
    depth: int
    note: str = ""


def nodes(spans: Sequence[Span]) -> Iterator[Node]:
    """Yield every span once."""
    children: dict[str, list[Span]] = {}
    known = {span.span_id for span in spans}
    for span in spans:
        parent = span.parent_span_id if span.parent_span_id in known else ""
        children.setdefault(parent, []).append(span)
    stack = [(span, 0) for span in reversed(children.get("", []))]
    seen: set[str] = set()
    while stack:
        span, depth = stack.pop()
        if span.span_id in seen:
            continue
        seen.add(span.span_id)
        orphan = span.parent_span_id and span.parent_span_id not in known
        note = f"parent {span.parent_span_id} is missing" if orphan else ""
        yield Node(span=span, depth=depth, note=note)
        stack += [(child, depth + 1) for child in reversed(children.get(span.span_id, []))]
    for span in spans:
        if span.span_id not in seen:
            yield Node(span=span, depth=0, note="in a circle of parents")
