"""Many patterns over one text: hyperscan says which rules hit at all, `re` says where. Rules are data.

A rule's pattern must be bounded (no `*` or `+`, no open `{n,}`) so that the work stays linear on any text; tests
check that. Patterns are matched in ASCII mode without regard to case; a first group, where there is one, is the
span. This module knows nothing of what the rules mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from threading import Lock

import hyperscan
from msgspec import Struct

from afterbell.reading import compiled

MAX_WIDTH = 1000  # characters a rule's match may span; the overlap of blocks and the half-width of a window
MAX_HITS = 200  # per rule and text: enough for every verdict, and a bound on hostile repetition
_SMALL = 1 << 15
_BLOCK = 1 << 26
_FLAGS = hyperscan.HS_FLAG_CASELESS | hyperscan.HS_FLAG_UTF8 | hyperscan.HS_FLAG_PREFILTER
_LIKE = (("\u2019", "'"), ("\u2018", "'"), ("\u00a0", " "), ("\u202f", " "), ("\u3000", " "))


class Rule(Struct, frozen=True, kw_only=True):
    """One rule: what it matches, what it is worth, and sentences on both sides that the tests run.

    `gate`, where given, is what hyperscan looks for instead of the pattern: something that every match ends with or
    holds, for patterns that take long to compile. It may be unbounded.
    """

    id: str
    family: str
    pattern: str
    gate: str = ""
    severity: str = ""
    weight: float = 0.0
    coerces: bool = False
    examples: tuple[str, ...] = ()
    counterexamples: tuple[str, ...] = ()


class Hit(Struct, frozen=True, kw_only=True):
    """One rule's match: `start` and `end` are character offsets into the scanned text."""

    rule: Rule
    start: int
    end: int


def plain(text: str) -> str:
    """Return the text with typographic apostrophes and spaces as their ASCII forms; its length does not change."""
    if not text.isascii():
        for typographic, simple in _LIKE:
            text = text.replace(typographic, simple)
    return text


class RuleSet:
    """A compiled set of rules; compiling waits for the first text and happens once per process."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = tuple(rules)
        self._single: dict[int, hyperscan.Database] = {}
        self._lock = Lock()

    @cached_property
    def _database(self) -> hyperscan.Database:
        return _compiled([_gate(rule) for rule in self.rules], hyperscan.HS_FLAG_SINGLEMATCH)

    @cached_property
    def _regexes(self) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(rule.pattern, re.IGNORECASE | re.ASCII) for rule in self.rules)

    def find(self, text: str) -> tuple[Hit, ...]:
        """Return up to MAX_HITS hits per rule in order of place. Any text is accepted: NULs, surrogates, any size."""
        flat = plain(text)
        data = flat.encode("utf-8", "replace")
        with self._lock:
            ids = sorted(_ids(self._database, data))
            hits = [hit for number in ids for hit in self._of(number, flat, data)]
        return tuple(sorted(hits, key=lambda hit: (hit.start, hit.end, hit.rule.id)))

    def _of(self, number: int, text: str, data: bytes) -> Iterator[Hit]:
        rule, regex, count = self.rules[number], self._regexes[number], 0
        for low, high in self._windows(number, text, data):
            for match in regex.finditer(text, low, high):
                start, end = match.span(1 if regex.groups and match.start(1) >= 0 else 0)
                yield Hit(rule=rule, start=start, end=end)
                count += 1
                if count == MAX_HITS:
                    return

    def _windows(self, number: int, text: str, data: bytes) -> Iterator[tuple[int, int]]:
        """Yield the stretches of a text in which a rule may match; for a long text only around hyperscan's ends."""
        if len(text) <= _SMALL:
            yield 0, len(text)
            return
        if number not in self._single:
            self._single[number] = _compiled([_gate(self.rules[number])], 0)
        low = high = -1
        for end in _characters(_ends(self._single[number], data), data):
            if end - MAX_WIDTH > high:
                if high >= 0:
                    yield max(0, low), high
                low = end - MAX_WIDTH
            high = end + MAX_WIDTH
        if high >= 0:
            yield max(0, low), min(high, len(text))


def _gate(rule: Rule) -> str:
    return rule.gate or rule.pattern


def _compiled(patterns: Sequence[str], flag: int) -> hyperscan.Database:
    expressions = [pattern.encode() for pattern in patterns]
    return compiled.database(expressions, range(len(patterns)), [_FLAGS | flag] * len(patterns))


def _blocks(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Cut what hyperscan's 32-bit lengths cannot hold, with an overlap, never inside a character."""
    if len(data) <= _BLOCK:
        yield 0, data
        return
    start = 0
    while start < len(data):
        while start and data[start] & 0xC0 == 0x80:  # noqa: PLR2004 - a UTF-8 continuation byte
            start -= 1
        stop = start + _BLOCK
        while stop < len(data) and data[stop] & 0xC0 == 0x80:  # noqa: PLR2004 - a UTF-8 continuation byte
            stop -= 1
        yield start, data[start:stop]
        if stop >= len(data):
            return
        start = stop - 4 * MAX_WIDTH


def _ids(database: hyperscan.Database, data: bytes) -> set[int]:
    found: set[int] = set()
    for _, block in _blocks(data):
        database.scan(block, match_event_handler=lambda number, *_: found.add(number))
    return found


def _ends(database: hyperscan.Database, data: bytes) -> list[int]:
    """Return byte offsets of match ends in rising order; stops when they surely hold MAX_HITS matches."""
    found: list[int] = []
    spread = 0

    def note(_number: int, _start: int, end: int, _flags: int, _context: object) -> bool:
        nonlocal spread
        place = base + end
        if not found or place > found[-1]:
            spread += not found or place > found[-1] + 1
            found.append(place)
        return spread > 4 * MAX_HITS or len(found) > MAX_HITS * MAX_WIDTH

    for base, block in _blocks(data):  # noqa: B007 - read by `note`
        try:
            database.scan(block, match_event_handler=note)
        except hyperscan.ScanTerminated:
            break
    return found


def _characters(ends: list[int], data: bytes) -> Iterator[int]:
    """Translate rising byte offsets into character offsets in one pass."""
    at_byte = at_character = 0
    ascii_only = data.isascii()
    for end in ends:
        if ascii_only:
            yield end
            continue
        at_character += len(data[at_byte:end].decode("utf-8", "ignore"))
        at_byte = end
        yield at_character
