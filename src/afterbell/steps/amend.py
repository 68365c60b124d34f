"""Amend: a dated addendum to a filed record, at the field it corrects. The record itself never changes."""

from __future__ import annotations

from msgspec import Struct

from afterbell import clock
from afterbell.blameless.lint import lint_text
from afterbell.disk.house import House
from afterbell.disk.log_files import Stored
from afterbell.model.amendment import judge_addendum
from afterbell.model.fault import Fault
from afterbell.model.record import Addendum
from afterbell.steps.entries import FACILITATOR, add_addendum, new_id
from afterbell.steps.lint import parser_of
from afterbell.steps.records import find, journal


class Amending(Struct, frozen=True, kw_only=True):
    """The entry of an addendum, or the faults that stand in the way."""

    stored: Stored | None
    addendum: Addendum
    faults: tuple[Fault, ...]


def amend(house: House, record_id: str, note: str, *, field: str | None = None, role: str = FACILITATOR) -> Amending:
    """Add `note` to one of the seven fields, or to the whole record; durable when this returns an entry.

    `record_id` may be its beginning. Raises UsageError when no record fits, LogError and DiskError as append does.
    """
    parent = find(house, record_id)
    addendum = Addendum(
        id=new_id(), parent_id=parent.record.id, created=clock.now(), role=role, field=field, note=note.strip()
    )
    language = lint_text(addendum.note, field or "note", parser_of(house))
    faults = (*judge_addendum(addendum, parent.record), *language)
    if faults:
        return Amending(stored=None, addendum=addendum, faults=faults)
    stored = add_addendum(journal(house), addendum, parent.stored, role)
    return Amending(stored=stored, addendum=addendum, faults=())
