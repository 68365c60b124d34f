"""Stats: the records of a house counted by root cause, trigger, mode and month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from afterbell import clock
from afterbell.disk.house import House
from afterbell.model.report import ByMonth, Stats
from afterbell.model.vocabulary import RecordStatus
from afterbell.query import figures
from afterbell.query.records import Row
from afterbell.steps import search


def stats(house: House) -> Stats:
    """Return the counts as the records read now, over the last twelve months and what lies before or after them."""
    return of(search.listed(house), clock.now())


def of(rows: Sequence[Row], now: datetime) -> Stats:
    """Return the counts of these records."""
    return Stats(
        made_at=now, records=len(rows), incomplete=sum(row.status == RecordStatus.INCOMPLETE for row in rows),
        causes=figures.causes_by_month(rows, now), triggers=figures.triggers_by_month(rows, now),
        modes=figures.modes_by_month(rows, now),
    )  # fmt: skip


def tables(found: Stats) -> tuple[tuple[str, ByMonth], ...]:
    """Return the tables with what each counts."""
    return ("root_cause", found.causes), ("trigger", found.triggers), ("mode", found.modes)


def as_json(found: Stats) -> Iterator[dict[str, Any]]:
    """Yield one object for each thing that is counted, and one for all records."""
    yield {"by": "all", "name": "records", "total": found.records, "incomplete": found.incomplete}
    for by, table in tables(found):
        for line in table.lines:
            months = dict(zip(table.columns, line.counts, strict=True))
            yield {"by": by, "name": line.name, "total": line.total, "months": months}
