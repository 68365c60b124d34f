"""Search and list: the records by text and by what they are about, six months later."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from afterbell.disk import search_index
from afterbell.disk.house import House
from afterbell.query import records as query
from afterbell.steps.records import Filed, filed, journal


class Wanted(Struct, frozen=True, kw_only=True):
    """What a search asks for beside words; None asks for nothing."""

    mode: str | None = None
    cause: str | None = None
    trigger: str | None = None
    since: datetime | None = None
    ticker: str | None = None


def listed(house: House, wanted: Wanted | None = None) -> tuple[query.Row, ...]:
    """Return the records that match, in the order of the log."""
    return tuple(_row(each) for each in filed(house) if _matches(each, wanted or Wanted()))


def search(house: House, words: str, wanted: Wanted | None = None) -> tuple[query.Row, ...]:
    """Return the records whose text (as amended) holds all words and that match, the best first."""
    by_id = {each.record.id: each for each in filed(house)}

    def texts() -> Iterator[tuple[str, str]]:
        for name, each in by_id.items():
            yield name, query.text(each.view)

    path = house.store / "search.sqlite" if house.store.is_dir() else None
    ids = search_index.search(path, journal(house).state(), texts, words)
    found = (by_id[name] for name in ids if name in by_id)
    return tuple(_row(each) for each in found if _matches(each, wanted or Wanted()))


def _row(each: Filed) -> query.Row:
    return query.row(each.view)


def _matches(each: Filed, wanted: Wanted) -> bool:
    return query.matches(
        each.view,
        mode=wanted.mode,
        cause=wanted.cause,
        trigger=wanted.trigger,
        since=wanted.since,
        ticker=wanted.ticker,
    )
