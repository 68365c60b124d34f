"""Write back: the answers of scanned traces as files for the places where people look at traces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from afterbell import __version__, clock
from afterbell.render import write_back
from afterbell.render.write_back import Place
from afterbell.steps.records import filed as filed_records
from afterbell.steps.scan import TraceScan
from afterbell.steps.store import Store

__all__ = ["Place", "lines"]

_NS = 10**9


def lines(store: Store, scans: Iterable[TraceScan], place: Place) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield a trace's id and the objects for one place; none where that place cannot know the trace.

    What people answered in records about a trace goes with them. Raises LogError for a log that cannot be read.
    """
    records = [filed.view.now for filed in filed_records(store.house)]
    found = {scan.trace_id: scan for scan in scans}
    at_ns = int(clock.now().timestamp()) * _NS
    for trace_id, trace in store.traces(found).items():
        remarks = (
            *write_back.remarks(trace_id, found[trace_id].answers), *write_back.of_meetings(trace_id, records),
        )  # fmt: skip
        yield trace_id, list(write_back.lines(trace, remarks, place, at_ns, __version__))
