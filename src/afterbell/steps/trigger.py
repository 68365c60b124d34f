"""Trigger: which events in the house deserve a postmortem, and what could not be judged."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct

from afterbell.catalog import shelves
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


def find(store: Store, event_id: str) -> Event:
    """Return the event with this id (or its beginning). Raises UsageError when there is none or more than one."""
    found = [event for event in fire(store).events if event.event_id.startswith(event_id)]
    if len(found) != 1:
        raise UsageError(f"{len(found) or 'no'} event {event_id!r}", "afterbell triggers lists them")
    return found[0]
