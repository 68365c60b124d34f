"""iCalendar files (RFC 5545) as rows of the events book: VEVENTs with DTSTART, SUMMARY and CATEGORIES.

DTSTART with Z or a known TZID is an instant; a date, a floating time or an unknown zone leaves the day only, which is
said. The symbol is the first word of SUMMARY in capitals, or one in parentheses. It reads no recurrence rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import BinaryIO
from zoneinfo import ZoneInfo

from afterbell.formats import bounded
from afterbell.formats.items import Context, Item, Unit
from afterbell.model.books import CalendarEvent
from afterbell.model.trace import Refusal

NAME = "ics-calendar"
TITLE = "iCalendar events (.ics)"
UNIT = Unit.STREAM
RANK = 40

_LONGEST = 64 * 1024
_BOM = b"\xef\xbb\xbf"
_STAMP = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z)?)?", re.ASCII)
_PAREN = re.compile(r"\((?:[A-Z]{2,10}:\s?)?([A-Z][A-Z0-9._-]{0,19})\)")
_LEAD = re.compile(r"\$?([A-Z][A-Z0-9._-]{0,19})(?=[\s:,-]|\Z)")
_NO_SYMBOL = frozenset({"Q1", "Q2", "Q3", "Q4", "FY", "EARNINGS", "US", "EPS", "A"})
_EARNINGS = re.compile(r"\bearnings\b|\bresults\b|\bq[1-4]\b", re.IGNORECASE)
_MACRO = re.compile(r"\b(?:cpi|ppi|pce|fomc|gdp|payrolls?|nfp|pmi|ecb|boe|boj|rate decision)\b", re.IGNORECASE)
_ESCAPED = re.compile(r"\\([\\;,nN])")
# Only zones named here: a zone's name reaches the zone files of the machine.
_ZONES = {
    "US/Eastern": "America/New_York", "Eastern Standard Time": "America/New_York", "US/Central": "America/Chicago",
    "Central Standard Time": "America/Chicago", "GMT Standard Time": "Europe/London", "Etc/UTC": "UTC",
    "China Standard Time": "Asia/Shanghai", "Tokyo Standard Time": "Asia/Tokyo", "PRC": "Asia/Shanghai",
    "W. Europe Standard Time": "Europe/Berlin", "Romance Standard Time": "Europe/Paris",
    **{name: name for name in (
        "UTC", "America/New_York", "America/Chicago", "America/Los_Angeles", "America/Toronto", "Europe/London",
        "Europe/Paris", "Europe/Berlin", "Europe/Zurich", "Europe/Amsterdam", "Europe/Stockholm", "Asia/Tokyo",
        "Asia/Hong_Kong", "Asia/Shanghai", "Asia/Singapore", "Asia/Seoul", "Asia/Kolkata", "Australia/Sydney",
    )},
}  # fmt: skip


def recognise(head: bytes, _name: str) -> bool:
    """Tell whether a calendar begins."""
    return head.removeprefix(_BOM).lstrip()[:15].upper() == b"BEGIN:VCALENDAR"


def read(stream: BinaryIO, _context: Context) -> Iterator[Item]:
    """Yield a row for each VEVENT; one that cannot be read is refused by its number."""
    number = 0
    inside: dict[str, tuple[str, str]] | None = None
    for line in _unfolded(stream):
        name, parameters, value = _property(line)
        if name == "BEGIN" and value.upper() == "VEVENT":
            number, inside = number + 1, {}
        elif name == "END" and value.upper() == "VEVENT" and inside is not None:
            yield from _event(inside, number)
            inside = None
        elif inside is not None:
            inside.setdefault(name, (parameters, value))
    if inside is not None:
        yield Refusal(where=f"event {number}", why="the file ends inside this event")


def _unfolded(stream: BinaryIO) -> Iterator[str]:
    """Yield the lines, each with its continuations; the rest of an endless one is dropped."""
    held = ""
    for raw, _whole in bounded.lines(stream, _LONGEST):
        line = raw.removeprefix(_BOM).decode("utf-8", "replace").rstrip("\r\n")
        if line[:1] in {" ", "\t"} and held:
            held = (held + line[1:])[:_LONGEST]
            continue
        if held:
            yield held
        held = line
    if held:
        yield held


def _property(line: str) -> tuple[str, str, str]:
    head, _, value = line.partition(":")
    name, _, parameters = head.partition(";")
    return name.strip().upper(), parameters, value.strip()


def _event(found: Mapping[str, tuple[str, str]], number: int) -> Iterator[Item]:
    where = f"event {number}"
    parameters, text = found.get("DTSTART", ("", ""))
    at, remark = _at(parameters, text)
    if not at:
        yield Refusal(where=where, why=f"DTSTART is not a time: {text[:40]!r}")
        return
    title = _ESCAPED.sub(lambda hit: " " if hit[1] in "nN" else hit[1], found.get("SUMMARY", ("", ""))[1])[:500]
    kind = _kind(found.get("CATEGORIES", ("", ""))[1], title)
    if not kind:
        yield Refusal(where=where, why=f"neither earnings nor macro: {title[:60]!r}")
        return
    symbol = _symbol(title) if kind == "earnings" else ""
    if kind == "earnings" and not symbol:
        yield Refusal(where=where, why=f"no symbol in SUMMARY: {title[:60]!r}")
        return
    if "RRULE" in found:
        remark = remark or "RRULE is not read: the first date only"
    if remark:
        yield Refusal(where=where, why=remark, taken=True)
    yield CalendarEvent(at=at, symbol=symbol, kind=kind, title=title, row=number)


def _at(parameters: str, text: str) -> tuple[str, str]:
    """Return DTSTART as RFC 3339 (a bare date where the time is not known) and what was left out."""
    hit = _STAMP.fullmatch(text)
    if hit is None:
        return "", ""
    year, month, day, *clock, utc = hit.groups()
    try:
        hour, minute, second = (int(each or 0) for each in clock)
        wall = datetime(int(year), int(month), int(day), hour, minute, min(second, 59), tzinfo=UTC)
    except ValueError:
        return "", ""
    if hit[4] is None or utc:
        return (wall.isoformat() if utc else wall.date().isoformat()), ""
    names = [each[5:].strip('"') for each in parameters.split(";") if each.upper().startswith("TZID=")]
    zone = _ZONES.get(names[0]) if names else None
    if zone is None:
        why = f"the zone {names[0][:40]!r} is not known" if names else "the time has no zone"
        return wall.date().isoformat(), f"{why}: the day only"
    return wall.replace(tzinfo=ZoneInfo(zone)).isoformat(), ""


def _kind(categories: str, title: str) -> str:
    words = {each.strip().upper() for each in categories.split(",")}
    if "EARNINGS" in words or "MACRO" in words:
        return "earnings" if "EARNINGS" in words else "macro"
    if _MACRO.search(title):
        return "macro"
    return "earnings" if _EARNINGS.search(title) else ""


def _symbol(title: str) -> str:
    lead = _LEAD.match(title.strip())
    if lead and lead[1] not in _NO_SYMBOL:
        return lead[1]
    inner = _PAREN.search(title)
    return inner[1] if inner and inner[1] not in _NO_SYMBOL else ""
