"""Reads the head of the form: a tiny, strict subset of `key: value`, one a line, no nesting, no types, no YAML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from afterbell.model.vocabulary import RecordStatus, TriggerName, Verdict
from afterbell.render.form_lines import Line, Notes, cut
from afterbell.render.form_parts import EMPTY, EMPTY_CELL, FRONT
from afterbell.render.inert import free

_FENCE = "---"
_PAIR = re.compile(r"([a-z_]{1,40})\s{0,9}:")
_ITEM = re.compile(r"(?:\\.|[^,\\])+", re.DOTALL)
_Word = TypeVar("_Word", bound=StrEnum)


def read(lines: Sequence[Line], notes: Notes) -> tuple[dict[str, Any], Sequence[Line]]:
    """Return the draft's values of the head, and the lines after it. A hole is left at the draft's default."""
    given, rest = _pairs(lines, notes)
    values: dict[str, Any] = {"id": "", "event_id": ""}
    readers = {
        "id": ("id", _text),
        "event": ("event_id", _text),
        "trace_ids": ("trace_ids", _list),
        "roles": ("roles", _list),
    }
    for key, line in given.items():
        notes.places[key] = (line.start, line.end)
        if line.text in ("", EMPTY, EMPTY_CELL):
            continue
        if key in readers:
            name, reader = readers[key]
            values[name] = reader(line)
        elif key == "reconvene_by":
            values[key] = _date(line, notes)
        else:
            chosen = word(line, {"status": RecordStatus, "trigger": TriggerName, "verdict": Verdict}[key], notes)
            values |= {} if chosen is None else {key: chosen}
    return values, rest


def _pairs(lines: Sequence[Line], notes: Notes) -> tuple[dict[str, Line], Sequence[Line]]:
    first = next((place for place, line in enumerate(lines) if line.text), len(lines))
    if first == len(lines) or lines[first].text != _FENCE:
        at = lines[first] if first < len(lines) else Line(0, "")
        notes.fault("form.front", "the form does not begin with its head between two lines of ---", at)
        return {}, lines
    found: dict[str, Line] = {}
    for place in range(first + 1, len(lines)):
        line = lines[place]
        if line.text == _FENCE:
            return found, lines[place + 1 :]
        match = _PAIR.match(line.text)
        if match and match[1] in FRONT and match[1] not in found:
            found[match[1]] = cut(line.start + match.end(), line.text[match.end() :])
        elif match and match[1] in found:
            notes.fault("form.twice", f"a second {match[1]!r}", line)
        elif line.text:
            notes.fault("form.front", f"not one of the head's keys: {line.text[:60]!r}", line)
    notes.fault("form.front", "the head of the form is never closed with ---", lines[first])
    return found, ()


def _text(line: Line) -> str:
    return free(line.text)


def _list(line: Line) -> tuple[str, ...]:
    items = (cut(0, match[0]).text for match in _ITEM.finditer(line.text))
    return tuple(free(item) for item in items if item)


def _date(line: Line, notes: Notes) -> date | None:
    try:
        return date.fromisoformat(line.text)
    except ValueError:
        notes.fault("form.time", f"not a date: {line.text[:60]!r}; write it as 2026-01-12", line)
        return None


def word(line: Line, kind: type[_Word], notes: Notes) -> _Word | None:
    """Return the member of a closed vocabulary that a person wrote, in any case of letters; else note a fault."""
    try:
        return kind(line.text.lower())
    except ValueError:
        allowed = ", ".join(member.value for member in kind)
        notes.fault("form.value", f"{line.text[:60]!r} is not one of: {allowed}", line)
        return None
