"""How counts are told to people."""

from __future__ import annotations


def counted(number: int, word: str, plural: str = "") -> str:
    """Return a number with its word: "1 entry", "1,204 entries"; `plural` where it is not the word and an s."""
    several = plural or (f"{word[:-1]}ies" if word.endswith("y") else f"{word}s")
    return f"{number:,} {word if number == 1 else several}"
