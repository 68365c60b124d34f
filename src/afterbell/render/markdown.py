"""A filed record as a readable Markdown page, as filed or as amended, each addendum at the field it corrects.

Read-only: nothing reads this page back. All text is disarmed by `inert`, so a quoted injection stays a quotation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from afterbell.model import lifecycle
from afterbell.model.amendment import Amended, amended
from afterbell.model.lifecycle import FixState
from afterbell.model.record import Addendum, Record
from afterbell.model.scan import beside
from afterbell.model.vocabulary import Answer, RecordStatus
from afterbell.render import inert
from afterbell.render.form import stamp, table
from afterbell.render.form_parts import SECTIONS

_NONE = "none"
_AMENDED = "as amended"


def as_filed(record: Record) -> str:
    """Return the page of a record exactly as it was filed."""
    return _page(amended(record, ()), "as filed")


def as_amended(view: Amended) -> str:
    """Return the page of a record as it reads now, every addendum quoted below the field it corrects."""
    return _page(view, _AMENDED)


def _page(view: Amended, how: str) -> str:
    record = view.now
    parts = [f"# Postmortem {inert.line(record.id)}", table(("", how), _head(record)), *_missing(record)]
    parts += [_quote(addendum, view) for addendum in view.whole]
    for section in SECTIONS:
        if section.field == "machine":
            continue
        parts += [f"## {section.heading}", _field(record, section.field)]
        if section.field == "fix" and how == _AMENDED:
            parts += _known_of_fix(view)
        parts += [_quote(addendum, view) for addendum in view.at.get(section.field, ())]
    return "\n\n".join(parts) + "\n"


def _head(record: Record) -> Iterator[tuple[str, str]]:
    yield "status", record.status.value
    yield "created", stamp(record.created)
    if record.reconvene_by is not None:
        yield "reconvene by", record.reconvene_by.isoformat()
    if "imported" in record.extra:
        yield "imported", inert.line(str(record.extra["imported"]), also="|")
    yield "trigger", record.trigger.value if record.trigger else _NONE
    if record.event is not None:
        measured = f"{record.event.measured} against a limit of {record.event.limit} {record.event.unit}"
        yield "measured", inert.line(measured, also="|")
        yield "event", f"{inert.line(record.event_id, also='|')} at {stamp(record.event.occurred_at)}"
    else:
        yield "event", inert.line(record.event_id, also="|") or _NONE
    yield "traces", _listed(record.trace_ids)
    yield "verdict", record.verdict.value if record.verdict else _NONE
    yield "roles present", _listed(record.roles)
    yield "evidence (SHA-256)", _listed(record.evidence)


def _missing(record: Record) -> Iterator[str]:
    if record.status is RecordStatus.INCOMPLETE:
        gaps = "\n".join(f"- {inert.line(gap.message)}" for gap in record.missing)
        yield f"Incomplete, pending trace review. Still missing:\n\n{gaps or '- nothing'}"


def _quote(addendum: Addendum, view: Amended) -> str:
    what = "notes"
    if addendum.completion is not None:
        what = "completes the record"
    elif addendum.replacement is not None:
        what = "replaces this field"
    if addendum in view.unapplied:
        what = f"is without effect here (it {what}, but does not fit or cannot be read by this version)"
    lines = [f"Addendum of {stamp(addendum.created)} by {inert.line(addendum.role)}: {what}."]
    if addendum.note:
        lines += ["", *inert.block(addendum.note).split("\n")]
    return "\n".join(f"> {line}".rstrip() for line in lines)


def _listed(items: Sequence[str]) -> str:
    return ", ".join(inert.line(item, also="|") for item in items) or _NONE


def _field(record: Record, name: str) -> str:
    if name == "timeline":
        cells = [
            (
                stamp(row.at) if row.at else "",
                row.stage.value if row.stage else "",
                inert.line(row.event, also="|"),
                inert.line(row.trace_id, also="|"),
            )
            for row in record.timeline
        ]
        return table(("time (UTC)", "stage", "event", "trace_id"), cells)
    if name == "root_cause":
        return record.root_cause.value if record.root_cause else _NONE
    if name == "contributing_factors":
        return "\n".join(_factor(factor.text, factor.modes) for factor in record.contributing_factors) or _NONE
    if name == "fix":
        return _fix(record)
    if name == "references":
        links = [f"- {ref.kind.value}: {inert.line(ref.value, links=True)}" for ref in record.references]
        return "\n".join(links) or _NONE
    if name == "answers":
        return _answers(record)
    return inert.block(getattr(record, name)) or _NONE


def _factor(text: str, modes: Sequence[str]) -> str:
    cited = ", ".join(inert.line(mode) for mode in modes)
    return f"- {inert.line(text)}" + (f" ({cited})" if cited else "")


def _fix(record: Record) -> str:
    fix = record.fix
    parts = [inert.block(fix.paragraph) or _NONE]
    if fix.commit_sha:
        parts.append(f"Commit {inert.line(fix.commit_sha)}.")
    if fix.ticket:
        parts.append(f"Ticket {inert.line(fix.ticket, links=True)}")
    return "\n\n".join(parts)


def _known_of_fix(view: Amended) -> Iterator[str]:
    """Say whether the fix was shown to work, or is claimed."""
    state, check = lifecycle.fix(view)
    if state is FixState.SHOWN and check is not None:
        over = f"the case {inert.line(check.case)}" if check.case else "the frozen evidence"
        names = ", ".join(inert.line(name) for name in dict.fromkeys(each.name for each in check.asked))
        yield f"**Fix shown**: {names} no longer fires over {over}."
    elif state is FixState.CLAIMED:
        yield "**Fix claimed, not shown**" + (": it fired again when it was checked." if check else ".")


def _answers(record: Record) -> str:
    rows = []
    for number, mode, machine, person in beside(record.suggestions, record.answers):
        said = f"{machine.answer.value}: {machine.reason}" if machine else ""
        answer = person.answer.value if person else ""
        shown = f"**{answer}**" if answer == Answer.YES.value else answer
        note = inert.line(person.note, also="|") if person else ""
        rows.append((str(number), inert.line(mode, also="|"), inert.line(said, also="|"), shown, note))
    return table(("number", "mode", "machine", "people", "note"), rows)
