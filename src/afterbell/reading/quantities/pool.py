"""The figures of all sources of a run, indexed: by size, by the words that name them, by what they stand together with.

Building is one pass; a look-up is a bisection. It holds figures and compares none with a claim (`grounding` does).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from afterbell.reading.quantities import labels
from afterbell.reading.quantities.derivations import Ranked
from afterbell.reading.quantities.quantity import Kind, Quantity

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
        self._numbers: dict[tuple[frozenset[str], frozenset[str]], int] = {}
        self._labels: list[tuple[frozenset[str], frozenset[str], list[int]]] = []
        self._by_word: dict[str, list[int]] = {}
        self._near: dict[frozenset[str], tuple[frozenset[int], frozenset[int]]] = {}
        self._together: dict[frozenset[int], tuple[tuple[str, tuple[int, ...]], ...]] = {}
        self._ranked: dict[tuple[tuple[int, ...], frozenset[Kind], bool], Ranked] = {}
        open_groups: dict[tuple[int, str], list[int]] = {}
        for number, figures in enumerate(texts):
            for figure in figures:
                if len(self.held) >= MAX_FIGURES:
                    break
                self._add(Held(figure=figure, text=number), open_groups)
        limit = max(_SMALL, len(self.held) // 2)
        for word in [word for word, numbers in self._by_word.items()
                     if sum(len(self._labels[number][2]) for number in numbers) > limit]:  # fmt: skip
            del self._by_word[word]
        self._groups = {key: tuple(members) for key, members in open_groups.items()}
        self.values = [float(each.figure.value) for each in self.held]
        self._order = sorted(range(len(self.held)), key=lambda place: abs(self.values[place]))
        self._sizes = [abs(self.values[place]) for place in self._order]

    def _add(self, held: Held, groups: dict[tuple[int, str], list[int]]) -> None:
        place = len(self.held)
        self.held.append(held)
        figure = held.figure
        key = (figure.row_label, figure.label)
        if key in self._numbers:
            self._labels[self._numbers[key]][2].append(place)
        else:
            self._numbers[key] = number = len(self._labels)
            own, every = (names - labels.years(names) for names in key)
            self._labels.append((own, every, [place]))
            for word in every:
                self._by_word.setdefault(word, []).append(number)
        for group in figure.groups:
            groups.setdefault((held.text, group), []).append(place)

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
        plain = words - labels.years(words)
        found = self._near.get(plain)
        if found is None:
            outright: list[int] = []
            touched: list[int] = []
            for label in {label for word in plain for label in self._by_word.get(word, ())}:
                own, all_words, places = self._labels[label]
                touched += places
                if len((own or all_words) & plain) * 5 >= len(own or all_words) * 3:
                    outright += places
            found = self._near[plain] = (frozenset(outright), frozenset(touched))
        return found

    def together(self, anchors: frozenset[int]) -> tuple[tuple[str, tuple[int, ...]], ...]:
        """Return each group that holds one of the anchors, with its kind (the letter of `Quantity.groups`)."""
        found = self._together.get(anchors)
        if found is None:
            keys = {(self.held[place].text, group): None for place in sorted(anchors)
                    for group in self.held[place].figure.groups}  # fmt: skip
            groups = ((group[0], self._groups[text, group]) for text, group in keys)
            found = self._together[anchors] = tuple(each for each in groups if len(each[1]) > 1)
        return found

    def ranked(self, group: tuple[int, ...], kinds: frozenset[Kind], *, unscaled: bool) -> Ranked:
        """Return the figures of some kinds of a group, sorted; with `unscaled` those whose scale nobody states."""
        key = (group, kinds, unscaled)
        found = self._ranked.get(key)
        if found is None:
            places = [
                place
                for place in group
                if (figure := self.held[place].figure).kind in kinds and not (unscaled and figure.scale_from)
            ]
            found = self._ranked[key] = Ranked(places, [self.values[place] for place in places])
        return found

    def akin(self, anchors: frozenset[int]) -> Iterator[tuple[str, tuple[int, ...]]]:
        """Yield the anchors themselves as one group (a) when they are few, and all of a small pool (w)."""
        if 1 < len(anchors) <= _CROWD:
            yield "a", tuple(sorted(anchors))
        if 1 < len(self.held) <= _SMALL:
            yield "w", tuple(range(len(self.held)))
