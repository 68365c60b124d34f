"""The page of a trace: opens one trace, finds what was found in it, and writes it as one file.

A trace is assembled when it is first asked for and remembered with its arrangement; its twenty answers take longer and
are asked for on their own. Both are remembered until the house's data, policy or log change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from threading import Lock

from msgspec import Struct, structs

from afterbell import __version__, clock
from afterbell.catalog.intake import kinds_of
from afterbell.disk import files
from afterbell.disk.house import House
from afterbell.model.event import Event
from afterbell.model.run import Trace
from afterbell.model.scan import ModeAnswer
from afterbell.model.trace_page import Asked, Finding, Row
from afterbell.model.vocabulary import SpanKind
from afterbell.query import trace_views
from afterbell.query.trace_views import Arranged
from afterbell.render import html, trace_links
from afterbell.steps import scan
from afterbell.steps.event_list import Events
from afterbell.steps.remembered import Remembered, data_of, state_of
from afterbell.steps.store import Store

MOST_ROWS, MOST_STEPS, MOST_RAW = 5000, 5000, 500
MOST_WAITING = 8
_TRACES, _ANSWERS = 4, 64
_ID = 32
LONG = 1000  # spans; shorter traces are put together in a fraction of a second
_Arranged = tuple[Arranged, dict[str, SpanKind], Lock]


class Opened(Struct, frozen=True, kw_only=True, dict=True):
    """One trace with its arrangement, the events that name it, and the ids of the records that do.

    `partly` tells that only its spans were read: model calls, tokens and steps are not known yet.
    """

    of: Arranged
    events: tuple[Event, ...]
    event_findings: tuple[Finding, ...]
    kinds: dict[str, SpanKind]
    lock: Lock
    records: tuple[str, ...] = ()
    partly: bool = False

    def kinds_for(self, rows: Iterable[Row]) -> Mapping[str, SpanKind]:
        """Return what the spans of some rows stand for, by span id."""
        with self.lock:
            wanted = {row.span_id for row in rows if row.span_id not in self.kinds}
            if wanted:
                spans = tuple(span for span in self.of.trace.spans if span.span_id in wanted)
                self.kinds.update(kinds_of(structs.replace(self.of.trace, spans=spans)))
        return self.kinds


class TracePages:
    """The traces of one house, for as long as a server runs; several threads may ask at once."""

    def __init__(self, house: House, events: Events) -> None:
        """Nothing is read yet."""
        self._house, self._events = house, events
        self._arranged: Remembered[_Arranged] = Remembered(_TRACES)
        self._spans: Remembered[_Arranged | None] = Remembered(_TRACES)
        self._answers: Remembered[tuple[ModeAnswer, ...]] = Remembered(_ANSWERS, crowd=MOST_WAITING)

    def opened(self, name: str, *, partly: bool = False) -> Opened:
        """Return the trace whose id begins with `name`; with `partly`, of a long one its spans alone unless at hand.

        Raises UsageError when there is none or more than one.
        """
        store = Store(self._house)
        trace_id = name if len(name) == _ID else store.match(name)
        key = (data_of(store), trace_id)
        if partly and self._arranged.peek(key) is None:
            spans = self._spans.get(key, lambda: _spans_of_long(store, trace_id))
            if spans is not None:
                return self._opened(spans, partly=True)
        return self._opened(self._arranged.get(key, lambda: _arranged(store, trace_id)), partly=False)

    def _opened(self, found: _Arranged, *, partly: bool) -> Opened:
        arranged, kinds, lock = found
        events = tuple(event for event in self._events.known() if arranged.trace.trace_id in event.trace_ids)
        evidence = () if partly else tuple(_of_events(arranged, events))
        return Opened(of=arranged, events=events, event_findings=evidence, kinds=kinds, lock=lock, partly=partly,
                      records=self._events.records_of(arranged.trace.trace_id))  # fmt: skip

    def asked(self, opened: Opened, *, wait: bool) -> tuple[Asked, ...] | None:
        """Return the twenty answers; without `wait` None while nobody has waited for them.

        One trace is asked at a time, so that the pages stay quick. Raises StoreError when too many wait already.
        """
        if opened.partly:
            return None
        store, trace = Store(self._house), opened.of.trace
        key = (state_of(store), trace.trace_id)
        if wait:
            rows: tuple[ModeAnswer, ...] | None = self._answers.get(key, lambda: _answers(store, trace))
        else:
            rows = self._answers.peek(key)
        return None if rows is None else tuple(_asked(opened.of, rows, len(opened.event_findings)))


def findings(opened: Opened, asked: tuple[Asked, ...] | None) -> tuple[Finding, ...]:
    """Return every finding in a trace: those of its events, then those of the answers that say yes or unknown."""
    return (*opened.event_findings, *(finding for each in asked or () for finding in each.findings))


def write(house: House, trace_id: str, target: Path) -> None:
    """Write the page of a trace as one file that needs nothing else. Raises DiskError where it cannot be written."""
    pages = TracePages(house, Events(house))
    opened = pages.opened(trace_id)
    asked = pages.asked(opened, wait=True) or ()
    files.make_dirs(target.parent)
    files.replace(target, html_of(opened, asked).encode())


def html_of(opened: Opened, asked: tuple[Asked, ...]) -> str:
    """Return the page of a trace as one file. What it leaves out of a very long run it says."""
    of, found = opened.of, findings(opened, asked)
    kinds = opened.kinds_for(of.rows)
    fall = trace_views.fall(of, of.rows, kinds, page=1, findings=found, size=MOST_ROWS)
    shown = _worth(of.rows[: fall.pages.last], found)
    spans = tuple(trace_views.span_view(of, row, kinds[row.span_id], findings=found) for row in shown)
    return html.page(
        "trace_file.html", summary=trace_views.summary(of), fall=fall,
        talk=trace_views.talk(of, page=1, findings=found, size=MOST_STEPS), asked=asked, findings=found,
        events=opened.events, spans=spans, left_out=len(of.rows) - len(spans), made_at=clock.now(),
        version=__version__, links=trace_links.Within({row.span_id: row.place for row in shown}, MOST_STEPS),
    )  # fmt: skip


def _worth(rows: Sequence[Row], found: Iterable[Finding]) -> tuple[Row, ...]:
    """Return the rows whose raw fields are shown, in their order: those with findings or errors, then the first."""
    cited = {each.evidence.span_id for each in found}
    best = sorted(rows, key=lambda row: (row.span_id not in cited, not row.failed, row.place))[:MOST_RAW]
    return tuple(sorted(best, key=lambda row: row.place))


def _arranged(store: Store, trace_id: str) -> _Arranged:
    found = store.traces([trace_id]).get(trace_id)
    if found is None:
        found = store.trace(store.match(trace_id))
    return Arranged(found), {}, Lock()


def _spans_of_long(store: Store, trace_id: str) -> _Arranged | None:
    """Return the spans of a trace that takes long to put together, None for any other."""
    bare = store.bare(trace_id)
    return (Arranged(bare), {}, Lock()) if bare is not None and len(bare.spans) > LONG else None


def _answers(store: Store, trace: Trace) -> tuple[ModeAnswer, ...]:
    (found,) = scan.scan_traces(store, (trace,))
    return found.answers


def _of_events(of: Arranged, events: Iterable[Event]) -> Iterator[Finding]:
    number = 0
    for event in events:
        for evidence in event.evidence:
            number += 1
            yield of.finder.finding(number, 0, f"event {event.trigger.value}", evidence)


def _asked(of: Arranged, rows: Iterable[ModeAnswer], before: int) -> Iterator[Asked]:
    number = before
    for row in rows:
        found = []
        for evidence in row.suggestion.evidence:
            number += 1
            found.append(of.finder.finding(number, row.number, row.mode, evidence))
        yield Asked(row=row, findings=tuple(found))
