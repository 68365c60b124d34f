"""Overview: what is overdue, what has no record, and how many of what; and what verify says, asked once for each state.

Events are those that are known already; to look at the traces again is the business of the page of events.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import UTC, datetime
from time import monotonic
from typing import Any

import msgspec

from afterbell import clock
from afterbell.disk import files
from afterbell.disk.house import House
from afterbell.model.due import Due
from afterbell.model.overview import LookedAt, Overview
from afterbell.query import figures
from afterbell.query.records import row
from afterbell.steps import stats
from afterbell.steps.due import due_among
from afterbell.steps.event_list import Events
from afterbell.steps.latest import Latest
from afterbell.steps.records import state
from afterbell.steps.verify import log_state, verify

_SECONDS = 300  # how long what verify said is repeated of files that look unchanged


def verdicts(house: House) -> Latest[LookedAt]:
    """Return what verify says of a house's log, asked again when a file of the log changes, and every five minutes."""
    return Latest(lambda: (state(house), monotonic() // _SECONDS), lambda: _verdict(house))


def overviews(house: House, known: Callable[[], Events]) -> Latest[Overview]:
    """Return the overview of a house, counted again when records, forms, policy or events change."""
    return Latest(lambda: (_state(house), known().looked()), lambda: overview(house, known()))


def overview(house: House, known: Events) -> Overview:
    """Return the figures of a house now, over the records and events that are known."""
    now, events = clock.now(), known.known()
    views, unread = known.records()
    waits = figures.waits(views, events)
    due = due_among(house, events, views)
    without = {each.subject for each in due}
    rows = [row(view) for view in views]
    return Overview(
        made_at=now, stats=stats.of(rows, now), events=figures.events_by_month(events, now),
        unrecorded=tuple(event for event in reversed(events) if event.event_id in without),
        due=due, median_seconds=figures.median_wait(waits), waits=len(waits),
        late=sum(each.late for each in waits), agreement=figures.agreement(views), unread=unread,
    )  # fmt: skip


def late_now(found: Overview) -> Overview:
    """Return the overview with what has become overdue since it was made."""
    now = clock.now()
    due = tuple(msgspec.structs.replace(each, overdue=_overdue(each, now)) for each in found.due)
    return msgspec.structs.replace(found, due=due)


def of_record(found: LookedAt, record: str, where: str) -> tuple[tuple[str, str, str], ...]:
    """Return the problems that verify names at a record's place in the log, or by its id."""
    return tuple(each for each in found.problems if each[1] == where or record in each[1] or record in each[2])


def _overdue(each: Due, now: datetime) -> bool:
    return each.due_by is not None and now > each.due_by.astimezone(UTC)


def _state(house: House) -> Hashable:
    stamps: list[Any] = [tuple(files.stamps(place).items()) for place in (house.drafts, house.events, house.said)]
    commits = tuple(files.names(house.commits))
    return state(house), tuple(stamps), commits, repr(house.policy()), clock.now().date()


def _verdict(house: House) -> LookedAt:
    return LookedAt(looked_at=clock.now(), **msgspec.structs.asdict(log_state(verify(house, remember=False))))
