"""To which session an instant belongs, and when a session ends: regular hours by exchange, a UTC day for crypto.

It knows weekends; half days end early where `sessions` knows them, and holidays are its knowledge alone. An exchange it
does not know gets UTC days, every day of the week, and callers that care ask `known` first.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from afterbell.reading.moments import sessions

CRYPTO = "CRYPTO"
_FRIDAY = 5

# Market identifier code (ISO 10383) -> zone and regular close. Published by the exchanges; read in 2026.
_CLOSES: Mapping[str, tuple[str, time]] = {
    **dict.fromkeys(("XNYS", "XNAS", "ARCX", "BATS", "XASE", "IEXG", "XNMS", "XNGS", "XCBO"),
                    ("America/New_York", time(16))),
    **dict.fromkeys(("XTSE", "XTSX"), ("America/Toronto", time(16))),
    "BVMF": ("America/Sao_Paulo", time(17)), "XMEX": ("America/Mexico_City", time(15)),
    "XLON": ("Europe/London", time(16, 30)), "XDUB": ("Europe/Dublin", time(16, 30)),
    "XPAR": ("Europe/Paris", time(17, 30)), "XAMS": ("Europe/Amsterdam", time(17, 30)),
    "XBRU": ("Europe/Brussels", time(17, 30)), "XLIS": ("Europe/Lisbon", time(16, 30)),
    "XETR": ("Europe/Berlin", time(17, 30)), "XFRA": ("Europe/Berlin", time(22)),
    "XMIL": ("Europe/Rome", time(17, 30)), "XMAD": ("Europe/Madrid", time(17, 30)),
    "XSWX": ("Europe/Zurich", time(17, 30)), "XSTO": ("Europe/Stockholm", time(17, 30)),
    "XHEL": ("Europe/Helsinki", time(18, 30)), "XCSE": ("Europe/Copenhagen", time(17)),
    "XOSL": ("Europe/Oslo", time(16, 20)), "XWBO": ("Europe/Vienna", time(17, 30)),
    "XWAR": ("Europe/Warsaw", time(17)), "XJSE": ("Africa/Johannesburg", time(17)),
    "XTKS": ("Asia/Tokyo", time(15, 30)), "XHKG": ("Asia/Hong_Kong", time(16)),
    **dict.fromkeys(("XSHG", "XSHE", "XBSE"), ("Asia/Shanghai", time(15))),
    "XKRX": ("Asia/Seoul", time(15, 30)), "XTAI": ("Asia/Taipei", time(13, 30)),
    **dict.fromkeys(("XBOM", "XNSE"), ("Asia/Kolkata", time(15, 30))),
    "XSES": ("Asia/Singapore", time(17)), "XASX": ("Australia/Sydney", time(16)),
    **dict.fromkeys(("XCME", "XCBT", "XNYM", "XCEC"), ("America/Chicago", time(16))),
}  # fmt: skip
# Futures whose session opens on the evening before: what trades from this local hour on belongs to the next day.
_EVENING_OPEN: Mapping[str, time] = dict.fromkeys(("XCME", "XCBT", "XNYM", "XCEC"), time(17))


def known(exchange: str) -> bool:
    """Tell whether days of this exchange are its own rather than UTC days for want of knowledge."""
    return exchange == CRYPTO or exchange in _CLOSES


def zone_of(exchange: str) -> str:
    """Return the name of an exchange's time zone, or nothing for one that is not known (CRYPTO has none)."""
    return _CLOSES[exchange][0] if exchange in _CLOSES else ""


def session_of(moment: datetime, exchange: str) -> date:
    """Return the session day of an instant at an exchange (a MIC or CRYPTO); the UTC day for an unknown one."""
    if exchange not in _CLOSES:
        return moment.astimezone(UTC).date()
    evening = _EVENING_OPEN.get(exchange)
    try:
        local = moment.astimezone(ZoneInfo(_CLOSES[exchange][0]))
        return local.date() + timedelta(days=1) if evening and local.time() >= evening else local.date()
    except OverflowError:  # at either end of the calendar
        return moment.astimezone(UTC).date()


def is_weekend(day: date, exchange: str) -> bool:
    """Tell whether the exchange is closed because the day is a Saturday or a Sunday."""
    return exchange in _CLOSES and day.isoweekday() > _FRIDAY


def end_of(session: date, exchange: str) -> datetime:
    """Return when the session of that day ends, in UTC: its close, or midnight after a UTC day.

    A day without a session (a holiday, a weekend) ends at the regular close.
    """
    if exchange not in _CLOSES:
        if session == date.max:
            return datetime.max.replace(microsecond=0, tzinfo=UTC)
        return datetime.combine(session + timedelta(days=1), time(), UTC)
    held = sessions.session(exchange, session)
    if held is not None and held.half:
        return held.closes
    zone, close = _CLOSES[exchange]
    try:
        return datetime.combine(session, close, ZoneInfo(zone)).astimezone(UTC)
    except OverflowError:
        return datetime.combine(session, close, UTC)
