"""What the pages keep of a house between requests: its traces and events, its figures, and what verify says."""

from __future__ import annotations

from afterbell.steps import overview
from afterbell.steps.event_list import Events
from afterbell.steps.trace_list import Traces
from afterbell.steps.trace_page import TracePages
from afterbell.web.visit import Rooms

PATIENCE = 1.0  # seconds to wait for figures of a house that has changed; then the last ones are shown, and said to be


class Shelf:
    """The traces and events of a house, which all visits share."""

    def __init__(self, rooms: Rooms) -> None:
        """Nothing is read yet."""
        self.events = Events(rooms.house)
        self.traces = Traces(rooms.house)
        self.pages = TracePages(rooms.house, self.events)


class Figures:
    """What verify says and the figures of the overview, which all visits share."""

    def __init__(self, rooms: Rooms) -> None:
        """Nothing is counted yet."""
        self.verdict = overview.verdicts(rooms.house)
        self.overview = overview.overviews(rooms.house, lambda: rooms.shared(Shelf).events)
