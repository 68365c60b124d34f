"""Due: which meetings and reconvened meetings have not happened, and which of them are late."""

from __future__ import annotations

from afterbell import clock
from afterbell.disk.house import House
from afterbell.query.due import Due, due
from afterbell.steps import trigger
from afterbell.steps.records import filed
from afterbell.steps.store import Store


def list_due(house: House) -> tuple[Due, ...]:
    """Return what is due in a house, the earliest first; events come from the store, records from the log."""
    events = trigger.fire(Store(house)).events
    return due(events, [each.view for each in filed(house)], clock.now())
