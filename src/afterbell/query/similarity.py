"""What makes two incidents similar, by their words: which words of a text tell, and what two records have in common.

A word tells the more, the fewer records hold it and the more often the text says it: the weight of a term in BM25
(Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009). Modes, triggers and causes stand in the text as
words of their own and are weighed like every other. It reads nothing.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping

from msgspec import Struct

from afterbell.query.records import Row

MOST_TERMS = 20
_SATURATION = 1.2  # k1 of BM25: how soon saying a word again adds nothing
_WORD = re.compile(r"\w{1,60}")
_SHORTEST = 3


class Similar(Struct, frozen=True, kw_only=True):
    """A record that is like another, or like an event: the score (higher is nearer), and what they have in common.

    Scores of one subject can be compared with each other, and with nothing else.
    """

    row: Row
    score: float
    modes: tuple[str, ...] = ()
    trigger: bool = False
    cause: bool = False
    words: tuple[str, ...] = ()


def words(text: str) -> Counter[str]:
    """Count the words of a text as the search index spells them: small, without accents; numbers are left out."""
    found = _WORD.findall(_folded(text))
    return Counter(word for word in found if len(word) >= _SHORTEST and not word.isdigit())


def telling(text: str, counts: Mapping[str, int], records: int, *, itself: bool) -> Mapping[str, float]:
    """Return the words of a text that tell most with their weights, at most `MOST_TERMS`, the most telling first.

    `counts` says in how many of the `records` a word stands; `itself` that the text is one of them. A word that no
    other record holds finds nothing.
    """
    weights = {}
    for word, times in words(text).items():
        found = counts.get(word, 0)
        if found > int(itself):
            weights[word] = _rarity(found, records) * _said(times)
    order = sorted(weights, key=lambda word: (-weights[word], word))
    return {word: weights[word] for word in order[:MOST_TERMS]}


def similar(
    terms: Mapping[str, float], found: Row, text: str, *, subject: Row | None, trigger: str | None
) -> Similar:  # fmt: skip
    """Return what a record that was found has in common with the subject: a record's row, or an event's trigger."""
    theirs = words(text)
    modes = tuple(mode for mode in found.modes if subject is not None and mode in subject.modes)
    beside = {*modes, found.trigger, found.root_cause}
    shared = [term for term in terms if term in theirs]
    return Similar(
        row=found, score=sum(terms[term] * _said(theirs[term]) for term in shared), modes=modes,
        trigger=found.trigger is not None and found.trigger == trigger,
        cause=subject is not None and found.root_cause is not None and found.root_cause == subject.root_cause,
        words=tuple(term for term in shared if term not in beside),
    )  # fmt: skip


def _said(times: int) -> float:
    """Return how much it counts that a text says a word so many times."""
    return times * (_SATURATION + 1) / (times + _SATURATION)


def _rarity(found: int, records: int) -> float:
    return math.log1p((records - found + 0.5) / (found + 0.5))


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.lower())
    return "".join(char for char in plain if not unicodedata.combining(char))
