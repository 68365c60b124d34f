"""When an exchange trades: its sessions in UTC, with holidays, half days and lunch breaks.

Reads `sessions_data`, which ends where the exchanges' published calendars do: outside its range nothing is known, and
the answer is None rather than a guess. An exchange that trades around the clock has no sessions here. `exchange_days`
says which day an instant belongs to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from msgspec import Struct

from afterbell.reading.moments.sessions_data import TABLES

_FRIDAY = 5
# Exchanges that keep the days and the hours of another.
_SAME: Mapping[str, str] = {
    **dict.fromkeys(("XNAS", "ARCX", "BATS", "XASE", "IEXG", "XNMS", "XNGS", "XNCM", "EDGX", "EDGA"), "XNYS"),
    "XSHE": "XSHG", "XBSE": "XSHG", "XTSX": "XTSE", "XNSE": "XBOM",
}  # fmt: skip
_DAY = timedelta(days=1)


class Session(Struct, frozen=True, kw_only=True):
    """One session: its day at the exchange and the stretches in which it trades, in UTC; two around a lunch break.

    `half` says that it ends earlier than the exchange's usual close.
    """

    day: date
    stretches: tuple[tuple[datetime, datetime], ...]
    half: bool = False

    @property
    def opens(self) -> datetime:
        """When trading begins, in UTC."""
        return self.stretches[0][0]

    @property
    def closes(self) -> datetime:
        """When trading ends, in UTC."""
        return self.stretches[-1][1]


_Hours = tuple[tuple[time, time], ...]


class _Table(Struct, frozen=True, kw_only=True):
    """One exchange of `sessions_data`, read."""

    zone: ZoneInfo
    first: date
    last: date
    hours: tuple[tuple[date, _Hours], ...]
    closed: frozenset[date]
    other: Mapping[date, _Hours]


def covers(exchange: str, day: date) -> bool:
    """Tell whether the sessions of this exchange (a MIC) are known on that day."""
    table = _table(exchange)
    return table is not None and table.first <= day <= table.last


def session(exchange: str, day: date) -> Session | None:
    """Return the session of a day, or None when the exchange is closed or not known then (ask `covers`)."""
    table = _table(exchange)
    if table is None or not table.first <= day <= table.last or day in table.closed:
        return None
    usual = next(hours for begin, hours in reversed(table.hours) if begin <= day)
    hours = table.other.get(day) or (usual if day.isoweekday() <= _FRIDAY else None)
    if hours is None:
        return None
    stretches = tuple((_utc(day, begin, table.zone), _utc(day, end, table.zone)) for begin, end in hours)
    return Session(day=day, stretches=stretches, half=hours[-1][1] < usual[-1][1])


def is_open(exchange: str, moment: datetime) -> bool | None:
    """Tell whether the exchange trades at an instant (its opening included, its closing not); None when not known."""
    table = _table(exchange)
    day = _day(table, moment) if table else None
    if table is None or day is None or not table.first <= day <= table.last:
        return None
    found = session(exchange, day)
    return found is not None and any(begin <= moment < end for begin, end in found.stretches)


def day_of(exchange: str, moment: datetime) -> date | None:
    """Return the date of an instant at the exchange, or None when its sessions are not known then."""
    table = _table(exchange)
    day = _day(table, moment) if table else None
    return day if day is not None and covers(exchange, day) else None


def sessions(exchange: str, first: date, last: date) -> Iterator[Session]:
    """Yield the sessions from one day to another, both included."""
    table = _table(exchange)
    if table is None:
        return
    day, last = max(first, table.first), min(last, table.last)
    while day <= last:
        found = session(exchange, day)
        if found is not None:
            yield found
        day += _DAY


def _day(table: _Table, moment: datetime) -> date | None:
    try:
        return moment.astimezone(table.zone).date()
    except OverflowError:  # at either end of the calendar
        return None


def _utc(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, zone).astimezone(UTC)


def _table(exchange: str) -> _Table | None:
    name = _SAME.get(exchange, exchange)
    return _read(name) if name in TABLES else None


@cache
def _read(name: str) -> _Table:
    zone, first, last = ZoneInfo("UTC"), date.min, date.max
    hours: list[tuple[date, _Hours]] = []
    closed: set[date] = set()
    other: dict[date, _Hours] = {}
    for line in TABLES[name].splitlines():
        word, *rest = line.split()
        if word == "zone":
            zone = ZoneInfo(rest[0])
        elif word == "range":
            first, last = date.fromisoformat(rest[0]), date.fromisoformat(rest[1])
        elif word == "hours":
            hours.append((date.fromisoformat(rest[0]), _hours(rest[1])))
        elif word == "closed":
            closed |= {_date(rest[0], each) for each in rest[1:]}
        else:
            pairs = (each.split("=") for each in rest[1:])
            other |= {_date(rest[0], day): _hours(stretches) for day, stretches in pairs}
    return _Table(zone=zone, first=first, last=last, hours=tuple(hours), closed=frozenset(closed), other=other)


def _date(year: str, day: str) -> date:
    return date(int(year), int(day[:2]), int(day[2:]))


def _hours(text: str) -> _Hours:
    pairs = (each.split("-") for each in text.split("+"))
    return tuple((_clock(begin), _clock(end)) for begin, end in pairs)


def _clock(text: str) -> time:
    return time(int(text[:2]), int(text[2:]))
