"""What is due: a meeting within 72 hours of its event, a reconvened one within seven days, a fix that nobody has shown.

The moves are those of `lifecycle`; the time is handed in. Hours are counted in UTC, so that 72 hours are 72 hours also
where clocks are put forward or back between event and meeting.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import UTC, datetime, time, timedelta

from afterbell.model import lifecycle
from afterbell.model.amendment import Amended
from afterbell.model.due import Due, Step
from afterbell.model.event import Event
from afterbell.model.lifecycle import FixState, Meeting

MEETING_ROLES = ("system operator", "code owner")


def due(
    events: Iterable[Event],
    records: Iterable[Amended],
    now: datetime,
    *,
    held: Collection[str] = (),
    owners: Callable[[str], tuple[str, ...]] = lambda _text: MEETING_ROLES[1:],
    fix_days: int = 0,
) -> tuple[Due, ...]:
    """Return what is due, the earliest first, then what has no deadline.

    `held` are the ids of events whose meeting was held and filed nothing yet, `owners` gives the roles that own the
    modules a fix's paragraph names, `fix_days` is how long a claimed fix may stay unshown (0 = no deadline).
    """
    views = tuple(records)
    moment = now.astimezone(UTC)
    found = [
        *_meetings(events, views, held, moment), *_reconvened(views, moment), *_fixes(views, owners, fix_days, moment)
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda each: (each.due_by or datetime.max.replace(tzinfo=UTC), each.subject)))


def _meetings(
    events: Iterable[Event], views: tuple[Amended, ...], held: Collection[str], now: datetime
) -> Iterator[Due]:
    """Yield the events that no record tells of: by its event's id, else by trigger and subject.

    Data that comes in late can move the moment of an event, and with it the id; it is the same event then.
    """
    records = [view.filed for view in views if view.filed.event_id]
    ids = {record.event_id for record in records}
    told = {(record.event.trigger, record.event.subject) for record in records if record.event}
    for event in events:
        if event.event_id in ids or (event.trigger, event.subject) in told:
            continue
        state = lifecycle.meeting(None, held=event.event_id in held)
        by = event.due_by.astimezone(UTC)
        yield Due(
            step=Step.FILE if state is Meeting.HELD else Step.MEETING, subject=event.event_id, due_by=by,
            overdue=now > by, about=f"{event.trigger.value}: {event.reason}", state=state.value, roles=MEETING_ROLES,
        )  # fmt: skip


def _reconvened(views: Iterable[Amended], now: datetime) -> Iterator[Due]:
    for view in views:
        state = lifecycle.meeting(view)
        if state is Meeting.INCOMPLETE and view.filed.reconvene_by is not None:
            by = datetime.combine(view.filed.reconvene_by, time.max, tzinfo=UTC).replace(microsecond=0)
            missing = ", ".join(dict.fromkeys(gap.field.partition(".")[0] for gap in view.filed.missing))
            yield Due(
                step=Step.RECONVENE, subject=view.filed.id, due_by=by, overdue=now > by, about=f"missing: {missing}",
                state=state.value, roles=view.filed.roles or MEETING_ROLES,
            )  # fmt: skip


def _fixes(
    views: Iterable[Amended], owners: Callable[[str], tuple[str, ...]], days: int, now: datetime
) -> Iterator[Due]:
    for view in views:
        state, check = lifecycle.fix(view)
        if state is not FixState.CLAIMED:
            continue
        by = _claimed_at(view) + timedelta(days=days) if days else None
        sha = view.now.fix.commit_sha or "no commit"
        why = "fired again when it was checked" if check else "not shown yet"
        yield Due(
            step=Step.FIX, subject=view.filed.id, due_by=by, overdue=by is not None and now > by,
            about=f"fix {sha[:12]}: claimed, {why}", state=state.value, roles=owners(view.now.fix.paragraph),
        )  # fmt: skip


def _claimed_at(view: Amended) -> datetime:
    """Return when the fix as it stands was claimed: by the record, or by the last addendum that gave another."""
    later = [
        addendum.created for addendum in (*view.at.get("fix", ()), *view.whole)
        if addendum.replacement is not None or addendum.completion is not None
    ]  # fmt: skip
    return max((view.filed.created, *later)).astimezone(UTC)
