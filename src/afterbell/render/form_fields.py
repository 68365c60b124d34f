"""Reads each section of the form into the draft's values; holes stay holes, what does not read is a fault."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from afterbell import canon
from afterbell.errors import CanonError, FormatError
from afterbell.model.body import plain, residue
from afterbell.model.event import Event
from afterbell.model.record import Factor, Fix, Reference, ReferenceKind, TimelineRow
from afterbell.model.scan import ModeAnswer, PersonAnswer
from afterbell.model.vocabulary import Answer, RootCause, RowStage
from afterbell.render.form import machine_cell
from afterbell.render.form_front import word
from afterbell.render.form_lines import Line, Notes, bullets, cut, filled, rows
from afterbell.render.form_parts import EMPTY, EMPTY_CELL, SCAN_COLUMNS, TIMELINE_COLUMNS, lack
from afterbell.render.inert import free

_HOLES = ("", EMPTY, EMPTY_CELL)
_SLUG = re.compile(r"[a-z0-9_]{1,80}")
_NUMBER = re.compile(r"\d{1,6}")
_FIX_LINE = re.compile(r"[-*+]\s{1,9}(change|commit|ticket)\s{0,9}:", re.IGNORECASE)
_KIND = re.compile(r"([a-z]{1,20})\s{0,9}:", re.IGNORECASE)
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)\s?(Z|z|UTC|[+-]\d\d:?\d\d)?")


class _Machine(msgspec.Struct, frozen=True, kw_only=True):
    event: Event | None = None
    evidence: tuple[str, ...] = ()
    suggestions: tuple[ModeAnswer, ...] = ()
    extra: Mapping[str, Any] = {}


def moment(text: str) -> datetime | None:
    """Return a time as people write it, RFC 3339 or with a blank and UTC, without a zone where none is said."""
    match = _TIME.fullmatch(text)
    try:
        if match:
            zone = (match[3] or "").upper().replace("UTC", "Z")
            return datetime.fromisoformat(f"{match[1]}T{match[2]}{zone}")
    except ValueError:
        pass
    return None


def text(lines: Sequence[Line], path: str, notes: Notes) -> str:
    """Return a field of plain paragraphs; any number of blank lines stands for one."""
    notes.place(path, filled(lines))
    shown = re.sub(r"\n{2,}", "\n\n", "\n".join(line.text for line in lines)).strip("\n")
    return "" if shown in _HOLES else free(shown)


def timeline(lines: Sequence[Line], notes: Notes) -> tuple[TimelineRow, ...]:
    """Return the rows of the timeline; a cell that does not read is a hole and a fault."""
    found = []
    for number, (line, cells) in enumerate(rows(lines, TIMELINE_COLUMNS, notes), 1):
        path = f"timeline.{number}"
        time, stage, event, trace_id = (cells[column.lower()] for column in TIMELINE_COLUMNS)
        notes.place(path, [line])
        for name, cell in (("at", time), ("stage", stage), ("event", event), ("trace_id", trace_id)):
            notes.place(f"{path}.{name}", [cell])
        found.append(
            TimelineRow(
                at=None if time.text in _HOLES else _time(time, notes),
                stage=None if stage.text in _HOLES else word(stage, RowStage, notes),
                event=_value(event),
                trace_id=_value(trace_id),
            )
        )
    return tuple(found)


def root_cause(lines: Sequence[Line], notes: Notes) -> RootCause | None:
    """Return the one label."""
    given = filled(lines)
    notes.place("root_cause", given)
    chosen = None if not given or given[0].text in _HOLES else word(given[0], RootCause, notes)
    for line in given[1:]:
        notes.fault("form.stray", f"the root cause is one label; also found {line.text[:60]!r}", line)
    return chosen


def factors(lines: Sequence[Line], notes: Notes) -> tuple[Factor, ...]:
    """Return the factors; slugs in brackets at the end of a bullet are the modes it cites."""
    found = []
    for line in bullets(lines, notes):
        body, modes = line.text, list[str]()
        while body.endswith("]"):
            left = body.rfind("[")
            if left < 0 or body[:left].endswith("\\") or not _SLUG.fullmatch(body[left + 1 : -1]):
                break
            modes.insert(0, body[left + 1 : -1])
            body = body[:left].rstrip(" \t")
        if body in _HOLES and not modes:
            continue
        found.append(Factor(text="" if body in _HOLES else free(body), modes=tuple(modes)))
        notes.place(f"contributing_factors.{len(found)}", [line])
    return tuple(found)


def fix(lines: Sequence[Line], notes: Notes) -> Fix:
    """Return the paragraph and what its three bullets say: change, commit, ticket."""
    known: dict[str, Line] = {}
    prose = []
    for line in lines:
        if not (match := _FIX_LINE.match(line.text)):
            prose.append(line)
        elif match[1].lower() in known:
            notes.fault("form.twice", f"a second {match[1].lower()!r}", line)
        else:
            known[match[1].lower()] = cut(line.start + match.end(), line.text[match.end() :])
    paths = {"change": "fix.changed", "commit": "fix.commit_sha", "ticket": "fix.ticket"}
    for name, line in known.items():
        notes.place(paths[name], [line])
    change = known.get("change", Line(0, "yes"))
    if change.text.lower() not in ("yes", "no"):
        notes.fault("form.value", f"{change.text[:60]!r} is not one of: yes, no", change)
    return Fix(
        paragraph=text(prose, "fix", notes),
        commit_sha=_value(known["commit"]) or None if "commit" in known else None,
        ticket=_value(known["ticket"]) or None if "ticket" in known else None,
        changed=change.text.lower() != "no",
    )


def references(lines: Sequence[Line], notes: Notes) -> tuple[Reference, ...]:
    """Return the references, each "kind: value"."""
    found = []
    for line in bullets(lines, notes):
        if line.text in _HOLES:
            continue
        match = _KIND.match(line.text)
        kind = word(Line(line.start, match[1]), ReferenceKind, notes) if match else None
        if match is None:
            notes.fault("form.value", f"{line.text[:60]!r} does not begin with trace:, commit:, pr: or ticket:", line)
        elif kind is not None:
            value = cut(line.start + match.end(), line.text[match.end() :])
            found.append(Reference(kind=kind, value=_value(value)))
            notes.place(f"references.{len(found)}", [value])
    return tuple(found)


def answers(lines: Sequence[Line], suggestions: Mapping[int, ModeAnswer], notes: Notes) -> tuple[PersonAnswer, ...]:
    """Return people's answers; the machine's column must still say what the machine said."""
    found: dict[int, PersonAnswer] = {}
    for line, cells in rows(lines, SCAN_COLUMNS, notes):
        number, mode, machine, people, note = (cells[column] for column in SCAN_COLUMNS)
        if not _NUMBER.fullmatch(number.text):
            notes.fault("form.table", f"{number.text[:60]!r} is not a question's number", number)
            continue
        asked = int(number.text)
        suggested = _suggested(machine, suggestions.get(asked), _value(mode), notes)
        if people.text in _HOLES:
            ready = suggestions[asked].suggestion if asked in suggestions else None
            if note.text not in _HOLES and _value(note) != lack(ready):
                notes.fault("form.stray", f"question {asked} has a note but no answer", note)
            continue
        answer = word(people, Answer, notes)
        if answer is None:
            continue
        if asked in found:
            notes.fault("form.twice", f"question {asked} is answered twice", line)
            continue
        found[asked] = PersonAnswer(
            number=asked, mode=_value(mode), answer=answer, suggested=suggested, note=_value(note)
        )
        notes.place(f"answers.{asked}", [line])
    return tuple(found[number] for number in sorted(found))


def machine(lines: Sequence[Line], notes: Notes) -> dict[str, Any]:
    """Return event, evidence, suggestions and extra as the scan wrote them; nothing when the part does not read."""
    given = filled(lines)
    if not given:
        return {}
    whole = Line(given[0].start, "\n".join(line.text for line in given))
    if not given[0].text.startswith("```") or given[-1].text != "```" or len(given) < len(("open", "close")):
        notes.fault("form.machine", "the machine's part is not one fenced block", given[0])
        return {}
    try:
        value = canon.loads("\n".join(line.text for line in given[1:-1]).encode("utf-8", "surrogatepass"))
        held = msgspec.convert(value, _Machine)
        unknown = residue(value, plain(msgspec.to_builtins(held, builtin_types=(datetime,))))
    except (CanonError, FormatError, msgspec.ValidationError) as error:
        notes.fault("form.machine", f"the machine's part does not read: {str(error)[:160]}", given[0])
        return {}
    if unknown:
        notes.fault("form.machine", f"the machine's part holds more than is known: {str(unknown)[:160]}", given[0])
    notes.place("machine", [whole])
    return {field.name: getattr(held, field.name) for field in msgspec.structs.fields(held)}


def _value(line: Line) -> str:
    return "" if line.text in _HOLES else free(line.text)


def _time(line: Line, notes: Notes) -> datetime | None:
    found = moment(line.text)
    if found is None:
        notes.fault("form.time", f"not a time: {line.text[:60]!r}", line)
    return found


def _suggested(cell: Line, suggestion: ModeAnswer | None, mode: str, notes: Notes) -> Answer | None:
    if suggestion is None:
        return None if cell.text in _HOLES else word(cell, Answer, notes)
    if mode != suggestion.mode or cell.text != machine_cell(suggestion.suggestion, None):
        notes.fault("form.machine", f"what the machine said of question {suggestion.number} was changed", cell)
    return suggestion.suggestion.answer
