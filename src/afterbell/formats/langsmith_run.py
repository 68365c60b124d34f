"""A LangSmith run as a span: what the exports and the SDK's batches share.

Every key of the run stays an attribute under `langsmith.` with the source's own name; objects and lists are kept as
JSON text. What the keys mean is the dialect's work.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from afterbell.formats.messages import as_attribute, as_text
from afterbell.formats.otlp_values import whole
from afterbell.formats.stamps import stamp
from afterbell.model.trace import STATUS_ERROR, STATUS_OK, STATUS_UNSET, Span, span_hex, trace_hex
from afterbell.reading.times import to_ns

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "langsmith."
COMPARED = "langsmith.export.analysis.token_analysis.target_comparison.total_tokens_vs_target"
KINDS = frozenset({"llm", "chain", "tool", "retriever", "embedding", "prompt", "parser"})

_CHILDREN = "child_runs"
_LIFTED = "trading."
_ORDERED = re.compile(r"(\d{8}T\d{6})(\d{6})Z")


def span_of(
    run: Mapping[str, Any], *, name: str, position: int, trace: str = "", parent: str = "", spare_id: str = "",
    more: Mapping[str, Any] | None = None,
) -> Span:  # fmt: skip
    """Return the span of one run. `trace`, `parent` and `spare_id` (raw ids) stand in where the run states none.

    `name` is the format's, `more` are attributes of the export around the run. Times without a zone are UTC, as
    LangSmith documents. Keys `trading.*` of the run's metadata become attributes of their own.
    """
    raw = as_text(run.get("id")) or spare_id
    above = as_text(run.get("parent_run_id")) or parent
    whole = as_text(run.get("trace_id")) or trace or raw
    error = as_text(run.get("error"))
    status = as_text(run.get("status")).lower()
    attributes = {f"{PREFIX}{key}": as_attribute(value) for key, value in run.items() if key != _CHILDREN}
    return Span(
        trace_id=trace_hex(whole), trace_id_raw=whole, span_id=span_hex(raw), span_id_raw=raw,
        parent_span_id="" if above == raw else span_hex(above), name=as_text(run.get("name")),
        start_ns=stamp(run.get("start_time")) or _ordered(run.get("dotted_order")), end_ns=stamp(run.get("end_time")),
        status_code=STATUS_ERROR if error or status == "error" else STATUS_OK if status == "success" else STATUS_UNSET,
        status_message=error, attributes={**lifted(run), **attributes, **(more or {})}, format=name, position=position,
    )  # fmt: skip


def children(run: Mapping[str, Any]) -> list[Any]:
    """Return the runs nested in a run; none where the key holds no list."""
    found = run.get(_CHILDREN)
    return found if isinstance(found, list) else []


def lifted(run: Mapping[str, Any]) -> dict[str, Any]:
    """Return the `trading.*` keys that people put into a run's metadata."""
    extra = run.get("extra")
    inner = extra.get("metadata") if isinstance(extra, dict) else None
    return {key: value for key, value in inner.items() if key.startswith(_LIFTED)} if isinstance(inner, dict) else {}


def _ordered(value: Any) -> int:
    """Return the start that the last step of a dotted order states: `20260105T140000000000Z<run id>`."""
    hit = _ORDERED.match(value.rpartition(".")[2]) if isinstance(value, str) else None
    return whole(to_ns(f"{hit[1]}.{hit[2]}Z")) if hit else 0
