"""A rendered prompt as its words, with what a template fills in masked: numbers, times, symbols, company names, values.

Two texts made from one template read the same here, although the prices in them differ. It finds the first place where
two texts differ, to cite. It does not decide whether the difference matters, and it never changes what is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final

from msgspec import Struct

from afterbell.reading.prompts.json_tokens import Token, in_key_order, sets_a_limit

NUMBER: Final = "#"
TIME: Final = "#t"
SYMBOL: Final = "@"
VALUE: Final = "$v"
_MASKS = frozenset({NUMBER, TIME, SYMBOL, VALUE})

_CJK = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af"  # scripts without spaces are read by characters
_MONTHS = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_WEEKDAY = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_CLOCK = (
    r"\d{1,2}:\d\d(?::\d\d(?:[.,]\d{1,9})?)?"
    r"(?:\s?(?:[AaPp][Mm]\b|[AaPp]\.[Mm]\.|Z\b|UTC\b|GMT\b|E[SD]?T\b|[+-]\d\d:?\d\d)){0,3}"
)
_DAY = (
    rf"(?:\d{{4}}[-/.]\d\d?[-/.]\d\d?|\d\d?/\d\d?/\d{{2,4}}|{_MONTHS}\s\d{{1,2}}(?:st|nd|rd|th)?,?(?:\s\d{{4}}\b)?"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s{_MONTHS},?(?:\s\d{{4}}\b)?|{_MONTHS}\s\d{{4}}\b)"
)
_TOKEN = re.compile(
    rf"(?P<time>(?<!\w)(?:{_WEEKDAY},?\s?)?(?:{_DAY}(?:(?:[T ,]{{1,2}}|,? at ){_CLOCK})?|{_CLOCK})"
    rf"|\b{_WEEKDAY}\b|\b(?:Q[1-4]|FY)\s?(?:20)?\d\d\b|\bQ[1-4]\b)"
    r"|(?P<symbol>\$[A-Z]{1,6}\b|\b[A-Z]{2,6}[-/]?(?:USDT?|USDC|PERP)\b|\b\d{6}\.(?:SH|SZ|SS)\b|\b\d{4,5}\.(?:HK|T)\b"
    r"|\b(?:NASDAQ|NYSE|AMEX|LSE|SSE|SZSE|HKEX)\s?:\s?[A-Z0-9.]{1,6}\b)"
    r"|(?P<number>(?:(?<![\w)])[-+\u2212])?[$€£¥]?\d{1,40}(?:[,.]\d{1,40}){0,12}(?:[eE][-+]?\d{1,3}(?!\w))?"
    r"|\b(?:nan|NaN|N/A|n/a|None|null)\b)"
    rf"|(?P<word>[{_CJK}]|[^\W\d{_CJK}][^\W{_CJK}]*(?:['\u2019][^\W{_CJK}]+)?)"
    r"|(?P<mark>\S)"
)
_LEGAL = frozenset({"Inc", "Corp", "Corporation", "Ltd", "Limited", "PLC", "plc", "Co", "Company", "AG", "SE", "NV",
                    "SA", "LLC", "Holdings", "Group"})  # fmt: skip
_NAMES_A_SYMBOL = frozenset({"ticker", "symbol", "coin", "instrument", "security", "stock"})
_NAMES_SYMBOLS = frozenset({"tickers", "symbols", "coins", "instruments", "securities", "stocks", "universe",
                            "watchlist", "pairs", "holdings"})  # fmt: skip
_SCALES = frozenset({"scale", "score", "scores", "confidence", "conviction", "probability", "rating", "integer",
                     "float"})  # fmt: skip
_TO = frozenset({"to", "and", "-", "\u2013", "through"})
_SHOUTED = frozenset({
    "BUY", "SELL", "HOLD", "JSON", "XML", "CSV", "YAML", "YES", "NO", "NOT", "NEVER", "ALWAYS", "MUST", "ONLY", "AND",
    "OR", "ALL", "ANY", "LONG", "SHORT", "FLAT", "HIGH", "LOW", "NONE", "TRUE", "FALSE", "WAIT", "EXIT", "CLOSE", "ADD",
    "TRIM", "STRONG", "SKIP", "OPEN", "DO", "DONT", "SHOULD", "MAY", "IF", "THE", "A", "AN", "IS", "BE", "USE", "NOTE",
    "BULLISH", "BEARISH", "NEUTRAL", "REDUCE", "KEEP", "STOP", "START", "MAX", "MIN",
})  # fmt: skip
_SENTENCE_ENDS = frozenset(".:;!?-*\u2022#")
_CAPS = re.compile(r"[A-Z][A-Z0-9]{0,5}\Z")
_LISTED = re.compile(r"[A-Z][A-Z0-9]{0,11}(?:_[A-Z0-9]{1,6})?\Z")
_ENTRY_ENDS = frozenset({",", "}", "]", ")"})
_LOOK_BACK, _NAME_WORDS, _LONGEST_BLOCK = 8, 5, 24
_SHORT = 40_000  # characters of a prompt worth remembering: the runs of a batch repeat it
_MIDDLE = 300  # tokens that are aligned word by word; longer stretches count as one difference
_WINDOW = 160


class Mask(Struct, frozen=True, kw_only=True):
    """What is known to be filled in: the symbols traded, and texts (declared variables, retrieved documents)."""

    symbols: frozenset[str] = frozenset()
    values: tuple[str, ...] = ()


class Change(Struct, frozen=True, kw_only=True):
    """The first difference of two texts: its stretch in each (start and end of the excerpt to cite)."""

    one: tuple[int, int]
    other: tuple[int, int]


def words(text: str) -> tuple[Token, ...]:
    """Return a text's words and marks with nothing masked; white space does not count."""
    return tuple(_scan(text, Mask(), masking=False))


def masked(text: str, mask: Mask) -> tuple[Token, ...]:
    """Return a text's words and marks with numbers, times, symbols, company names and known values masked.

    The ends of a scale of answers ("confidence from 0 to 1") and the limits of a JSON schema are kept: they are rules,
    not figures. The keys of JSON objects come in one order.
    """
    return (_masked if len(text) <= _SHORT else _masked.__wrapped__)(text, mask)


@lru_cache(maxsize=128)
def _masked(text: str, mask: Mask) -> tuple[Token, ...]:
    found = list(_scan(text, mask, masking=True))
    return tuple(_collapsed(in_key_order(_named(_ruled(text, found), mask))))


def difference(one: Sequence[Token], other: Sequence[Token]) -> Change | None:
    """Return the first difference that is no name filled in; None when the texts read the same."""
    first, second = [token.said for token in one], [token.said for token in other]
    if first == second:
        return None
    start = 0
    while start < min(len(first), len(second)) and first[start] == second[start]:
        start += 1
    tail = 0
    while tail < min(len(first), len(second)) - start and first[-1 - tail] == second[-1 - tail]:
        tail += 1
    left, right = one[start : len(one) - tail], other[start : len(other) - tail]
    if max(len(left), len(right)) > _MIDDLE:
        return _change(one, other, start, start)
    matcher = SequenceMatcher(None, [token.said for token in left], [token.said for token in right], autojunk=False)
    real = [each for each in matcher.get_opcodes() if each[0] != "equal"
            and not (_filled_in(left[each[1] : each[2]]) and _filled_in(right[each[3] : each[4]]))]  # fmt: skip
    if not real:
        return None
    # Each side is cited at the first stretch that the other lacks: a key that was renamed stands in two places.
    place = next((begin for _tag, begin, end, _start, _end in real if end > begin), real[0][1])
    place_other = next((begin for _tag, _start, _end, begin, end in real if end > begin), real[0][3])
    return _change(one, other, start + place, start + place_other)


def begins_alike(one: Sequence[Token], other: Sequence[Token]) -> bool:
    """Tell whether two texts read the same as far as the shorter goes, but for its last word (where it was cut)."""
    most = max(0, min(len(one), len(other)) - 1)
    return difference(one[:most], other[:most]) is None


def likeness(one: Sequence[Token], other: Sequence[Token]) -> float:
    """Return the Jaccard index of the two sets of words: 1 = the same words, 0 = none in common."""
    first, second = ({token.said for token in each if token.said[:1].isalnum()} for each in (one, other))
    return len(first & second) / (len(first | second) or 1)


def _scan(text: str, mask: Mask, *, masking: bool) -> Iterable[Token]:
    stretches = _stretches(text, mask.values) if masking else []
    stretches.append((len(text), len(text)))
    place, opens = 0, True
    for begin, end in stretches:
        line = text.rfind("\n", 0, place)
        for hit in _TOKEN.finditer(text, place, begin):
            gap = text.find("\n", max(line + 1, place), hit.start())
            opens = opens or gap >= 0
            place = hit.end()
            yield Token(_said(hit, mask, masking=masking), hit.start(), hit.end(), opens)
            opens = hit[0][-1] in _SENTENCE_ENDS
        if end > begin:
            yield Token(VALUE, begin, end, opens)
            opens = False
        place = end


def _said(hit: re.Match[str], mask: Mask, *, masking: bool) -> str:
    said = hit[0]
    if not masking:
        return said
    if hit.lastgroup == "number":
        return NUMBER
    if hit.lastgroup == "time":
        return TIME
    return SYMBOL if hit.lastgroup == "symbol" or said in mask.symbols else said


def _stretches(text: str, values: Sequence[str]) -> list[tuple[int, int]]:
    """Return where known values stand, longest values first, without overlap, in order."""
    found: list[tuple[int, int]] = []
    taken = bytearray(len(text))
    for value in sorted(set(values), key=lambda each: (-len(each), each)):
        place = text.find(value) if value else -1
        while place >= 0:
            end = place + len(value)
            whole = not (_inside(text, place - 1, value[0]) or _inside(text, end, value[-1]))
            if whole and not taken[place] and not taken[end - 1]:
                taken[place:end] = b"\1" * len(value)
                found.append((place, end))
            place = text.find(value, end)
    return sorted(found)


def _inside(text: str, place: int, edge: str) -> bool:
    """Tell whether a value's edge is in the middle of a word."""
    return 0 <= place < len(text) and edge.isalnum() and text[place].isalnum() and text[place].isascii()


def _ruled(text: str, found: list[Token]) -> list[Token]:
    """Put the two ends of a scale back, and the limits of a schema: `between 0 and 1` is a rule of the prompt."""
    for place, token in enumerate(found):
        if token.said == NUMBER and sets_a_limit(found, place):
            found[place] = token._replace(said=text[token.start : token.end])
    for place in range(len(found) - 2):
        if found[place].said != NUMBER or found[place + 1].said not in _TO or found[place + 2].said != NUMBER:
            continue
        for before in reversed(found[max(0, place - _LOOK_BACK) : place]):
            if before.said.lower() in _SCALES:
                for each in (place, place + 2):
                    token = found[each]
                    found[each] = token._replace(said=text[token.start : token.end])
                break
            if before.said in {".", ";", "!", "?"}:
                break
    return found


def _named(found: list[Token], mask: Mask) -> list[Token]:
    """Mask tickers told by the words beside them, and the name of a company before its ticker or legal form."""
    kept: list[Token] = []
    for place, token in enumerate(found):
        said = token.said
        if _LISTED.match(said) and said not in _SHOUTED and _in_a_list(kept):
            token = token._replace(said=SYMBOL)  # noqa: PLW2901 - the same token, read otherwise
        elif said not in mask.symbols and _CAPS.match(said) and said not in _SHOUTED:
            bracketed = (
                place > 0 and found[place - 1].said == "(" and place + 1 < len(found) and found[place + 1].said == ")"
            )
            before = [each.said.lower() for each in found[max(0, place - 3) : place]]
            if (bracketed and place > 1 and _name_ends(found[max(0, place - 3) : place - 1])) or _called(before):
                token = token._replace(said=SYMBOL)  # noqa: PLW2901 - the same token, read otherwise
        if said == "." and kept and kept[-1].said == SYMBOL and found[place - 1].said in _LEGAL:
            kept[-1] = kept[-1]._replace(end=token.end)
            continue
        kept.append(token)
        if said in _LEGAL or (token.said == SYMBOL and len(kept) > 1 and kept[-2].said == "("):
            _mask_name(kept, len(kept) - (1 if said in _LEGAL else 2))
    return kept


def _name_ends(before: Sequence[Token]) -> bool:
    """Tell whether a name stands before a bracket: `Example Corp. (`."""
    last = before[-1].said
    return last[:1].isupper() or last == SYMBOL or (last == "." and before[0].said in _LEGAL)


def _called(before: Sequence[str]) -> bool:
    """Tell whether the words before say that a symbol follows: `ticker: `, `symbol is `, `stock `."""
    rest = [each for each in before if each not in {":", "=", "is", "'", '"', "`"}]
    return bool(rest) and rest[-1] in _NAMES_A_SYMBOL


def _in_a_list(kept: Sequence[Token]) -> bool:
    """Tell whether what comes next is of a list of symbols: `Universe: `, or `, ` after a symbol."""
    said = [each.said for each in kept[-2:]]
    return len(said) > 1 and ((said[1] == ":" and said[0].lower() in _NAMES_SYMBOLS)
                              or (said[1] in {",", "and"} and said[0] == SYMBOL))  # fmt: skip


def _mask_name(kept: list[Token], end: int) -> None:
    """Replace the capitalised words before `end` (and a legal form there) by one mask."""
    start = end
    while start > 0 and end - start < _NAME_WORDS and kept[start - 1].said[:1].isupper() and not kept[start].opens:
        start -= 1
        if kept[start].opens:
            break
    if start == end:
        return
    stop = end + 1 if end < len(kept) and kept[end].said in _LEGAL else end
    name = Token(SYMBOL, kept[start].start, kept[stop - 1].end, kept[start].opens)
    kept[start:stop] = [name]


def _collapsed(found: Sequence[Token]) -> list[Token]:
    """Take repeats of a stretch that holds a mask once: a list or table of figures may have any length."""
    kept: list[Token] = []
    for token in found:
        if token.opens or token.said in _ENTRY_ENDS:
            _drop_repeats(kept)
        kept.append(token)
    _drop_repeats(kept)
    return kept


def _drop_repeats(kept: list[Token]) -> None:
    while _drop_repeat(kept):
        pass


def _drop_repeat(kept: list[Token]) -> bool:
    """Drop the last entry where the entry before it reads the same, with or without a comma between."""
    if not kept:
        return False
    last = kept[-1].said
    for size in range(1, min(_LONGEST_BLOCK, len(kept) // 2) + 1):
        for gap in (1, 0):
            other = len(kept) - size - gap
            if other < size or kept[other - 1].said != last or (gap and kept[other].said != ","):
                continue
            block = [each.said for each in kept[-size:]]
            if block == [each.said for each in kept[other - size : other]] and not _MASKS.isdisjoint(block):
                del kept[other:]
                return True
    return False


def _filled_in(tokens: Sequence[Token]) -> bool:
    """Tell whether a stretch can be a name that a template fills in: a few capitalised words within a sentence."""
    if not 0 < len(tokens) <= _NAME_WORDS:
        return False
    for token in tokens:
        if token.said in _MASKS or token.said in {".", "&", "-"}:
            continue
        if token.opens or not token.said[:1].isupper() or token.said.upper() in _SHOUTED:
            return False
    return True


def _change(one: Sequence[Token], other: Sequence[Token], place: int, place_other: int) -> Change:
    return Change(one=_window(one, place), other=_window(other, place_other))


def _window(tokens: Sequence[Token], place: int) -> tuple[int, int]:
    """Return the stretch to cite around a token, from a few words before it."""
    if not tokens:
        return 0, 0
    place = min(place, len(tokens) - 1)
    # Keys that were put in order stand elsewhere in the text: the excerpt begins and ends beside the difference.
    start = min(tokens[max(0, place - 3)].start, tokens[place].start)
    start = start if tokens[place].end - start <= _WINDOW else tokens[place].start
    end = start
    for token in tokens[place : place + 40]:
        if (token.end - start > _WINDOW or token.start < start) and end > start:
            break
        end = token.end
    return start, min(end, start + 2 * _WINDOW)
