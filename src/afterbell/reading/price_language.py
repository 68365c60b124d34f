"""Reads price language: quotes, moves, positions and sentiment anchors in a text, English or Chinese.

Rules stand as data in the `price_language_*` modules beside this one; guards say where a match tells nothing. It
does not know what a research prompt is and gives no verdict.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from msgspec import Struct

from afterbell.reading.patterns import MAX_WIDTH, RuleSet
from afterbell.reading.price_language_account import ACCOUNT
from afterbell.reading.price_language_chinese import CHINESE
from afterbell.reading.price_language_guards import told
from afterbell.reading.price_language_moves import MOVES
from afterbell.reading.price_language_positions import POSITIONS
from afterbell.reading.price_language_quotes import QUOTES
from afterbell.reading.price_language_sentiment import ANCHORS
from afterbell.reading.price_language_words import PriceRule

FAMILIES = ("quote", "move", "position", "sentiment")
RULES: tuple[PriceRule, ...] = (*QUOTES, *MOVES, *POSITIONS, *ACCOUNT, *ANCHORS, *CHINESE)

_BLOCK = 1 << 14
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
    """Return every match that tells something, overlapping ones included."""
    found: dict[tuple[str, int, int], Leak] = {}
    for base, block in _blocks(text):
        for hit in _SET.find(block):
            rule, start, end = _RULES[hit.rule.id], base + hit.start, base + hit.end
            if (rule.id, start, end) not in found and told(rule, text, start, end, symbols):
                found[rule.id, start, end] = Leak(rule=rule, start=start, end=end, words=text[start:end])
    return tuple(found.values())


def _blocks(text: str) -> Iterable[tuple[int, str]]:
    """Cut a long text so that the bound on hits per rule holds per block: no mass of clean matches hides a leak."""
    for base in range(0, max(1, len(text)), _BLOCK):
        yield base, text[base : base + _BLOCK + MAX_WIDTH]


def _apart(leaks: Iterable[Leak]) -> tuple[Leak, ...]:
    kept: list[Leak] = []
    ends: dict[str, int] = {}
    for leak in sorted(leaks, key=lambda leak: (leak.start, -leak.rule.weight, -leak.end)):
        if leak.start >= ends.get(leak.rule.family, 0):
            kept.append(leak)
            ends[leak.rule.family] = leak.end
    return tuple(kept)
