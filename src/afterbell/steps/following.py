"""What has changed in a log since it was last read: of a log that only grew, as logs do, what is new; else everything.

Whoever keeps something made from records asks here which of them to make anew. Of the sealed lines that are known,
those in full files are as they were while their files are; the last file is read again when it was written again, as
each seal does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from threading import Lock

from msgspec import Struct

from afterbell.disk import files
from afterbell.disk.house import House
from afterbell.disk.journal import Journal
from afterbell.disk.log_files import Stored
from afterbell.errors import LogError
from afterbell.log import lines
from afterbell.log.checkpoint import EMPTY_HEAD, Head
from afterbell.log.entry import EntryType
from afterbell.model.amendment import Amended
from afterbell.steps.records import Filed, filed, journal, named, state

_MOST_ANEW = 512  # beyond so many changed records all are read at once


class Known(Struct, frozen=True, kw_only=True):
    """What is known of a log: its state, its head and files, and the records of which something is not sealed."""

    state: str = ""
    head: Head = EMPTY_HEAD
    files: Mapping[str, tuple[int, int]] = {}
    waiting: tuple[str, ...] = ()


class News(Struct, frozen=True, kw_only=True):
    """How to know the log again: forget these records, all when `gone` is None; keep those in `records`."""

    known: Known
    gone: tuple[str, ...] | None
    records: tuple[Filed, ...]


def news(house: House, known: Known, now: str) -> News:
    """Return what has changed since `known`; `now` is the state of the log, from before this is called.

    Raises LogError at an entry that cannot be read.
    """
    log = journal(house)
    head, seen = _head(log), files.stamps(house.postmortems / "log")
    touched, waiting = _touched(log, known, seen)
    found = Known(state=now, head=head, files=seen, waiting=waiting)
    if touched is None or len(touched) > _MOST_ANEW:
        return News(known=found, gone=None, records=filed(house))
    return News(known=found, gone=touched, records=tuple(named(log, touched)))


class Views:
    """The records of a house as they read now, kept for as long as a server runs; several threads may ask at once."""

    def __init__(self, house: House) -> None:
        """Nothing is read yet."""
        self._house = house
        self._lock = Lock()
        self._known = Known()
        self._records: dict[str, tuple[int | None, Amended]] = {}
        self._ordered: tuple[Amended, ...] = ()

    def now(self) -> tuple[Amended, ...]:
        """Return every record in the order of the log. Raises LogError at an entry that cannot be read."""
        with self._lock:
            at = state(self._house)
            if self._known.state != at:
                self._take(news(self._house, self._known, at))
            return self._ordered

    def _take(self, new: News) -> None:
        if new.gone is None:
            self._records.clear()
        for name in new.gone or ():
            self._records.pop(name, None)
        for each in new.records:
            self._records[each.record.id] = (each.stored.index, each.view)
        found = sorted(self._records.items(), key=lambda each: (each[1][0] is None, each[1][0] or 0, each[0]))
        self._ordered = tuple(view for _name, (_index, view) in found)
        self._known = new.known


def _touched(
    log: Journal, known: Known, seen: Mapping[str, tuple[int, int]]
) -> tuple[tuple[str, ...] | None, tuple[str, ...]]:
    """Return the records that are not as they were (None = any may be), and those with something pending."""
    waiting = list(log.waiting())
    pending = tuple(dict.fromkeys(_subjects(waiting)))
    whole, partly = divmod(known.head.size, lines.LINES_PER_SEGMENT)
    full = [lines.segment_name(number) for number in range(whole)]
    if not known.state or (known.head.size and not log.had(known.head)):
        return None, pending
    if any(seen.get(name) != known.files.get(name) for name in full):
        return None, pending
    new = list(log.since(known.head.size - partly)) if dict(seen) != dict(known.files) else []
    if any(stored.entry.type is EntryType.ERASURE for stored in (*new, *waiting)):
        return None, pending
    return tuple(dict.fromkeys((*known.waiting, *pending, *_subjects(new)))), pending


def _subjects(entries: Iterable[Stored]) -> Iterator[str]:
    """Yield the ids of the records that entries are or amend."""
    for stored in entries:
        if stored.entry.type is EntryType.POSTMORTEM:
            yield stored.entry.id
        elif stored.entry.parent is not None:
            yield stored.entry.parent.id


def _head(log: Journal) -> Head:
    """Return the newest head; the empty one when it cannot be read, and then all is read each time."""
    with suppress(LogError):
        return log.head()
    return EMPTY_HEAD
