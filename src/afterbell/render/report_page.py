"""The page of a report: one HTML file with plots and tables, made to be read, printed and kept."""

from __future__ import annotations

from afterbell.model.lifecycle import FixState
from afterbell.model.report import Report
from afterbell.render import html
from afterbell.render.plots import stacked

MOST_ROWS = 500
_BAR = 200


def page(found: Report) -> str:
    """Return the page. Long lists stop after `MOST_ROWS` rows and say how many more there are."""
    longest = max((each.seconds or 0 for each in found.waits), default=0) or 1
    return html.page(
        "report.html", report=found, most=MOST_ROWS, overdue=sum(each.overdue for each in found.due),
        plots={"events": stacked(found.events), "causes": stacked(found.causes)},
        widths={each.record: round(_BAR * (each.seconds or 0) / longest, 1) for each in found.waits},
        states={state.value: sum(each.state == state for each in found.fixes) for state in FixState},
    )  # fmt: skip
