"""The batch that a run belongs to: `trading.batch.id`, else `trading.run.id`; the calls of one trace are one too.

It says which runs are bound together, not whether anything changed among them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from msgspec import Struct

from afterbell.model.casefile import CaseFile
from afterbell.model.run import Trace

BATCH, RUN, SIZE = "trading.batch.id", "trading.run.id", "trading.batch.size"
_IDS: Final = (BATCH, RUN)


class Batch(Struct, frozen=True, kw_only=True):
    """The runs of one batch in order of start. `field` is the attribute that binds them, empty for one lone trace.

    `size` is how many runs the batch is said to have, 0 = not stated.
    """

    runs: tuple[Trace, ...]
    field: str = ""
    id: str = ""
    size: int = 0


def batch_of(case: CaseFile) -> Batch:
    """Return the batch of the trace under question, itself included."""
    for field in _IDS:
        mine = _stated(case.trace, field)
        if mine:
            runs = [run for run in case.runs if run is case.trace or _stated(run, field) == mine]
            ordered = tuple(sorted(runs, key=lambda run: (run.started_ns, run.trace_id)))
            size = max((_whole(_stated(run, SIZE)) for run in runs), default=0) if field == BATCH else 0
            return Batch(runs=ordered, field=field, id=mine, size=size)
    return Batch(runs=(case.trace,))


def _stated(trace: Trace, field: str) -> str:
    for facts in _facts(trace):
        if facts.get(field) not in (None, ""):
            return str(facts[field])
    return ""


def _facts(trace: Trace) -> Iterator[Mapping[str, Any]]:
    for span in trace.spans:
        yield span.attributes
        yield span.resource
    for log in trace.logs:
        yield log.attributes


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004 - no batch is so large
