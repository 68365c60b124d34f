"""Judges an addendum, and shows a record as amended: every addendum at the field it corrects.

The filed record is never touched; "as amended" is a view made anew each time from the record and its addenda.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from afterbell import canon
from afterbell.errors import CanonError, FormatError
from afterbell.model.body import body, from_body, plain
from afterbell.model.fault import Fault
from afterbell.model.judge_beside import role_faults
from afterbell.model.record import FIELDS, Addendum, Record
from afterbell.model.rules import fault
from afterbell.model.vocabulary import RecordStatus


class Amended(Struct, frozen=True, kw_only=True):
    """A record as filed, as it reads now, and its addenda in the order of the log, each at the field it corrects.

    `at` has a key for each of the seven fields; addenda to the whole record, also completions, are in `whole`.
    """

    filed: Record
    now: Record
    at: Mapping[str, tuple[Addendum, ...]]
    whole: tuple[Addendum, ...]


def amended(filed: Record, addenda: Iterable[Addendum]) -> Amended:
    """Return the view of `filed` under its addenda, in the order of the log; those of other parents are left out.

    Raises FormatError when a replacement does not read as its field; `judge_addendum` keeps such out.
    """
    own = [item for item in addenda if item.parent_id == filed.id]
    now = filed
    for item in own:
        now = _apply(now, item)
    at = {name: tuple(item for item in own if item.field == name) for name in FIELDS}
    return Amended(filed=filed, now=now, at=at, whole=tuple(item for item in own if item.field not in FIELDS))


def judge_addendum(addendum: Addendum, parent: Record, *, completed: bool = False) -> tuple[Fault, ...]:
    """Return every fault of an addendum to `parent`; `completed` tells that an earlier one completed it already.

    That a completion is faultless is known by how it was made (`filing.record`); here only that it fits.
    """
    return tuple(_faults(addendum, parent, completed=completed))


def _faults(addendum: Addendum, parent: Record, *, completed: bool) -> Iterator[Fault]:
    if addendum.parent_id != parent.id:
        yield fault("addendum.parent", f"the parent is {parent.id}, not {addendum.parent_id}")
    if addendum.created < parent.created:
        yield fault("addendum.date", "the addendum is older than its parent")
    given = (addendum.note.strip() != "", addendum.replacement is not None, addendum.completion is not None)
    if not any(given):
        yield fault("addendum.empty", "the addendum holds neither a note, nor a replacement, nor a completion")
    if addendum.field is not None and addendum.field not in FIELDS:
        yield fault("addendum.field", f"{addendum.field!r} is not one of the seven fields")
    if addendum.replacement is not None:
        yield from _replacement_faults(addendum, parent)
    yield from role_faults((addendum.role,), "addendum.role")
    if (fuller := addendum.completion) is not None:
        fits = fuller.id == parent.id and fuller.status is RecordStatus.COMPLETE and addendum.field is None
        if completed or not fits or parent.status is RecordStatus.COMPLETE or addendum.replacement is not None:
            yield fault("addendum.completion", "this does not complete an incomplete record")
    try:
        canon.dumps(plain(addendum.note))
    except CanonError as error:
        yield fault("text.unwritable", f"the note: {error.message}", field="addendum.note")


def _replacement_faults(addendum: Addendum, parent: Record) -> Iterator[Fault]:
    if addendum.field is None:
        yield fault("addendum.field", "a replacement names the field it replaces")
        return
    try:
        _apply(parent, addendum)
    except (FormatError, CanonError) as error:
        yield fault("addendum.form", f"the replacement does not read as {addendum.field}: {error.message}")


def _apply(now: Record, item: Addendum) -> Record:
    if item.completion is not None:
        return item.completion
    if item.replacement is None or item.field not in FIELDS:
        return now
    whole: dict[str, Any] = body(msgspec.structs.replace(now, extra={}))
    return msgspec.structs.replace(from_body({**whole, item.field: item.replacement}), extra=now.extra)
