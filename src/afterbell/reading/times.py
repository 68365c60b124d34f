"""Reads the stamps that traces, news and quotes carry: as an instant, as a stretch of possible instants, or not at all.

An instant is integer nanoseconds since 1970-01-01 UTC, because traces count in them and a datetime loses the last
three digits. A stamp without a zone, or a bare date, is not an instant; `read` still says between which instants it
must lie (offsets run from -12:00 to +14:00). It does not ask what time it is, and it guesses no zone.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from msgspec import Struct

_SECOND = 10**9
_DAY = 86_400 * _SECOND
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EAST, _WEST = 14 * 3600 * _SECOND, 12 * 3600 * _SECOND
_ISO = re.compile(
    r"(\d{4})(-?)(\d\d)\2(\d\d)(?:(?:[Tt]|[ \u00a0]{1,2})(\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d{1,18}))?)?\s?"
    r"([Zz]|UTC|GMT|[+-]\d\d(?::?\d\d)?|[A-Z]{2,4})?(?:\[[\w/+-]{1,40}\])?)?",
    re.ASCII,
)
_WORDED = re.compile(
    r"(?:[A-Z][a-z]{2,8},?\s{1,3})?(?:([A-Z][a-z]{2,8})\.?\s{1,3}(\d{1,2})(?:st|nd|rd|th)?,?|(\d{1,2})[\s-]([A-Z][a-z]{2,8})\.?,?)"
    r"[\s-](\d{4})(?:(?:,|\s+at)?\s{1,3}(\d{1,2}):(\d\d)(?::(\d\d))?\s?([AaPp])?\.?[Mm]?\.?\s{0,2}"
    r"(?:\()?(Z|[+-]\d\d:?\d\d|[A-Z]{2,4})?(?:\))?(?:\s\([A-Z]{2,5}\))?)?",
    re.ASCII,
)
_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
_HOURS = {"UTC": 0, "GMT": 0, "UT": 0, "Z": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6,
          "PST": -8, "PDT": -7, "CET": 1, "CEST": 2, "HKT": 8, "JST": 9}  # fmt: skip
_ZONES = {"ET": "America/New_York", "CT": "America/Chicago", "PT": "America/Los_Angeles"}
_EPOCH_DIGITS = re.compile(r"(\d{9,10})(?:\.(\d{1,9}))?|(\d{12,13})|(\d{15,16})|(\d{18,19})", re.ASCII)


class Stamp(Struct, frozen=True, kw_only=True):
    """The instants a stamp may mean: nanoseconds since 1970, both ends included; `exact` when they are one."""

    first: int
    last: int

    @property
    def exact(self) -> bool:
        """Tell whether the stamp is one instant."""
        return self.first == self.last


def read(text: str) -> Stamp | None:
    """Read RFC 3339, ISO 8601 basic or extended, RFC 2822, "Jan 5, 2026 4:05 PM ET" and epoch digits.

    A time without a zone spans 26 hours, a bare date 50. Returns None for anything else, also for a
    moment that does not exist. A leap second counts as the first instant after it.
    """
    text = text.strip() if len(text) <= 80 else ""  # noqa: PLR2004 - no stamp is longer
    if found := _EPOCH_DIGITS.fullmatch(text):
        seconds, fraction, milli, micro, nano = found.groups()
        whole = int(seconds or 0) * _SECOND + int((fraction or "").ljust(9, "0") or 0)
        at = whole or int(milli or 0) * 10**6 or int(micro or 0) * 1000 or int(nano or 0)
        return Stamp(first=at, last=at)
    if found := _ISO.fullmatch(text):
        year, _, month, day, hour, minute, second, fraction, zone = found.groups()
        return _placed((year, month, day), hour and (hour, minute, second or "0"), fraction or "", zone or "")
    if found := _WORDED.fullmatch(text):
        before, day_after, day_before, after, year, hour, minute, second, half, zone = found.groups()
        number = _MONTHS.get((before or after)[:3].lower())
        if number is None:
            return None
        if half and hour:
            hour = str(int(hour) % 12 + (12 if half in "Pp" else 0)) if 1 <= int(hour) <= 12 else "99"  # noqa: PLR2004
        return _placed(
            (year, str(number), day_after or day_before),
            hour and (hour, minute, second or "0"),
            "",
            zone or "",
        )
    return None


def to_ns(text: str) -> int | None:
    """Return the instant of a stamp in nanoseconds since 1970 UTC, or None when it is not one instant."""
    stamp = read(text)
    return stamp.first if stamp and stamp.exact else None


def to_utc(text: str) -> datetime | None:
    """Return the instant of a stamp in UTC (microseconds, the rest cut off), or None when it is not one instant."""
    at = to_ns(text)
    return None if at is None else from_ns(at)


def from_ns(at: int) -> datetime | None:
    """Return nanoseconds since 1970 as a UTC datetime (microseconds, the rest cut off); None outside years 1-9999."""
    try:
        return _EPOCH + timedelta(microseconds=at // 1000)
    except OverflowError:
        return None


def stated(at: int) -> datetime | None:
    """Return nanoseconds since 1970 as a UTC datetime; None for the first day, where counters lie that are no clock."""
    return None if 0 <= at < _DAY else from_ns(at)


def _placed(day: tuple[str, ...], clock: tuple[str, ...] | str | None, fraction: str, zone: str) -> Stamp | None:
    hour, minute, second = map(int, clock) if isinstance(clock, tuple) else (0, 0, 0)
    leap = second == 60  # noqa: PLR2004 - RFC 3339 allows it
    try:
        year, month, date = map(int, day)
        wall = datetime(year, month, date, hour, minute, 59 if leap else second)  # noqa: DTZ001
        at = _ns(wall.replace(tzinfo=UTC)) + leap * _SECOND + int(fraction[:9].ljust(9, "0"))
        if clock and zone:
            offset = _offset(zone, wall)
            return None if offset is None else Stamp(first=at - offset, last=at - offset)
    except (ValueError, OverflowError):
        return None
    return Stamp(first=at - _EAST, last=at + _WEST + (0 if clock else _DAY - 1))


def _offset(zone: str, wall: datetime) -> int | None:
    """Return a zone's offset east of UTC in nanoseconds; None for a name that may mean several zones or none."""
    if zone[0] in "+-":
        hours, minutes = int(zone[1:3]), int(zone[3:].lstrip(":") or 0)
        if hours > 23 or minutes > 59:  # noqa: PLR2004 - RFC 3339
            return None
        shift = timezone(timedelta(hours=hours, minutes=minutes)).utcoffset(None)
        return (-1 if zone[0] == "-" else 1) * int(shift.total_seconds()) * _SECOND
    if zone in _ZONES:
        moved = wall.replace(tzinfo=ZoneInfo(_ZONES[zone])).utcoffset() or timedelta()
        return int(moved.total_seconds()) * _SECOND
    hours_east = _HOURS.get(zone.upper())
    return None if hours_east is None else hours_east * 3600 * _SECOND


def _ns(moment: datetime) -> int:
    span = moment - _EPOCH
    return (span.days * 86_400 + span.seconds) * _SECOND + span.microseconds * 1000
