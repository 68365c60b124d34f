"""A `Plant`: one made trace with a known answer. Planters make endless streams of them, different at every step.

A planter is a module of `planted` with

    SLUG        the mode's or trigger's slug
    positives   (chance) -> endless stream of (plant, its twin): the twin is the same trace with the evidence removed
                that the rule needs, so that the only honest answer is unknown; None where a rule can always be answered
    negatives   (chance) -> endless stream of plants that look alike and are innocent

Planters are written from what a mode means, not from its code, and share nothing with its cases. Rows are those of
afterbell's own JSON lines; `dress` writes the same facts in other formats, and every plant goes through the readers
that users' data takes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any, Protocol

from msgspec import Struct

from afterbell.model.vocabulary import Answer

Row = Mapping[str, Any]

NATIVE, GENAI, OPENINFERENCE = "afterbell-jsonl", "otlp-genai", "otlp-openinference"
FORMS = (NATIVE, GENAI, OPENINFERENCE)

FAULTY = frozenset({Answer.YES})
INNOCENT = frozenset({Answer.NO, Answer.NA})
UNTOLD = frozenset({Answer.UNKNOWN})


class Plant(Struct, frozen=True, kw_only=True):
    """One made trace (or several: `trace` then names the one under question; else the first row's) and its answer.

    `wording` names the way the fault or its look-alike is told; a planter has at least five for its positives.
    `fault` must lie within the excerpt of one piece of evidence of a yes. `answers` are those allowed.
    `forms` are the formats that can carry the plant's facts. `books` and `policy` are as in a `Case`.
    """

    wording: str
    rows: tuple[Row, ...]
    answers: frozenset[Answer]
    fault: str = ""
    trace: str = ""
    books: Mapping[str, tuple[Row, ...]] = {}
    policy: Mapping[str, Any] = {}
    forms: tuple[str, ...] = FORMS


class Planter(Protocol):
    """What a module of `planted` holds."""

    SLUG: str

    @staticmethod
    def positives(chance: Random) -> Iterator[tuple[Plant, Plant | None]]:
        """Yield faulty plants with their twins, without end."""
        ...

    @staticmethod
    def negatives(chance: Random) -> Iterator[Plant]:
        """Yield innocent plants, without end."""
        ...
