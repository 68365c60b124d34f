"""A detector's `Suggestion` and a person's `Answer` to one of the twenty questions: two types, never mixed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from afterbell.model.vocabulary import Answer


class Evidence(Struct, frozen=True, kw_only=True):
    """Where a fact stands: the field of a span (or the cell of a book), the excerpt, and its place in the text.

    `start` and `end` are character offsets of `excerpt` within the whole value of `field`.
    For a book, `span_id` is empty and `field` is "book:row:column", for example "equity:12:realized_pnl".
    """

    trace_id: str
    span_id: str = ""
    field: str = ""
    excerpt: str = ""
    start: int = 0
    end: int = 0


class Suggestion(Struct, frozen=True, kw_only=True):
    """What the machine proposes for one question: the answer, one sentence why, and the evidence.

    An `unknown` names in `missing` the evidence that would settle it; other answers leave it empty
    unless part of the evidence was missing and did not matter.
    """

    answer: Answer
    reason: str
    missing: tuple[str, ...] = ()
    figures: Mapping[str, Any] = {}
    evidence: tuple[Evidence, ...] = ()


def yes(
    reason: str,
    evidence: tuple[Evidence, ...],
    figures: Mapping[str, Any] | None = None,
    missing: tuple[str, ...] = (),
) -> Suggestion:
    """Return a yes; it must show where."""
    return Suggestion(answer=Answer.YES, reason=reason, evidence=evidence, figures=figures or {}, missing=missing)


def no(reason: str, figures: Mapping[str, Any] | None = None, evidence: tuple[Evidence, ...] = ()) -> Suggestion:
    """Return a no: the evidence was there and does not show the fault."""
    return Suggestion(answer=Answer.NO, reason=reason, figures=figures or {}, evidence=evidence)


def na(reason: str) -> Suggestion:
    """Return not-applicable: the trace shows that the question cannot apply."""
    return Suggestion(answer=Answer.NA, reason=reason)


def unknown(
    reason: str,
    missing: tuple[str, ...],
    figures: Mapping[str, Any] | None = None,
    evidence: tuple[Evidence, ...] = (),
) -> Suggestion:
    """Return unknown, naming at least one piece of missing evidence."""
    return Suggestion(answer=Answer.UNKNOWN, reason=reason, missing=missing, figures=figures or {}, evidence=evidence)


class ModeAnswer(Struct, frozen=True, kw_only=True):
    """One row of a scan: the question's number and slug with the machine's suggestion."""

    number: int
    mode: str
    suggestion: Suggestion


class PersonAnswer(Struct, frozen=True, kw_only=True):
    """What people answered in the meeting; `suggested` keeps what the machine had proposed."""

    number: int
    mode: str
    answer: Answer
    suggested: Answer | None = None
    note: str = ""


def beside(
    suggestions: Iterable[ModeAnswer], answers: Iterable[PersonAnswer], checklist: Iterable[tuple[int, str]] = ()
) -> Iterator[tuple[int, str, Suggestion | None, PersonAnswer | None]]:
    """Yield each question by number: its slug, what the machine suggested, and what people answered.

    `checklist` (number, slug) adds those that nobody answered. Where slugs differ, people's holds, then the machine's.
    """
    machine = {row.number: row for row in suggestions}
    people = {row.number: row for row in answers}
    names = dict(checklist) | {number: row.mode for number, row in machine.items()}
    names |= {number: row.mode for number, row in people.items()}
    for number, mode in sorted(names.items()):
        suggested = machine.get(number)
        yield number, mode, suggested.suggestion if suggested else None, people.get(number)
