"""The list of traces for people: filtered by text, format, time and errors, a page at a time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from afterbell.disk.house import House
from afterbell.model.paging import Pages, pages
from afterbell.reading.times import to_ns
from afterbell.steps.remembered import Remembered, data_of
from afterbell.steps.store import Store, TraceRow

SIZE = 100
_DAY = 86_400 * 10**9


class Wanted(Struct, frozen=True, kw_only=True):
    """What to list: words in the name or the id's beginning, a format, days in UTC (both included), errors only."""

    text: str = ""
    format: str = ""
    first: date | None = None
    last: date | None = None
    errors: bool = False


class TraceList(Struct, frozen=True, kw_only=True):
    """A page of traces, the newest first, and the formats that the house holds. `all` counts those without filters."""

    rows: tuple[TraceRow, ...]
    pages: Pages
    formats: tuple[str, ...]
    all: int


class Traces:
    """The traces of one house, for as long as a server runs."""

    def __init__(self, house: House) -> None:
        """Nothing is read yet."""
        self._house = house
        self._rows: Remembered[tuple[TraceRow, ...]] = Remembered(1)

    def listed(self, wanted: Wanted, page: int = 1) -> TraceList:
        """Return a page of what is wanted."""
        store = Store(self._house)
        rows = self._rows.get(data_of(store), store.rows)
        kept = [row for row in reversed(rows) if _fits(row, wanted)]
        here = pages(len(kept), page, SIZE)
        return TraceList(rows=tuple(here.of(kept)), pages=here, formats=_formats(rows),
                         all=len(rows))  # fmt: skip

    def names(self, ids: Iterable[str]) -> dict[str, str]:
        """Return the names of those of these traces that are here, by id."""
        store, wanted = Store(self._house), set(ids)
        return {row.trace_id: row.name for row in self._rows.get(data_of(store), store.rows) if row.trace_id in wanted}


def _fits(row: TraceRow, wanted: Wanted) -> bool:
    words = wanted.text.casefold()
    if words and words not in row.name.casefold() and not row.trace_id.startswith(words.replace("-", "")):
        return False
    if wanted.format and wanted.format not in row.format.split(","):
        return False
    if wanted.first and row.started_ns < _start(wanted.first):
        return False
    if wanted.last and (not row.started_ns or row.started_ns >= _start(wanted.last) + _DAY):
        return False
    return bool(row.errors) or not wanted.errors


def _start(day: date) -> int:
    return to_ns(f"{day.isoformat()}T00:00:00Z") or 0


def _formats(rows: Iterable[TraceRow]) -> tuple[str, ...]:
    return tuple(sorted({name for row in rows for name in row.format.split(",") if name}))
