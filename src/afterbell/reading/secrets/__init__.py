"""Takes secrets out of raw bytes before anything is kept: JSON, text or protobuf, a block of lines or a document.

The replacement is as long as the secret: a mark `[REDACTED:kind***]` whose stars fill up. So lengths in protobuf stay
true, offsets and lines stay where they were, and JSON stays JSON; a field that was the secret and nothing else reads
as redacted (`formats/content`). It looks for secrets of machines, not for names or addresses of people, and it leaves
passwords that read like plain words. Rules are in `secret_rules`, protobuf's frames in `secret_frames`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

import hyperscan

from afterbell.reading import compiled
from afterbell.reading.secrets.frames import Leaves, value_after
from afterbell.reading.secrets.rules import KEYED_GATE, RULES, Secret, kind_of_value

_CHUNK = 1 << 28
_OVERLAP = 1024
_BEFORE = 48
_KEYED = len(RULES)
_MARK = b"[REDACTED]"
_RUNS_IN = re.compile(rb"(?:[A-Za-z0-9_-]|(?<=\\)u00[0-9a-fA-F]{2})\Z")
_ESCAPE = re.compile(rb"\\(?:[nrtbf/\"]|u00[0-9a-fA-F]{2})\Z")
_LINES = re.compile(rb"[^\r\n]{1,}")
Span = tuple[int, int, str]


def redact(data: bytes) -> tuple[bytes, dict[str, int]]:
    """Return the bytes without secrets, equally long, and how many of each kind went.

    The very same object and {} come back when there is nothing to hide. Any bytes are accepted.
    """
    hit = _hit(data)
    if not hit:
        return data, {}
    spans = _merged(_found(data, hit))
    if not spans:
        return data, {}
    pieces, done, counts = [], 0, dict[str, int]()
    for start, end, kind in spans:
        pieces += [data[done:start], _masked(data[start:end], kind)]
        counts[kind] = counts.get(kind, 0) + 1
        done = end
    pieces.append(data[done:])
    return b"".join(pieces), counts


def mask(kind: str, length: int) -> bytes:
    """Return a mark of exactly `length` bytes: the kind is cut where it does not fit, below ten bytes it is stars."""
    if length < len(_MARK):
        return b"*" * length
    inside = f":{kind}".encode()[: length - len(_MARK)]
    return b"[REDACTED" + inside.ljust(length - len(_MARK), b"*") + b"]"


def _masked(secret: bytes, kind: str) -> bytes:
    """Line ends inside a secret stay, so that lines keep their numbers."""
    return _LINES.sub(lambda line: mask(kind, len(line[0])), secret)


@cache
def _gates() -> hyperscan.Database:
    return _compiled(range(len(RULES) + 1), hyperscan.HS_FLAG_SINGLEMATCH)


@cache
def _starts(number: int) -> hyperscan.Database:
    return _compiled([number], hyperscan.HS_FLAG_SOM_LEFTMOST)


@cache
def _pattern(number: int, *, part: bool = False) -> re.Pattern[bytes]:
    rule = RULES[number]
    return re.compile((part and rule.part) or rule.pattern, re.IGNORECASE if rule.caseless else 0)


def _compiled(numbers: Sequence[int] | range, flag: int) -> hyperscan.Database:
    gates = [*(rule.gate for rule in RULES), KEYED_GATE]
    caseless = [*(rule.caseless for rule in RULES), True]
    flags = [flag | (hyperscan.HS_FLAG_CASELESS if caseless[number] else 0) for number in numbers]
    return compiled.database([gates[number] for number in numbers], numbers, flags)


def _chunks(data: bytes) -> Iterator[tuple[int, bytes]]:
    if len(data) <= _CHUNK:
        yield 0, data
        return
    for start in range(0, len(data), _CHUNK - _OVERLAP):
        yield start, data[start : start + _CHUNK]


def _hit(data: bytes) -> set[int]:
    found: set[int] = set()
    for _, chunk in _chunks(data):
        _gates().scan(chunk, match_event_handler=lambda number, *_: found.add(number))
    return found


def _places(data: bytes, number: int) -> list[tuple[int, int]]:
    """Return where the rule's gate begins and ends, in order of the beginnings, each beginning once."""
    found: dict[int, int] = {}
    for base, chunk in _chunks(data):

        def note(_number: int, start: int, end: int, *_: object, base: int = base) -> None:
            found.setdefault(base + start, base + end)

        _starts(number).scan(chunk, match_event_handler=note)
    return sorted(found.items())


def _found(data: bytes, hit: set[int]) -> Iterator[Span]:
    places = {number: _places(data, number) for number in sorted(hit)}
    leaves = Leaves.of(data, [start for found in places.values() for start, _end in found])
    for number, found in places.items():
        if number == _KEYED:
            if leaves is not None:
                yield from _keyed(data, found, leaves)
        else:
            yield from _of(data, number, found, leaves)


def _of(data: bytes, number: int, found: list[tuple[int, int]], leaves: Leaves | None) -> Iterator[Span]:
    rule, pattern, done = RULES[number], _pattern(number), 0
    for start, _end in found:
        if start < done:
            continue
        low, high = leaves.around(start) if leaves else (0, len(data))
        if rule.free and not _free(data, start, low):
            continue
        match = pattern.match(data, start, high)
        if match is None:
            continue
        done = match.end()
        if rule.part:
            match = _pattern(number, part=True).match(data, start, done) or match
            done = match.end() if b"-----END" in match[0] else done
        low, high = match.span(1 if pattern.groups else 0)
        if _real(rule, data[max(0, start - _BEFORE) : start], data[low:high]):
            yield low, high, rule.kind


def _real(rule: Secret, before: bytes, value: bytes) -> bool:
    return rule.real is None or rule.real(before, value)


def _free(data: bytes, start: int, low: int) -> bool:
    """Tell whether no word runs into `start`; the n of an escaped line end is no word."""
    before = data[max(low, start - 6) : start]
    return not _RUNS_IN.search(before) or bool(_ESCAPE.search(before))


def _keyed(data: bytes, found: list[tuple[int, int]], leaves: Leaves) -> Iterator[Span]:
    for start, end in found:
        low, high = leaves.around(start)
        span = value_after(data, end - 1) if high == end - 1 else None
        if span is not None:
            kind = kind_of_value(data[low:high], data[span[0] : span[1]])
            if kind:
                yield *span, kind


def _merged(spans: Iterator[Span]) -> list[Span]:
    """Return spans in order without overlap; the widest of those that overlap names the kind."""
    kept: list[Span] = []
    for start, end, kind in sorted(spans, key=lambda span: (span[0], -span[1])):
        if kept and start < kept[-1][1]:
            kept[-1] = (kept[-1][0], max(end, kept[-1][1]), kept[-1][2])
        else:
            kept.append((start, end, kind))
    return kept
