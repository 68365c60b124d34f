"""A `Report`: what a house's events, records, fixes and reviews amount to, counted. Values only, ready for a page.

Counts stand before shares everywhere, and what could not be counted is a figure of its own.
"""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from afterbell.model.due import Due


class Line(Struct, frozen=True, kw_only=True):
    """One thing counted by month: its name, a count for each column, and their sum."""

    name: str
    counts: tuple[int, ...]
    total: int


class ByMonth(Struct, frozen=True, kw_only=True):
    """Counts over the last twelve months, columns as YYYY-MM; before and after them `earlier` and `later` if needed."""

    columns: tuple[str, ...]
    lines: tuple[Line, ...]


class Wait(Struct, frozen=True, kw_only=True):
    """From an event to the filing of its record. `seconds` is None where the record says it is older than its event."""

    record: str
    event_id: str
    trigger: str
    occurred_at: datetime
    filed_at: datetime
    seconds: int | None
    late: bool


class FixRow(Struct, frozen=True, kw_only=True):
    """What is known of one record's fix: none, deferred, claimed or shown; `checked` is what the last check found."""

    record: str
    root_cause: str
    state: str
    commit: str
    checked: str = ""


class ModeAgreement(Struct, frozen=True, kw_only=True):
    """The machine's suggestion against people's answers to one question, over all records as they read now.

    `answered = same + not_confirmed + not_suggested + machine_unknown + people_unknown`. No and n.a. count as the
    same answer: neither finds the fault. `agreement` is `same` as a share of the first three, three digits, empty
    without any.
    """

    number: int
    mode: str
    answered: int
    same: int
    not_confirmed: int
    not_suggested: int
    machine_unknown: int
    people_unknown: int
    agreement: str


class ReviewRow(Struct, frozen=True, kw_only=True):
    """Blind reviews of a month (YYYY-MM, UTC, of the answer; or all) and a stratum (or all).

    `approved + declined + resized = answered`; `agreement` is the share approved as a decimal of three digits, empty
    without answers.
    """

    month: str
    stratum: str
    answered: int
    approved: int
    declined: int
    resized: int
    agreement: str


class UnknownRow(Struct, frozen=True, kw_only=True):
    """One question that stayed unknown: for how many of how many traces or records, and what was missing most."""

    number: int
    mode: str
    unknown: int
    asked: int
    missing: tuple[str, ...]


class Lost(Struct, frozen=True, kw_only=True):
    """Something that a record cites and the house cannot show; `changed` marks evidence that is not what it was."""

    record: str
    kind: str
    name: str
    message: str
    changed: bool


class LogState(Struct, frozen=True, kw_only=True):
    """What `verify` said of the log. `problems` are code, place and words."""

    verdict: str
    level: str
    wanted: str
    entries: int
    pending: int
    root: str
    compared: tuple[str, ...] = ()
    problems: tuple[tuple[str, str, str], ...] = ()


class ReportedLog(LogState, frozen=True, kw_only=True):
    """The log when the report was made.

    `lost` was looked for only where the log itself holds; `sound` is whether `verify` would exit with 0.
    """

    sound: bool
    lost: tuple[Lost, ...] = ()


class RecordRow(Struct, frozen=True, kw_only=True):
    """One record in the list, as it reads now."""

    id: str
    filed_at: datetime
    status: str
    root_cause: str
    trigger: str
    modes: tuple[str, ...]
    summary: str


class Stats(Struct, frozen=True, kw_only=True):
    """The records of a house, counted as they read now by month of filing; `incomplete` of them wait for a meeting."""

    made_at: datetime
    records: int
    incomplete: int
    causes: ByMonth
    triggers: ByMonth
    modes: ByMonth


class Report(Struct, frozen=True, kw_only=True):
    """Everything on the page. `median_seconds` is over the waits that could be measured, None without any.

    `unread` says why the log's records could not be read, empty when they could. `scanned` is how many traces of the
    house were asked for `unknown_traces`, None when they were not asked. `notes` are the triggers' own words on what
    they could not judge. `no_event` counts records that name no event.
    """

    house: str
    made_at: datetime
    version: str
    log: ReportedLog
    unread: str
    traces: int
    events: ByMonth
    causes: ByMonth
    modes: ByMonth
    records: tuple[RecordRow, ...]
    waits: tuple[Wait, ...]
    median_seconds: int | None
    no_event: int
    due: tuple[Due, ...]
    fixes: tuple[FixRow, ...]
    agreement: tuple[ModeAgreement, ...]
    reviews: tuple[ReviewRow, ...]
    reviews_not_counted: int
    unknown_records: tuple[UnknownRow, ...]
    unknown_traces: tuple[UnknownRow, ...]
    scanned: int | None
    notes: tuple[str, ...]
