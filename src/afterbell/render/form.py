"""Writes a draft as the Markdown form that people edit: front matter, the seven fields, the scan, the machine's part.

Hostile text is disarmed by `inert`. `form_reader` reads the form back, exactly; neither judges what is written in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from afterbell.model.body import plain
from afterbell.model.record import Content, Draft, Factor, Fix, TimelineRow
from afterbell.model.scan import Suggestion, beside
from afterbell.model.vocabulary import Answer
from afterbell.render import inert
from afterbell.render.form_parts import (
    EMPTY,
    EMPTY_CELL,
    FRONT,
    OPENING,
    SCAN_COLUMNS,
    SECTIONS,
    TIMELINE_COLUMNS,
    TITLE,
    lack,
)

_BMP = 0xFFFF


def to_markdown(draft: Draft, *, checklist: Sequence[tuple[int, str]] = ()) -> str:
    """Return the form. `checklist` (number, slug) adds a row for each question that nothing has answered yet.

    Figures of the machine's part are written in plain JSON: decimals and times come back as strings.
    """
    written = fields(draft) | {
        "answers": table(SCAN_COLUMNS, _scan_rows(draft, checklist)),
        "machine": f"```json\n{_machine(draft)}\n```",
    }
    parts = [_front(draft), TITLE, _comment(OPENING)]
    for section in SECTIONS:
        parts += [f"## {section.heading}", _comment(section.help), written[section.field]]
    return "\n\n".join(parts) + "\n"


def fields(content: Content) -> dict[str, str]:
    """Return each of the seven fields as the form holds it, by name."""
    return {
        "summary": _text(content.summary),
        "timeline": table(TIMELINE_COLUMNS, [_timeline_row(row) for row in content.timeline]),
        "root_cause": content.root_cause.value if content.root_cause else EMPTY,
        "contributing_factors": _bullets(_factor(factor) for factor in content.contributing_factors),
        "fix": _fix(content.fix),
        "prevention": _text(content.prevention),
        "references": _bullets(f"{ref.kind.value}: {_cell(ref.value, links=True)}" for ref in content.references),
    }


def prose(text: str) -> str:
    """Return plain paragraphs as the form holds them."""
    return _text(text)


def stamp(at: datetime) -> str:
    """Return a time as RFC 3339, in UTC with a Z; a time of another or no zone as it is."""
    if at.tzinfo is not None and at.utcoffset() == UTC.utcoffset(None):
        return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return at.isoformat()


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table whose cells are disarmed already."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def machine_cell(suggestion: Suggestion | None, suggested: Answer | None) -> str:
    """Return the machine's column: the answer and, where the suggestion is at hand, its reason."""
    if suggestion is None:
        return suggested.value if suggested else EMPTY_CELL
    return inert.line(f"{suggestion.answer.value}: {suggestion.reason}", also="|")


def _comment(text: str) -> str:
    return f"<!-- {text} -->"


def _text(text: str) -> str:
    return inert.block(text) or EMPTY


def _cell(text: str, *, links: bool = False) -> str:
    return inert.line(text, also="|", links=links) or EMPTY_CELL


def _bullets(items: Iterable[str]) -> str:
    return "\n".join(f"- {item}" for item in items) or f"- {EMPTY}"


def _front(draft: Draft) -> str:
    values = {
        "id": inert.line(draft.id, links=True),
        "status": draft.status.value,
        "reconvene_by": draft.reconvene_by.isoformat() if draft.reconvene_by else "",
        "event": inert.line(draft.event_id, links=True),
        "trigger": draft.trigger.value if draft.trigger else "",
        "trace_ids": _list(draft.trace_ids),
        "verdict": draft.verdict.value if draft.verdict else EMPTY,
        "roles": _list(draft.roles) or EMPTY,
    }
    return "\n".join(["---", *(f"{key}: {values[key]}".rstrip() for key in FRONT), "---"])


def _list(items: Iterable[str]) -> str:
    return ", ".join(inert.line(item, also=",") for item in items)


def _timeline_row(row: TimelineRow) -> tuple[str, ...]:
    at = stamp(row.at) if row.at else EMPTY_CELL
    return at, row.stage.value if row.stage else EMPTY_CELL, _cell(row.event), _cell(row.trace_id)


def _factor(factor: Factor) -> str:
    return " ".join([inert.line(factor.text) or EMPTY, *(f"[{mode}]" for mode in factor.modes)])


def _fix(fix: Fix) -> str:
    known = (
        f"change: {'yes' if fix.changed else 'no'}",
        f"commit: {_cell(fix.commit_sha or '')}",
        f"ticket: {_cell(fix.ticket or '', links=True)}",
    )
    return f"{_text(fix.paragraph)}\n\n{_bullets(known)}"


def _scan_rows(draft: Draft, checklist: Sequence[tuple[int, str]]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for number, mode, suggested, given in beside(draft.suggestions, draft.answers, checklist):
        machine = machine_cell(suggested, given.suggested if given else None)
        people = given.answer.value if given else EMPTY_CELL
        note = inert.line(given.note if given else lack(suggested), also="|")
        rows.append((str(number), _cell(mode), machine, people, note))
    return rows


def _machine(draft: Draft) -> str:
    held: dict[str, Any] = {
        name: plain(msgspec.to_builtins(getattr(draft, name), builtin_types=(datetime,)))
        for name in ("event", "evidence", "suggestions", "extra")
    }
    shown = json.dumps(held, ensure_ascii=False, indent=1)
    return "".join(_json_inert(character) for character in shown)


def _json_inert(character: str) -> str:
    """Write what cannot be seen, and what HTML acts on, in JSON's own escapes."""
    if character not in "<>&" and (character == "\n" or not inert.hidden(character)):
        return character
    code = ord(character)
    if code <= _BMP:
        return f"\\u{code:04x}"
    high, low = divmod(code - _BMP - 1, 0x400)
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"
