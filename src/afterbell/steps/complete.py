"""Complete: an incomplete record is completed by an addendum that holds the whole record, faultless."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from afterbell import clock
from afterbell.disk.house import House
from afterbell.disk.log_files import Stored
from afterbell.errors import UsageError
from afterbell.model import filing
from afterbell.model.amendment import judge_addendum
from afterbell.model.fault import Fault
from afterbell.model.record import Addendum, Record
from afterbell.steps import lint
from afterbell.steps.entries import FACILITATOR, add_addendum, new_id
from afterbell.steps.records import find, journal


class Completing(Struct, frozen=True, kw_only=True):
    """The entry of a completion, or what stands in the way: findings in the form, or faults of the addendum."""

    stored: Stored | None
    addendum: Addendum | None
    findings: tuple[lint.Finding, ...] = ()
    faults: tuple[Fault, ...] = ()


def complete(house: House, record_id: str, path: Path, *, role: str = FACILITATOR) -> Completing:
    """Complete the record with the form at `path`, whose id must be the record's; durable when this returns an entry.

    Raises UsageError when no record fits or the form is another's.
    """
    parent = find(house, record_id)
    checked = lint.lint(house, path)
    if checked.form.draft.id != parent.record.id:
        raise UsageError(
            f"the form is of record {checked.form.draft.id or '(none)'}", f"its id must be {parent.record.id}"
        )
    if checked.findings:
        return Completing(stored=None, addendum=None, findings=checked.findings)
    now = clock.now()
    made = filing.record(checked.form.draft, created=now, known_modes=lint.MODES, commits=checked.commits)
    if not isinstance(made, Record):
        return Completing(stored=None, addendum=None, faults=made)
    addendum = Addendum(id=new_id(), parent_id=parent.record.id, created=now, role=role, completion=made)
    done = any(item.completion is not None for item in parent.addenda)
    faults = judge_addendum(addendum, parent.record, completed=done)
    if faults:
        return Completing(stored=None, addendum=addendum, faults=faults)
    stored = add_addendum(journal(house), addendum, parent.stored, role)
    return Completing(stored=stored, addendum=addendum)
