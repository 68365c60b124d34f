"""The overview: what is overdue and due, what has no record yet, what the log says of itself, and how many of what."""

from __future__ import annotations

from starlette.responses import Response

from afterbell.disk.meetings import Meetings
from afterbell.model.access import Role
from afterbell.render.plots import stacked
from afterbell.steps.overview import late_now
from afterbell.web.shelf import PATIENCE, Figures
from afterbell.web.visit import Entry, Visit

MOST_ROWS = 20


def home(visit: Visit) -> Response:
    """Show the overview."""
    figures = visit.rooms.shared(Figures)
    verdict, judged = figures.verdict.get(PATIENCE)
    counted, fresh = figures.overview.get(PATIENCE)
    found = late_now(counted)
    compared = [each.same + each.not_confirmed + each.not_suggested for each in found.agreement]
    plots = {name: stacked(table) for name, table in (
        ("events", found.events), ("causes", found.stats.causes), ("triggers", found.stats.triggers),
        ("modes", found.stats.modes))}  # fmt: skip
    return visit.page(
        "home.html", found=found, verdict=verdict, judged=judged, fresh=fresh, most=MOST_ROWS,
        overdue=sum(each.overdue for each in found.due), plots=plots, compared=sum(compared),
        same=sum(each.same for each in found.agreement),
        meetings=[each for each in Meetings(visit.state).all() if not each.record],
    )  # fmt: skip


ENTRIES = (Entry(path="/", role=Role.READER, answer=home),)
