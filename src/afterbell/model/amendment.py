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
from afterbell.model.body import body, from_body
from afterbell.model.fault import Fault
from afterbell.model.judge import judge
from afterbell.model.judge_beside import role_faults
from afterbell.model.record import FIELDS, Addendum, Record
from afterbell.model.rules import BODY_BYTES, fault
from afterbell.model.vocabulary import RecordStatus


class Amended(Struct, frozen=True, kw_only=True):
    """A record as filed, as it reads now, and its addenda in the order of the log, each at the field it corrects.

    `at` has a key for each of the seven fields; addenda to the whole record, also completions, are in `whole`.
    `unapplied` are those of them that change nothing in `now` although they mean to: a replacement that this version
    cannot read, or a completion that does not fit. They are shown where they stand, and said to be without effect.
    """

    filed: Record
    now: Record
    at: Mapping[str, tuple[Addendum, ...]]
    whole: tuple[Addendum, ...]
    unapplied: tuple[Addendum, ...] = ()


def amended(filed: Record, addenda: Iterable[Addendum]) -> Amended:
    """Return the view of `filed` under its addenda, in the order of the log; those of other parents are left out.

    It raises nothing: what `judge_addendum` would have kept out stays visible in `unapplied`.
    """
    own = tuple(item for item in addenda if item.parent_id == filed.id)
    now = filed
    unapplied = []
    for item in own:
        try:
            now = _apply(now, item)
        except (FormatError, CanonError):
            unapplied.append(item)
    at = {name: tuple(item for item in own if item.field == name) for name in FIELDS}
    whole = tuple(item for item in own if item.field not in FIELDS)
    return Amended(filed=filed, now=now, at=at, whole=whole, unapplied=tuple(unapplied))


def judge_addendum(addendum: Addendum, parent: Record, *, completed: bool = False) -> tuple[Fault, ...]:
    """Return every fault of an addendum to `parent`; `completed` tells that an earlier one completed it already.

    A replacement must keep the rules of its field, as far as the form goes; language is linted beside this. That a
    completion is faultless is known by how it was made (`filing.record`); here only that it fits.
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
        yield fault("addendum.field", f"{addendum.field[:60]!r} is not one of the seven fields")
    elif addendum.replacement is not None:
        yield from _replacement_faults(addendum, parent)
    yield from role_faults((addendum.role,), "addendum.role")
    if addendum.completion is not None:
        fits = _completes(addendum, parent) and addendum.replacement is None
        if completed or not fits:
            yield fault("addendum.completion", "this does not complete an incomplete record")
    yield from _writable(addendum)


def _writable(addendum: Addendum) -> Iterator[Fault]:
    try:
        size = len(canon.dumps(body(addendum)))
    except CanonError as error:
        yield fault("text.unwritable", f"the addendum: {error.message}", field="addendum.note")
        return
    if size > BODY_BYTES:
        yield fault("record.size", f"the addendum takes {size} bytes; the limit is {BODY_BYTES}", field="addendum")


def _replacement_faults(addendum: Addendum, parent: Record) -> Iterator[Fault]:
    if addendum.field is None:
        yield fault("addendum.field", "a replacement names the field it replaces")
        return
    try:
        after = _apply(parent, msgspec.structs.replace(addendum, completion=None))
    except (FormatError, CanonError) as error:
        yield fault("addendum.form", f"the replacement does not read as {addendum.field}: {error.message}")
        return
    yield from (each for each in judge(after, known_modes=()) if each.root == addendum.field)


def _completes(addendum: Addendum, now: Record) -> bool:
    fuller = addendum.completion
    return (
        fuller is not None
        and fuller.id == now.id
        and fuller.status is RecordStatus.COMPLETE
        and now.status is RecordStatus.INCOMPLETE
        and addendum.field is None
    )


def _apply(now: Record, item: Addendum) -> Record:
    """Return the record after one more addendum. Raises FormatError or CanonError for what cannot take effect."""
    if item.completion is not None:
        if not _completes(item, now):
            raise FormatError("this does not complete an incomplete record", "amend a field instead")
        return item.completion
    if item.replacement is None or item.field not in FIELDS:
        return now
    whole: dict[str, Any] = body(msgspec.structs.replace(now, extra={}))
    after = from_body({**whole, item.field: item.replacement})
    kept = {key: value for key, value in now.extra.items() if key != item.field}
    return msgspec.structs.replace(after, extra={**kept, **after.extra})
