"""The figures of all sources of a run, indexed: by size, by the words that name them, by what they stand together with.

Building is one pass; a look-up is a bisection. It holds figures and compares none with a claim (`grounding` does).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from afterbell.reading.quantities import labels
from afterbell.reading.quantities.quantity import Quantity

MAX_FIGURES = 60_000
_SMALL = 14
_CROWD = 60


class Held(Struct, frozen=True, kw_only=True):
    """A figure of a source: the figure, and which of the sources holds it (its number in the caller's list)."""

    figure: Quantity
    text: int


class Pool:
    """The figures of the sources. `held` keeps their order."""

    def __init__(self, texts: Iterable[Sequence[Quantity]]) -> None:
        self.held: list[Held] = []
        self._by_word: dict[str, list[int]] = {}
        self._groups: dict[tuple[int, str], list[int]] = {}
        for number, figures in enumerate(texts):
            for figure in figures:
                if len(self.held) >= MAX_FIGURES:
                    break
                self._add(Held(figure=figure, text=number))
        self.values = [float(each.figure.value) for each in self.held]
        self._order = sorted(range(len(self.held)), key=lambda place: abs(self.values[place]))
        self._sizes = [abs(self.values[place]) for place in self._order]

    def _add(self, held: Held) -> None:
        place = len(self.held)
        self.held.append(held)
        for word in held.figure.label:
            self._by_word.setdefault(word, []).append(place)
        for group in held.figure.groups:
            self._groups.setdefault((held.text, group), []).append(place)

    def __len__(self) -> int:
        return len(self.held)

    def sized(self, low: float, high: float) -> list[int]:
        """Return the places of the figures whose size (without sign) lies between two bounds, both included."""
        return self._order[bisect_left(self._sizes, low) : bisect_right(self._sizes, high)]

    def nearest(self, size: float) -> int | None:
        """Return the place of the figure whose size comes nearest, or None in an empty pool."""
        at = bisect_left(self._sizes, size)
        near = [self._order[place] for place in (at - 1, at) if 0 <= place < len(self._order)]
        return min(near, key=lambda place: abs(abs(self.values[place]) - size), default=None)

    def named(self, words: frozenset[str]) -> tuple[frozenset[int], frozenset[int]]:
        """Return the figures that these words name outright (most of the row's words), and those they touch at all.

        Years do not name a figure; a word that more than half of a large pool carries says nothing.
        """
        limit = max(_SMALL, len(self.held) // 2)
        plain = words - labels.years(words)
        touched: dict[int, int] = {}
        for word in plain:
            places = self._by_word.get(word, ())
            if len(places) <= limit:
                for place in places:
                    touched[place] = touched.get(place, 0) + 1
        outright = frozenset(place for place in touched if self._covered(place, plain))
        return outright, frozenset(touched)

    def _covered(self, place: int, words: frozenset[str]) -> bool:
        figure = self.held[place].figure
        own = figure.row_label - labels.years(figure.row_label) or figure.label - labels.years(figure.label)
        return bool(own) and len(own & words) * 5 >= len(own) * 3

    def together(self, anchors: Iterable[int]) -> Iterator[tuple[str, tuple[int, ...]]]:
        """Yield each group that holds one of the anchors, with its kind (the letter of `Quantity.groups`)."""
        seen = set()
        for place in anchors:
            held = self.held[place]
            for group in held.figure.groups:
                key = (held.text, group)
                if key not in seen:
                    seen.add(key)
                    members = self._groups[key]
                    if len(members) > 1:
                        yield group[0], tuple(members)

    def akin(self, anchors: frozenset[int]) -> Iterator[tuple[str, tuple[int, ...]]]:
        """Yield the anchors themselves as one group (a) when they are few, and all of a small pool (w)."""
        if 1 < len(anchors) <= _CROWD:
            yield "a", tuple(sorted(anchors))
        if 1 < len(self.held) <= _SMALL:
            yield "w", tuple(range(len(self.held)))
