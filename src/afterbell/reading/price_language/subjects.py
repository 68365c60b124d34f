"""What a figure of price language is about: a security, or the figures of a business, a product or an economy.

It looks at the nouns of the sentence around a match and knows no rule.
"""

# ruff: noqa: RUF001 - typographic and Chinese signs are what is read here

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from afterbell.reading.price_language import chinese
from afterbell.reading.price_language.words import ACRONYMS, FUNDAMENTAL, PRICE, SECURITY, PriceRule

_IGNORE = re.IGNORECASE | re.ASCII
_STRETCH = 1 << 9  # characters; a sentence as it is looked at lies within three of them
_PRODUCT = re.compile(
    r"\b(?:skus?|products?|subscriptions?|plans?|catalogu?e?s?|list\sprice|models?\s[A-Z]?\d|pumps?|phones?|devices?"
    r"|per\sseat|units?\ssold|menu|retail(?:er)?s?|msrp|billing"
    r"|product|commodity|commodities|tons?|tonnes?|barrels?|ounces?|offer(?:ing)?\sprice|exercise|strike|conversion"
    r"|par\svalue|grant[- ]date|dividends?|eps|earnings\sper\sshare"
    r"|book\svalue|purchase\sprice|repurchased?|tender|target\sprices?|price\stargets?|(?:fair|intrinsic)\svalue"
    r"|valuations?)\b|产品|售价|单价|每吨|每桶|型号|出厂",
    _IGNORE,
)
_MARKET = re.compile(
    r"\b(?:symbol|ticker|volume|ohlcv?|bars?|candles?|quotes?|exchange|bid|ask|stock|equity|coin|market|tick"
    r"|adj_?close|vwap|isin|asset|pair|interval)\b",
    _IGNORE,
)
_BAR = re.compile(r"[\"'](open|high|low|close|volume)\\{0,2}[\"']", _IGNORE)
_BAR_KEYS = 3
_WHAT = re.compile(
    rf"(?P<fundamental>\b(?:{FUNDAMENTAL})\b|{chinese.FUNDAMENTAL})|(?P<security>{SECURITY}|{chinese.SECURITY})"
    rf"|(?P<price>{PRICE})",
    _IGNORE,
)
_AFTER_NOUN = re.compile(r"^\W{0,3}\s?(?:in|of)\s(?:[\w'-]{1,14}\s){0,3}?|^的\S{0,3}?", _IGNORE)
_AFTER_ZH = re.compile(r"^的\S{0,3}?")
_CAPITALS = re.compile(
    r"\b([A-Z]{2,6})\)?(?:['’]s)?(?:\s(?:is|was|has|had|have|shares?|now|also|just|then|already|been|trades?"
    r"|\())*\s{0,2}\(?$"
)
_JOINS = re.compile(r"(?:['’]s)?\s(?:[a-z]{1,10}\s){0,2}?(?:current\s|average\s|spot\s|list\s)?", _IGNORE)
_FIGURES = re.compile(r"(?<![\w.:-])\d{1,9}(?:\.\d{1,8})?(?![\w:-])", re.ASCII)
_WIDEST_BAR = 2  # no bar of a listed security spans more than a doubling
_LABEL = 80
_SESSION = re.compile(
    r"\b(?:today|intraday|pre-?market|after[- ]hours|overnight|mon(?:day)?|tues(?:day)?|wednes(?:day)?|thurs(?:day)?"
    r"|fri(?:day)?|this\smorning|this\safternoon|(?:the|this|last)\ssession"
    r"|sessions|in\s(?:early|late)\strading|the\s(?:open|close|bell)|on\sthe\snews|on\sthe\sday|yesterday|(?:this"
    r"|last|past)\sweek|week[- ]to[- ]date|(?:since|after)\s(?:the\s)?(?:print|call|earnings|results|report"
    r"|announcement|open|close))\b|今日|昨日|盘中"
    r"|早盘|午后|收盘",
    _IGNORE,
)


def about(rule: PriceRule, text: str, span: tuple[int, int], around: tuple[int, int], symbols: Collection[str]) -> bool:
    """Tell whether what a rule asks of its match holds: a security moved, a price is not a product's.

    `span` is the match, `around` its sentence, `symbols` the tickers known from elsewhere.
    """
    (start, end), (low, high) = span, around
    if not rule.subject:
        return True
    if rule.subject == "bar":
        return _is_bar(text[start:end])
    if rule.subject == "market_context":
        near = text[max(0, start - 200) : start] + " " + text[end : end + 200]
        bars = {bar.lower() for bar in _BAR.findall(near + text[start:end])}
        return bool(_MARKET.search(near) or len(bars) >= _BAR_KEYS) and not _PRODUCT.search(near)
    if rule.subject == "product":
        what = moved(text, low, start, end, high, symbols)
        return what == "security" or (
            what != "fundamental"
            and not _PRODUCT.search(_listing(text, low), 0)
            and not _PRODUCT.search(text, low, end)
        )
    noun_form = rule.id in {"move.noun", "move.noun_of"}
    what = moved(text, low, start, end, high, symbols, noun_form=noun_form)
    if what == "price":
        return not _PRODUCT.search(text, low, end) and "prices" not in text[low:start].lower()
    return what == "security" if rule.subject == "security" else what != "fundamental"


def _is_bar(row: str) -> bool:
    """Tell whether the four figures behind a date can be open, high, low and close of one bar."""
    figures = [float(figure.replace(",", "")) for figure in _FIGURES.findall(row)][-4:]
    if len(figures) < 4 or "." not in row:  # noqa: PLR2004 - open, high, low, close
        return False
    opened, high, low, closed = figures
    return 0 < low <= min(opened, closed) <= max(opened, closed) <= high < low * _WIDEST_BAR


def _listing(text: str, low: int) -> str:
    """Return the short line above a line: in a listing it says what a label is about."""
    if low == 0 or text[low - 1] != "\n":
        return ""
    line = text[text.rfind("\n", 0, low - 1) + 1 : low - 1]
    return line if len(line) < _LABEL else ""


def moved(
    text: str, low: int, start: int, end: int, high: int, symbols: Collection[str], *, noun_form: bool = False
) -> str:
    """Return what a figure is about: "security", "fundamental", "price" (of what, is not said) or "".

    The nearest noun before it decides; a noun right behind it ("5% drop in revenue") where the figure itself is a noun
    or no security stands before it.
    """
    nearest = _nearest(text, low, end, symbols)
    after = (_AFTER_NOUN if noun_form or nearest != "security" else _AFTER_ZH).match(text[end:high])
    if after and (noun := _WHAT.search(text, end, min(high, end + after.end() + 30))):
        return str(noun.lastgroup)
    if not nearest and (capitals := _CAPITALS.search(text[low:start])) and capitals[1] not in ACRONYMS:
        return "security"
    if not nearest and _SESSION.search(text[low:high]):
        return "security"
    return nearest


def _nearest(text: str, low: int, end: int, symbols: Collection[str]) -> str:
    """Return the kind of the last noun in the words from `low` up to a figure's end, or nothing."""
    nearest, place, stop = "", -1, low
    base = low // _STRETCH * _STRETCH
    for kind, first, last in _nouns(text[base : base + 3 * _STRETCH]):
        if base + first < low or base + last > end:
            continue
        if not (kind == "price" and nearest == "fundamental" and _JOINS.fullmatch(text, stop, base + first)):
            nearest = kind
        place, stop = base + first, base + last
    for symbol in symbols:
        found = text.rfind(symbol, low, end)
        if found > place and _alone(text, found, len(symbol)):
            nearest, place = "security", found
    return nearest


@lru_cache(maxsize=32)
def _nouns(stretch: str) -> tuple[tuple[str, int, int], ...]:
    """Return kind and place of every noun of a stretch; kept, because neighbouring figures ask for the same one."""
    return tuple((str(noun.lastgroup), noun.start(), noun.end()) for noun in _WHAT.finditer(stretch))


def _alone(text: str, place: int, length: int) -> bool:
    around = text[max(0, place - 1) : place] + text[place + length : place + length + 1]
    return not any(char.isascii() and char.isalnum() for char in around)
