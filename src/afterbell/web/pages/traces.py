"""The list of traces, and a trace as a waterfall, as a conversation, with its answers and with its raw fields.

A replay (`?step=`) shows what was known up to a step, and nothing that was found since. `?part=1` answers with a
piece of a page, for the script that puts it in its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from starlette.responses import Response

from afterbell.errors import UsageError
from afterbell.model.access import Role
from afterbell.model.paging import pages
from afterbell.model.trace_page import Lane, Moment, Row
from afterbell.query import trace_views
from afterbell.query.evidence_places import marks
from afterbell.query.marked_text import LONGEST
from afterbell.query.trace_views import Arranged
from afterbell.render.trace_links import Served
from afterbell.steps.trace_list import Wanted
from afterbell.steps.trace_page import Opened, findings
from afterbell.web.shelf import Shelf
from afterbell.web.visit import Entry, Visit

_MOST = 10**9
_FIELDS = 100  # spans on a page of raw fields
_INLINE = 2000  # characters of raw fields that come with the page


class _Asked:
    """What every page of a trace begins with: the trace, the moment of a replay, what was found, and the links."""

    def __init__(self, visit: Visit, *, partly: bool = False) -> None:
        self.pages = visit.rooms.shared(Shelf).pages
        self.opened: Opened = self.pages.opened(visit.path["trace"], partly=partly)
        self.of: Arranged = self.opened.of
        self.moment: Moment | None = self.of.moment(visit.number("step", 0, _MOST))
        self.asked = self.pages.asked(self.opened, wait=False)
        self.findings = () if self.moment else findings(self.opened, self.asked)
        self.links = Served(self.of.trace.trace_id, self.moment, trace_views.page_of_step)

    def show(self, visit: Visit, template: str, **values: Any) -> Response:
        return visit.page(
            template, summary=trace_views.summary(self.of, self.moment, partly=self.opened.partly), moment=self.moment,
            links=self.links, known=self.asked is not None, steps=len(self.of.steps), partly=self.opened.partly,
            events=self.opened.events, records=self.opened.records, **values,
        )  # fmt: skip


def listing(visit: Visit) -> Response:
    """List the traces."""
    given = {name: visit.query.get(name, "") for name in ("text", "format", "first", "last", "errors")}
    wanted = Wanted(text=given["text"], format=given["format"], first=_day(given["first"]), last=_day(given["last"]),
                    errors=bool(given["errors"]))  # fmt: skip
    found = visit.rooms.shared(Shelf).traces.listed(wanted, visit.number("page", 1, _MOST))
    return visit.page("traces.html", found=found, given=given)


def waterfall(visit: Visit) -> Response:
    """Show a page of the waterfall; of a long trace that is not at hand its spans first, without `?whole=`."""
    asked = _Asked(visit, partly=not visit.query.get("step") and not visit.query.get("whole"))
    of, page = asked.of, visit.number("page", 1, _MOST)
    rows = trace_views.rows_of(of, asked.moment)
    here = pages(len(rows), page, trace_views.ROWS)
    kinds = asked.opened.kinds_for(here.of(rows))
    fall = trace_views.fall(of, rows, kinds, page=page, moment=asked.moment, findings=asked.findings)
    return asked.show(visit, "trace_waterfall.html", fall=fall)


def conversation(visit: Visit) -> Response:
    """Show a page of the conversation."""
    asked = _Asked(visit)
    named = visit.query.get("lane", "")
    lane = Lane(named) if named in set(Lane) else None
    talk = trace_views.talk(asked.of, page=visit.number("page", 0 if asked.moment else 1, _MOST), moment=asked.moment,
                            lane=lane, findings=asked.findings)  # fmt: skip
    return asked.show(visit, "trace_conversation.html", talk=talk, lane=lane)


def step(visit: Visit) -> Response:
    """Show one step with its texts whole."""
    asked = _Asked(visit)
    text = visit.path["number"]
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004 - digits of steps
    if not 1 <= number <= len(asked.of.steps):
        raise UsageError(f"no step {text!r} in this trace", f"it has {len(asked.of.steps)}")
    shown = trace_views.shown_step(asked.of, asked.of.steps[number - 1], marks(asked.findings), trace_views.WHOLE)
    return asked.show(visit, "trace_step.html", shown=shown)


def answers(visit: Visit) -> Response:
    """Ask the twenty questions of the trace, which may take its time, and show the answers."""
    asked = _Asked(visit)
    rows = asked.pages.asked(asked.opened, wait=True) or ()
    found = findings(asked.opened, rows)
    template = "trace_answers_part.html" if visit.query.get("part") else "trace_answers.html"
    return asked.show(visit, template, asked=rows, findings=found)


def fields(visit: Visit) -> Response:
    """Show a page of spans with their raw fields; many fields of a span are fetched when they are asked for."""
    asked = _Asked(visit)
    of = asked.of
    rows = trace_views.rows_of(of, asked.moment)
    here = pages(len(rows), visit.number("page", 1, _MOST), _FIELDS)
    shown = here.of(rows)
    kinds = asked.opened.kinds_for(shown)
    spans = [trace_views.span_view(of, row, kinds[row.span_id], findings=asked.findings, moment=asked.moment)
             for row in shown]  # fmt: skip
    large = {each.row.span_id for each in spans if sum(field.length for field in each.fields) > _INLINE}
    return asked.show(visit, "trace_fields.html", spans=spans, pages=here, large=large, trace=of.trace,
                      evidence=_evidence(of))  # fmt: skip


def span(visit: Visit) -> Response:
    """Show one span with everything that was recorded of it; `?field=` shows that field whole."""
    asked = _Asked(visit)
    of = asked.of
    rows = trace_views.rows_of(of, asked.moment)
    row = next((each for each in rows if each.span_id == visit.path["span"]), None)
    if row is None:
        raise UsageError(f"no span {visit.path['span']!r} in this trace", "the waterfall lists them")
    whole = "field" in visit.query
    shown = trace_views.span_view(
        of, row, asked.opened.kinds_for((row,))[row.span_id], findings=asked.findings, moment=asked.moment,
        longest=trace_views.WHOLE if whole else LONGEST,
    )  # fmt: skip
    template = "trace_span_part.html" if visit.query.get("part") else "trace_span.html"
    return asked.show(
        visit, template, shown=shown, page=row.place // trace_views.ROWS + 1, around=_around(rows, row.place)
    )


def _around(rows: Sequence[Row], place: int) -> tuple[Row | None, Row | None]:
    """Return the rows before and after a row."""
    return (rows[place - 1] if place else None, rows[place + 1] if place + 1 < len(rows) else None)


def _evidence(of: Arranged) -> tuple[str, ...]:
    found = [*(span.evidence for span in of.trace.spans), *(log.evidence for log in of.trace.logs)]
    return tuple(dict.fromkeys(filter(None, found)))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


ENTRIES = (
    Entry(path="/traces", role=Role.READER, answer=listing),
    Entry(path="/traces/{trace}", role=Role.READER, answer=waterfall),
    Entry(path="/traces/{trace}/conversation", role=Role.READER, answer=conversation),
    Entry(path="/traces/{trace}/answers", role=Role.READER, answer=answers),
    Entry(path="/traces/{trace}/fields", role=Role.READER, answer=fields),
    Entry(path="/traces/{trace}/steps/{number}", role=Role.READER, answer=step),
    Entry(path="/traces/{trace}/spans/{span}", role=Role.READER, answer=span),
)
