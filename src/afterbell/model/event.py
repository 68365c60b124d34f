"""An `Event`: one fired trigger, with the figure, the limit and the date by which to meet."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from msgspec import Struct

from afterbell import canon
from afterbell.model.scan import Evidence
from afterbell.model.vocabulary import TriggerName


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
    occurred_at: datetime,
    due_hours: int,
    measured: str,
    limit: str,
    unit: str,
    reason: str,
    trace_ids: tuple[str, ...] = (),
    evidence: tuple[Evidence, ...] = (),
    security: bool = False,
) -> Event:
    """Make an event whose id depends only on trigger, subject and time: the same facts give the same event.

    `subject` names what fired in stable words, for example "account:ACC-1 session:2026-01-05".
    """
    key = canon.dumps([trigger.value, subject, occurred_at.isoformat()])
    return Event(
        event_id="ev-" + hashlib.sha256(key).hexdigest()[:16],
        trigger=trigger,
        subject=subject,
        trace_ids=trace_ids,
        occurred_at=occurred_at,
        due_by=occurred_at + timedelta(hours=due_hours),
        measured=measured,
        limit=limit,
        unit=unit,
        security=security,
        reason=reason,
        evidence=evidence,
    )
