"""Reads the Markdown form back into a draft: exactly what `form` wrote, and whatever an editor or a person made of it.

Every text of the file ends up in the draft, in a comment, or under a fault that points at it. Content is not judged.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from afterbell.model.fault import Fault
from afterbell.model.record import Draft
from afterbell.render import form_fields, form_front
from afterbell.render.form_lines import Line, Notes, split, uncommented
from afterbell.render.form_parts import SECTIONS, TITLE

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
    values["summary"] = form_fields.text(sections.get("summary", ()), "summary", notes)
    values["timeline"] = form_fields.timeline(sections.get("timeline", ()), notes)
    values["root_cause"] = form_fields.root_cause(sections.get("root_cause", ()), notes)
    values["contributing_factors"] = form_fields.factors(sections.get("contributing_factors", ()), notes)
    values["fix"] = form_fields.fix(sections.get("fix", ()), notes)
    values["prevention"] = form_fields.text(sections.get("prevention", ()), "prevention", notes)
    values["references"] = form_fields.references(sections.get("references", ()), notes)
    suggestions = {row.number: row for row in machine.get("suggestions", ())}
    values["answers"] = form_fields.answers(sections.get("answers", ()), suggestions, notes)
    faults = tuple(sorted(notes.faults, key=lambda item: item.start))
    return Form(draft=Draft(**values), faults=faults, places=dict(notes.places))


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
