"""Search and list: the records by text and by what they are about, six months later.

What is looked in is an index of the records as they read now. It follows the log: of a log that only grew, as logs do,
what is new is read; after anything else it is made anew.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress

import msgspec
from msgspec import Struct

from afterbell.disk import files, search_index
from afterbell.disk.house import House
from afterbell.disk.journal import Journal
from afterbell.disk.log_files import Stored
from afterbell.disk.search_index import Change, Hits, Kept, SearchIndex, Wanted
from afterbell.errors import LogError
from afterbell.log import lines
from afterbell.log.checkpoint import EMPTY_HEAD, Head
from afterbell.log.entry import EntryType
from afterbell.query import records as query
from afterbell.steps.records import Filed, filed, journal, named, state

__all__ = ["Hits", "Wanted", "find", "listed", "opened", "search"]

_ALL = sys.maxsize
_MOST_ANEW = 512  # beyond so many changed records all are read at once


class _Known(Struct, frozen=True, kw_only=True):
    """What the index knows of the log: its state, its head and files, and the records with something not sealed."""

    state: str = ""
    head: Head = EMPTY_HEAD
    files: Mapping[str, tuple[int, int]] = {}
    waiting: tuple[str, ...] = ()


def listed(house: House, wanted: Wanted | None = None) -> tuple[query.Row, ...]:
    """Return the records that match, in the order of the log."""
    with opened(house) as index:
        found = index.listed(wanted or Wanted(), 0, _ALL, newest=False)
    return tuple(hit.row for hit in found.found)


def search(house: House, words: str, wanted: Wanted | None = None) -> tuple[query.Row, ...]:
    """Return the records whose text (as amended) holds all words and that match, the best first."""
    return tuple(hit.row for hit in find(house, words, wanted or Wanted()).found)


def find(house: House, words: str, wanted: Wanted, *, first: int = 0, most: int = _ALL) -> Hits:
    """Return a page of what was found, from the `first` on: by words the best first, without words the newest first."""
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
                _follow(house, known, change, now)

    return follow


def _follow(house: House, known: _Known, change: Change, now: str) -> None:
    log = journal(house)
    head, seen = _head(log), files.stamps(house.postmortems / "log")
    touched, waiting = _touched(log, known, seen)
    if touched is None or len(touched) > _MOST_ANEW:
        change.empty()
        _keep(change, filed(house))
    else:
        for name in touched:
            change.forget(name)
        _keep(change, named(log, touched))
    change.know(msgspec.json.encode(_Known(state=now, head=head, files=seen, waiting=waiting)).decode())


def _touched(
    log: Journal, known: _Known, seen: Mapping[str, tuple[int, int]]
) -> tuple[tuple[str, ...] | None, tuple[str, ...]]:
    """Return the records that are not as the index has them (None = any may be), and those with something pending.

    Of the sealed lines that are known, those in full files are as they were while their files are; the last file is
    read again when it was written again, as each seal does.
    """
    waiting = {stored.entry.id: stored for stored in log.waiting()}
    pending = tuple(dict.fromkeys(_subjects(waiting.values())))
    whole, partly = divmod(known.head.size, lines.LINES_PER_SEGMENT)
    full = [lines.segment_name(number) for number in range(whole)]
    if not known.state or (known.head.size and not log.had(known.head)):
        return None, pending
    if any(seen.get(name) != known.files.get(name) for name in full):
        return None, pending
    new = list(log.since(known.head.size - partly)) if dict(seen) != dict(known.files) else []
    if any(stored.entry.type is EntryType.ERASURE for stored in (*new, *waiting.values())):
        return None, pending
    return tuple(dict.fromkeys((*known.waiting, *pending, *_subjects(new)))), pending


def _subjects(entries: Iterable[Stored]) -> Iterator[str]:
    """Yield the ids of the records that entries are or amend."""
    for stored in entries:
        if stored.entry.type is EntryType.POSTMORTEM:
            yield stored.entry.id
        elif stored.entry.parent is not None:
            yield stored.entry.parent.id


def _keep(change: Change, records: Iterable[Filed]) -> None:
    for each in records:
        view = each.view
        change.keep(Kept(row=query.row(view), text=query.text(view), number=each.stored.index))


def _known(index: SearchIndex) -> _Known:
    """Return what the index knows; nothing when another version wrote it down."""
    with suppress(msgspec.DecodeError, msgspec.ValidationError):
        return msgspec.json.decode(index.known(), type=_Known)
    return _Known()


def _head(log: Journal) -> Head:
    """Return the newest head; the empty one when it cannot be read, and then all is read each time."""
    with suppress(LogError):
        return log.head()
    return EMPTY_HEAD
