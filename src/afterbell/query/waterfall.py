"""A run as a waterfall: its spans as rows in the order of the tree, where their bars stand, and the lanes of the axis.

Places on the axis are percent of its width. With a moment given, only what was known then is told: spans that had not
begun are left out, and those that had not ended are running and say nothing of how they end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct, structs

from afterbell.model.calls import ROLLUP, LlmCall
from afterbell.model.run import Trace
from afterbell.model.trace import STATUS_ERROR
from afterbell.model.trace_page import Bar, Blip, Lane, Moment, Row, Step, Tick, Track
from afterbell.model.wording import since
from afterbell.reading import span_tree

CLOCKLESS_NS = 10_000
"""A run that is shorter has no clock behind it: its source counts steps in nanoseconds, to keep their order."""

_WIDE = 100.0
_NARROWEST, _UNENDED = 0.25, 3.0
_BINS = 200
_TICKS = 4
_NICE_NS = (
    *(factor * 10**power for power in range(9) for factor in (1, 2, 5)),
    *(seconds * 10**9 for seconds in (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 21_600, 43_200)),
    *(days * 86_400 * 10**9 for days in (1, 2, 7, 14, 30, 90, 365, 3650, 36_500)),
)


class Window(Struct, frozen=True, kw_only=True):
    """The stretch of time that an axis shows, in nanoseconds since the Unix epoch."""

    start_ns: int
    end_ns: int

    def x(self, at_ns: int) -> float:
        """Return where a moment stands, in percent of the width."""
        return round(_WIDE * (at_ns - self.start_ns) / max(1, self.end_ns - self.start_ns), 3)


def rows(trace: Trace, steps: Iterable[Step]) -> tuple[Row, ...]:
    """Return every span as a row, in the order of the tree."""
    calls: dict[str, LlmCall] = {}
    for each in trace.calls:
        calls.setdefault(each.span_id, each)
    twins = {other: call.span_id for call in trace.calls for other in call.duplicates}
    own: dict[str, list[int]] = {}
    for step in steps:
        own.setdefault(step.span_id, []).append(step.number)
    found = []
    for place, node in enumerate(span_tree.nodes(trace.spans)):
        span, notes = node.span, [node.note]
        call = calls.get(span.span_id)
        if span.span_id in twins:
            notes.append(f"the same call as {twins[span.span_id]}")
        failed = span.status_code == STATUS_ERROR or (call is not None and call.failed)
        failure = span.status_message or (f"{call.error_type} {call.error_message}".strip() if call is not None else "")
        found.append(Row(
            place=place, span_id=span.span_id, name=span.name, depth=node.depth, start_ns=span.start_ns,
            end_ns=span.end_ns, failed=failed, failure=failure if failed else "", tokens=_tokens(call),
            steps=tuple(own.get(span.span_id, ())), note="; ".join(filter(None, notes)),
        ))  # fmt: skip
    return tuple(found)


def until(found: Sequence[Row], at_ns: int, step: int) -> tuple[Row, ...]:
    """Return the rows as they were known at a moment, when `step` was the last step; places count anew."""
    kept: list[Row] = []
    for row in found:
        if not row.start_ns or row.start_ns > at_ns:
            continue
        known = structs.replace(row, place=len(kept), steps=tuple(each for each in row.steps if each <= step))
        if not row.end_ns or row.end_ns > at_ns:
            known = structs.replace(known, running=True, end_ns=at_ns, failed=False, failure="", tokens="")
        kept.append(known)
    return tuple(kept)


def window(shown: Sequence[Row], going_on: Iterable[Row] = ()) -> Window:
    """Return the stretch of time of some rows; those `going_on`, which have more below them than is shown, fill it."""
    beyond = {row.span_id for row in going_on}
    dated = [row for row in shown if row.start_ns]
    chosen = [row for row in dated if row.span_id not in beyond] or dated
    start = min((row.start_ns for row in chosen), default=0)
    return Window(start_ns=start, end_ns=max((max(row.start_ns, row.end_ns) for row in chosen), default=start))


def whole(trace: Trace, steps: Sequence[Step], moment: Moment | None) -> Window:
    """Return the stretch of time of a run: the whole, or up to a moment."""
    known = [step.at_ns for step in steps if step.at_ns]
    start = min([*filter(None, [trace.started_ns]), *known], default=0)
    end = moment.at_ns if moment else trace.ended_ns
    return Window(start_ns=start, end_ns=max([end, start, *known]))


def bar(row: Row, shown: Window) -> Bar | None:
    """Return where a row is drawn in a window; None for a span that states no start or lies outside."""
    end = max(row.end_ns, row.start_ns)
    if not row.start_ns or row.start_ns > shown.end_ns or end < shown.start_ns:
        return None
    left = max(0.0, shown.x(row.start_ns))
    width = min(_WIDE, shown.x(end)) - left
    narrowest = _NARROWEST if row.end_ns else _UNENDED
    left = min(left, _WIDE - narrowest)
    return Bar(x=round(left, 3), width=round(max(width, narrowest), 3), before=row.start_ns < shown.start_ns,
               after=end > shown.end_ns)  # fmt: skip


def ticks(shown: Window, began_ns: int) -> tuple[Tick, ...]:
    """Return the marks of an axis at round times since the run began; none where only an order is known."""
    span = shown.end_ns - shown.start_ns
    if span < CLOCKLESS_NS:
        return ()
    step = next((each for each in _NICE_NS if span // each <= _TICKS), span)
    first = -(-(shown.start_ns - began_ns) // step)
    last = (shown.end_ns - began_ns) // step
    return tuple(Tick(x=shown.x(began_ns + each * step), text=since(each * step)) for each in range(first, last + 1))


def tracks(steps: Iterable[Step], shown: Window) -> tuple[Track, ...]:
    """Return the lanes that hold a step, each with its steps in at most 200 places along the axis."""
    lanes: dict[Lane, Counter[int]] = {}
    totals: dict[Lane, int] = {}
    for step in steps:
        totals[step.lane] = totals.get(step.lane, 0) + 1
        if step.at_ns:
            place = min(_BINS - 1, int(shown.x(step.at_ns) * _BINS / _WIDE))
            lanes.setdefault(step.lane, Counter())[place] += 1
    return tuple(
        Track(lane=lane, total=totals[lane], blips=_blips(lanes.get(lane, {}))) for lane in Lane if lane in totals
    )


def _blips(bins: Mapping[int, int]) -> tuple[Blip, ...]:
    wide = _WIDE / _BINS
    return tuple(Blip(x=round((place + 0.5) * wide, 3), count=count) for place, count in sorted(bins.items()))


def above(found: Sequence[Row], place: int) -> tuple[Row, ...]:
    """Return the rows that a row hangs on, the outermost first."""
    depth, kept = found[place].depth, []
    for row in reversed(found[:place]):
        if row.depth < depth:
            kept.append(row)
            depth = row.depth
        if not depth:
            break
    return tuple(reversed(kept))


def _tokens(call: LlmCall | None) -> str:
    if call is None:
        return ""
    used = call.usage
    if used.input_tokens is None and used.output_tokens is None:
        return "" if used.total is None else f"{'sum ' if call.operation == ROLLUP else ''}{used.total:,}"
    given = "?" if used.input_tokens is None else f"{used.input_tokens:,}"
    said = "?" if used.output_tokens is None else f"{used.output_tokens:,}"
    return f"{'sum ' if call.operation == ROLLUP else ''}{given} in, {said} out"
