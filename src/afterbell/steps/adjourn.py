"""Adjourn: a meeting ends with a record in the log, complete or incomplete with a reconvene date, or with all faults.

It goes the way of every form: the sheet is written back as Markdown, and that form is filed. Sealed is it too, where
this machine has the log's key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import msgspec
from msgspec import Struct

from afterbell.disk import files, keys
from afterbell.disk.house import House
from afterbell.disk.log_files import Stored
from afterbell.errors import AfterbellError, UsageError
from afterbell.model.checklist import CHECKLIST
from afterbell.model.fault import Fault
from afterbell.model.record import Draft
from afterbell.model.sheet import RECORD, STATUS, WHERE
from afterbell.model.vocabulary import RecordStatus
from afterbell.render.form import to_markdown
from afterbell.render.sheet import Filled
from afterbell.steps import append, complete, lint, seal
from afterbell.steps.meet import in_house
from afterbell.steps.records import Filed, journal, matching, place
from afterbell.steps.room import Room, Shown, shown

_NOW_COMPLETE = "complete, by an addendum"


class Adjourned(Struct, frozen=True, kw_only=True):
    """What became of a meeting: the record and where it lies, or the faults that stand in the way.

    `note` is for people: why what was filed is not sealed, or which records tell of the same event.
    """

    faults: tuple[Shown, ...] = ()
    record: str = ""
    status: str = ""
    where: str = ""
    sealed: bool = False
    note: str = ""


def adjourn(room: Room, *, incomplete: bool = False) -> Adjourned:
    """End a meeting; the record is durable when this returns one. Of what stands in the way, all is said at once.

    An incomplete record may have holes, and needs the date to reconvene. A meeting about an incomplete record files
    what completes it. Raises UsageError when the meeting has ended already, and what `append` raises.
    """
    with room.alone() as whole:
        _seq, now = room.now
        if now.get(RECORD):
            raise UsageError(f"the meeting has ended: it filed {now[RECORD]}", "afterbell amend corrects a record")
        earlier = _in_log(room.house, whole.draft.id)
        reconvened = earlier is not None and room.meeting.subject == earlier.record.id
        if earlier is not None and not reconvened:
            return _ended(room, earlier.stored, earlier.record.status, "it had been filed before")
        if reconvened and incomplete:
            raise UsageError("what is incomplete is completed, or left as it is", "the form keeps what was written")
        standing = [each for each in room.faults(whole) if not (incomplete and each.missing)]
        if standing:
            return Adjourned(faults=tuple(shown(each, whole) for each in standing))
        status = RecordStatus.INCOMPLETE if incomplete else RecordStatus.COMPLETE
        path = room.house.root / write_form(room, msgspec.structs.replace(whole.draft, status=status))
        if earlier is not None:
            completed = complete.complete(room.house, earlier.record.id, path)
            if completed.stored is None:
                return _stopped(whole, (*(each.fault for each in completed.findings), *completed.faults))
            return _ended(room, completed.stored, _NOW_COMPLETE, "")
        done = append.append(room.house, path)
        if done.stored is None or done.record is None:
            return _stopped(whole, (each.fault for each in done.findings))
        same = f"{', '.join(done.same_event)} tells of the same event already" if done.same_event else ""
        return _ended(room, done.stored, done.record.status, same)


def as_form(room: Room, draft: Draft | None = None) -> bytes:
    """Return the sheet (or a draft of it) as the Markdown form."""
    with room.alone() as whole:
        return to_markdown(draft or whole.draft, checklist=CHECKLIST).encode()


def write_form(room: Room, draft: Draft | None = None) -> str:
    """Write the sheet (or a draft of it) as the Markdown form, and return its path in the house.

    A form that somebody has edited since it was last read or written here is left, and another is written beside it.
    """
    with room.alone():
        text = as_form(room, draft)
        known = room.house.root / room.meeting.form
        beside = known.with_name(f"{known.stem}.{room.meeting.id[-6:]}.md")
        for path in (known, beside):
            there = files.read(path, lint.LARGEST + 1)
            if there is None or hashlib.sha256(there).hexdigest() == room.meeting.form_sha256:
                files.make_dirs(path.parent)
                files.replace(path, text)
                room.moved(in_house(room.house, path), hashlib.sha256(text).hexdigest())
                return room.meeting.form
    raise UsageError(f"{known} and {beside.name} were edited by hand", "move one of them away")


def _in_log(house: House, record: str) -> Filed | None:
    return next((each for each in matching(house, record) if each.record.id == record), None)


def _stopped(whole: Filled, faults: Iterable[Fault]) -> Adjourned:
    return Adjourned(faults=tuple(shown(each, whole) for each in faults))


def _ended(room: Room, stored: Stored, status: str, note: str) -> Adjourned:
    """Seal what was filed where this machine can, and write on the sheet how the meeting ended."""
    sealed, why = _sealed(room.house)
    log = journal(room.house)
    found = next((each for each in log.mentioning("id", stored.entry.id) if each.entry.id == stored.entry.id), stored)
    record = stored.entry.parent.id if stored.entry.parent else stored.entry.id
    made = Adjourned(
        record=record, status=str(status), where=place(found), sealed=sealed, note="; ".join(filter(None, (note, why)))
    )  # fmt: skip
    room.end({RECORD: made.record, STATUS: made.status, WHERE: made.where})
    return made


def _sealed(house: House) -> tuple[bool, str]:
    try:
        if keys.signer(seal.origin_of(house)) is None:
            return False, "this machine has no key of the log: afterbell seal, on the trunk"
        seal.seal(house)
    except AfterbellError as error:
        return False, f"not sealed: {error.message}"
    return True, ""
