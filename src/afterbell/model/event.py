"""An `Event`: one fired trigger, with the figure, the limit and the date by which to meet."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Final

from msgspec import Struct

from afterbell import canon
from afterbell.model.scan import Evidence
from afterbell.model.vocabulary import TriggerName

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
UNDATED: Final = "The evidence states no time: the moment is that at which it was received."
UNPLACED: Final = "The evidence states no time, and when it was received is not known: the moment means nothing."


class Event(Struct, frozen=True, kw_only=True):
    """Something that deserves a written record. A trigger is not a verdict.

    `measured` and `limit` are decimals as strings in `unit` (for example "percent of deployed capital").
    """

    event_id: str
    trigger: TriggerName
    trace_ids: tuple[str, ...]
    occurred_at: datetime
    due_by: datetime
    measured: str
    limit: str
    unit: str
    security: bool
    reason: str
    evidence: tuple[Evidence, ...] = ()
    subject: str = ""


def event(  # noqa: PLR0913 - an event has these facts and no fewer
    trigger: TriggerName,
    *,
    subject: str,
    occurred_at: datetime | None,
    due_hours: int,
    measured: str,
    limit: str,
    unit: str,
    reason: str,
    trace_ids: tuple[str, ...] = (),
    evidence: tuple[Evidence, ...] = (),
    security: bool = False,
    received_at: datetime | None = None,
) -> Event:
    """Make an event whose id depends only on trigger, subject and time: the same facts give the same event.

    `subject` names what fired in stable words, for example "account:ACC-1 session:2026-01-05". The time is kept in
    UTC (one without a zone is taken as UTC), so that one moment written in two zones is one event. Times at the very
    ends of the calendar, which hostile input may hold, are answered with a `due_by` at that end.

    Evidence that states no time (`occurred_at` None) is dated by when it was received, and the reason says so. The id
    leaves that date out, so that the same evidence received again gives the same event.
    """
    stated = _utc(occurred_at) if occurred_at is not None else None
    key = canon.dumps([trigger.value, subject.encode("utf-8", "replace").decode(), (stated or _EPOCH).isoformat()])
    if stated is None:
        reason = f"{reason} {UNDATED if received_at is not None else UNPLACED}"
    occurred_at = stated or _utc(received_at or _EPOCH)
    return Event(
        event_id="ev-" + hashlib.sha256(key).hexdigest()[:16],
        trigger=trigger,
        subject=subject,
        trace_ids=trace_ids,
        occurred_at=occurred_at,
        due_by=_later(occurred_at, due_hours),
        measured=measured,
        limit=limit,
        unit=unit,
        security=security,
        reason=reason,
        evidence=evidence,
    )


def _utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError:
        return moment.replace(tzinfo=UTC)


def _later(moment: datetime, hours: int) -> datetime:
    try:
        return moment + timedelta(hours=hours)
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)
