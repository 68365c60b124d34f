"""What is due: a meeting within 72 hours of its event, a reconvened one within seven days. The time is handed in.

event -> due -> meeting held (a record tells of the event) -> complete, or incomplete -> reconvened -> complete.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time
from enum import StrEnum

from msgspec import Struct

from afterbell.model.amendment import Amended
from afterbell.model.event import Event
from afterbell.model.vocabulary import RecordStatus


class Step(StrEnum):
    """What has to happen."""

    MEETING = "meeting"
    RECONVENE = "reconvene"


class Due(Struct, frozen=True, kw_only=True):
    """One thing that has not happened yet: for which event or record, by when, and whether that has passed."""

    step: Step
    subject: str
    due_by: datetime
    overdue: bool
    about: str


def due(events: Iterable[Event], records: Iterable[Amended], now: datetime) -> tuple[Due, ...]:
    """Return what is due, the earliest first. `now` is in UTC."""
    views = tuple(records)
    held = {view.filed.event_id for view in views if view.filed.event_id}
    found = [*_meetings(events, held, now), *_reconvened(views, now)]
    return tuple(sorted(found, key=lambda each: (each.due_by, each.subject)))


def _meetings(events: Iterable[Event], held: set[str], now: datetime) -> Iterator[Due]:
    for event in events:
        if event.event_id not in held:
            about = f"{event.trigger.value}: {event.reason}"
            yield Due(
                step=Step.MEETING, subject=event.event_id, due_by=event.due_by, overdue=now > event.due_by, about=about
            )


def _reconvened(views: Iterable[Amended], now: datetime) -> Iterator[Due]:
    for view in views:
        if view.now.status is RecordStatus.INCOMPLETE and view.filed.reconvene_by is not None:
            by = datetime.combine(view.filed.reconvene_by, time.max, tzinfo=UTC).replace(microsecond=0)
            missing = ", ".join(dict.fromkeys(gap.field.partition(".")[0] for gap in view.filed.missing))
            yield Due(
                step=Step.RECONVENE, subject=view.filed.id, due_by=by, overdue=now > by, about=f"missing: {missing}"
            )
