"""How counts and lists are told to people."""

from __future__ import annotations

from collections.abc import Sequence


def counted(number: int, word: str, plural: str = "") -> str:
    """Return a number with its word: "1 entry", "1,204 entries"; `plural` where it is not the word and an s."""
    several = plural or (f"{word[:-1]}ies" if word.endswith("y") else f"{word}s")
    return f"{number:,} {word if number == 1 else several}"


def first_of(names: Sequence[str], most: int = 3) -> str:
    """Return the first names, each whole, and how many there are beside: "a; b; c and 4 more"."""
    told = "; ".join(names[:most])
    return f"{told} and {len(names) - most:,} more" if len(names) > most else told
