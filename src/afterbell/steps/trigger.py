"""Trigger: which events in the house deserve a postmortem, and what could not be judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from msgspec import Struct

from afterbell.catalog import shelves
from afterbell.disk.events import Events
from afterbell.disk.house import House
from afterbell.errors import UsageError
from afterbell.model.event import Event
from afterbell.steps.store import Store, docket


class Fired(Struct, frozen=True, kw_only=True):
    """The events in order of time, and a sentence for each thing that could not be judged."""

    events: tuple[Event, ...]
    notes: tuple[str, ...]


def fire(
    store: Store,
    *,
    since: datetime | None = None,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Fired:
    """Run every trigger over the house. The same facts always give the same events."""
    facts = docket(store, progress)
    events: list[Event] = []
    notes: list[str] = []
    for trigger in shelves.triggers().values():
        events += trigger.fire(facts)
        notes += trigger.notes(facts)
    kept = [event for event in events if since is None or event.occurred_at >= since]
    return Fired(events=tuple(sorted(kept, key=lambda event: (event.occurred_at, event.event_id))), notes=tuple(notes))


def seen(house: House) -> Events:
    """Return the events of a house as they fired first, which `watch` writes down."""
    return Events(house.events, house.said)


def named(store: Store, events: Sequence[Event], event_id: str) -> Event:
    """Return the one of `events` with this id (or its beginning), also by the id that it had when it fired first.

    Raises UsageError when there is none or more than one.
    """
    found = [event for event in events if event.event_id.startswith(event_id)]
    if not found:
        first = [event for event in seen(store.house).all() if event.event_id.startswith(event_id)]
        same = {(event.trigger, event.subject) for event in first}
        found = [event for event in events if (event.trigger, event.subject) in same] or first
    if len(found) != 1:
        raise UsageError(f"{len(found) or 'no'} event {event_id!r} in this house", "afterbell triggers lists them")
    return found[0]
