"""Amend: a dated addendum to a filed record, at the field it corrects. The record itself never changes."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from afterbell import clock
from afterbell.blameless.lint import lint as lint_content
from afterbell.blameless.lint import lint_text
from afterbell.disk.house import House
from afterbell.disk.log_files import Stored
from afterbell.model.amendment import amended, judge_addendum
from afterbell.model.body import plain
from afterbell.model.fault import Fault
from afterbell.model.record import FIELDS, Addendum
from afterbell.render.form_reader import field_from_markdown
from afterbell.steps.entries import FACILITATOR, add_addendum, new_id
from afterbell.steps.lint import parser_of
from afterbell.steps.records import Filed, find, journal


class Amending(Struct, frozen=True, kw_only=True):
    """The entry of an addendum, or the faults that stand in the way; neither when it was only looked at."""

    stored: Stored | None
    addendum: Addendum
    faults: tuple[Fault, ...]


def amend(
    house: House, record_id: str, note: str, *, field: str | None = None, role: str = FACILITATOR,
    replacement: str | None = None, keep: bool = True,
) -> Amending:  # fmt: skip
    """Add `note` to one of the seven fields, or to the whole record; durable when this returns an entry.

    `replacement` is the field as it shall read, in the Markdown of the form. With `keep` false nothing is added: what
    would stand in the way is returned all the same. `record_id` may be its beginning. Raises UsageError when no record
    fits, LogError and DiskError as append does.
    """
    parent = find(house, record_id)
    value, faults = _read(field, replacement)
    addendum = Addendum(
        id=new_id(), parent_id=parent.record.id, created=clock.now(), role=role, field=field, note=note.strip(),
        replacement=value,
    )  # fmt: skip
    faults = (*faults, *judge_addendum(addendum, parent.record), *_language(house, addendum, parent))
    if faults or not keep:
        return Amending(stored=None, addendum=addendum, faults=faults)
    stored = add_addendum(journal(house), addendum, parent.stored, role)
    return Amending(stored=stored, addendum=addendum, faults=())


def _read(field: str | None, replacement: str | None) -> tuple[Any, tuple[Fault, ...]]:
    """Return a replacement in the JSON of a record's body, and the faults of its form."""
    if replacement is None or field not in FIELDS:
        return replacement, ()
    value, faults = field_from_markdown(field, replacement)
    return plain(value), faults


def _language(house: House, addendum: Addendum, parent: Filed) -> tuple[Fault, ...]:
    parser = parser_of(house)
    faults = lint_text(addendum.note, addendum.field or "note", parser)
    if addendum.replacement is not None:
        after = amended(parent.record, (addendum,)).now
        faults += tuple(each for each in lint_content(after, parser) if each.root == addendum.field)
    return faults
