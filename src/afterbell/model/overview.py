"""An `Overview`: what the first page shows of a house. Values only; counts stand before shares."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from afterbell.model.event import Event
from afterbell.model.report import ByMonth, DueRow, ModeAgreement, Stats


class Verdict(Struct, frozen=True, kw_only=True):
    """What verify said of the log when it looked: ruling, level and problems (code, place, words)."""

    looked_at: datetime
    verdict: str
    level: str
    wanted: str
    entries: int
    pending: int
    root: str
    compared: tuple[str, ...] = ()
    problems: tuple[tuple[str, str, str], ...] = ()


class Overview(Struct, frozen=True, kw_only=True):
    """The figures of the first page. `unread` says why the log cannot be read, empty when it can.

    `unrecorded` are events without a record, the newest first. `median_seconds` is from event to record, over `waits`
    records; `late` of them came after their time.
    """

    made_at: datetime
    stats: Stats
    events: ByMonth
    unrecorded: tuple[Event, ...]
    due: tuple[DueRow, ...]
    median_seconds: int | None
    waits: int
    late: int
    agreement: tuple[ModeAgreement, ...]
    unread: str = ""
