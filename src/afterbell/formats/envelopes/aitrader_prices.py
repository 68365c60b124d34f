"""Price series in Alpha Vantage's shape, as AI-Trader keeps them in merged.jsonl: one symbol's series a line.

`{"Meta Data": {"2. Symbol", "4. Interval", "6. Time Zone"}, "Time Series (60min)": {STAMP: {"1. buy price", "2. high",
"3. low", "4. sell price"}}}`; "open" and "close" stand for "buy price" and "sell price" in the original. An intraday
stamp is the bar's beginning in the zone the series names: the row's `at` is its end. A daily bar has no end of day
here, so `at` stays a date. A bar of the running day has an open and no close.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from afterbell.formats.book_cells import RowError, decimal
from afterbell.formats.items import Context, Item, Unit
from afterbell.model.books import PriceBar
from afterbell.model.trace import Refusal
from afterbell.reading.exact_json import NotJsonError, loads

NAME = "aitrader-prices"
TITLE = "AI-Trader prices (merged.jsonl, Alpha Vantage series)"
UNIT = Unit.LINE
RANK = 40

_SERIES = re.compile(r"Time Series(?: \((?:(\d{1,3})min|(Daily|Weekly|Monthly))\))?\Z")
_LONG = {"Daily": "P1D", "Weekly": "P7D", "Monthly": "P1M"}
_FIGURES = {"buy price": "open", "open": "open", "high": "high", "low": "low", "sell price": "close", "close": "close"}
# Only zones that a series was seen to name: a zone's name reaches the zone files of the machine.
_ZONES = {
    "US/Eastern": "America/New_York", "America/New_York": "America/New_York", "Asia/Shanghai": "Asia/Shanghai",
    "Asia/Hong_Kong": "Asia/Hong_Kong", "Asia/Tokyo": "Asia/Tokyo", "Europe/London": "Europe/London", "UTC": "UTC",
}  # fmt: skip
_SUFFIXES = {"SH": ("XSHG", "CNY"), "SHH": ("XSHG", "CNY"), "SZ": ("XSHE", "CNY"), "SHZ": ("XSHE", "CNY")}


def recognise(head: bytes, _name: str) -> bool:
    """Tell whether the first line begins a series: its metadata and the name of a time series."""
    line = head.partition(b"\n")[0].lstrip()
    return line.startswith(b'{"Meta Data"') and b'"Time Series' in line[:2000] and b"Symbol" in line[:2000]


def read(line: bytes, context: Context) -> Iterator[Item]:
    """Read one line into the bars of one symbol; a bar that cannot be read is refused by its stamp."""
    where = f"line {context.position}"
    if not line.strip():
        return
    try:
        row = loads(line)
        symbol, zone, interval, series = _parts(row)
    except NotJsonError as error:
        cut = " (the file ends inside this line)" if context.last else ""
        yield Refusal(where=where, why=f"not JSON: {error}{cut}")
        return
    except RowError as error:
        yield Refusal(where=where, why=str(error))
        return
    for stamp, figures in series.items():
        try:
            yield _bar(symbol, zone, interval, stamp, figures, context.position)
        except RowError as error:
            yield Refusal(where=f"{where}, {symbol[:40]} {stamp[:40]}", why=str(error))


class _Interval(Struct, frozen=True):
    text: str = ""
    minutes: int = 0


def _parts(row: Any) -> tuple[str, str, _Interval, Mapping[str, Any]]:
    if not isinstance(row, dict) or not isinstance(row.get("Meta Data"), dict):
        raise RowError("no object 'Meta Data'")
    facts = {key.partition(". ")[2] or key: value for key, value in row["Meta Data"].items()}
    symbol, zone = facts.get("Symbol"), facts.get("Time Zone", "")
    if not isinstance(symbol, str) or not symbol:
        raise RowError("no symbol in 'Meta Data'")
    for key, value in row.items():
        named = _SERIES.match(key)
        if named and isinstance(value, dict):
            minutes = int(named[1] or 0)
            interval = f"PT{minutes}M" if minutes else _LONG.get(named[2] or "", "")
            return symbol, str(zone), _Interval(interval, minutes), value
    raise RowError("no 'Time Series' object")


def _bar(symbol: str, zone: str, interval: _Interval, stamp: str, figures: Any, number: int) -> PriceBar:
    if not isinstance(figures, dict):
        raise RowError("the bar is not an object")
    try:
        begin = datetime.fromisoformat(stamp)
    except ValueError:
        raise RowError("the bar's stamp is neither a date nor a date and time") from None
    found = {}
    for key, value in figures.items():
        column = _FIGURES.get(key.partition(". ")[2] or key)
        if column and value not in (None, ""):
            found[column] = decimal(column, value)
    exchange, currency = _market(symbol, zone)
    return PriceBar(
        session_date=begin.date(), symbol=symbol, at=_end(begin, zone, interval.minutes) or stamp,
        interval=interval.text, exchange=exchange, currency=currency, row=number, open=found.get("open"),
        high=found.get("high"), low=found.get("low"), close=found.get("close"),
    )  # fmt: skip


def _end(begin: datetime, zone: str, minutes: int) -> str:
    """Return the end of an intraday bar, with its offset where the zone is known; "" for a longer bar."""
    if not minutes:
        return ""
    try:
        end = begin + timedelta(minutes=minutes)
        return (end.replace(tzinfo=ZoneInfo(_ZONES[zone])) if zone in _ZONES else end).isoformat()
    except OverflowError:
        return ""


def _market(symbol: str, zone: str) -> tuple[str, str]:
    """Return exchange and currency where the symbol's own spelling tells them."""
    base, _, suffix = symbol.rpartition(".")
    if base and suffix in _SUFFIXES:
        return _SUFFIXES[suffix]
    coin, _, quote = symbol.rpartition("-")
    return ("CRYPTO", quote) if coin and quote and zone == "UTC" else ("", "")
