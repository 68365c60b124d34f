"""Finds where a piece of evidence stands on a trace's page: by span, field and offsets, else by its words.

What cannot be placed is said, with the reason; evidence is never left out. It judges nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

import orjson

from afterbell.model.run import Trace
from afterbell.model.scan import Evidence
from afterbell.model.trace_page import Field, Finding, Passage, Place, Step
from afterbell.query.conversation import Conversation
from afterbell.query.span_fields import fields

_EXACT = ""
_BY_WORDS = "found by its words, not by its place in the field"


class Finder:
    """Finds excerpts in one trace."""

    def __init__(self, trace: Trace, conversation: Conversation) -> None:
        """Nothing is looked up yet."""
        self._trace = trace
        self._steps, self._homes = conversation.steps, conversation.homes

    def finding(self, number: int, mode: int, title: str, evidence: Evidence) -> Finding:
        """Return the evidence with its place, or with the reason why it has none."""
        place, said = self._placed(evidence)
        return Finding(number=number, mode=mode, title=title, evidence=evidence, place=place, said=said)

    def _placed(self, evidence: Evidence) -> tuple[Place | None, str]:
        if evidence.trace_id and evidence.trace_id != self._trace.trace_id:
            return None, f"it stands in another trace, {evidence.trace_id}"
        if not evidence.span_id:
            return None, f"it stands in a book, {evidence.field}" if evidence.field else "it cites the whole trace"
        span = self._trace.span(evidence.span_id)
        raw = fields(self._trace, span) if span else ()
        if not evidence.excerpt:
            return None, _whole(evidence.field, raw)
        told = tuple(self._told(evidence.span_id))
        place = _within(evidence, (each for each in told if each[1].field == evidence.field), exactly=True)
        place = place or _raw(evidence, (each for each in raw if each.name == evidence.field), exactly=True)
        if place:
            return place, _EXACT
        place = _within(evidence, sorted(told, key=lambda each: each[1].field != evidence.field), exactly=False)
        place = place or _raw(evidence, sorted(raw, key=lambda each: not _covers(each.name, evidence.field)),
                              exactly=False)  # fmt: skip
        if place:
            return place, _BY_WORDS
        if span is None:
            return None, "its span was not recorded in this trace"
        return None, "its words stand nowhere in what was recorded of its span"

    def _told(self, span_id: str) -> Iterator[tuple[Step, Passage, int]]:
        """Yield the passages that show texts of a span; of a text that an earlier step shows, the passage there."""
        for step in self._by_span.get(span_id, ()):
            for number, passage in enumerate(step.passages):
                if passage.span_id == span_id and passage.text:
                    yield step, passage, number
                elif passage.span_id == span_id and passage.same_as:
                    yield from self._elsewhere(passage)
        for call in self._trace.calls:
            if span_id not in (call.span_id, *call.duplicates):
                continue
            for ref in (*call.system, *call.input, *call.output):
                home = self._steps[self._homes[ref.sha256] - 1]
                for part, source in zip(self._trace.messages[ref.sha256].parts, ref.sources, strict=True):
                    for step, passage, number in self._showing(home, part.text):
                        yield step, _as_cited(passage, source.span_id, source.field), number

    def _showing(self, step: Step, text: str) -> Iterator[tuple[Step, Passage, int]]:
        """Yield where a step, or an earlier one that it refers to, shows a text."""
        for number, passage in enumerate(step.passages):
            if text and passage.text == text:
                yield step, passage, number
            elif passage.same_as:
                yield from self._showing(self._steps[passage.same_as - 1], text)

    def _elsewhere(self, passage: Passage) -> Iterator[tuple[Step, Passage, int]]:
        """Yield the texts of the step that a passage refers to, as if they stood in the passage's own field."""
        home = self._steps[passage.same_as - 1]
        for number, there in enumerate(home.passages):
            if there.text:
                yield home, _as_cited(there, passage.span_id, passage.field), number

    @cached_property
    def _by_span(self) -> dict[str, list[Step]]:
        found: dict[str, list[Step]] = {}
        for step in self._steps:
            for span_id in dict.fromkeys((step.span_id, *(passage.span_id for passage in step.passages))):
                found.setdefault(span_id, []).append(step)
        return found


def marks(findings: Iterable[Finding]) -> dict[tuple[int, int], list[tuple[int, int, int]]]:
    """Return (start, end, number of the finding) by step and passage."""
    found: dict[tuple[int, int], list[tuple[int, int, int]]] = {}
    for each in findings:
        if each.place and each.place.step:
            where = each.place.step, each.place.passage
            found.setdefault(where, []).append((each.place.start, each.place.end, each.number))
    return found


def raw_marks(findings: Iterable[Finding], span_id: str) -> dict[str, list[tuple[int, int, int]]]:
    """Return (start, end, number of the finding) by raw field of a span."""
    found: dict[str, list[tuple[int, int, int]]] = {}
    for each in findings:
        if each.place and not each.place.step and each.place.span_id == span_id:
            found.setdefault(each.place.field, []).append((each.place.start, each.place.end, each.number))
    return found


def _as_cited(passage: Passage, span_id: str, field: str) -> Passage:
    return Passage(label=passage.label, text=passage.text, span_id=span_id, field=field)


def _within(evidence: Evidence, told: Iterable[tuple[Step, Passage, int]], *, exactly: bool) -> Place | None:
    for step, passage, number in told:
        at = _at(evidence, passage.text, exactly=exactly)
        if at:
            return Place(step=step.number, passage=number, span_id=passage.span_id, field=passage.field,
                         start=at[0], end=at[1])  # fmt: skip
    return None


def _raw(evidence: Evidence, found: Iterable[Field], *, exactly: bool) -> Place | None:
    for field in found:
        at = _at(evidence, field.text, exactly=exactly)
        if at:
            return Place(span_id=evidence.span_id, field=field.name, start=at[0], end=at[1])
    return None


def _at(evidence: Evidence, text: str, *, exactly: bool) -> tuple[int, int] | None:
    said, start = evidence.excerpt, evidence.start
    if text[start : start + len(said)] == said:
        return start, start + len(said)
    if exactly:
        return None
    for words in dict.fromkeys((said, _escaped(said))):
        start = text.find(words)
        if start >= 0:
            return start, start + len(words)
    return None


def _escaped(text: str) -> str:
    """Return a text as it stands within JSON."""
    try:
        return orjson.dumps(text).decode()[1:-1]
    except orjson.JSONEncodeError:
        return text


def _whole(field: str, raw: Iterable[Field]) -> str:
    """Return what evidence without an excerpt cites."""
    if not field:
        return "it cites the whole span"
    held = any(_covers(field, each.name) for each in raw)
    return "it cites a whole field" if held else "it cites a place where nothing is recorded"


def _covers(name: str, field: str) -> bool:
    """Tell whether a raw field is the cited one or holds it."""
    return field == name or (field.startswith(name) and field[len(name) : len(name) + 1] in {".", "["})
