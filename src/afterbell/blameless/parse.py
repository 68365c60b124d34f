"""What a parser says of a sentence: its words, and what each of them hangs on. A value; no parser runs here.

Tags are the Penn Treebank's, relations those of ClearNLP (nsubj, agent, poss), as spaCy's English models give them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct


class Word(Struct, frozen=True, kw_only=True):
    """One word. `head` is the place in its sentence of the word it hangs on (itself: the root).

    `entity` is what the parser takes it for ("PERSON", "ORG"; "" for nothing), `start` and `end` are character offsets
    in the text that was parsed.
    """

    text: str
    lemma: str
    tag: str
    relation: str
    head: int
    entity: str
    start: int
    end: int


Sentence = tuple[Word, ...]
Parser = Callable[[Sequence[str]], Iterable[Sequence[Sentence]]]
"""Texts in, the sentences of each out, in the same order."""


class Tree:
    """A sentence with a way down from each word."""

    def __init__(self, words: Sentence) -> None:
        self.words = words
        self._under: list[list[int]] = [[] for _ in words]
        for place, word in enumerate(words):
            if word.head != place:
                self._under[word.head].append(place)

    def under(self, place: int, *relations: str) -> list[int]:
        """Return the places of what hangs on a word, by relation when any is named, from left to right."""
        return [each for each in self._under[place] if not relations or self.words[each].relation in relations]

    def reach(self, place: int, closed: frozenset[str]) -> Iterator[int]:
        """Yield a word and everything below it, without what hangs on by a `closed` relation."""
        waiting = [place]
        while waiting:
            at = waiting.pop()
            yield at
            waiting += [each for each in self._under[at] if self.words[each].relation not in closed]
