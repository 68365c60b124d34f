"""Write back: the answers of scanned traces as files for the places where people look at traces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from afterbell import __version__, clock
from afterbell.render import write_back
from afterbell.render.write_back import Place
from afterbell.steps.scan import TraceScan
from afterbell.steps.store import Store

__all__ = ["Place", "lines"]

_NS = 10**9


def lines(store: Store, scans: Iterable[TraceScan], place: Place) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield a trace's id and the objects for one place; none where that place cannot know the trace."""
    found = {scan.trace_id: scan for scan in scans}
    at_ns = int(clock.now().timestamp()) * _NS
    for trace_id, trace in store.traces(found).items():
        yield trace_id, list(write_back.lines(trace, found[trace_id].answers, place, at_ns, __version__))
