"""How many tokens a model call spent on reasoning, and the attribute that says so. Not reported is not zero."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from afterbell.model.calls import LlmCall
from afterbell.model.scan import Evidence
from afterbell.model.trace import Span

_KEY = re.compile(r"(?:reasoning|thinking|thoughts?)", re.IGNORECASE)
_DEEPEST = 4
_OTHER = re.compile(r"budget|effort|content|summary|signature|cost|price|max", re.IGNORECASE)
_IN_JSON = re.compile(r'"[A-Za-z_.]{0,40}(?:reasoning|thinking|thoughts?)[A-Za-z_.]{0,40}"\s{0,4}:\s{0,4}"?(\d{1,12})',
                      re.IGNORECASE)  # fmt: skip


def reasoning_of(call: LlmCall, spans: Mapping[str, Span]) -> tuple[int | None, Evidence | None]:
    """Return the reasoning tokens of one logical call and where the figure stands; None when nobody reported it.

    Of several spans of one call any may hold the figure; it counts once. `spans` are the trace's by id.
    """
    own = [spans[each] for each in (call.span_id, *call.duplicates) if each in spans]
    stated = call.usage.reasoning
    for span in own:
        for count, proof in _figures(span, call):
            if stated is None or count == stated:
                return count, proof
    if stated is None:
        return None, None
    source = call.usage.source
    return stated, Evidence(trace_id=source.trace_id, span_id=source.span_id, field=source.field) if source else None


def _figures(span: Span, call: LlmCall) -> Iterator[tuple[int, Evidence]]:
    source = call.usage.source
    for key, value in span.attributes.items():
        plain = "token" in key.lower() and _KEY.search(key) and not _OTHER.search(key)
        count = _whole(value) if plain else None
        if count is not None:
            text = str(value)
            yield count, Evidence(trace_id=span.trace_id, span_id=span.span_id, field=key, excerpt=text, end=len(text))
        elif source is not None and source.field == key and isinstance(value, str):
            for hit in _IN_JSON.finditer(value):
                yield int(hit[1]), Evidence(trace_id=span.trace_id, span_id=span.span_id, field=key, excerpt=hit[0],
                                            start=hit.start(), end=hit.end())  # fmt: skip
        elif source is not None and source.field == key and isinstance(value, Mapping):
            yield from _nested(span, key, value)


def _nested(span: Span, path: str, value: Mapping[str, Any], depth: int = 0) -> Iterator[tuple[int, Evidence]]:
    for key, inner in value.items():
        place = f"{path}.{key}"
        if isinstance(inner, Mapping) and depth < _DEEPEST:
            yield from _nested(span, place, inner, depth + 1)
        elif _KEY.search(str(key)) and not _OTHER.search(str(key)) and (count := _whole(inner)) is not None:
            text = str(inner)
            yield (
                count,
                Evidence(trace_id=span.trace_id, span_id=span.span_id, field=place, excerpt=text, end=len(text)),
            )


def _whole(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(value)
        return int(number) if number >= 0 and number == int(number) else None
    except (ValueError, OverflowError):
        return None
