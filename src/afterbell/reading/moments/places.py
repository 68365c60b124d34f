"""Places the date of a news item, quote or filing: between which instants it lies, and what would settle it.

Takes what `times` reads and beside it what publishers write: "3 hours ago" (counted from when it was read), epochs with
a fraction, "2026/01/05", Chinese dates, a month alone, and 05/01/2026, which is two days. It compares nothing.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from msgspec import Struct

from afterbell.reading.times import Stamp, from_ns, read

_SECOND = 10**9
_LONGEST = 120
_UNITS = {
    "second": 1,
    "minute": 60,
    "hour": 3600,
    "day": 86_400,
    "week": 604_800,
    "month": 2_629_800,
    "year": 31_557_600,
}
_SHORT = {"s": "second", "sec": "second", "m": "minute", "min": "minute", "h": "hour", "hr": "hour", "d": "day",
          "w": "week", "wk": "week", "mo": "month", "y": "year", "yr": "year", "秒": "second", "秒钟": "second",
          "分钟": "minute", "分": "minute", "小时": "hour", "个小时": "hour", "天": "day", "日": "day", "周": "week",
          "星期": "week", "个月": "month", "月": "month", "年": "year"}  # fmt: skip
_AGO = re.compile(
    r"(?:about|around|over|almost|posted|published|updated)?\s{0,3}(\d{1,4}|an?|one)\s{0,3}"
    r"(second|minute|hour|day|week|month|year|secs?|mins?|hrs?|wks?|yrs?|mo|[smhdwy])s?\.?\s{1,3}ago",
    re.IGNORECASE,
)
_AGO_CHINESE = re.compile(r"(\d{1,4})\s{0,3}(秒钟|秒|分钟|分|个小时|小时|天|日|周|星期|个月|月|年)\s{0,3}(?:之)?前")
_AGO_ELSEWHERE = re.compile(
    r"(?:hace|il y a|vor|há)\s{1,3}(\d{1,4}|una?|eine[mnr]?|uma?)\s{1,3}([^\W\d]{2,10})\.?"
    r"|(\d{1,4})\s{1,3}([a-z]{3,10})\sfa",
    re.IGNORECASE,
)
_WORDS = {
    "second": ("segundo", "seconde", "sekunde", "secondo", "secondi"), "minute": ("minuto", "minute", "minuti"),
    "hour": ("hora", "heure", "stunde", "ora", "ore"),
    "day": ("día", "dia", "jour", "tag", "tage", "giorno", "giorni"),
    "week": ("semana", "semaine", "woche", "settimana", "settimane"),
    "month": ("mes", "mese", "mês", "mois", "monat", "monate", "mesi"),
    "year": ("año", "ano", "an", "jahr", "jahre", "anno"),
}  # fmt: skip
_ELSEWHERE = {form: unit for unit, words in _WORDS.items() for word in words
              for form in (word, word + "s", word + "n", word + "en", word + "es")}  # fmt: skip
_NOW = {"now": 0, "just now": 0, "moments ago": 0, "today": 1, "yesterday": 2, "刚刚": 0, "今天": 1, "昨天": 2}
_EPOCH_FLOAT = re.compile(r"(\d{9,10})\.\d{1,20}|(\d{9,10})(?:\.\d{1,3})?[eE]\+?\d", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?!\d)(.{0,40})", re.ASCII)
_DASHED = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)(.{0,40})", re.ASCII)
_CHINESE = re.compile(r"(\d{4})\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?[日号](.{0,40})")
_YEAR_LAST = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?!\d),?(.{0,40})", re.ASCII)
_COMPACT = re.compile(r"(\d{8})T(\d{4})(\d\d)?", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d\d)|([A-Z][a-z]{2,8})\.?,?\s(\d{4})", re.ASCII)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LABEL = re.compile(
    r"(?:first\s|last\s)?(?:published|publish|posted|updated|modified|dateline|date|as of|filed|on|at|[:：\s—-]){1,8}",
    re.IGNORECASE,
)
_HALF = re.compile(r"(\d{1,2}):(\d\d)(?::\d\d)?\s?([ap])\.?m\.?", re.IGNORECASE)
_CLOCK = re.compile(r"\d{1,2}:\d\d(?::\d\d(?:\.\d{1,9})?)?\s?(?:[AaPp]\.?[Mm]\.?)?(?:\s?[A-Z]{1,4})?", re.ASCII)
_DAY_NS = 86_400 * _SECOND


class Place(Struct, frozen=True, kw_only=True):
    """Where a stamp may lie: one stretch of instants per reading of it.

    `days` holds the date of each reading when the stamp states no time of day; `coarse` marks a month or a rough age,
    whose ends are not known however the zone is.
    """

    stamps: tuple[Stamp, ...]
    days: tuple[date, ...] = ()
    coarse: bool = False

    @property
    def exact(self) -> bool:
        """Tell whether the stamp is one instant."""
        return len(self.stamps) == 1 and self.stamps[0].exact


def place(text: str, read_ns: int = 0) -> Place | None:
    """Return where a stamp lies, or None when it is none ("unknown", a season, a clock without a day).

    `read_ns` is when it was read, which "3 hours ago" counts from.
    """
    text = text.strip(" \t\r\n*_()[]\"'|") if len(text) <= _LONGEST else ""
    if not text:
        return None
    plain = read(text)
    if plain is None:
        label = _LABEL.match(text)
        text = text[label.end() :] if label and label.end() < len(text) else text
        plain = read(text)
    if plain is not None:
        return _of_stamp(text, plain)
    return _ago(text, read_ns) or _epoch(text) or _numeric(text) or _month(text)


def is_clock(text: str) -> bool:
    """Tell whether a stamp is a time of day without a day: something, but nothing that can be placed."""
    return _CLOCK.fullmatch(text.strip()) is not None if len(text) <= _LONGEST else False


def _of_stamp(text: str, stamp: Stamp) -> Place:
    if stamp.exact or ":" in text or not _is_day(stamp):
        return Place(stamps=(stamp,))
    day = from_ns(stamp.first + 14 * 3600 * _SECOND)
    return Place(stamps=(stamp,), days=(day.date(),) if day else ())


def _is_day(stamp: Stamp) -> bool:
    """Tell whether a stamp states a day only: then it spans 50 hours."""
    return stamp.last - stamp.first >= 2 * _DAY_NS


def _ago(text: str, read_ns: int) -> Place | None:
    word = _NOW.get(text.lower())
    found = _AGO.fullmatch(text) or _AGO_CHINESE.fullmatch(text)
    other = None if found else _AGO_ELSEWHERE.fullmatch(text)
    if not read_ns or (word is None and found is None and other is None):
        return None
    if other is not None:
        unit_of = _ELSEWHERE.get((other[2] or other[4]).lower())
        return _aged(other[1] or other[3], unit_of, read_ns) if unit_of else None
    if found is None:
        first = read_ns - (word or 0) * _DAY_NS
        last = read_ns - max(0, (word or 0) - 1) * _DAY_NS
        return Place(stamps=(Stamp(first=first, last=last),), coarse=first != last)
    word_of = found[2].lower()
    return _aged(found[1], _SHORT.get(word_of, _SHORT.get(word_of.rstrip("s"), word_of)), read_ns)


def _aged(count: str, unit_of: str, read_ns: int) -> Place:
    """Return the stretch of an age: publishers round down, so "3 hours ago" is three to four."""
    number, unit = int(count) if count.isdigit() else 1, _UNITS[unit_of] * _SECOND
    return Place(stamps=(Stamp(first=read_ns - (number + 1) * unit, last=read_ns - number * unit),), coarse=True)


def _epoch(text: str) -> Place | None:
    found = _EPOCH_FLOAT.fullmatch(text)
    stamp = read(found[1]) if found and found[1] else None
    return Place(stamps=(stamp,)) if stamp else None


def _numeric(text: str) -> Place | None:
    """Read dates in figures; 05/01/2026 has two readings unless one part exceeds twelve."""
    compact = _COMPACT.fullmatch(text)
    if compact:
        day, clock, second = compact.groups()
        return _read_all((f"{day[:4]}-{day[4:6]}-{day[6:]}T{clock[:2]}:{clock[2:]}:{second or '00'}",))
    found = _CHINESE.match(text) or _YEAR_FIRST.match(text) or _DASHED.match(text)
    if found:
        return _read_all((f"{found[1]}-{int(found[2]):02d}-{int(found[3]):02d}{_clock(found[4])}",))
    found = _YEAR_LAST.match(text)
    if found is None:
        return None
    one, other = int(found[1]), int(found[2])
    pairs = {(one, other), (other, one)} if "/" in found[0] else {(other, one)}
    return _read_all(tuple(f"{found[3]}-{month:02d}-{day:02d}{_clock(found[4])}" for month, day in sorted(pairs)))


def _clock(rest: str) -> str:
    """Return the time of day and the zone that follow a date, as ISO 8601 writes them."""
    rest = rest.strip(" ,T").removesuffix("UTC").rstrip() if "+0000" in rest else rest.strip(" ,T")
    half = _HALF.search(rest)
    if half and 1 <= int(half[1]) <= 12:  # noqa: PLR2004 - hours of a half day
        hour = int(half[1]) % 12 + 12 * (half[3] in "Pp")
        rest = f"{hour:02d}:{half[2]}{rest[half.end() :].replace(',', ' ')}"
    rest = re.sub(r"\s{1,5}", " ", rest)
    return f" {rest}" if rest[:1].isdigit() else ""


def _read_all(texts: tuple[str, ...]) -> Place | None:
    stamps = tuple(stamp for stamp in map(read, texts) if stamp is not None)
    if not stamps:
        return None
    middles = [from_ns(stamp.first + 14 * 3600 * _SECOND) for stamp in stamps if _is_day(stamp)]
    return Place(stamps=stamps, days=tuple(middle.date() for middle in middles if middle))


def _month(text: str) -> Place | None:
    found = _MONTH.fullmatch(text)
    if found is None:
        return None
    year = int(found[1] or found[4])
    name = (found[3] or "")[:3].lower()
    number = int(found[2]) if found[2] else _MONTHS.index(name) + 1 if name in _MONTHS else 0
    if not 1 <= number <= 12 or not 1 <= year < 9999:  # noqa: PLR2004 - months, and years a date can hold
        return None
    begin = date(year, number, 1)
    end = (begin + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    first, last = read(begin.isoformat()), read(end.isoformat())
    return Place(stamps=(Stamp(first=first.first, last=last.last),), coarse=True) if first and last else None
