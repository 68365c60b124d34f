"""Reads figures in running text: separators, brackets, currency, scale, unit, percent, and what only looks like one.

Takes any text in any language, in one pass over its digits; dates, years, ordinals, form names, list numbers,
versions and marks of citation are passed over. It does not know tables (`tables`), nor who claims what (`claims`).
"""

# ruff: noqa: RUF001 - typographic and Chinese signs are what is read here

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from msgspec import structs

from afterbell.reading.quantities import forms, scales
from afterbell.reading.quantities.quantity import Kind, Quantity

_PLAIN: Final = str.maketrans("０１２３４５６７８９．，％（）－＄−\u2010\u2011", "0123456789.,%()-$---")
_CODES: Final = frozenset({"RMB", "USD", "EUR", "GBP", "CNY", "HKD", "INR", "AUD", "CAD", "CHF", "JPY", "SGD"})
_POINT = re.compile(r"(?<![\w.])\.\Z")
_SPACED = re.compile(r"(?: \d{3}){1,4}(?!\d|,\d|\.\d{3})(?:\.\d{1,2})?")
_COMMA = re.compile(r",\d{1,2}(?=\s?(?:%|€|EUR\b|Mrd|Mio|Prozent|pour cent|millions d))")
_CODE = re.compile(r"\b[A-Z]{1,6}-\Z")
_MONEY_SIGN = re.compile(r"[$€£¥￥₹₩]\s{0,3}\(?\Z")
_YEAR = re.compile(r"(?:19|20)\d\d\Z")
_STATES = re.compile(r"\b(?:of|was|were|is|to|from|and|at|versus|vs\.?|by)\Z")
_LIST = re.compile(r"(?:^|\n)[ \t>*_#|-]{0,12}(?:\*\*)?\Z")
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"']{1,2000}")
_ODD = re.compile(r"[A-Za-z_]")
_BACK = 24
_LEADS: Final = frozenset("-–+~($€£¥￥₹₩")
_GROUP = 3
_RANGE = re.compile(r"\s{0,2}(?:-|–|—|~|to|and|through|至|到)\s{0,2}[$€£¥]?\Z")


def plain(text: str) -> str:
    """Return the text with full-width digits and typographic minus signs as ASCII; every place stays the same."""
    return text if text.isascii() else text.translate(_PLAIN)


def read(text: str, *, cell: bool = False) -> tuple[Quantity, ...]:
    """Return the figures of a text in order. `cell`: it is one cell of a table, where "1 234" is one figure."""
    simple = plain(text)
    return tuple(_ranges(list(_read(simple, cell=cell)), simple))


def _read(text: str, *, cell: bool) -> Iterator[Quantity]:
    links = [hit.span() for hit in _LINK.finditer(text)] if "://" in text or "www." in text else []
    done = link = 0
    for hit in forms.TOKEN.finditer(text):
        start = hit.start()
        if hit.lastgroup != "num" or start < done:
            continue
        while link < len(links) and links[link][1] <= start:
            link += 1
        if link < len(links) and links[link][0] <= start:
            continue
        found = _quantity(text, start, hit.end(), cell=cell)
        if found is not None:
            done = found.end
            yield found


def _quantity(text: str, start: int, end: int, *, cell: bool) -> Quantity | None:
    last = text[start - 1 : start]
    if last.isascii() and (last.isalnum() or last == "_") and text[start - 3 : start] not in _CODES:
        return None
    if start and last == "." and _POINT.search(text, max(0, start - 2), start):
        start -= 1
    elif last in {".", ","} and text[start - 2 : start - 1].isdigit():
        return None
    back = text[max(0, start - _BACK) : start]
    before = _before(back)
    money = before is not None and before["cur"] is not None
    if text[end : end + 1] == " " and end - start <= _GROUP and text[start:end].isdigit():
        spaced = _SPACED.match(text, end)
        if spaced is not None and (
            cell or money or end - start < _GROUP or _counts(forms.AFTER.match(text, spaced.end()))
        ):
            end = spaced.end()
    comma = _COMMA.match(text, end) if text[end : end + 1] == "," else None
    if comma is not None and text[start:end].isdigit():
        end = comma.end()
    after = forms.AFTER.match(text, end)
    if _is_other(text, start, end, back, sure=money or cell, told=_tells(after)):
        return None
    digits = _digits(text[start:end], european=comma is not None)
    if digits is None:
        return None
    return _build(text, start, end, digits, before, after)


def _before(back: str) -> re.Match[str] | None:
    """Return sign, bracket and currency before the digits, or None; most figures have none."""
    last = back.rstrip()[-1:]
    return forms.BEFORE.search(back) if last in _LEADS or last.isupper() or last == "s" else None


def _tells(after: re.Match[str] | None) -> bool:
    """Tell whether scale or unit follows the digits."""
    return after is not None and any(after.group("long", "zh", "short", "spaced", "percent", "points", "times", "cur"))


def _counts(after: re.Match[str] | None) -> bool:
    return _tells(after) or (after is not None and after["shares"] is not None)


def _is_other(text: str, start: int, end: int, back: str, *, sure: bool, told: bool) -> bool:
    """Tell whether the digits are no figure: part of a word, a year, a list number, a name, a citation."""
    following, second = text[end : end + 1], text[end + 1 : end + 2]
    if told:
        return following == "-" and second in {"K", "Q"}
    if _ODD.match(following):
        return True
    written = text[start:end]
    if sure:
        return bool(_YEAR.match(written)) and not _MONEY_SIGN.search(back)
    if _YEAR.match(written):
        return True
    if written.isdigit():
        if text[start - 1 : start] == "[" and following == "]":
            return True
        if len(written) <= _GROUP and following in {".", ")", ":"} and second in {" ", "*", "\t", ""}:
            opened = start - 1 if text[start - 1 : start] == "(" else start
            if _LIST.search(text, max(0, opened - 16), opened):
                return True
    tail = back.rstrip(" -#:.\u00a0")
    if len(back) - len(tail) > _GROUP or not tail or not (tail[-1].isalnum() or back.endswith("#")):
        return back.endswith(("#", "№"))
    word = re.split(r"[^\w&]", tail[-12:])[-1]
    if word in forms.PERIODS and len(written) >= _GROUP:
        return False  # a day or a short year has two digits, and a year was told above
    return word in forms.NAMES or back.endswith("#") or (back.endswith("-") and bool(_CODE.search(back)))


def _digits(written: str, *, european: bool) -> Decimal | None:
    bare = written
    for sign in ("'", "’", *forms.GAP, " "):
        bare = bare.replace(sign, "")
    continental = european or bare.count(".") > 1
    bare = bare.replace(".", "").replace(",", ".") if continental else bare.replace(",", "")
    try:
        return Decimal(bare)
    except ArithmeticError:
        return None


def _build(
    text: str, start: int, end: int, digits: Decimal, before: re.Match[str] | None, after: re.Match[str] | None
) -> Quantity:
    front = start if before is None else start - len(before.group())
    lead = text[max(0, front - _BACK) : front]
    minus = bracketed = False
    sign = ""
    if before is not None:
        opened = bool(before["open1"] or before["open2"])
        sign = before["sign1"] or before["sign2"] or before["sign3"] or ""
        minus = sign[:1] in {"-", "–"} and _minus(lead, sign, inner=opened or not before["sign1"])
        if opened and not sign and after is not None and any(after.group("close", "close2", "close3")):
            bracketed = bool(before["open2"]) or _is_negative(text[start:end], lead)
    scale, kind, unit = _unit(after)
    currency = scales.currency((before["cur"] or "") if before else "") or scales.currency(unit)
    if currency and kind is Kind.PLAIN:
        kind = Kind.MONEY
    exponent = digits.as_tuple().exponent
    stop = max(end, after.end() if after is not None else end)
    front, stop = _trim(text, front, stop, sign=bracketed or minus)
    found = forms.HEDGE.search(text, max(0, front - 22), front)
    hedge = (found.lastgroup or "") if found else "about" if sign.startswith("~") else ""
    return Quantity(
        start=front, end=stop, digits=-digits if minus or bracketed else digits,
        shown=max(0, -exponent) if isinstance(exponent, int) else 0, scale=scale or 0,
        scale_from="word" if scale is not None else "", kind=kind, currency=currency,
        per_share=after is not None and after["pershare"] is not None, bracketed=bracketed,
        signed=minus or bracketed, hedge=hedge,
    )  # fmt: skip


def _unit(after: re.Match[str] | None) -> tuple[int | None, Kind, str]:
    """Return the power of ten that is said, the kind, and the currency's word."""
    if after is None or not after.group():
        return None, Kind.PLAIN, ""
    long, chinese, short, spaced, percent, points, times, fold, money, time, shares = after.group(
        "long", "zh", "short", "spaced", "percent", "points", "times", "fold", "cur", "time", "shares"
    )
    word = long or chinese or short or spaced
    scale = scales.exponent(word) if word else None
    if percent:
        return scale, Kind.PERCENT, ""
    if points:
        return -2, Kind.PERCENT, ""
    if times or fold:
        return scale, Kind.MULTIPLE, ""
    if money:
        return (scale or 0) - 2 if money.startswith("cent") else scale, Kind.MONEY, money
    return scale, Kind.TIME if time else Kind.COUNT if shares else Kind.PLAIN, ""


def _minus(before: str, sign: str, *, inner: bool) -> bool:
    """Tell whether the dash before a figure is a minus: not a bullet, not one that joins words or ends of a range."""
    if inner:
        return True
    if sign[-1].isspace():
        return not before or before[-1] in "(|\t"
    return not (
        (before[-1:].isalnum() and before[-1:].isascii())
        or before[-1:] in {"%", ")"}
        or (before[-1:] == " " and before[-2:-1].isdigit())
    )


def _is_negative(written: str, before: str) -> bool:
    """Tell whether brackets stand for a minus: around a figure alone, not around a remark such as "(12%)" in prose."""
    bare = before.rstrip()
    if not bare or bare[-1] in "|,;:\t\"'[$" or before.endswith(("\n", "  ")):
        return True
    return "," in written or bool(_STATES.search(bare))


def _trim(text: str, start: int, stop: int, *, sign: bool) -> tuple[int, int]:
    """Leave blanks, and brackets and dashes that are no sign, out of the excerpt."""
    while start < stop and (text[start].isspace() or (text[start] in "(~-–" and not sign)):
        start += 1
    while stop > start and (text[stop - 1].isspace() or (text[stop - 1] == ")" and not sign)):
        stop -= 1
    return start, stop


def _ranges(found: list[Quantity], text: str) -> Iterator[Quantity]:
    """Give the lower end of a range the scale and unit that only its upper end says ("20-25%", "7 to 8 million")."""
    for place, lower in enumerate(found):
        upper = found[place + 1] if place + 1 < len(found) else None
        bare = lower.kind in {Kind.PLAIN, Kind.MONEY} and not lower.scale_from
        if upper is None or not bare or not (upper.scale_from or upper.kind not in {Kind.PLAIN, lower.kind}):
            yield lower
        elif upper.start - lower.end <= 9 and _RANGE.match(text, lower.end, upper.start) and _joins(text, lower, upper):  # noqa: PLR2004 - " through "
            kind = lower.kind if upper.kind is Kind.PLAIN else upper.kind
            yield structs.replace(lower, scale=upper.scale, scale_from=upper.scale_from, kind=kind,
                                  currency=lower.currency or upper.currency)  # fmt: skip
        else:
            yield lower


def _joins(text: str, lower: Quantity, upper: Quantity) -> bool:
    """Tell whether the word between is one of a range; "and" needs a "between" before."""
    between = text[lower.end : upper.start]
    return "and" not in between or "between" in text[max(0, lower.start - 12) : lower.start].lower()
