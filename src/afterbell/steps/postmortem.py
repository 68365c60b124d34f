"""The specification's three names, `Postmortem`, `append` and `amend`, as it wrote them, on top of the real log.

For scripts that file a record without a form or a meeting. What a complete record lacks makes the record incomplete
and is listed in it; what is wrong raises ValueError with every fault.
"""

from __future__ import annotations

import uuid
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from afterbell import clock
from afterbell.disk import git
from afterbell.disk.house import House, find
from afterbell.disk.journal import Journal
from afterbell.errors import LogError
from afterbell.log.entry import EntryType
from afterbell.model import filing
from afterbell.model.amendment import judge_addendum
from afterbell.model.body import from_body
from afterbell.model.fault import Fault
from afterbell.model.judge_fields import LINK, SHA
from afterbell.model.record import Addendum, Draft, Factor, Fix, Record, Reference, ReferenceKind, TimelineRow
from afterbell.model.rules import RECONVENE_DAYS
from afterbell.model.scan import PersonAnswer
from afterbell.model.vocabulary import Answer, RootCause, RowStage
from afterbell.reading.times import to_utc
from afterbell.steps.entries import FACILITATOR, add_addendum, add_record, new_id
from afterbell.steps.lint import MODES
from afterbell.steps.records import telling_of

_SCRIPT = "script"


@dataclass
class Postmortem:
    """A postmortem with the specification's ten fields, and four optional ones.

    `timeline` rows are mappings with `at` (RFC 3339, UTC), `stage`, `event` and `trace_id`. `references` are mappings
    of a kind (trace, commit, pr, ticket) to a value, made from trace_id, fix_commit_sha and pr_link when not given.
    `answers` maps a mode's slug to yes, no, na or unknown, or to a pair of answer and note. `fix` is the paragraph.
    """

    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    created_utc: str = field(default_factory=lambda: clock.now().isoformat())
    summary: str = ""
    timeline: Sequence[Mapping[str, Any]] = field(default_factory=list)
    root_cause: str = ""
    contributing_factors: Sequence[str] = field(default_factory=list)
    fix_commit_sha: str = ""
    prevention: str = ""
    trace_id: str = ""
    pr_link: str = ""
    fix: str = ""
    references: Sequence[Mapping[str, str]] = field(default_factory=list)
    answers: Mapping[str, str | tuple[str, str]] = field(default_factory=dict)
    event_id: str = ""


def append(pm: Postmortem, path: Path | str | None = None) -> Record:
    """File a postmortem and return its record, durable when this returns.

    `path` names a file in the log's directory (the specification's `postmortems/log.jsonl`); without it the house
    of the working directory is used. Raises ValueError for a second use of the id and for what is wrong.
    """
    return file_away(pm, path)


def file_away(pm: Postmortem, path: Path | str | None, extra: Mapping[str, Any] | None = None) -> Record:
    """File a postmortem as `append` does, with fields of its own (`extra`) beside those that a record has."""
    log, root = _log(path)
    draft = msgspec.structs.replace(_draft(pm), extra=extra or {})
    created = _time(pm.created_utc, "created_utc")
    known = git.commits(root, [pm.fix_commit_sha] if SHA.fullmatch(pm.fix_commit_sha) else [])
    made: Record | tuple[Fault, ...] = filing.record(
        draft, created=created, known_modes=MODES, commits=known, met=False
    )
    if not isinstance(made, Record):
        due = created.date() + timedelta(days=RECONVENE_DAYS)
        made = filing.incomplete(draft, due, created=created, known_modes=MODES, commits=known, met=False)
    if not isinstance(made, Record):
        raise ValueError("; ".join(f"{fault.field}: {fault.message}" for fault in made))  # noqa: TRY004 - faults of content
    for earlier in telling_of(log, made.event_id):
        warnings.warn(
            f"postmortem {earlier} tells of event {made.event_id} already; use amend() to correct it", stacklevel=3
        )
    with _refusing():
        add_record(log, made, _SCRIPT)
    return made


def amend(parent_id: str, note: str, path: Path | str | None = None) -> Addendum:
    """Add a dated addendum to a filed postmortem and return it, durable when this returns.

    Raises ValueError when there is no such postmortem or the note is empty.
    """
    log, _root = _log(path)
    parent = log.find(parent_id)
    if parent is None or parent.entry.type is not EntryType.POSTMORTEM:
        raise ValueError(f"there is no postmortem {parent_id} to amend")
    addendum = Addendum(id=new_id(), parent_id=parent_id, created=clock.now(), role=FACILITATOR, note=note.strip())
    faults = judge_addendum(addendum, from_body(parent.entry.body))
    if faults:
        raise ValueError("; ".join(fault.message for fault in faults))
    with _refusing():
        add_addendum(log, addendum, parent, _SCRIPT)
    return addendum


@contextmanager
def _refusing() -> Iterator[None]:
    """Turn the log's refusal into the specification's ValueError."""
    try:
        yield
    except LogError as error:
        raise ValueError(f"{error.message} ({error.hint})") from None


def _log(path: Path | str | None) -> tuple[Journal, Path]:
    if path is None:
        house: House = find(Path.cwd())
        return Journal(house.postmortems), house.root
    directory = Path(path).parent
    return Journal(directory), directory


def _draft(pm: Postmortem) -> Draft:
    deferred = not pm.fix_commit_sha and pm.fix.strip().lower().startswith("no change")
    links = [each for each in pm.references if "ticket" in each]
    ticket = links[0]["ticket"] if links else None
    return Draft(
        id=pm.id,
        summary=pm.summary,
        timeline=tuple(_row(row, number) for number, row in enumerate(pm.timeline, 1)),
        root_cause=RootCause(_word(pm.root_cause, RootCause, "root_cause")) if pm.root_cause else None,
        contributing_factors=tuple(Factor(text=text) for text in pm.contributing_factors),
        fix=Fix(paragraph=pm.fix, commit_sha=pm.fix_commit_sha or None, ticket=ticket, changed=not deferred),
        prevention=pm.prevention,
        references=_references(pm),
        event_id=pm.event_id,
        trace_ids=(pm.trace_id,) if pm.trace_id else (),
        answers=tuple(_answer(mode, said) for mode, said in pm.answers.items()),
    )


def _row(row: Mapping[str, Any], number: int) -> TimelineRow:
    where = f"timeline row {number}"
    at, stage = row.get("at"), str(row.get("stage", ""))
    return TimelineRow(
        at=at if isinstance(at, datetime) else _time(str(at), where) if at else None,
        stage=RowStage(_word(stage, RowStage, where)) if stage else None,
        event=str(row.get("event", "")),
        trace_id=str(row.get("trace_id", "")),
    )


def _references(pm: Postmortem) -> tuple[Reference, ...]:
    given = [(kind, value) for each in pm.references for kind, value in each.items()]
    if not given:
        made = (
            (ReferenceKind.TRACE, pm.trace_id),
            (ReferenceKind.COMMIT, pm.fix_commit_sha),
            (ReferenceKind.PR, pm.pr_link),
        )
        given = [(kind.value, value) for kind, value in made if value]
    if pm.pr_link and not LINK.fullmatch(pm.pr_link):
        raise ValueError(f"pr_link: {pm.pr_link[:60]!r} does not read as a link")
    return tuple(
        Reference(kind=ReferenceKind(_word(kind, ReferenceKind, "references")), value=value) for kind, value in given
    )


def _answer(mode: str, said: str | tuple[str, str]) -> PersonAnswer:
    answer, note = (said, "") if isinstance(said, str) else said
    if mode not in MODES:
        raise ValueError(f"answers: {mode!r} is not on the checklist")
    return PersonAnswer(
        number=MODES.index(mode) + 1, mode=mode, answer=Answer(_word(answer, Answer, "answers")), note=note
    )


def _word(text: str, kind: type[RootCause | RowStage | ReferenceKind | Answer], where: str) -> str:
    words = [member.value for member in kind]
    if text.lower() not in words:
        raise ValueError(f"{where}: {text[:40]!r} is not one of {', '.join(words)}")
    return text.lower()


def _time(text: str, where: str) -> datetime:
    moment = to_utc(text)
    if moment is None:
        raise ValueError(f"{where}: {text[:40]!r} is not a time with a zone; write it as 2026-01-05T14:02:00Z")
    return moment
