"""What a step of research says it believes: a probability between 0 and 1, and a leaning such as buy or hold.

Read in a step's output, from JSON keys first, then from prose. A percentage is a belief only where words of belief
stand with it: research is full of other percentages. Scores out of ten are no probabilities. Nothing is compared here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Final

import orjson
from msgspec import Struct

LONGEST: Final = 60_000
_SHORT = 20_000  # characters of an output worth remembering: several questions read it
_DEEPEST, _MOST_OBJECTS = 6, 20
_A_WORD, _ONE_LINE = 40, 120  # characters; what is longer is prose
_KEYS: Final = (
    ("posterior", 0), ("posterior_probability", 0), ("belief", 1), ("probability", 2), ("calibrated_probability", 1),
    ("prob", 2), ("p", 2), ("likelihood", 3), ("confidence", 4), ("conviction", 5), ("certainty", 5),
)  # fmt: skip
_RANKS = dict(_KEYS)
_PREFIXED = re.compile(
    r"\A(?:posterior|probability|prob|belief)_\w{1,40}\Z|\A\w{1,40}_(?:posterior|probability|belief)\Z"
)
_ACTION_KEYS = ("action", "decision", "recommendation", "signal", "leaning", "stance", "rating", "bias", "view",
                "verdict", "position", "call", "direction", "conclusion")  # fmt: skip
_SHARE = r"(?:0?\.\d{1,6}|1\.0{1,6})(?![\d%])"
_PERCENT = r"\d{1,3}(?:\.\d{1,6})? ?(?:%|percent\b|per cent\b|pct\b)"
_NUMBER = rf"(?<![\d.])(?P<number>{_PERCENT}|{_SHARE})"
_BARE = r"[:=：] ?[\"'*_]{0,3}(?P<bare>\d{2,3})(?![\d.%/])"  # a label, a colon and a whole number of percent
_FROM = rf"(?:(?<![\d.])(?:{_PERCENT}|{_SHARE})[ \"'*_]{{0,3}}(?:->|→|=>|up to|down to|to) ?[\"'*_]{{0,3}})?"
_OUT_OF = re.compile(r"\s{0,3}(?:/|out of|of)\s{0,3}(?:5|10|100)\b", re.IGNORECASE)
_LABEL = (
    r"(?:(?P<posterior>posterior)|belief|probability|prob\.?|p ?\([^()\n]{1,60}\)|likelihood|odds|chance|credence"
    r"|confidence|conviction|certainty|后验概率|后验|概率|置信度|信心)"
)
_LABELLED = re.compile(rf"(?<![A-Za-z]){_LABEL}[^\n;.]{{0,60}}?(?:{_FROM}{_NUMBER}|{_BARE})", re.IGNORECASE)
_TRAILED = re.compile(
    rf"{_NUMBER}[ -](?:sure|likely|confident|certain|convinced|probable|probability|chance|odds|confidence|likelihood"
    r"|belief|conviction|posterior|that)\b",
    re.IGNORECASE,
)
_PUT = re.compile(
    rf"\b(?:(?:i|we) (?:now |still )?(?:put|hold|estimate|believe|see|rate|place|move|go|stay|remain|am|are)"
    r"|updat(?:ed?|es"
    rf"|ing)|revis(?:ed?|es|ing)|(?:staying|remains|still|now) at)\b[^.;\d\n]{{0,60}}{_FROM}{_NUMBER}",
    re.IGNORECASE,
)
_MOVED = re.compile(
    r"\b(?:moves?|brings?|takes?|puts?|lifts?|raises?|lowers?|leaves?) (?:me|us|(?:my|our) (?:view|belief|estimate|odds"
    rf"|confidence|conviction|probability))(?: up| down)?(?: (?:to|at|from))? {_FROM}{_NUMBER}(?! of\b)",
    re.IGNORECASE,
)
_ALONE = re.compile(rf"\A\W{{0,5}}(?:[^\W\d]{{1,12}}[ :]{{1,2}}){{0,3}}{_NUMBER}\W{{0,5}}\Z", re.IGNORECASE)
_WORDS: Final = {
    **dict.fromkeys(("buy", "strong buy", "long", "go long", "bullish", "accumulate", "overweight", "outperform", "add",
                     "买入", "看多", "做多", "增持"), "buy"),
    **dict.fromkeys(("sell", "strong sell", "short", "go short", "bearish", "underweight", "underperform", "reduce",
                     "exit", "close", "卖出", "看空", "做空", "减持"), "sell"),
    **dict.fromkeys(("hold", "neutral", "wait", "skip", "pass", "no trade", "no_trade", "abstain", "stay out", "none",
                     "持有", "观望", "中性"), "hold"),
}  # fmt: skip
_ANY = "|".join(sorted((re.escape(word) for word in _WORDS), key=len, reverse=True))
_LEANS = re.compile(
    r"(?:final (?:transaction )?(?:proposal|decision|answer|recommendation)|action|decision|recommendation|leaning"
    r"|stance"
    r"|signal|rating|verdict|conclusion|(?:my|our|current|overall) (?:view|bias|call|position)|i (?:now )?(?:lean"
    r"|recommend"
    r"|would|favou?r)|(?:we )?(?:lean|leaning)|建议|结论|决策|操作)"
    rf"(?:[ \w'\"*_()-]{{0,30}}?)(?:[:=：]|\bis\b|\bremains\b|\bto\b|\btowards?\b"
    rf"|\s)[\s\"'*_`\[]{{0,6}}(?P<word>{_ANY})(?![A-Za-z])",
    re.IGNORECASE,
)
_ONE_WORD = re.compile(rf"\A[\s\"'*_`.]{{0,6}}(?P<word>{_ANY})[\s\"'*_`.!]{{0,6}}\Z", re.IGNORECASE)
_HUNDRED, _SCORE = Decimal(100), 10  # a whole number up to ten is a score


class Belief(Struct, frozen=True, kw_only=True):
    """A probability (0..1) or None, a leaning (buy, sell, hold or the step's own word) or empty; where each stands."""

    probability: Decimal | None = None
    probability_at: tuple[int, int] = (0, 0)
    leaning: str = ""
    leaning_at: tuple[int, int] = (0, 0)


def belief(text: str) -> Belief:
    """Return what an output says it believes; offsets are into `text`."""
    return (_belief if len(text) <= _SHORT else _belief.__wrapped__)(text[:LONGEST])


@lru_cache(maxsize=256)
def _belief(text: str) -> Belief:
    objects = tuple(_objects(text))
    number, place = _number_in_json(text, objects) or _number_in_prose(text) or (None, (0, 0))
    word, where = _word_in_json(text, objects) or _word_in_prose(text) or ("", (0, 0))
    return Belief(probability=number, probability_at=place, leaning=word, leaning_at=where)


def probability(value: Any, *, percent: bool = False) -> Decimal | None:
    """Return a stated probability as a share of one; 62 and "62 %" are percentages, 7 (out of ten) is none."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal)):
        return None
    said = str(value).strip()
    percent = percent or said.endswith("%")
    try:
        number = Decimal(said.rstrip("% "))
    except InvalidOperation:
        return None
    if not number.is_finite() or not 0 <= number <= _HUNDRED:
        return None
    if percent:
        return number / _HUNDRED
    if number <= 1:
        return number
    return number / _HUNDRED if number > _SCORE else None


def leaning(word: str) -> str:
    """Return buy, sell or hold for the words that mean it, else the word itself in lower case."""
    plain = " ".join(word.replace("_", " ").split()).lower()
    return _WORDS.get(plain, plain)


_Object = tuple[Mapping[str, Any], int, int]


def _objects(text: str) -> Iterator[_Object]:
    """Yield JSON objects that stand in a text (alone, fenced, or within prose) with where each begins and ends."""
    at, found = 0, 0
    while found < _MOST_OBJECTS:
        start = text.find("{", at)
        if start < 0:
            return
        end = _closing(text, start)
        if end < 0:
            return
        try:
            value = orjson.loads(text[start:end])
        except orjson.JSONDecodeError:
            value = None
        at = end
        found += 1
        if isinstance(value, dict):
            yield value, start, end


def _closing(text: str, start: int) -> int:
    """Return where the object that begins at `start` ends, -1 if it does not."""
    depth, quoted, at = 0, False, start
    while at < len(text):
        sign = text[at]
        if quoted:
            if sign == "\\":
                at += 1
            elif sign == '"':
                quoted = False
        elif sign == '"':
            quoted = True
        elif sign == "{":
            depth += 1
        elif sign == "}":
            depth -= 1
            if not depth:
                return at + 1
        at += 1
    return -1


def _number_in_json(text: str, objects: Sequence[_Object]) -> tuple[Decimal, tuple[int, int]] | None:
    best: tuple[int, Decimal, str, int, int] | None = None
    for value, start, end in objects:
        for key, inner in _entries(value):
            rank = _RANKS.get(key.lower(), 3 if _PREFIXED.match(key.lower()) else None)
            number = probability(inner) if rank is not None else None
            if rank is not None and number is not None and (best is None or rank <= best[0]):
                best = (rank, number, key, start, end)
    return (best[1], _key_at(text, *best[2:])) if best else None


def _word_in_json(text: str, objects: Sequence[_Object]) -> tuple[str, tuple[int, int]] | None:
    best: tuple[int, str, str, int, int] | None = None
    for value, start, end in objects:
        for key, inner in _entries(value):
            said = isinstance(inner, str) and 0 < len(inner.strip()) <= _A_WORD and key.lower() in _ACTION_KEYS
            rank = _ACTION_KEYS.index(key.lower()) if said else len(_ACTION_KEYS)
            if said and (best is None or rank <= best[0]):
                best = (rank, leaning(inner), key, start, end)
    return (best[1], _key_at(text, *best[2:])) if best else None


def _entries(value: Mapping[str, Any], depth: int = 0) -> Iterator[tuple[str, Any]]:
    for key, inner in value.items():
        if isinstance(inner, Mapping):
            if depth < _DEEPEST:
                yield from _entries(inner, depth + 1)
        else:
            yield str(key), inner


def _key_at(text: str, key: str, start: int, end: int) -> tuple[int, int]:
    """Return where a key with its value stands in the text."""
    hit = re.compile(rf'"{re.escape(key)}"\s{{0,5}}:\s{{0,5}}(?:"[^"\n]{{0,60}}"|[^,}}\n]{{1,40}})').search(
        text, start, end
    )
    return hit.span() if hit else (start, min(end, start + 160))


def _number_in_prose(text: str) -> tuple[Decimal, tuple[int, int]] | None:
    """Return the last labelled figure (the last posterior where one is called so), else the last of the next form."""
    posterior = last = None
    for pattern in (_LABELLED, _TRAILED, _PUT, _MOVED):
        for hit in pattern.finditer(text):
            said = hit["number"] or hit["bare"] if pattern is _LABELLED else hit["number"]
            number = _share(said)
            if number is None or _OUT_OF.match(text, hit.end()):
                continue
            last = (number, hit.span())
            if pattern is _LABELLED and hit["posterior"]:
                posterior = last
        if last is not None:
            return posterior or last
    alone = _ALONE.match(text) if len(text) <= _ONE_LINE else None
    number = _share(alone["number"]) if alone is not None else None
    return (number, alone.span()) if alone is not None and number is not None else None


def _share(said: str) -> Decimal | None:
    figure = said.lower().rstrip("%percnt \"'")
    return probability(figure, percent=figure != said.rstrip(" \"'"))


def _word_in_prose(text: str) -> tuple[str, tuple[int, int]] | None:
    alone = _ONE_WORD.match(text) if len(text) <= _A_WORD else None
    last = alone
    low = text.lower()
    if last is None and any(word in low for word in _WORDS):  # far cheaper than the pattern, and mostly there is none
        for hit in _LEANS.finditer(text):
            last = hit
    return (leaning(last["word"]), last.span("word")) if last else None
