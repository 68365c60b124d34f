"""What the pages keep of a house's traces and events between requests."""

from __future__ import annotations

from afterbell.steps.event_list import Events
from afterbell.steps.trace_list import Traces
from afterbell.steps.trace_page import TracePages
from afterbell.web.visit import Rooms


class Shelf:
    """The traces and events of a house, which all visits share."""

    def __init__(self, rooms: Rooms) -> None:
        """Nothing is read yet."""
        self.events = Events(rooms.house)
        self.traces = Traces(rooms.house)
        self.pages = TracePages(rooms.house, self.events)
