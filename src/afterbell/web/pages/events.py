"""The events that deserve a record: what fired, by when to meet, and the way into the meeting."""

from __future__ import annotations

from starlette.responses import Response

from afterbell.model.access import Role
from afterbell.web.shelf import Shelf
from afterbell.web.visit import Entry, Visit

_MOST = 100_000


def listing(visit: Visit) -> Response:
    """List the events, or the page of them on which `?event=` stands; `?look=1` looks at the traces first."""
    shelf = visit.rooms.shared(Shelf)
    found = shelf.events.listed(
        visit.number("page", 1, _MOST), event_id=visit.query.get("event", ""), look=bool(visit.query.get("look"))
    )
    names = shelf.traces.names(each for row in found.rows for each in row.event.trace_ids)
    template = "events_part.html" if visit.query.get("part") else "events.html"
    return visit.page(template, found=found, names=names)


ENTRIES = (Entry(path="/events", role=Role.READER, answer=listing),)
