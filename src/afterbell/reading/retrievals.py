"""Finds retrievals of which the trace holds no document: what they brought is gone, not absent.

A failed retrieval brought nothing. It does not say which stage a retrieval served, nor what was in it.
"""

from __future__ import annotations

from collections.abc import Iterator

from afterbell.model.run import Trace
from afterbell.model.trace import STATUS_ERROR, Span

_RETRIEVALS = (("gen_ai.operation.name", "retrieval"), ("openinference.span.kind", "RETRIEVER"))
_DOCUMENTS = ("gen_ai.retrieval.documents", "retrieval.documents", "output.value")


def retrieves(span: Span) -> bool:
    """Tell whether a span is a retrieval, by the words of either convention."""
    return any(str(span.attributes.get(name)) == value for name, value in _RETRIEVALS)


def empty(trace: Trace) -> Iterator[Span]:
    """Yield the retrievals that did not fail and of which no document was kept; an empty list of them was."""
    held = {document.source.span_id for document in trace.documents}
    for span in trace.spans:
        if not retrieves(span) or span.span_id in held or span.status_code == STATUS_ERROR:
            continue
        if not any(name.startswith(_DOCUMENTS) for name in span.attributes):
            yield span
