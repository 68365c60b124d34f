"""The words and signs of scale, currency and unit, beside a number and in the headers of tables.

Data and small look-ups. A header's scale holds for a whole table, column, row or document; what it does not hold for
(percentages, figures per share, ratios) is decided here too.
"""

# ruff: noqa: RUF001 - typographic and Chinese signs are what is read here

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

WORDS: Final = {
    "hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12, "lakh": 5, "crore": 7,
    "k": 3, "m": 6, "mm": 6, "mn": 6, "mln": 6, "mio": 6, "b": 9, "bn": 9, "bln": 9, "mrd": 9, "t": 12, "tn": 12,
    "trn": 12, "百": 2, "千": 3, "万": 4, "萬": 4, "十万": 5, "百万": 6, "百萬": 6, "千万": 7, "亿": 8, "億": 8,
    "十亿": 9, "万亿": 12, "萬億": 12, "兆": 12,
}  # fmt: skip
LONG: Final = r"(?:hundred|thousand|million|billion|trillion|crore|lakh)s?"
CHINESE: Final = r"(?:万亿|萬億|[十百千]?万|[百]?萬|十?亿|億|兆)"

CURRENCIES: Final = {
    "$": "USD", "us$": "USD", "usd": "USD", "dollar": "USD", "美元": "USD", "€": "EUR", "eur": "EUR", "euro": "EUR",
    "£": "GBP", "gbp": "GBP", "pound": "GBP", "¥": "CNY/JPY", "￥": "CNY/JPY", "rmb": "CNY", "cny": "CNY",
    "人民币": "CNY", "元": "CNY", "yuan": "CNY", "renminbi": "CNY", "jpy": "JPY", "yen": "JPY", "hk$": "HKD",
    "hkd": "HKD", "港元": "HKD", "a$": "AUD", "aud": "AUD", "c$": "CAD", "cad": "CAD", "nt$": "TWD", "s$": "SGD",
    "chf": "CHF", "₹": "INR", "inr": "INR", "rs": "INR", "₩": "KRW", "krw": "KRW", "usdt": "USD", "usdc": "USD",
    "cent": "USD",
}  # fmt: skip
SIGNS: Final = (
    r"(?:US\$|HK\$|NT\$|AU\$|[ACSR]\$|[$€£¥￥₹₩]|\b(?:USD|EUR|GBP|RMB|CNY|JPY|HKD|AUD|CAD|CHF|INR|SGD|TWD|KRW|Rs)\.?)"
)

_SCALE_NAME: Final = r"(hundreds|thousands?|millions?|billions?|trillions?|crores?|lakhs?)"
_HEADERS: Final = (
    re.compile(rf"\(\s{{0,3}}(?:[^()\n]{{0,40}}\s)?in\s{{1,3}}(?:the\s)?{_SCALE_NAME}\b", re.IGNORECASE),
    re.compile(
        rf"\b(?:amounts?|dollars?|figures|data|values?|numbers|shares|expressed|stated|presented|reported|shown|usd|eur"
        rf"|rmb|all|table|tables|euros?|pounds|sterling|units?|[$€£])\W{{0,3}}(?:\w{{1,12}}\s){{0,4}}"
        rf"in\s{{1,3}}(?:the\s)?{_SCALE_NAME}\b",
        re.IGNORECASE,
    ),
    re.compile(rf"^\W{{0,6}}in\s{{1,3}}{_SCALE_NAME}\b", re.IGNORECASE | re.MULTILINE),
    re.compile(rf"[,;–—-]\s{{0,3}}in\s{{1,3}}{_SCALE_NAME}\s{{0,3}}$", re.IGNORECASE | re.MULTILINE),
    re.compile(
        rf"\bin\s{{1,3}}{_SCALE_NAME}\s{{1,3}}(?:of\s{{1,3}})?(?:[a-z.]{{1,12}}\s{{1,3}}){{0,2}}"
        r"(?:dollars|euros|pounds|yuan|rmb|usd|eur|gbp|yen|shares|,?\s?except)",
        re.IGNORECASE,
    ),
    re.compile(rf"\bin\s{{1,3}}{_SCALE_NAME}\s{{0,3}}[,;]?\s{{0,3}}(?:except|unless)", re.IGNORECASE),
    re.compile(
        r"[(\[|,:;]?\s{0,3}(?:US\$|HK\$|NT\$|[ACSR]\$|[$€£¥]|\b(?:usd|eur|gbp|rmb|cny|jpy))\s{0,2}[-–]?\s{0,2}"
        r"(thousands?|millions?|billions?|mn|mln|mm|bn|m|b|k)\b(?!\s{0,2}\d)",
        re.IGNORECASE,
    ),
    re.compile(rf"\(\s{{0,3}}{_SCALE_NAME}(?:\s(?:of\s)?\w{{1,12}}){{0,3}}\s{{0,3}}\)", re.IGNORECASE),
    re.compile(r"\bunits?\W{1,4}(?:[a-z]{1,10}\s){0,2}(thousands?|millions?|billions?|mn|bn|mm)\b", re.IGNORECASE),
    re.compile(r"(?:[($€£]|\brmb|\busd|\bus\$|\bin)\s{0,2}['’‘]?(000)['’]?s?\b", re.IGNORECASE),
    re.compile(r"['’‘](000)s?\b"),
    re.compile(
        r"(?:单位|單位|人民币|人民幣|金额|[(（])[^\n()（）\d]{0,12}?(百万|百萬|千万|十亿|万亿|千|万|萬|亿|億)(?=[元美港人)）股\s|,，]|$)"
    ),
)  # fmt: skip
_BARE: Final = re.compile(
    r"\W{0,3}(hundreds|thousands?|millions?|billions?|trillions?|mn|bn|000|[千万亿](?=元)|百万(?=元))(?:\s(?:of\s)?\w{1,10}){0,2}元?\W{0,3}\Z",
    re.IGNORECASE,
)
_CANDIDATE: Final = re.compile(
    r"\bin\s{1,3}(?:the\s)?(?:hundreds|thousands?|millions?|billions?|crores?|lakhs?)\b|['’‘(]000|单位|單位|人民币[百千万亿]",
    re.IGNORECASE,
)
_ONES: Final = {"units", "unit", "ones", "one", "actual", "dollars", "dollar", "usd", "eur", "gbp", "euros", "full"}
_RATIO = re.compile(
    r"(?<![\d.])\s?%|percent|per cent|\brate\b|\bratio\b|\byield\b|\bmultiple\b|\bturnover\b|\bdays?\b|\byears?\)"
    r"|\btimes\b|\b(?:head ?count|employees)\b"
    r"|\bnumber of (?!.{0,20}shares)|\bp/?e\b|\bto ebitda\b|\bbasis points\b|\bbps\b|率|比例|百分",
    re.IGNORECASE,
)
_FRACTION = re.compile(r"\b(?:margins?|growth|returns?|ro[eai]c?|beta|correlation|sharpe)\b", re.IGNORECASE)
_PER_SHARE = re.compile(
    r"\bper[ _](?:\w{1,12}[ _])?(?:share|unit|ads|adr|barrel|ounce|ton|watt)\b|\bpershare|\beps\b"
    r"|每股|\b(?:exercise|share|stock|unit|closing) ?price",
    re.IGNORECASE,
)
_KEY_SCALES: Final = frozenset(
    ("thousands", "thousand", "millions", "million", "billions", "billion", "mn", "bn", "mln")
)
_SHARES_APART = re.compile(
    r"\bexcept\b[^.\n]{0,40}?(?<!per )(?<!per-)\bshares?\b(?:[^.()\n]{0,50}?\bin\s(thousands|millions)\b)?",
    re.IGNORECASE,
)
_SHARE_COUNT = re.compile(r"\b(?:shares|number of shares|weighted[- ]average (?:number|shares))\b", re.IGNORECASE)
_POINTS = re.compile(r"\bbps?\b|\bbasis points?\b|基点", re.IGNORECASE)
_PERCENT_LABEL = re.compile(r"(?<![\d.])\s?%|\bpercent(?:age)?\b|\bper cent\b|\bpct\b|百分比", re.IGNORECASE)


def exponent(word: str) -> int | None:
    """Return the power of ten of a scale word or letter in any case and number, or None."""
    low = word.lower().strip(". '’")
    if low.startswith("000"):
        return 3
    found = WORDS.get(low)
    return found if found is not None else WORDS.get(low.removesuffix("s"))


@lru_cache(maxsize=4096)
def header_scale(text: str) -> int | None:
    """Return the power of ten that a header, caption or note states for the figures it stands over, or None."""
    for pattern in _HEADERS:
        hit = pattern.search(text)
        if hit is not None:
            return exponent(hit[1])
    return None


@lru_cache(maxsize=4096)
def key_scale(name: str) -> int | None:
    """Return the power of ten with which a key of data ends ("revenue usd millions"), or None."""
    last = name.rsplit(maxsplit=1)[-1].lower() if name.split() else ""
    return exponent(last) if last in _KEY_SCALES else None


def shares_apart(text: str) -> int | None:
    """Return the power of ten of share counts that a header excepts ("except shares in thousands", "share data")."""
    hit = _SHARES_APART.search(text)
    if hit is None:
        return None
    return exponent(hit[1]) if hit[1] else 0


@lru_cache(maxsize=4096)
def is_share_count(label: str) -> bool:
    """Tell whether a row of this name counts shares."""
    return bool(_SHARE_COUNT.search(label)) and not is_per_share(label)


def units_scale(text: str) -> int | None:
    """Return the power of ten of a value that states units ("USD thousands", "in millions", "units"), or None."""
    found = header_scale(text)
    if found is not None:
        return found
    words = re.findall(r"[a-z]{2,12}|000|[百千万亿]{1,2}", text[:80].lower())
    scales = [each for each in (exponent(word) for word in words) if each is not None]
    if scales:
        return scales[0]
    return 0 if any(word in _ONES for word in words) else None


def stated_in(text: str) -> int | None:
    """Return the scale that running text states for its figures ("dollars in thousands, except ..."), or None."""
    for hit in _CANDIDATE.finditer(text):
        found = header_scale(text[max(0, hit.start() - 60) : hit.end() + 60])
        if found is not None:
            return found
    return None


@lru_cache(maxsize=4096)
def currency(sign: str) -> str:
    """Return the ISO code of a currency's sign or name, or nothing."""
    low = sign.lower().strip(". ")
    return CURRENCIES.get(low) or CURRENCIES.get(low.removesuffix("s"), "")


@lru_cache(maxsize=4096)
def is_ratio(label: str) -> bool:
    """Tell whether a row or column of this name is left out of a header's scale: a rate, a ratio, days, heads."""
    return bool(_RATIO.search(label))


@lru_cache(maxsize=4096)
def is_fraction(label: str) -> bool:
    """Tell whether small figures of this name are rates: a margin may be money, one of 0.412 is not."""
    return bool(_FRACTION.search(label))


@lru_cache(maxsize=4096)
def is_per_share(label: str) -> bool:
    """Tell whether figures of this name are per share or per unit, which a header's scale leaves out."""
    return bool(_PER_SHARE.search(label))


@lru_cache(maxsize=4096)
def is_points(label: str) -> bool:
    """Tell whether figures of this name are basis points."""
    return bool(_POINTS.search(label))


@lru_cache(maxsize=4096)
def is_percent(label: str) -> bool:
    """Tell whether figures of this name are percentages although the cells may not say so."""
    return bool(_PERCENT_LABEL.search(label))


@lru_cache(maxsize=4096)
def bare_scale(text: str) -> int | None:
    """Return the power of ten of a header cell that is nothing but a scale ("millions", "000", "亿元"), or None."""
    hit = _BARE.match(text)
    return exponent(hit[1]) if hit else None
