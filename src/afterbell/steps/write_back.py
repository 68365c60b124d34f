"""Write back: the answers of scanned traces as files for the places where people look at traces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from afterbell import __version__, clock
from afterbell.disk.house import House
from afterbell.render import write_back
from afterbell.render.write_back import Place
from afterbell.steps import records
from afterbell.steps.scan import TraceScan
from afterbell.steps.store import Store

__all__ = ["Place", "WriteBack"]

_NS = 10**9


class WriteBack:
    """Writes back to one place. The records are read once, for however many traces."""

    def __init__(self, house: House, place: Place) -> None:
        """Read the records. Raises LogError for a log that cannot be read."""
        self._house = house
        self._place = place
        self._records = [filed.view.now for filed in records.filed(house)]

    def lines(self, scans: Iterable[TraceScan]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        """Yield a trace's id and the objects for the place; none where that place cannot know the trace.

        What people answered in records about a trace goes with them.
        """
        found = {scan.trace_id: scan for scan in scans}
        at_ns = int(clock.now().timestamp()) * _NS
        for trace_id, trace in Store(self._house).traces(found).items():
            remarks = (
                *write_back.remarks(trace_id, found[trace_id].answers),
                *write_back.of_meetings(trace_id, self._records),
            )
            yield trace_id, list(write_back.lines(trace, remarks, self._place, at_ns, __version__))
