"""With which two letters the words can begin that a shape begins with, read from the shape itself.

A text has few words of any two letters, so that a shape is tried at those and nowhere else. Where a shape begins with
anything but whole words, nothing is said and it is tried everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

_LOOKS = ("(?<!", "(?<=", "(?!", "(?=")
_AT_A_WORD = (r"\b", r"(?<![\w-])", r"(?<![\w@-])")
_LETTERS = re.compile(r"[A-Za-z]{2}(?![?*+{])")
_GROUP, _OPTIONAL = "(?:", tuple("?*{")


@cache
def openings(shape: str, *, at_a_word: bool = False) -> frozenset[str]:
    """Return the pairs of letters in lower case; empty when they cannot be told."""
    found: set[str] = set()
    for branch in _branches(shape):
        letters = _first(branch, at_a_word=at_a_word)
        if not letters:
            return frozenset()
        found |= letters
    return frozenset(found)


def _first(branch: str, *, at_a_word: bool) -> frozenset[str]:
    at = 0
    while True:
        if branch.startswith(_AT_A_WORD, at):
            at_a_word = True
        if branch.startswith(r"\b", at):
            at += 2
        elif branch.startswith(_LOOKS, at):
            at = _closing(branch, at)
        else:
            break
    if branch.startswith(_GROUP, at):
        end = _closing(branch, at)
        if branch.startswith(_OPTIONAL, end):
            return frozenset()
        return openings(branch[at + len(_GROUP) : end - 1], at_a_word=at_a_word)
    letters = _LETTERS.match(branch, at)
    return frozenset({letters[0].lower()}) if letters and at_a_word else frozenset()


def _branches(shape: str) -> Iterator[str]:
    """Yield the alternatives of a shape that stand in no group."""
    start = 0
    for at, sign, depth in _signs(shape):
        if sign == "|" and not depth:
            yield shape[start:at]
            start = at + 1
    yield shape[start:]


def _closing(shape: str, start: int) -> int:
    """Return where the group that begins at `start` has ended."""
    return next((start + at + 1 for at, sign, depth in _signs(shape[start:]) if sign == ")" and not depth), len(shape))


def _signs(shape: str) -> Iterator[tuple[int, str, int]]:
    """Yield every sign that is neither escaped nor in a set of characters, and how many groups are open after it."""
    depth, in_set, at = 0, False, 0
    while at < len(shape):
        sign = shape[at]
        if sign == "\\":
            at += 2
            continue
        if in_set:
            in_set = sign != "]"
        elif sign == "[":
            in_set = True
        else:
            depth += (sign == "(") - (sign == ")")
            yield at, sign, depth
        at += 1
