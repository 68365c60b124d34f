"""Which period a figure speaks of, by the words beside it: dates, fiscal years, quarters, halves.

A year fits the period that ends in it, the one its registrant calls so, and one that ends in the first three months of
the next. It reads words and compares them with reported periods; it picks none of several that fit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct

from afterbell.model.books import Report
from afterbell.reading.company_accounts.changes import days
from afterbell.reading.times import from_ns, read

_ISO = re.compile(r"(?<!\d)(?:19|20)\d\d-\d\d-\d\d(?!\d)")
_WORDED = re.compile(
    r"\b(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\.?\s\d{1,2},?\s(?:19|20)\d\d\b"
)
_YEAR = re.compile(r"(?<![\d$€£¥.,])(?:19|20)\d\d(?![\d,]|\.\d|\s?(?:million|billion|thousand|%))")
_SHORT_YEAR = re.compile(r"\b(?:FY|CY|[1-4]Q|Q[1-4]\s?(?:FY|CY)?)[\s'\u2019]?(\d\d)\b(?!\d)", re.IGNORECASE)
_QUARTER = re.compile(
    r"\bQ\s?([1-4])(?!\d{3})|\b([1-4])Q|\b(first|second|third|fourth|1st|2nd|3rd|4th)[\s-](?:fiscal[\s-])?quarter"
    r"|第?([一二三四1-4])季度",
    re.IGNORECASE,
)
_NUMBERS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4,
            "一": 1, "二": 2, "三": 3, "四": 4}  # fmt: skip
_LENGTHS = (
    (re.compile(r"\bnine[\s-]months?\b|\b9M\b", re.IGNORECASE), (250, 300)),
    (re.compile(r"\bsix[\s-]months?\b|\bhalf[\s-]year\b|\b[12]H|\bH[12]\b|半年", re.IGNORECASE), (160, 200)),
    (re.compile(r"\bquarter(?:ly|s)?\b|\bthree[\s-]months?\b|\bQ\s?[1-4](?!\d{3})|\b[1-4]Q|季度", re.IGNORECASE),
     (75, 105)),
    (re.compile(r"\bfiscal\b|\bfull[\s-]year\b|\bannual(?:ly)?\b|\btwelve[\s-]months?\b|\byear\b|\bFY|年度|全年",
                re.IGNORECASE), (340, 380)),
)  # fmt: skip
_ANNUAL = (340, 380)
_FIRST_MONTHS = 3


class Period(Struct, frozen=True, kw_only=True):
    """What words say of a period: dates of its end (YYYY-MM-DD), years, a quarter's number, and a length in days."""

    ends: frozenset[str] = frozenset()
    starts: frozenset[str] = frozenset()
    years: frozenset[int] = frozenset()
    quarter: int = 0
    length: tuple[int, int] = (0, 0)

    @property
    def stated(self) -> bool:
        """Whether the words say when: a date or a year."""
        return bool(self.ends or self.years)


def of_words(*texts: str) -> Period:
    """Return the period that these words speak of, the first text that says when before the others."""
    read_of = [_of_text(text) for text in texts if text]
    first = next((each for each in read_of if each.stated), None)
    if first is None:
        return next((each for each in read_of if each.length != (0, 0)), Period())
    if first.length == (0, 0) and not first.ends:
        lent = next((each for each in read_of if each.length != (0, 0)), None)
        if lent is not None:
            return Period(ends=first.ends, years=first.years, quarter=lent.quarter, length=lent.length)
    return first


def _of_text(text: str) -> Period:
    ends = {hit[0] for hit in _ISO.finditer(text)}
    for hit in _WORDED.finditer(text):
        stamp = read(hit[0].replace(".", ""))
        moment = from_ns((stamp.first + stamp.last) // 2) if stamp else None
        if moment is not None:
            ends.add(moment.date().isoformat())
    rest = _WORDED.sub(" ", _ISO.sub(" ", text))
    years = {int(hit[0]) for hit in _YEAR.finditer(rest)}
    years |= {2000 + int(hit[1]) for hit in _SHORT_YEAR.finditer(rest)}
    found = _QUARTER.search(rest)
    number = next((each for each in found.groups() if each), "") if found else ""
    quarter = int(number) if number.isdigit() else _NUMBERS.get(number.lower(), 0)
    length = next((bounds for pattern, bounds in _LENGTHS if pattern.search(rest)), (0, 0))
    return Period(ends=frozenset(ends), years=frozenset(years), quarter=quarter, length=length)


def of_years(years: Iterable[str]) -> Period:
    """Return the period of years that head a column."""
    return Period(years=frozenset(int(year) for year in years if year.isdigit()))


def fits(period: Period, report: Report) -> bool:
    """Tell whether a report's period can be the one that words speak of."""
    if period.ends:
        # A sentence may also name the day of a filing; then its years must do.
        if report.end in period.ends:
            return not period.starts or not report.start or report.start in period.starts
        if not period.years:
            return False
    length = days(report) if report.start else 0
    low, high = period.length
    if length and high and not low <= length <= high:
        return False
    if period.years and not period.years & _years(report):
        return False
    if length and period.years and not high and not low and not _ANNUAL[0] <= length <= _ANNUAL[1]:
        return False
    return not period.quarter or _quarter_fits(period.quarter, report, length)


def _years(report: Report) -> frozenset[int]:
    try:
        year, month = int(report.end[:4]), int(report.end[5:7])
    except ValueError:
        return frozenset()
    found = {year} | ({year - 1} if month <= _FIRST_MONTHS else set())
    if report.fiscal[:4].isdigit():
        found.add(int(report.fiscal[:4]))
    return frozenset(found)


def _quarter_fits(quarter: int, report: Report, length: int) -> bool:
    calendar = (int(report.end[5:7]) + 2) // 3
    named = {"Q1": 1, "Q2": 2, "Q3": 3, "Q4": 4, "FY": 4}.get(report.fiscal[4:], 0)
    return quarter in {calendar, named} or not (length or named)
