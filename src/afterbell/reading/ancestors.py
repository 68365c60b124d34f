"""The spans above a span, nearest first; a bound on the steps ends a ring of parents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from afterbell.model.trace import Span


def upwards(span_id: str, spans: Mapping[str, Span], most: int) -> Iterator[Span]:
    """Yield a span and those above it, `most` in all; nothing for an id that `spans` (by id) does not hold."""
    here = spans.get(span_id)
    for _ in range(most):
        if here is None:
            return
        yield here
        here = spans.get(here.parent_span_id)


def above(span_id: str, spans: Mapping[str, Span], most: int) -> Iterator[Span]:
    """Yield the spans above a span without itself, at most `most`."""
    return islice(upwards(span_id, spans, most + 1), 1, None)
