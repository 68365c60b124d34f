"""An `Overview`: what the first page shows of a house. Values only; counts stand before shares."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from afterbell.model.due import Due
from afterbell.model.event import Event
from afterbell.model.report import ByMonth, LogState, ModeAgreement, Stats


class LookedAt(LogState, frozen=True, kw_only=True):
    """The log when it was last looked at."""

    looked_at: datetime


class Overview(Struct, frozen=True, kw_only=True):
    """The figures of the first page. `unread` says why the log cannot be read, empty when it can.

    `unrecorded` are events without a record, the newest first. `median_seconds` is from event to record, over `waits`
    records; `late` of them came after their time.
    """

    made_at: datetime
    stats: Stats
    events: ByMonth
    unrecorded: tuple[Event, ...]
    due: tuple[Due, ...]
    median_seconds: int | None
    waits: int
    late: int
    agreement: tuple[ModeAgreement, ...]
    unread: str = ""
