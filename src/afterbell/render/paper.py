"""A record as what a typst template sets on paper: JSON in which every text is a text, so nothing in it acts.

The template is ours and fixed; what cannot be seen is spelled out, as on every page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from afterbell.model import lifecycle
from afterbell.model.amendment import Amended
from afterbell.model.lifecycle import FixState
from afterbell.model.record import FIELDS, Addendum, Record
from afterbell.model.scan import beside
from afterbell.model.vocabulary import RecordStatus
from afterbell.render import inert
from afterbell.render.form_parts import SECTIONS
from afterbell.render.html import moment, visible

_COMMON = "\n\t -~\xa1-\u024f\u0370-\u03ff\u0400-\u04ff\u2013\u2014\u2018-\u201d\u2020-\u2022\u2026\u20ac"
_BEYOND = re.compile(f"[^{_COMMON}]")
_LONG = re.compile(r"\S{70}(?=\S)")
_LONG_IN_CELL = re.compile(r"\S{22}(?=\S)")
_BREAK = "\u200b"  # typst breaks a line there, and nowhere else in a long word
_NONE = "none"
_HEADS = ("time (UTC)", "stage", "event", "trace")


def paper(view: Amended, log: Iterable[tuple[str, str]], *, plain: bool = False) -> dict[str, Any]:
    r"""Return the values of the template for a record as it reads now; `log` are rows about its place in the log.

    With `plain`, what the common fonts cannot show is written as its number, `\u{5B57}`.
    """
    record = view.now
    values = {
        "title": f"Postmortem {record.id}", "foot": f"Record {record.id}, as amended", "how": "as amended",
        "head": _head(view), "missing": _missing(record), "whole": [_addendum(each, view) for each in view.whole],
        "sections": [_section(section.heading, section.field, view) for section in SECTIONS if section.field in FIELDS],
        "answers": _answers(record), "log": [list(row) for row in log],
    }  # fmt: skip
    shown: dict[str, Any] = _shown(values, plain=plain)
    shown["answers"] = [[_LONG_IN_CELL.sub(_soft, cell) for cell in row] for row in shown["answers"]]
    return shown


def _head(view: Amended) -> list[list[str]]:
    record, event = view.now, view.now.event
    rows = [
        ("status", record.status.value), ("filed", moment(view.filed.created)),
        ("reconvene by", record.reconvene_by.isoformat() if record.reconvene_by else ""),
        ("trigger", record.trigger.value if record.trigger else _NONE),
        ("measured", f"{event.measured} against a limit of {event.limit} {event.unit}" if event else ""),
        ("event", f"{record.event_id or _NONE}{f' at {moment(event.occurred_at)}' if event else ''}"),
        ("traces", ", ".join(record.trace_ids) or _NONE),
        ("verdict", record.verdict.value if record.verdict else _NONE),
        ("roles present", ", ".join(record.roles) or _NONE), ("evidence", ", ".join(record.evidence) or _NONE),
    ]  # fmt: skip
    return [[name, value] for name, value in rows if value]


def _missing(record: Record) -> list[str]:
    return [gap.message for gap in record.missing] if record.status is RecordStatus.INCOMPLETE else []


def _section(heading: str, field: str, view: Amended) -> dict[str, Any]:
    record = view.now
    lines: list[str] = []
    kind: dict[str, Any]
    if field == "timeline" and record.timeline:
        rows = [
            [moment(row.at), row.stage.value if row.stage else "", row.event, row.trace_id[:12]]
            for row in record.timeline
        ]
        kind = {"kind": "table", "heads": list(_HEADS), "rows": rows}
    elif field == "contributing_factors" and record.contributing_factors:
        kind = {"kind": "list", "items": [
            f"{each.text} ({', '.join(each.modes)})" if each.modes else each.text
            for each in record.contributing_factors
        ]}  # fmt: skip
    elif field == "references" and record.references:
        kind = {"kind": "list", "items": [f"{each.kind.value}: {each.value}" for each in record.references]}
    else:
        kind = {"kind": "prose", "text": _prose(record, field)}
    if field == "fix":
        lines = _of_fix(view)
    addenda = [_addendum(each, view) for each in view.at.get(field, ())]
    return {"heading": heading, "lines": lines, "addenda": addenda} | kind


def _prose(record: Record, field: str) -> str:
    if field == "root_cause":
        return record.root_cause.value if record.root_cause else _NONE
    text = record.fix.paragraph if field == "fix" else getattr(record, field)
    return str(text) if text else _NONE


def _of_fix(view: Amended) -> list[str]:
    fix = view.now.fix
    state, check = lifecycle.fix(view)
    known = {
        FixState.SHOWN: "Shown: what fired no longer fires.",
        FixState.CLAIMED: "Claimed, not shown" + (": it fired again when it was checked." if check else "."),
    }
    lines = [f"Commit {fix.commit_sha}" if fix.commit_sha else "", f"Ticket {fix.ticket}" if fix.ticket else "",
             known.get(state, "")]  # fmt: skip
    return [line for line in lines if line]


def _addendum(each: Addendum, view: Amended) -> dict[str, str]:
    what = "a note"
    if each in view.unapplied:
        what = "without effect: it does not fit, or cannot be read by this version"
    elif each.completion is not None:
        what = "completes the record"
    elif each.replacement is not None:
        what = "replaces this field"
    return {"head": f"Addendum of {moment(each.created)} by {each.role}: {what}.", "note": each.note}


def _answers(record: Record) -> list[list[str]]:
    rows = []
    for number, mode, suggested, said in beside(record.suggestions, record.answers):
        answer = f"{said.answer.value}{f': {said.note}' if said.note else ''}" if said else "not answered"
        reason = f"{suggested.answer.value}: {suggested.reason}" if suggested else ""
        rows.append([str(number), mode, answer, reason])
    return rows


def _soft(match: re.Match[str]) -> str:
    return match[0] + _BREAK


def _shown(value: Any, *, plain: bool) -> Any:
    if isinstance(value, str):
        text = visible(value)
        spelled = _BEYOND.sub(lambda match: inert.number(match[0]), text) if plain else text
        return _LONG.sub(_soft, spelled)
    if isinstance(value, Mapping):
        return {key: _shown(item, plain=plain) for key, item in value.items()}
    return [_shown(item, plain=plain) for item in value]
