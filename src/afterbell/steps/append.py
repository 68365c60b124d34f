"""Append: a checked form becomes one more entry of the log, or every fault is said and nothing is written."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from afterbell import clock
from afterbell.disk.house import House
from afterbell.disk.log_files import Stored
from afterbell.model import filing
from afterbell.model.fault import Fault
from afterbell.model.record import Record
from afterbell.model.vocabulary import RecordStatus
from afterbell.steps import lint
from afterbell.steps.entries import FACILITATOR, add_record
from afterbell.steps.records import journal, of_event
from afterbell.steps.store import policy_of


class Appended(Struct, frozen=True, kw_only=True):
    """What became of a form: the entry and its record, or the findings that stand in the way.

    `same_event` names records that tell of the same event already: a correction is an amendment.
    """

    stored: Stored | None
    record: Record | None
    findings: tuple[lint.Finding, ...]
    same_event: tuple[str, ...] = ()


def append(house: House, path: Path) -> Appended:
    """File the form at `path`; durable when this returns an entry.

    A form whose status is incomplete may have holes, which the record then lists, but nothing that is wrong. Raises
    LogError when its id is in the log already, DiskError when a write fails.
    """
    return file(house, lint.lint(house, path))


def file(house: House, checked: lint.Checked) -> Appended:
    """File a form that has been checked."""
    draft = checked.form.draft
    partial = draft.status is RecordStatus.INCOMPLETE
    stopping = tuple(each for each in checked.findings if not (partial and each.fault.missing))
    if stopping:
        return Appended(stored=None, record=None, findings=stopping)
    now = clock.now()
    if partial:
        days = policy_of(house).limits.reconvene_days
        made = filing.incomplete(
            draft, draft.reconvene_by, created=now, known_modes=lint.MODES, commits=checked.commits, reconvene_days=days
        )
    else:
        made = filing.record(draft, created=now, known_modes=lint.MODES, commits=checked.commits)
    if not isinstance(made, Record):
        return Appended(stored=None, record=None, findings=tuple(_unplaced(fault) for fault in made))
    earlier = of_event(house, made.event_id)
    stored = add_record(journal(house), made, made.roles[0] if made.roles else FACILITATOR)
    return Appended(stored=stored, record=made, findings=(), same_event=earlier)


def _unplaced(fault: Fault) -> lint.Finding:
    return lint.Finding(fault=fault, start=0, end=0, line=1, column=1)
