"""Facts of accounts as tools gave them: a value under a key that names a concept, with the period beside it.

Reads JSON results of tools of any shape: `{"revenue": 1, "period_end": ...}`, `{"concept": "Revenues", "value": 1}`,
the SEC's `units` lists. It reads keys and values and decides nothing about them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec
from msgspec import Struct

from afterbell.model.calls import Source
from afterbell.model.run import Trace
from afterbell.reading.company_accounts import concepts, periods
from afterbell.reading.company_accounts.periods import Period
from afterbell.reading.exact_json import NotJsonError, loads

MOST = 20_000
_DEEPEST = 24
_LONGEST = 8_000_000
_CONCEPT_KEYS = frozenset({
    "concept", "tag", "metric", "item", "line_item", "lineitem", "field", "account", "name", "label", "fact", "measure",
    "xbrl_tag", "xbrl_concept",
})  # fmt: skip
_VALUE_KEYS = frozenset({"value", "val", "amount", "reported_value", "figure"})
_END_KEYS = frozenset({
    "end", "period_end", "periodend", "end_date", "enddate", "fiscal_period_end", "period_ending", "periodending",
    "fiscaldateending", "fiscal_date_ending", "report_date", "reportdate", "period_of_report", "as_of_period",
    "report_period", "fiscal_year_end", "balance_sheet_date",
})  # fmt: skip
_START_KEYS = frozenset({"start", "period_start", "periodstart", "start_date", "startdate"})
_NAMED_KEYS = frozenset({
    "period", "fiscal_period", "fiscalperiod", "fiscal_year", "fiscalyear", "fy", "fp", "year", "quarter",
    "calendaryear", "calendar_year", "frame", "period_label", "duration",
})  # fmt: skip
_UNIT_KEYS = frozenset({"units", "unit", "scale", "multiplier"})
_SCALES = {"thousands": 3, "thousand": 3, "usd thousands": 3, "millions": 6, "million": 6, "usd millions": 6,
           "billions": 9, "billion": 9, "ones": 0, "units": 0}  # fmt: skip
_DAY = re.compile(r"(?:19|20)\d\d-\d\d-\d\d")
_PERIOD_KEY = re.compile(
    r"(?:FY|Q[1-4]|[1-4]Q)?[\s_-]?(?:19|20)\d\d(?:-\d\d-\d\d)?[\s_-]?(?:FY|Q[1-4]|A)?\Z", re.IGNORECASE
)
_NUMBER = re.compile(r"[-+]?\(?[$€£]?\d[\d,]{0,30}(?:\.\d{1,20})?\)?\Z")


class Given(Struct, frozen=True, kw_only=True):
    """A value that a tool gave: the tags its key names (or the key as plain words), its period, and from where."""

    tags: frozenset[str]
    words: str
    value: Decimal
    period: Period
    source: Source
    written: str


class _Around(Struct, frozen=True, kw_only=True):
    key: str = ""
    end: str = ""
    start: str = ""
    named: str = ""
    scale: int = 0


def given(trace: Trace) -> tuple[Given, ...]:
    """Return the facts in results of tools and in documents that are JSON, in order."""
    found: list[Given] = []
    texts = [(tool.result, tool.result_source) for tool in trace.tools if tool.result_source is not None]
    texts += [(document.text, document.source) for document in trace.documents]
    for text, source in texts:
        if len(text) > _LONGEST or text.lstrip()[:1] not in {"{", "["}:
            continue
        try:
            value = loads(text)
        except NotJsonError:
            continue
        for each in _walk(value, _Around(), source, 0):
            found.append(each)
            if len(found) >= MOST:
                return tuple(found)
    return tuple(found)


def _walk(value: Any, around: _Around, source: Source, depth: int) -> Iterator[Given]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for each in value:
            yield from _walk(each, around, source, depth + 1)
        return
    if not isinstance(value, dict):
        return
    low = {str(key).strip().lower(): each for key, each in value.items()}
    around = _beside(low, around)
    for key, each in value.items():
        name = str(key).strip()
        plain = name.lower()
        if isinstance(each, dict | list):
            inside = around
            if _PERIOD_KEY.match(name):
                inside = msgspec.structs.replace(around, **({"end": name} if _DAY.fullmatch(name) else {"named": name}))
            elif concepts.of_key(name):
                inside = msgspec.structs.replace(around, key=name)
            yield from _walk(each, inside, source, depth + 1)
            continue
        number = _number(each)
        if number is None:
            continue
        inside = around
        if plain in _VALUE_KEYS or (around.key and _PERIOD_KEY.match(name)):
            if plain not in _VALUE_KEYS:
                inside = msgspec.structs.replace(around, **({"end": name} if _DAY.fullmatch(name) else {"named": name}))
            name = around.key
        if name and (tags := concepts.of_key(name) or (frozenset() if plain in _OWN else frozenset({""}))):
            yield Given(
                tags=tags - {""}, words=concepts.spelt(name), value=number.scaleb(inside.scale), period=_period(inside),
                source=source, written=_written(each),
            )  # fmt: skip


_OWN = _END_KEYS | _START_KEYS | _NAMED_KEYS | _UNIT_KEYS | {"cik", "accn", "page", "id", "count"}


def _beside(low: Mapping[str, Any], around: _Around) -> _Around:
    def first(keys: frozenset[str]) -> str:
        return next((str(low[key]) for key in low if key in keys and isinstance(low[key], str | int)), "")

    stated = first(_CONCEPT_KEYS)
    key = stated if stated and (concepts.of_key(stated) or any(each in low for each in _VALUE_KEYS)) else around.key
    scale = around.scale
    unit = first(_UNIT_KEYS).lower().strip()
    if unit in _SCALES:
        scale = _SCALES[unit]
    named = " ".join(_said(key, low[key]) for key in low if key in _NAMED_KEYS and isinstance(low[key], str | int))
    return _Around(
        key=key, end=first(_END_KEYS) or around.end, start=first(_START_KEYS) or around.start,
        named=named or around.named, scale=scale,
    )  # fmt: skip


def _said(key: str, value: Any) -> str:
    text = str(value)
    if key in {"quarter", "fp"} and text.isdigit():
        return f"Q{text}"
    return f"FY {text}" if key in {"fiscal_year", "fiscalyear", "fy"} and text.isdigit() else text


def _period(around: _Around) -> Period:
    """Return the period stated beside; a stated end says it alone, since `fy` may be the filing's."""
    if _DAY.match(around.end):
        ends = frozenset({around.end[:10]})
        length = periods.of_words(around.named).length if not around.start else (0, 0)
        starts = frozenset({around.start[:10]}) if _DAY.match(around.start) else frozenset()
        return Period(ends=ends, starts=starts, length=length)
    return periods.of_words(f"{around.end} {around.named}".strip())


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | Decimal):
        number = Decimal(value)
        return number if number.is_finite() else None
    if isinstance(value, str) and _NUMBER.match(value.strip()):
        bare = value.strip()
        sign = "-" if bare.startswith("(") else ""
        try:
            return Decimal(sign + bare.translate(str.maketrans("", "", "(),$€£")))
        except InvalidOperation:
            return None
    return None


def _written(value: Any) -> str:
    return str(value)
