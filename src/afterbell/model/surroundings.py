"""What the other traces of a house say that a question about one trace needs, as aggregates.

A scan gathers them by SQL over the store, so that no other trace is loaded for them. They are empty where the other
traces are at hand themselves, as kin.
"""

from __future__ import annotations

from msgspec import Struct


class Ideas(Struct, frozen=True, kw_only=True):
    """What was done with ideas in the days around a trace: ids of ideas, or of the trace where it names none.

    `counted` is the sum of the refused ideas that decisions only count. In a crowded window `researched` and `passed`
    hold those nearest in time; `traded` then holds at least every one of `researched` that was traded.
    """

    researched: frozenset[str] = frozenset()
    traded: frozenset[str] = frozenset()
    passed: frozenset[str] = frozenset()
    counted: int = 0


class Answered(Struct, frozen=True, kw_only=True):
    """A model that answered on some day; `at_ns` is its first answer of that day, in ns since 1970."""

    model: str
    at_ns: int


class CacheRead(Struct, frozen=True, kw_only=True):
    """Tokens that a trace read from a provider's cache under a key; span and moment are those of its first read."""

    key: str
    trace_id: str
    tokens: int
    at_ns: int = 0
    span_id: str = ""


class Surroundings(Struct, frozen=True, kw_only=True):
    """All of it. `answered` is of the whole house, in order of time; `cache_reads` of the keys that matter here."""

    ideas: Ideas = Ideas()
    answered: tuple[Answered, ...] = ()
    cache_reads: tuple[CacheRead, ...] = ()
