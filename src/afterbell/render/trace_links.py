"""Where the links on a trace's page lead: to other pages of the server, or to places within one file.

An id is quoted, so a link is always one of ours.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from afterbell.model.trace_page import Finding, Moment, Row
from afterbell.render.html import quoted


class Served:
    """Links between the pages of a server; in a replay they stay in it."""

    def __init__(self, trace_id: str, moment: Moment | None, step_page: Callable[[int], int]) -> None:
        """`step_page` gives the page of the conversation on which a step stands."""
        self._trace_id, self.base = trace_id, f"/traces/{quoted(trace_id)}"
        self._moment, self._step_page = moment, step_page

    def waterfall(self, page: int = 1) -> str:
        """Lead to a page of the waterfall."""
        return self.base + self._query(page=page)

    def conversation(self, page: int = 1) -> str:
        """Lead to a page of the conversation."""
        return f"{self.base}/conversation" + self._query(page=page)

    def fields(self, page: int = 1) -> str:
        """Lead to a page of spans with their raw fields."""
        return f"{self.base}/fields" + self._query(page=page)

    def step(self, number: int) -> str:
        """Lead to a step in the conversation."""
        return f"{self.base}/conversation{self._query(page=self._step_page(number))}#step-{number}"

    def whole_step(self, number: int) -> str:
        """Lead to a step with its texts whole."""
        return f"{self.base}/steps/{number}"

    def row(self, row: Row) -> str:
        """Lead to a span with everything that was recorded of it."""
        return self.span(row.span_id)

    def span(self, span_id: str) -> str:
        """Lead to a span, by the span's id."""
        return f"{self.base}/spans/{quoted(span_id)}{self._query()}"

    def whole_field(self, span_id: str, place: int) -> str:
        """Lead to one raw field of a span, shown whole."""
        return f"{self.base}/spans/{quoted(span_id)}?field={place}#field-{place}"

    def finding(self, number: int) -> str:
        """Lead to what was found, beside its question."""
        return f"{self.base}/answers#found-{number}"

    def place(self, finding: Finding) -> str:
        """Lead to where a finding is marked, to its span (in another trace too) when it is not; empty without one."""
        if finding.place is None:
            cited = finding.evidence
            if cited.trace_id not in ("", self._trace_id):
                below = f"/spans/{quoted(cited.span_id)}" if cited.span_id else ""
                return f"/traces/{quoted(cited.trace_id)}{below}"
            return self.span(cited.span_id) if cited.span_id else ""
        if finding.place.step:
            return self.step(finding.place.step).partition("#")[0] + f"#mark-{finding.number}"
        return f"{self.span(finding.place.span_id)}#mark-{finding.number}"

    def _query(self, page: int = 1) -> str:
        given = [("page", page if page > 1 else 0), ("step", self._moment.step if self._moment else 0)]
        said = "&".join(f"{name}={value}" for name, value in given if value)
        return f"?{said}" if said else ""


class Within:
    """Links within one file; empty where they would lead to what the file leaves out."""

    def __init__(self, places: Mapping[str, int], steps: int) -> None:
        """`places` are the rows whose fields the file shows, by span id; it shows the first `steps` steps."""
        self._places, self._steps = places, steps

    def step(self, number: int) -> str:
        """Lead to a step in the conversation."""
        return f"#step-{number}" if number <= self._steps else ""

    def row(self, row: Row) -> str:
        """Lead to a span with what was recorded of it."""
        return self.span(row.span_id)

    def span(self, span_id: str) -> str:
        """Lead to a span, by the span's id."""
        return f"#span-{self._places[span_id]}" if span_id in self._places else ""

    def finding(self, number: int) -> str:
        """Lead to what was found, beside its question."""
        return f"#found-{number}"

    def place(self, finding: Finding) -> str:
        """Lead to where a finding is marked, to its span when it is not marked in the file."""
        place = finding.place
        marked = place and (self.step(place.step) if place.step else self.span(place.span_id))
        return f"#mark-{finding.number}" if marked else self.span(finding.evidence.span_id)
