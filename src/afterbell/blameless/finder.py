"""Where the shapes of a rule stand in a text, without trying each of them at every letter.

Most shapes begin with somebody: a role, a pronoun, a name. Words that can end such a subject are rare and found once;
only where the rest of a shape follows one of them is the whole shape tried. Other shapes are tried at the words they
can begin with. What is found is what the shapes match.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, cached_property, lru_cache

from afterbell.blameless.openings import openings
from afterbell.blameless.rule import Rule, compiled
from afterbell.blameless.words import FULL_NAME, NAME, NOBODY, PERSON, PRONOUNS, ROLES

_NAMED, _SOMEBODY = (FULL_NAME, NAME), (PERSON, NOBODY)
_WORD = re.compile(r"@?[A-Za-z][\w-]*")
_HEAD = re.compile(rf"(?:{ROLES}|{PRONOUNS}|leads?|commander|shift|one)\Z", re.IGNORECASE)
_BEGUN = re.compile(r"(?<!\w)[A-Za-z]{2}")
_CAPITALISED = re.compile(r"(?<![\w.'@/-])[A-Z][a-z]{1,19}(?![\w'\u2019-])")
_BREAK = re.compile(r"[.,;:!?()\"]")
_SUBJECT, _BEYOND = 250, 200  # characters: the longest subject, and how far a shape may look past its end


class Subjects:
    """The places of a text at which somebody may have been named."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def people(self) -> tuple[int, ...]:
        """Where a word ends that can be the head of a person."""
        return tuple(word.end() for word in _WORD.finditer(self.text) if _is_head(word[0].lower()))

    @cached_property
    def words(self) -> Mapping[str, list[int]]:
        """Where words begin, by their first two letters in lower case."""
        found: dict[str, list[int]] = {}
        for word in _BEGUN.finditer(self.text):
            found.setdefault(word[0].lower(), []).append(word.start())
        return found

    @cached_property
    def names(self) -> tuple[int, ...]:
        """Where a capitalised word ends."""
        return tuple(word.end() for word in _CAPITALISED.finditer(self.text))


def find(rule: Rule, subjects: Subjects) -> Iterator[re.Match[str]]:
    """Yield the matches of a rule's shapes, each place once, in no order."""
    seen: set[tuple[int, int]] = set()
    for shape in rule.shapes:
        for match in _of(shape, subjects):
            if match.span() not in seen:
                seen.add(match.span())
                yield match


def _of(shape: str, subjects: Subjects) -> Iterator[re.Match[str]]:
    subject, rest = split(shape)
    whole = compiled(shape)
    if not subject:
        letters = openings(shape)
        if not letters:
            yield from whole.finditer(subjects.text)
        for start in (start for pair in letters for start in subjects.words.get(pair, ())):
            found = whole.match(subjects.text, start)
            if found is not None:
                yield found
        return
    follows = compiled(rest)
    for end in subjects.names if subject in _NAMED else subjects.people:
        after = follows.match(subjects.text, end)
        if after is not None:
            start = _begin(subjects.text, end)
            for match in whole.finditer(subjects.text, start, min(after.end() + _BEYOND, len(subjects.text))):
                if match.start() <= end <= match.end():
                    yield match


@cache
def split(shape: str) -> tuple[str, str]:
    """Return the subject that a shape begins with and the rest of it; no subject when it begins otherwise."""
    for subject in (*_NAMED, *_SOMEBODY):
        if shape.startswith(subject):
            return subject, shape.removeprefix(subject)
    return "", shape


@lru_cache(maxsize=4096)
def _is_head(word: str) -> bool:
    return _HEAD.match(word) is not None


def _begin(text: str, end: int) -> int:
    """Return where the phrase that ends here can begin at the earliest: after the last mark that breaks a phrase."""
    low = max(0, end - _SUBJECT)
    return max((mark.end() for mark in _BREAK.finditer(text, low, end)), default=low)
