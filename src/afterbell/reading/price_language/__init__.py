"""Reads price language: quotes, moves, positions and sentiment anchors in a text, English or Chinese.

Rules stand as data in the modules beside this one; guards say where a match tells nothing. It
does not know what a research prompt is and gives no verdict.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping

from msgspec import Struct

from afterbell.reading.patterns import MAX_HITS, Hit, RuleSet
from afterbell.reading.price_language.account import ACCOUNT
from afterbell.reading.price_language.chinese import CHINESE
from afterbell.reading.price_language.guards import told
from afterbell.reading.price_language.moves import MOVES
from afterbell.reading.price_language.positions import POSITIONS
from afterbell.reading.price_language.quotes import QUOTES
from afterbell.reading.price_language.sentiment import ANCHORS
from afterbell.reading.price_language.words import PriceRule

FAMILIES = ("quote", "move", "position", "sentiment")
RULES: tuple[PriceRule, ...] = (*QUOTES, *MOVES, *POSITIONS, *ACCOUNT, *ANCHORS, *CHINESE)

_BLOCK = 1 << 14
_SMALLEST = 1 << 9
_ENOUGH = 50  # leaks of one rule in one text; ten saturate every score
_BEFORE, _BEYOND = 64, 600  # what a pattern may look back at, and more than any of them spans
_RULES: Mapping[str, PriceRule] = {rule.id: rule for rule in RULES}
_SET = RuleSet(RULES)


class Leak(Struct, frozen=True, kw_only=True):
    """One piece of price language: the rule that read it and its place (character offsets) and words in the text."""

    rule: PriceRule
    start: int
    end: int
    words: str


def read(text: str, symbols: Collection[str] = ()) -> tuple[Leak, ...]:
    """Return the price language of a text in order of place; of overlapping matches of one family the first.

    `symbols` are tickers known from elsewhere in the trace (upper case), so that "ABC fell 4%" is read as a move.
    """
    return _apart(matches(text, symbols))


def matches(text: str, symbols: Collection[str] = ()) -> tuple[Leak, ...]:
    """Return the matches that tell something, overlapping ones included; of one rule the first 50, which is enough."""
    leaks: list[Leak] = []
    told_by: Counter[str] = Counter()
    for base in range(0, len(text), _BLOCK):
        for hit in _hits(text, base, min(base + _BLOCK, len(text)), told_by):
            rule = _RULES[hit.rule.id]
            if told_by[rule.id] < _ENOUGH and told(rule, text, hit.start, hit.end, symbols):
                told_by[rule.id] += 1
                leaks.append(Leak(rule=rule, start=hit.start, end=hit.end, words=text[hit.start : hit.end]))
    return tuple(leaks)


def _hits(text: str, low: int, high: int, told_by: Mapping[str, int]) -> Iterator[Hit]:
    """Yield the hits that begin from `low` to `high`.

    The stretch is halved where a rule that has not told enough meets the bound on hits, so that no mass of clean
    matches hides a leak.
    """
    start = max(0, low - _BEFORE)
    hits = _SET.find(text[start : high + _BEYOND])
    counts = Counter(hit.rule.id for hit in hits)
    full = any(count >= MAX_HITS and told_by.get(rule, 0) < _ENOUGH for rule, count in counts.items())
    if full and high - low > _SMALLEST:
        middle = (low + high) // 2
        yield from _hits(text, low, middle, told_by)
        yield from _hits(text, middle, high, told_by)
        return
    for hit in hits:
        if low <= hit.start + start < high:
            yield Hit(rule=hit.rule, start=hit.start + start, end=hit.end + start)


def _apart(leaks: Iterable[Leak]) -> tuple[Leak, ...]:
    kept: list[Leak] = []
    ends: dict[str, int] = {}
    for leak in sorted(leaks, key=lambda leak: (leak.start, -leak.rule.weight, -leak.end)):
        if leak.start >= ends.get(leak.rule.family, 0):
            kept.append(leak)
            ends[leak.rule.family] = leak.end
    return tuple(kept)
