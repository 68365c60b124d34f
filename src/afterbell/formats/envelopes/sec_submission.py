"""8-K filings as the SEC keeps them (the full text submission in SGML) as rows of the events book.

A filing that reports item 2.02 (results of operations) is an earnings event at its ACCEPTANCE-DATETIME, which is New
York time. The symbol stands on the cover as `dei:TradingSymbol`, one row for each; older covers have none and are
refused. It reads no exhibits and no figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from html import unescape
from typing import BinaryIO
from zoneinfo import ZoneInfo

from afterbell.formats.items import Context, Item, Unit
from afterbell.model.books import CalendarEvent
from afterbell.model.trace import Refusal

NAME = "sec-submission"
TITLE = "SEC 8-K submissions (SGML): earnings releases"
UNIT = Unit.STREAM
RANK = 40

_HEADER = 128 * 1024
_COVER = 4 * 1024 * 1024
_BEGINS = re.compile(rb"\s{0,20}(?:-----BEGIN PRIVACY-ENHANCED MESSAGE-----|<SEC-DOCUMENT>|<SUBMISSION>|<SEC-HEADER>)")
_ACCEPTED = re.compile(r"<ACCEPTANCE-DATETIME>\s{0,9}(\d{14})", re.ASCII)
_FORM = re.compile(r"(?:CONFORMED SUBMISSION TYPE:|<TYPE>)\s{0,20}([\w/-]{1,20})")
_RESULTS = re.compile(r"<ITEMS>\s{0,9}2\.02|ITEM INFORMATION:\s{1,20}Results of Operations and Financial Condition",
                      re.IGNORECASE)  # fmt: skip
_ENTITY = re.compile(r"(?:COMPANY CONFORMED NAME:|<CONFORMED-NAME>)\s{0,20}([^\r\n]{1,120})")
_TICKER = re.compile(
    r"name=[\"']dei:TradingSymbol[\"'][^<>]{0,400}>((?:\s{0,9}<[^<>]{0,400}>){0,4})\s{0,9}([\w.\-/ ]{1,20})<"
)


def recognise(head: bytes, _name: str) -> bool:
    """Tell whether a submission begins: its frame, and a header that states a form."""
    return _BEGINS.match(head) is not None and (
        b"CONFORMED SUBMISSION TYPE" in head[:8192] or b"\n<TYPE>" in head[:8192]
    )


def read(stream: BinaryIO, _context: Context) -> Iterator[Item]:
    """Yield the earnings events of one submission; why there is none is said."""
    text = stream.read(_COVER).decode("utf-8", "replace")
    end = text.find("<DOCUMENT>")
    header = text[: end if 0 < end < _HEADER else _HEADER]
    form = _FORM.search(header)
    if form is None or not form[1].upper().startswith("8-K"):
        yield Refusal(where="header", why=f"form {form[1] if form else 'not stated'}: only 8-K filings are events")
        return
    if not _RESULTS.search(header):
        yield Refusal(where="header", why="no item 2.02: no earnings release", taken=True)
        return
    accepted = _ACCEPTED.search(header)
    at = _moment(accepted[1]) if accepted else ""
    if not at:
        yield Refusal(where="header", why="no readable ACCEPTANCE-DATETIME")
        return
    tickers = dict.fromkeys(unescape(hit[2]).strip().upper() for hit in _TICKER.finditer(text))
    symbols = [each for each in tickers if each and each not in {"N/A", "NONE"}]
    if not symbols:
        yield Refusal(where="cover", why="no trading symbol on the cover: the release cannot be told to a ticker")
        return
    entity = _ENTITY.search(header)
    title = f"{entity[1].strip()}: results of operations (8-K item 2.02)" if entity else "8-K item 2.02"
    for row, symbol in enumerate(symbols, start=1):
        yield CalendarEvent(at=at, symbol=symbol, kind="earnings", title=title, country="US", row=row)


def _moment(text: str) -> str:
    try:
        wall = datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=ZoneInfo("America/New_York"))
    except ValueError:
        return ""
    return wall.isoformat()
