"""Scans the runs that wrote what a trace read from caches and memories, so that question 6 can be answered of it.

Each run is scanned once, for questions 6 to 9 only; its own question 6 asks for its writers in turn, down to a fixed
depth and never in a circle.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from msgspec import structs

from afterbell.catalog import shelves
from afterbell.catalog.scan import ask
from afterbell.model.casefile import CaseFile, Writer
from afterbell.model.run import Trace
from afterbell.model.vocabulary import Answer, ContentState
from afterbell.reading.kept_content import Writings, reads
from afterbell.reading.untrusted_texts import untrusted

QUESTIONS = (6, 7, 8, 9)
SECURITY = "security postmortem"
DEEPEST = 8
_KEPT = 4096


class Writers:
    """Who wrote what, and what their own scans say. Keeps each answer, so that a house is scanned in linear time."""

    def __init__(
        self, writings: Writings, case_of: Callable[[str], CaseFile | None], security: Collection[str] = ()
    ) -> None:
        """`case_of` returns a trace's case file without writers; `security`: traces with a security postmortem."""
        self._writings = writings
        self._case_of = case_of
        self._security = frozenset(security)
        self._known: dict[str, Writer] = {}

    def fill(self, case: CaseFile) -> CaseFile:
        """Return the case file with the writers of everything that its trace read."""
        found = self._of(case.trace, (case.trace.trace_id,))
        return structs.replace(case, writers=found) if found else case

    def _of(self, trace: Trace, above: tuple[str, ...]) -> Mapping[str, tuple[Writer, ...]]:
        return {
            read.span_id: tuple(
                structs.replace(self._writer(each, above), records=self._writings.records(read, each))
                for each in self._writings.writers(read)
            )
            for read in reads(trace)
        }

    def _writer(self, trace_id: str, above: tuple[str, ...]) -> Writer:
        if trace_id not in self._known:
            if len(self._known) > _KEPT:
                self._known.clear()
            made = self._scanned(trace_id, above)
            if trace_id in above or len(above) > DEEPEST:
                return made  # not the whole answer: it left out what it was asked from
            self._known[trace_id] = made
        return self._known[trace_id]

    def _scanned(self, trace_id: str, above: tuple[str, ...]) -> Writer:
        case = self._case_of(trace_id) if trace_id else None
        security = (SECURITY,) if trace_id in self._security else ()
        if case is None:
            return Writer(trace_id=trace_id, here=False, bad=security)
        asked: tuple[int, ...] = QUESTIONS
        if trace_id in above or len(above) > DEEPEST:
            asked = QUESTIONS[1:]
        else:
            case = structs.replace(case, writers=self._of(case.trace, (*above, trace_id)))
        built = shelves.modes()
        answers = {built[number].slug: ask(built[number], case).answer for number in asked if number in built}
        return Writer(
            trace_id=trace_id,
            bad=security + tuple(slug for slug, answer in answers.items() if answer is Answer.YES),
            unsure=tuple(slug for slug, answer in answers.items() if answer is Answer.UNKNOWN) + _gone(case.trace),
        )


def _gone(trace: Trace) -> tuple[str, ...]:
    """Return what of a run's content was not captured."""
    calls = [
        f"{leg} of call {call.span_id}" for call in trace.calls for leg in ("input", "output")
        if not call.failed and call.states.get(leg, ContentState.NOT_CAPTURED) is not ContentState.CAPTURED
    ]  # fmt: skip
    return tuple((*untrusted(trace).missing, *calls)[:4])
