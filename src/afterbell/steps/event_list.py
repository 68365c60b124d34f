"""The events of a house for people: what deserves a record, by when to meet, and the record that tells of it.

Events that were seen before and those in records are there at once. To look at the traces again takes as long as
`afterbell triggers`, so it is asked for, and its answer is remembered until data, policy or log change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from msgspec import Struct

from afterbell import clock
from afterbell.disk import files
from afterbell.disk.house import House
from afterbell.errors import LogError
from afterbell.model.amendment import Amended
from afterbell.model.event import Event
from afterbell.model.paging import Pages, pages
from afterbell.query import figures
from afterbell.steps import trigger
from afterbell.steps.following import Views
from afterbell.steps.remembered import Remembered, state_of
from afterbell.steps.store import Store

SIZE = 50
CROWD = 8  # how many may look at the traces or wait for that: they wait in threads that other pages need


class EventRow(Struct, frozen=True, kw_only=True):
    """One event: the ids of the records that tell of it, and whether the time to meet has passed without one."""

    event: Event
    records: tuple[str, ...]
    overdue: bool


class EventList(Struct, frozen=True, kw_only=True):
    """One page of the events, the newest first. `looked` tells whether the traces as they are now were looked at.

    `notes` say what could not be judged, `unread` why the log cannot be read.
    """

    rows: tuple[EventRow, ...]
    pages: Pages
    looked: bool
    notes: tuple[str, ...] = ()
    unread: str = ""


class Events:
    """The events of one house, for as long as a server runs."""

    def __init__(self, house: House) -> None:
        """Nothing is read yet."""
        self._house = house
        self._fired: Remembered[trigger.Fired] = Remembered(1, crowd=CROWD)
        self._seen: Remembered[tuple[Event, ...]] = Remembered(1)
        self._views = Views(house)

    def known(self, *, look: bool = False) -> tuple[Event, ...]:
        """Return every event that is known; with `look` the traces are looked at again.

        Raises StoreError while too many others look.
        """
        store = Store(self._house)
        fired = self._look(store, look=look)
        return self._joined(fired.events if fired else (), self.records()[0])

    def listed(self, page: int = 1, *, event_id: str = "", look: bool = False) -> EventList:
        """Return a page of the events with their records, the one on which an event stands if one is named.

        With `look` the traces are looked at again, as `known` does.
        """
        store = Store(self._house)
        fired = self._look(store, look=look)
        views, unread = self.records()
        events, now = self._joined(fired.events if fired else (), views), clock.now()
        newest = tuple(reversed(events))
        place = next((place for place, each in enumerate(newest) if each.event_id == event_id), None)
        shown = pages(len(newest), page if place is None else place // SIZE + 1, SIZE)
        return EventList(
            rows=tuple(_rows(shown.of(newest), views, now)), pages=shown,
            looked=fired is not None, notes=fired.notes if fired else (), unread=unread,
        )  # fmt: skip

    def looked(self) -> bool:
        """Tell whether the traces as they are now were looked at."""
        return self._look(Store(self._house), look=False) is not None

    def records_of(self, trace_id: str) -> tuple[str, ...]:
        """Return the ids of the records that name a trace; none while the log cannot be read."""
        views, _unread = self.records()
        return tuple(view.filed.id for view in views if trace_id in view.now.trace_ids)

    def records(self) -> tuple[tuple[Amended, ...], str]:
        """Return the records as they read now; or none, and why the log cannot be read."""
        try:
            return self._views.now(), ""
        except LogError as error:
            return (), error.message

    def _look(self, store: Store, *, look: bool) -> trigger.Fired | None:
        key = state_of(store)
        return self._fired.get(key, lambda: trigger.fire(store)) if look else self._fired.peek(key)

    def _joined(self, fired: Sequence[Event], views: Sequence[Amended]) -> tuple[Event, ...]:
        written = tuple(files.stamps(self._house.events).items())
        seen = self._seen.get(written, trigger.seen(self._house).all)
        return figures.known_events(seen, figures.recorded_events(views), fired)


def _rows(events: Iterable[Event], views: Sequence[Amended], now: datetime) -> Iterator[EventRow]:
    by_id: dict[str, list[str]] = {}
    by_subject: dict[tuple[str, str], list[str]] = {}
    for view in views:
        record = view.filed
        if record.event_id:
            by_id.setdefault(record.event_id, []).append(record.id)
        if record.event:
            by_subject.setdefault((record.event.trigger.value, record.event.subject), []).append(record.id)
    for event in events:
        told = [*by_id.get(event.event_id, ()), *by_subject.get((event.trigger.value, event.subject), ())]
        records = tuple(dict.fromkeys(told))
        yield EventRow(event=event, records=records, overdue=not records and now > event.due_by.astimezone(UTC))
