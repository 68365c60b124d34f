"""A list of problems that stays short: one cause can spoil a million lines, and a reader needs a few."""

from __future__ import annotations

from collections import Counter

from afterbell.log.verdict import Code, Problem

SHOWN_PER_CODE = 20


class Problems:
    """Collects problems; keeps the first of each code and counts the rest."""

    def __init__(self) -> None:
        self._kept: list[Problem] = []
        self._counts: Counter[Code] = Counter()

    def say(self, code: Code, where: str, message: str) -> None:
        """Take one problem."""
        self._counts[code] += 1
        if self._counts[code] <= SHOWN_PER_CODE:
            self._kept.append(Problem(code=code, where=where, message=message))

    def codes(self) -> set[Code]:
        """Return the kinds of problem there are."""
        return set(self._counts)

    def listed(self) -> tuple[Problem, ...]:
        """Return what was kept, and for every code that had more, how many more."""
        hidden = (
            Problem(code=code, where="", message=f"and {count - SHOWN_PER_CODE} more of this kind")
            for code, count in self._counts.items()
            if count > SHOWN_PER_CODE
        )
        return (*self._kept, *hidden)
