"""Asks the twenty questions of one case file. Every question gets an answer; an unbuilt one says so."""

from __future__ import annotations

from msgspec import structs

from afterbell.catalog import shelves
from afterbell.model.casefile import CaseFile
from afterbell.model.checklist import CHECKLIST
from afterbell.model.scan import ModeAnswer, Suggestion, unknown
from afterbell.model.vocabulary import Answer
from afterbell.reading.needs import inapplicable, lacking


def ask(mode: shelves.Mode, case: CaseFile) -> Suggestion:
    """Ask one question: unknown or na when a need is not met, else what the detector says.

    A detector that breaks answers unknown and says so: one bad trace must not stop a scan of a million.
    """
    for need in mode.needs:
        forced = lacking(case, need)
        if forced is not None:
            return forced
    knobs = {**mode.knobs, **case.policy.knobs.get(mode.slug, {})}
    try:
        said = mode.detect(structs.replace(case, knobs=knobs))
    except Exception as error:  # noqa: BLE001 - reported as the answer, and the tests refuse any such answer
        return unknown(
            f"The detector failed on this trace ({type(error).__name__}: {str(error)[:200]}); please report it.",
            ("a working detector",),
        )
    return inapplicable(case.trace, said) if said.answer is Answer.NA else said


def scan(case: CaseFile, only: frozenset[str] = frozenset()) -> tuple[ModeAnswer, ...]:
    """Return the answers to all questions (or those of slugs in `only`), in the checklist's order."""
    built = shelves.modes()
    rows = list(CHECKLIST) + [(mode.number, mode.slug) for mode in built.values() if mode.number > len(CHECKLIST)]
    answers = []
    for number, slug in rows:
        if only and slug not in only:
            continue
        mode = built.get(number)
        suggestion = ask(mode, case) if mode else unknown(
            "This version has no detector for the question yet; people answer it.", ("a detector",))  # fmt: skip
        answers.append(ModeAnswer(number=number, mode=slug, suggestion=suggestion))
    return tuple(answers)
