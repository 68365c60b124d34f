"""Reads the Markdown form back into a draft: exactly what `form` wrote, and whatever an editor or a person made of it.

Every text of the file ends up in the draft, in a comment, or under a fault that points at it. Content is not judged.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from afterbell.model.fault import Fault
from afterbell.model.record import Draft
from afterbell.render import form_fields, form_front
from afterbell.render.form_lines import Line, Notes, split, uncommented
from afterbell.render.form_parts import SECTIONS, TITLE

_SEVEN: Mapping[str, Callable[[Sequence[Line], Notes], Any]] = {
    "summary": lambda lines, notes: form_fields.text(lines, "summary", notes),
    "timeline": form_fields.timeline,
    "root_cause": form_fields.root_cause,
    "contributing_factors": form_fields.factors,
    "fix": form_fields.fix,
    "prevention": lambda lines, notes: form_fields.text(lines, "prevention", notes),
    "references": form_fields.references,
}
_HEADING = re.compile(r"#{1,6}(?:\s|$)")


class Form(Struct, frozen=True, kw_only=True):
    """A form as read. `faults` have field "form" and offsets in the file; so have `places`: field path -> (start, end).

    `places` lets a fault of the draft be shown where the person wrote the field.
    """

    draft: Draft
    faults: tuple[Fault, ...]
    places: Mapping[str, tuple[int, int]]


def from_markdown(text: str) -> Form:
    """Return the draft that the form holds, and every fault of the form; it raises nothing."""
    notes = Notes()
    front, rest = form_front.read(split(text), notes)
    sections = _sections(uncommented(rest, notes), notes)
    values: dict[str, Any] = dict(front)
    machine = form_fields.machine(sections.get("machine", ()), notes)
    values |= machine
    for name, read in _SEVEN.items():
        values[name] = read(sections.get(name, ()), notes)
    suggestions = {row.number: row for row in machine.get("suggestions", ())}
    values["answers"] = form_fields.answers(sections.get("answers", ()), suggestions, notes)
    faults = tuple(sorted(notes.faults, key=lambda item: item.start))
    return Form(draft=Draft(**values), faults=faults, places=dict(notes.places))


def field_from_markdown(name: str, text: str) -> tuple[Any, tuple[Fault, ...]]:
    """Return the value of one of the seven fields as the form holds it, and every fault of the form in it."""
    notes = Notes()
    value = _SEVEN[name](uncommented(split(text), notes), notes)
    return value, tuple(sorted(notes.faults, key=lambda item: item.start))


def position(text: str, offset: int) -> tuple[int, int]:
    """Return line and column, both counted from 1, of a character offset in the file."""
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


def _sections(lines: Sequence[Line], notes: Notes) -> dict[str, list[Line]]:
    known = {section.heading.lower(): section.field for section in SECTIONS}
    order = [section.field for section in SECTIONS]
    found: dict[str, list[Line]] = {}
    current: list[Line] | None = None
    for line in lines:
        if not _HEADING.match(line.text):
            if current is None and line.text:
                notes.fault("form.stray", f"text before the first field: {line.text[:60]!r}", line)
            elif current is not None:
                current.append(line)
            continue
        name = known.get(line.text.lstrip("#").strip().lower())
        if name is None:
            if current is not None or line.text != TITLE:
                notes.fault("form.heading", f"unknown heading {line.text[:60]!r}", line)
                current = []
            continue
        if name in found:
            notes.fault("form.twice", f"a second {line.text[:60]!r}", line)
            current = []
            continue
        if found and order.index(name) < max(map(order.index, found)):
            notes.fault("form.order", f"{line.text[:60]!r} is out of order", line)
        current = found[name] = []
        notes.places[name] = (line.start, line.end)
    return found
