"""One logical model call out of the spans that describe it: never counted twice, never summed over roll-ups.

Two readouts are the same call when they share a response id, or when one span is an ancestor of the other, both name
the same model and one lies within the other in time (an SDK's own span under the instrumentation's).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import structs

from afterbell.model.calls import LlmCall, MessageRef
from afterbell.model.trace import Span
from afterbell.model.vocabulary import ContentState
from afterbell.reading.model_names import same_model

ROLLUP = "rollup"
_MAX_DEPTH = 1000


def join(calls: Sequence[LlmCall], spans: Mapping[str, Span]) -> tuple[LlmCall, ...]:
    """Return each logical call once, in order of start, with the other spans of the same call as duplicates."""
    above = {call.span_id: _ancestors(call.span_id, spans) for call in calls}
    groups: list[list[LlmCall]] = []
    group_of: dict[str, list[LlmCall]] = {}
    by_response: dict[str, list[LlmCall]] = {}
    for call in sorted(calls, key=lambda each: len(above[each.span_id])):
        group = by_response.get(call.response_id) if call.response_id else None
        if group is None:
            group = next((group_of[up] for up in above[call.span_id] if up in group_of
                          and _same(group_of[up][0], call)), None)  # fmt: skip
        if group is None:
            group = []
            groups.append(group)
        group.append(call)
        group_of[call.span_id] = group
        if call.response_id:
            by_response.setdefault(call.response_id, group)
    found = [_one(group) for group in groups]
    return tuple(sorted(_without_rollups(found, above), key=lambda call: (call.started_ns, call.ended_ns)))


def fill(first: LlmCall, second: LlmCall) -> LlmCall:
    """Return `first` with its empty fields taken from `second`."""
    changes = {}
    for name in LlmCall.__struct_fields__:
        mine, other = getattr(first, name), getattr(second, name)
        if name == "states":
            changes[name] = {leg: _better(mine.get(leg), other.get(leg)) for leg in {**other, **mine}}
        elif name == "usage":
            changes[name] = mine if mine.total is not None else other
        elif name in {"operation", "call_id", "span_id"}:
            continue
        elif not mine and other:
            changes[name] = other
    return structs.replace(first, **changes)


def _better(mine: ContentState | None, other: ContentState | None) -> ContentState:
    for state in (mine, other):
        if state is ContentState.CAPTURED:
            return state
    gone = [state for state in (mine, other) if state not in {None, ContentState.NOT_CAPTURED}]
    return gone[0] if gone and gone[0] else mine or other or ContentState.NOT_CAPTURED


def _ancestors(span_id: str, spans: Mapping[str, Span]) -> tuple[str, ...]:
    found: list[str] = []
    span = spans.get(span_id)
    while span and span.parent_span_id and span.parent_span_id not in found and len(found) < _MAX_DEPTH:
        found.append(span.parent_span_id)
        span = spans.get(span.parent_span_id)
    return tuple(found)


def _same(outer: LlmCall, inner: LlmCall) -> bool:
    if ROLLUP in {outer.operation, inner.operation}:
        return False
    if outer.response_id and inner.response_id and outer.response_id != inner.response_id:
        return False
    names = (outer.response_model or outer.request_model, inner.response_model or inner.request_model)
    if all(names) and not (same_model(*names) or same_model(outer.request_model, inner.request_model)):
        return False
    ends = outer.ended_ns or inner.ended_ns
    return outer.started_ns <= inner.started_ns and inner.ended_ns <= ends


def _content(call: LlmCall) -> tuple[int, int, int]:
    return (
        _filled(call.output),
        _filled(call.input) + _filled(call.system),
        int(call.usage.total is not None),
    )


def _filled(refs: tuple[MessageRef, ...]) -> int:
    return int(bool(refs))


def _one(group: list[LlmCall]) -> LlmCall:
    """Read the call from the span that kept most; the others fill its gaps and are named as duplicates."""
    best = max(group, key=_content)
    for other in group:
        if other is not best:
            best = fill(best, other)
    others = tuple(dict.fromkeys(call.span_id for call in group if call.span_id != best.span_id))
    return structs.replace(best, duplicates=others)


def _without_rollups(calls: list[LlmCall], above: Mapping[str, tuple[str, ...]]) -> list[LlmCall]:
    """Drop a roll-up when calls below it report their own usage: their sum is the figure."""
    counted = {up for call in calls if call.operation != ROLLUP and call.usage.total is not None
               for up in above[call.span_id]}  # fmt: skip
    return [call for call in calls if call.operation != ROLLUP or call.span_id not in counted]
