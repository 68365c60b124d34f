"""The events of a house as they fired first, one file each that is written once: `postmortems/events/<event id>.json`.

The file holds the event and nothing of when or where it was seen, so two machines that see the same data write the same
bytes. Which of them were passed on is this machine's own business and lies in the store.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import msgspec

from afterbell import canon
from afterbell.disk import files
from afterbell.errors import CanonError, FormatError, StoreError
from afterbell.model.body import plain
from afterbell.model.event import Event

_ENDING = ".json"
_LONGEST = 4 * 1024 * 1024


class Events:
    """The files of events in one directory, and the marks of those passed on in another. Making it touches nothing."""

    def __init__(self, directory: Path, marks: Path) -> None:
        """Keep both; neither need be there."""
        self._directory = directory
        self._marks = marks

    def all(self) -> tuple[Event, ...]:
        """Return every event that fired, in order of time. Raises StoreError for a damaged file."""
        return self._without(frozenset())

    def unsaid(self) -> tuple[Event, ...]:
        """Return the events that were not passed on, in order of time; the others are not read. Raises StoreError."""
        return self._without(self.passed_on())

    def add(self, event: Event) -> bool:
        """Write an event down, durable when this returns; False when it was there before."""
        files.make_dirs(self._directory)
        try:
            files.write_once(self._directory / f"{event.event_id}{_ENDING}", canon.dumps(plain(event)))
        except files.ExistsError:
            return False
        return True

    def passed_on(self) -> frozenset[str]:
        """Return the ids of the events that were passed on."""
        return frozenset(files.names(self._marks))

    def pass_on(self, event: Event) -> None:
        """Mark an event as passed on, durable when this returns."""
        files.make_dirs(self._marks)
        with suppress(files.ExistsError):
            files.write_once(self._marks / event.event_id, b"")

    def _without(self, ids: frozenset[str]) -> tuple[Event, ...]:
        names = (name for name in files.names(self._directory) if name.endswith(_ENDING))
        found = [self._read(name) for name in names if name.removesuffix(_ENDING) not in ids]
        return tuple(sorted(found, key=lambda event: (event.occurred_at, event.event_id)))

    def _read(self, name: str) -> Event:
        path = self._directory / name
        try:
            return msgspec.convert(canon.loads(files.read(path, _LONGEST) or b""), Event)
        except (FormatError, CanonError, msgspec.ValidationError) as error:
            raise StoreError(f"{path} cannot be read: {error}", "restore it from git, or remove it") from None
