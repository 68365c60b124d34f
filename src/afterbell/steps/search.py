"""Search and list: the records by text and by what they are about, six months later.

What is looked in is an index of the records as they read now. It follows the log: of a log that only grew, as logs do,
what is new is read; after anything else it is made anew.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import msgspec

from afterbell.disk import search_index
from afterbell.disk.house import House
from afterbell.disk.search_index import Change, Hits, Kept, SearchIndex, Wanted
from afterbell.query import records as query
from afterbell.steps.following import Known, News, news
from afterbell.steps.records import state

__all__ = ["Hits", "Wanted", "find", "listed", "opened", "search"]

_ALL = sys.maxsize


def listed(house: House, wanted: Wanted | None = None) -> tuple[query.Row, ...]:
    """Return the records that match, in the order of the log."""
    with opened(house) as index:
        found = index.listed(wanted or Wanted(), 0, _ALL, newest=False)
    return tuple(hit.row for hit in found.found)


def search(house: House, words: str, wanted: Wanted | None = None) -> tuple[query.Row, ...]:
    """Return the records whose text (as amended) holds all words and that match, the best first."""
    return tuple(hit.row for hit in find(house, words, wanted or Wanted()).found)


def find(house: House, words: str, wanted: Wanted, *, first: int = 0, most: int = _ALL) -> Hits:
    """Return a page of what was found, from the `first` on: by words the best first, without words the newest first.

    Raises UsageError for too many words.
    """
    with opened(house) as index:
        if words.strip():
            return index.search(words, wanted, first, most)
        return index.listed(wanted, first, most, newest=True)


@contextmanager
def opened(house: House) -> Iterator[SearchIndex]:
    """Lend the index of a house's records as the log stands. Raises LogError at an entry that cannot be read."""
    path = house.store / "search.sqlite" if house.store.is_dir() else None
    with search_index.opened(path, _following(house)) as index:
        yield index


def _following(house: House) -> Callable[[SearchIndex], None]:
    def follow(index: SearchIndex) -> None:
        now = state(house)
        if _known(index).state == now:
            return
        with index.change() as change:
            known = _known(index)
            if known.state != now:  # else another process has done it meanwhile
                _take(change, news(house, known, now))

    return follow


def _take(change: Change, new: News) -> None:
    if new.gone is None:
        change.empty()
    for name in new.gone or ():
        change.forget(name)
    for each in new.records:
        view = each.view
        change.keep(Kept(row=query.row(view), text=query.text(view), number=each.stored.index))
    change.know(msgspec.json.encode(new.known).decode())


def _known(index: SearchIndex) -> Known:
    """Return what the index knows; nothing when another version wrote it down."""
    with suppress(msgspec.DecodeError, msgspec.ValidationError):
        return msgspec.json.decode(index.known(), type=Known)
    return Known()
