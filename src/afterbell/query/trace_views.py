"""What each page of a trace shows: the head, a page of the waterfall, a page of the conversation, one span.

Values in, values out: a trace is arranged once (`Arranged`), and a page is cut out of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from afterbell.model.calls import ROLLUP
from afterbell.model.paging import pages
from afterbell.model.run import Trace
from afterbell.model.trace_page import (
    Finding,
    Lane,
    Line,
    Moment,
    Passage,
    Piece,
    Row,
    ShownField,
    ShownPassage,
    ShownSpan,
    ShownStep,
    Step,
    Summary,
    Talk,
    Waterfall,
)
from afterbell.model.vocabulary import SpanKind
from afterbell.model.wording import counted, since
from afterbell.query import conversation, span_fields, waterfall
from afterbell.query.evidence_places import Finder, marks, raw_marks
from afterbell.query.marked_text import LONGEST, pieces

ROWS, STEPS = 200, 50
WHOLE = 400_000
_SHORT_LINE = 120


class Arranged:
    """One trace with its steps, its rows and where evidence stands in it; nothing in it changes."""

    def __init__(self, trace: Trace) -> None:
        """Tell the run as steps and lay out its spans."""
        self.trace = trace
        told = conversation.told(trace)
        self.steps: tuple[Step, ...] = told.steps
        self.rows: tuple[Row, ...] = waterfall.rows(trace, told.steps)
        self.finder = Finder(trace, told)

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The place of each span's row."""
        return {row.span_id: row.place for row in self.rows}

    @property
    def began_ns(self) -> int:
        """When the run began."""
        return self.trace.started_ns

    def moment(self, step: int) -> Moment | None:
        """Return the moment of a replay; None for step 0, which is no replay."""
        if not step or not self.steps:
            return None
        last = self.steps[min(step, len(self.steps)) - 1]
        known = max((each.at_ns for each in self.steps[: last.number]), default=0) or self.trace.ended_ns
        return Moment(step=last.number, steps=len(self.steps), at_ns=known, heading=last.heading,
                      since=since(known - self.began_ns) if known else "time not stated")  # fmt: skip


def summary(of: Arranged, moment: Moment | None = None, *, partly: bool = False) -> Summary:
    """Return the head of a trace's pages; in a replay it says only what was known when the run began.

    With `partly` only the spans were read, and it says nothing of calls, tokens and steps.
    """
    trace = of.trace
    root = next((row for row in of.rows if not row.depth), None)
    facts = [("format", ", ".join(trace.formats))]
    notes: list[str] = []
    if moment is None:
        failed = sum(row.failed for row in of.rows)
        facts = [
            ("length", _length(trace)), ("spans", f"{len(of.rows):,}"),
            ("spans in error", f"{failed:,}"),
            *(() if partly else (("model calls", _calls(trace)), ("tokens", _tokens(trace)),
                                 ("steps", f"{len(of.steps):,}"))),
            *facts,
        ]  # fmt: skip
        notes = _missing(trace)
    return Summary(trace_id=trace.trace_id, name=root.name if root else "", started_ns=trace.started_ns,
                   facts=tuple(facts), notes=tuple(notes))  # fmt: skip


def page_of_step(number: int) -> int:
    """Return the page of the conversation that shows a step."""
    return max(0, number - 1) // STEPS + 1


def rows_of(of: Arranged, moment: Moment | None) -> tuple[Row, ...]:
    """Return the rows as known at a moment, or all."""
    return waterfall.until(of.rows, moment.at_ns, moment.step) if moment else of.rows


def fall(
    of: Arranged, rows: Sequence[Row], kinds: Mapping[str, SpanKind], *, page: int, moment: Moment | None = None,
    findings: Iterable[Finding] = (), size: int = ROWS,
) -> Waterfall:  # fmt: skip
    """Return a page of the waterfall; `kinds` tells what the spans of that page stand for."""
    here = pages(len(rows), page, size)
    shown = here.of(rows)
    steps = of.steps[: moment.step] if moment else of.steps
    axis = waterfall.whole(of.trace, steps, moment)
    stretch = waterfall.window(shown, waterfall.above(rows, here.last) if here.last < len(rows) else ())
    found: dict[str, list[int]] = {}
    for each in findings:
        if each.evidence.trace_id in ("", of.trace.trace_id):
            found.setdefault(each.evidence.span_id, []).append(each.number)
    lines = tuple(
        Line(row=row, kind=kinds.get(row.span_id, SpanKind.OTHER), bar=waterfall.bar(row, stretch),
             findings=tuple(found.get(row.span_id, ())))
        for row in shown
    )  # fmt: skip
    left = min(100.0, max(0.0, axis.x(stretch.start_ns)))
    return Waterfall(
        lines=lines, above=waterfall.above(rows, shown[0].place) if shown else (), pages=here,
        ticks=waterfall.ticks(stretch, of.began_ns), axis=waterfall.ticks(axis, of.began_ns),
        tracks=waterfall.tracks(steps, axis), x=left,
        width=round(min(100.0, max(0.0, axis.x(stretch.end_ns))) - left, 3),
    )  # fmt: skip


def talk(
    of: Arranged, *, page: int, moment: Moment | None = None, lane: Lane | None = None,
    findings: Iterable[Finding] = (), size: int = STEPS, longest: int = LONGEST,
) -> Talk:  # fmt: skip
    """Return a page of the conversation: all of it, or the steps of one lane; a replay's page ends with its step."""
    known = of.steps[: moment.step] if moment else of.steps
    lanes: dict[Lane, int] = {}
    for step in known:
        lanes[step.lane] = lanes.get(step.lane, 0) + 1
    chosen = [step for step in known if lane is None or step.lane is lane]
    here = pages(len(chosen), page if page or not moment else len(chosen) // size + 1, size)
    marked = marks(findings)
    shown = tuple(shown_step(of, step, marked, longest) for step in here.of(chosen))
    return Talk(steps=shown, pages=here, lanes=tuple((each, lanes[each]) for each in Lane if each in lanes))


def shown_step(
    of: Arranged, step: Step, marked: Mapping[tuple[int, int], list[tuple[int, int, int]]], longest: int = LONGEST
) -> ShownStep:
    """Return a step as it is shown, its texts cut to about `longest` characters around what is marked."""
    place = of.places.get(step.span_id)
    return ShownStep(
        step=step, since=since(step.at_ns - of.began_ns) if step.at_ns else "time not stated",
        span=of.rows[place].name if place is not None else "",
        passages=tuple(
            _passage(passage, marked.get((step.number, number), []), longest)
            for number, passage in enumerate(step.passages)
        ),
    )  # fmt: skip


def _passage(passage: Passage, marked: list[tuple[int, int, int]], longest: int) -> ShownPassage:
    cut = pieces(passage.text, marked, longest)
    short = len(passage.text) <= _SHORT_LINE and "\n" not in passage.text
    return ShownPassage(passage=passage, pieces=cut, short=short, cut=_is_cut(cut))


def _is_cut(found: Sequence[Piece]) -> bool:
    return any(piece.left_out for piece in found)


def span_view(
    of: Arranged, row: Row, kind: SpanKind, *, findings: Iterable[Finding] = (), moment: Moment | None = None,
    longest: int = LONGEST,
) -> ShownSpan:  # fmt: skip
    """Return one span with its raw fields; a replay shows them when the span has ended."""
    span = of.trace.span(row.span_id)
    own = tuple(each for each in findings if each.evidence.span_id == row.span_id)
    hidden = moment is not None and row.running
    marked = raw_marks(own, row.span_id)
    raw = () if span is None or hidden else span_fields.fields(of.trace, span)
    shown = []
    for place, field in enumerate(raw):
        cut = pieces(field.text, marked.get(field.name, ()), longest)
        shown.append(ShownField(place=place, name=field.name, pieces=cut, length=len(field.text), cut=_is_cut(cut)))
    return ShownSpan(
        row=row, kind=kind, since=since(row.start_ns - of.began_ns) if row.start_ns else "time not stated",
        length=row.took, fields=tuple(shown), findings=() if hidden else own, hidden=hidden,
    )  # fmt: skip


def _length(trace: Trace) -> str:
    length = trace.ended_ns - trace.started_ns
    if not 0 < trace.started_ns < trace.ended_ns:
        return "not stated"
    return since(length) if length >= waterfall.CLOCKLESS_NS else "not stated, only the order of its steps"


def _calls(trace: Trace) -> str:
    sums = sum(call.operation == ROLLUP for call in trace.calls)
    alone = f"{len(trace.calls) - sums:,}"
    return f"{alone} one by one, and {counted(sums, 'sum')} over others" if sums else alone


def _tokens(trace: Trace) -> str:
    """Return what all calls used. A sum that stands among them is of calls that are not told: none is counted twice."""
    stated = [call.usage.total for call in trace.calls if call.usage.total is not None]
    if not stated:
        return "not stated"
    silent = len(trace.calls) - len(stated)
    return f"{sum(stated):,}" + (f" and {counted(silent, 'call')} without a count" if silent else "")


def _missing(trace: Trace) -> list[str]:
    whole = trace.completeness
    told = (
        (len(whole.missing_parents), "span whose parent is missing", "spans whose parents are missing"),
        (len(whole.unended), "span that never ended", "spans that never ended"),
        (whole.dropped_attributes, "attribute dropped by the exporter", "attributes dropped by the exporter"),
        (whole.dropped_events, "event dropped by the exporter", "events dropped by the exporter"),
        (whole.dropped_links, "link dropped by the exporter", "links dropped by the exporter"),
    )
    return [counted(count, one, many) for count, one, many in told if count]
