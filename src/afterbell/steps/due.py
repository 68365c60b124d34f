"""Due: which meetings, reconvened meetings and fixes have not happened, and which are late; calendars and notices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from afterbell import clock
from afterbell.disk import files, notices
from afterbell.disk.house import House
from afterbell.errors import UsageError
from afterbell.model.amendment import Amended
from afterbell.model.due import Due, Step
from afterbell.model.event import Event
from afterbell.query.due import due
from afterbell.render import calendar
from afterbell.render.calendar import Appointment
from afterbell.render.form_reader import from_markdown
from afterbell.steps import lint, trigger
from afterbell.steps.owned import Owned
from afterbell.steps.records import filed
from afterbell.steps.store import Store, policy_of

_TITLES = {
    Step.MEETING: "Postmortem meeting", Step.FILE: "Postmortem to be filed", Step.RECONVENE: "Postmortem, reconvened",
    Step.FIX: "Fix to be shown",
}  # fmt: skip


def list_due(house: House) -> tuple[Due, ...]:
    """Return what is due in a house, the earliest first; events come from the store, records from the log."""
    return due_among(house, trigger.fire(Store(house)).events, [each.view for each in filed(house)])


def due_among(house: House, events: Iterable[Event], views: Iterable[Amended]) -> tuple[Due, ...]:
    """Return what is due of these events and records of a house, the earliest first."""
    return due(
        events, views, clock.now(), held=frozenset(_held(house)), owners=Owned(house).roles,
        fix_days=policy_of(house).limits.fix_shown_days,
    )  # fmt: skip


def write_calendar(found: Sequence[Due], target: Path) -> tuple[Path, ...]:
    """Write what has a deadline as iCalendar: one file when `target` ends in .ics, else one for each into a folder.

    A file that was written here for a meeting that is no longer due is removed, so that a calendar drops it too.
    """
    meetings = [_appointment(each) for each in found if each.due_by is not None]
    made = clock.now()
    if target.suffix == ".ics":
        files.make_dirs(target.parent)
        files.replace(target, calendar.calendar(meetings, made))
        return (target,)
    files.make_dirs(target)
    wanted = {calendar.file_name(each): each for each in meetings}
    for name in files.names(target):
        if name.endswith(".ics") and name not in wanted and calendar.MAKER in (files.read(target / name, 400) or b""):
            files.remove(target / name)
    for name, each in wanted.items():
        files.replace(target / name, calendar.calendar([each], made))
    return tuple(target / name for name in wanted)


def notify(found: Sequence[Due], addresses: Sequence[str]) -> int:
    """Send what is overdue to the addresses, and nothing when nothing is; return how many services took it."""
    late = [_appointment(each) for each in found if each.overdue]
    if not addresses:
        raise UsageError("no address to notify", "--notify ADDRESS, or AFTERBELL_NOTIFY")
    if not late:
        return 0
    return notices.send(addresses, f"afterbell: {len(late)} overdue", calendar.lines(late))


def _appointment(each: Due) -> Appointment:
    command = {
        Step.MEETING: f"afterbell draft {each.subject}", Step.FILE: "afterbell append FILE",
        Step.RECONVENE: f"afterbell complete {each.subject} FILE", Step.FIX: f"afterbell check-fix {each.subject}",
    }[each.step]  # fmt: skip
    if each.due_by is None:
        raise UsageError(f"{each.subject} has no deadline", "set fix_shown_days in the policy")
    return Appointment(
        subject=each.subject, title=f"{_TITLES[each.step]}: {each.about.partition(':')[0]}", due_by=each.due_by,
        roles=each.roles, about=each.about, commands=(command,),
    )  # fmt: skip


def _held(house: House) -> Iterator[str]:
    """Yield the events with a form that says who was present: the meeting was held, and nothing is filed yet."""
    for name in files.names(house.drafts):
        if name.endswith(".md"):
            draft = from_markdown(lint.read(house.drafts / name)).draft
            if draft.event_id and draft.roles:
                yield draft.event_id
