"""One logical model call out of the spans that describe it: never counted twice, never summed over roll-ups.

Two readouts are the same call when one span lies under the other, both name the same model and one lies within the
other in time (an SDK's own span under the instrumentation's), or when they share a response id and meet in time. A
span with several different calls under it that match it so is their sum, a roll-up. A record of no duration that holds
the answer to the prompt of an earlier span beside it, which has none, is the same call too (streams in Logfire).

Of roll-ups the lowest counts, and only where no call below it reports usage. The total of a LangSmith run is
different: its backend sums it over every run below, also over those that an export left out. There the stated total
wins: what the runs below do not account for stays with the run, and where steps below overlap and add up to more,
the run speaks for them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import structs

from afterbell.model.calls import ROLLUP, LlmCall, MessageRef, Usage
from afterbell.model.trace import Span
from afterbell.model.vocabulary import ContentState
from afterbell.reading.model_names import same_model

RUN_TOTAL = "run_total"
_SUMS = frozenset({ROLLUP, RUN_TOTAL})
_MAX_DEPTH = 1000
_RECENT = 32  # a server that gives every answer one id must not make every pair be compared


def join(calls: Sequence[LlmCall], spans: Mapping[str, Span]) -> tuple[LlmCall, ...]:
    """Return each logical call once, in order of start, with the other spans of the same call as duplicates.

    What is left of roll-ups has operation `rollup`.
    """
    above = {call.span_id: _ancestors(call.span_id, spans) for call in calls}
    ordered = sorted(calls, key=lambda each: len(above[each.span_id]))
    by_span = {call.span_id: call for call in ordered}
    outer = {call.span_id: next((up for up in above[call.span_id]
                                 if up in by_span and _same(by_span[up], call)), "") for call in ordered}  # fmt: skip
    outer |= {span_id: up for span_id, up in _streamed(ordered, above).items() if not outer[span_id]}
    sums = _sums(ordered, outer)
    groups: list[list[LlmCall]] = []
    group_of: dict[str, list[LlmCall]] = {}
    by_response: dict[str, list[list[LlmCall]]] = {}
    listed: set[tuple[str, int]] = set()
    for each in ordered:
        call = structs.replace(each, operation=ROLLUP) if each.span_id in sums else each
        answered = bool(call.response_id) and call.operation not in _SUMS
        known = by_response.setdefault(call.response_id, []) if answered else []
        group = next((near for near in known[-_RECENT:] if any(_meet(call, other, above) for other in near)), None)
        if group is None and outer[call.span_id] not in sums:
            group = group_of.get(outer[call.span_id])
        if group is None:
            group = []
            groups.append(group)
        group.append(call)
        group_of[call.span_id] = group
        if answered and (call.response_id, id(group)) not in listed:
            listed.add((call.response_id, id(group)))
            known.append(group)
    found = _without_rollups([_one(group) for group in groups], above)
    return tuple(sorted(found, key=lambda call: (call.started_ns, call.ended_ns)))


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
    found: dict[str, None] = {}
    span = spans.get(span_id)
    while span and span.parent_span_id and span.parent_span_id not in found and len(found) < _MAX_DEPTH:
        found[span.parent_span_id] = None
        span = spans.get(span.parent_span_id)
    return tuple(up for up in found if up != span_id)


def _same(outer: LlmCall, inner: LlmCall) -> bool:
    if not _SUMS.isdisjoint({outer.operation, inner.operation}):
        return False
    if outer.response_id and inner.response_id and outer.response_id != inner.response_id:
        return False
    names = (outer.response_model or outer.request_model, inner.response_model or inner.request_model)
    if all(names) and not (same_model(*names) or same_model(outer.request_model, inner.request_model)):
        return False
    ends = outer.ended_ns or inner.ended_ns
    return outer.started_ns <= inner.started_ns and inner.ended_ns <= ends


def _streamed(ordered: Sequence[LlmCall], above: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Return, by the span of a record that holds a streamed answer, the span that asked: the last one before it."""

    def mark(call: LlmCall) -> tuple[object, ...]:
        told = tuple(ref.sha256 for ref in (*call.system, *call.input))
        return above[call.span_id][:1], call.request_model, told

    found: dict[str, str] = {}
    asking: dict[tuple[object, ...], list[LlmCall]] = {}
    for call in sorted(ordered, key=lambda each: (each.started_ns, each.ended_ns > each.started_ns)):
        if not call.input or call.operation in _SUMS:
            continue
        if call.ended_ns > call.started_ns and not call.output and call.usage.total is None and not call.error_type:
            asking.setdefault(mark(call), []).append(call)
        elif asking and call.output and call.started_ns == call.ended_ns and (waiting := asking.get(mark(call))):
            found[call.span_id] = waiting.pop().span_id
    return found


def _sums(ordered: Sequence[LlmCall], outer: Mapping[str, str]) -> set[str]:
    """Return the spans that hold several different calls, deepest first: a span over such a one is a sum too."""
    found: set[str] = set()
    under: dict[str, set[str]] = {}
    for call in reversed(ordered):
        up = outer[call.span_id]
        if up:
            under.setdefault(up, set()).add(call.response_id or call.span_id)
            if call.span_id in found or len(under[up]) > 1:
                found.add(up)
    return found


def _meet(one: LlmCall, other: LlmCall, above: Mapping[str, tuple[str, ...]]) -> bool:
    """Tell whether two spans can be one call: servers exist that use a response id again."""
    if one.span_id in above[other.span_id] or other.span_id in above[one.span_id]:
        return True
    first, last = sorted((one, other), key=lambda call: call.started_ns)
    return last.started_ns <= first.ended_ns or not first.ended_ns


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
    others = dict.fromkeys(span_id for call in group for span_id in (call.span_id, *call.duplicates))
    others.pop(best.span_id)
    return structs.replace(best, duplicates=tuple(others))


def _without_rollups(calls: list[LlmCall], above: Mapping[str, tuple[str, ...]]) -> list[LlmCall]:
    """Drop roll-ups that calls below them account for, the deepest first; see the top of this page."""
    kept: dict[str, LlmCall] = {}
    below: dict[str, dict[str, None]] = {}
    for call in sorted(calls, key=lambda each: -len(above[each.span_id])):
        inner = [kept[span_id] for span_id in below.get(call.span_id, ()) if span_id in kept]
        left: LlmCall | None = call
        if call.operation == ROLLUP and inner:
            counted = call.usage.total is None or any(each.usage.total is not None for each in inner)
            left = None if counted else call
        elif call.operation == RUN_TOTAL:
            left, overlapping = _remainder(call, inner)
            for each in overlapping:
                del kept[each.span_id]
        if left is not None:
            kept[left.span_id] = structs.replace(left, operation=ROLLUP) if left.operation in _SUMS else left
            for up in above[call.span_id]:
                below.setdefault(up, {})[left.span_id] = None
    return list(kept.values())


def _remainder(call: LlmCall, inner: list[LlmCall]) -> tuple[LlmCall | None, list[LlmCall]]:
    """Return what of a run's stated total the calls below do not account for, and the steps below that overlap."""
    total, told = call.usage.total, [each for each in inner if each.usage.total is not None]
    if total is None:
        return (None if inner else call), []
    counted = sum(each.usage.total or 0 for each in told)
    if counted < total:
        return (structs.replace(call, usage=_difference(call.usage, told)) if told else call), []
    steps = all(each.operation == ROLLUP for each in told)
    if counted == total and len(told) == 1 and steps:
        return _one([told[0], call]), told  # a step and the one thing it ran: the same calls, seen twice
    return (call, told) if counted > total and steps else (None, [])


def _difference(whole: Usage, told: list[LlmCall]) -> Usage:
    """Return the rest of a usage; its parts only where every call states its own."""
    entered, left = whole.input_tokens, whole.output_tokens
    for call in told:
        mine = call.usage
        if (
            entered is not None
            and left is not None
            and mine.input_tokens is not None
            and mine.output_tokens is not None
        ):
            entered, left = entered - mine.input_tokens, left - mine.output_tokens
        else:
            entered = left = None
    if entered is not None and left is not None and min(entered, left) >= 0:
        return Usage(input_tokens=entered, output_tokens=left, source=whole.source)
    rest = (whole.total or 0) - sum(call.usage.total or 0 for call in told)
    return Usage(stated_total=rest, source=whole.source)
