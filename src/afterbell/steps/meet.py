"""Meet: opens the meeting about an event, a trace, a form or an incomplete record, or goes on with one that is open.

A meeting always begins from a Markdown form: the newest one in the drafts about its event, or one that is written for
it. What happens in it is in `room`; how it ends, in `adjourn`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from msgspec import Struct

from afterbell import clock
from afterbell.catalog import shelves
from afterbell.disk import files, git
from afterbell.disk.git import Commit
from afterbell.disk.house import House
from afterbell.disk.meetings import Meeting, Meetings
from afterbell.disk.state import State
from afterbell.errors import UsageError
from afterbell.model.checklist import CHECKLIST
from afterbell.model.filing import draft_of
from afterbell.model.record import Draft
from afterbell.model.scan import Suggestion, beside
from afterbell.model.vocabulary import RecordStatus
from afterbell.query.due import MEETING_ROLES
from afterbell.render.form import to_markdown
from afterbell.render.form_reader import from_markdown
from afterbell.render.html import visible
from afterbell.render.sheet import sheet
from afterbell.steps import draft as drafting
from afterbell.steps import lint
from afterbell.steps.entries import new_id
from afterbell.steps.owned import Owned
from afterbell.steps.records import matching
from afterbell.steps.room import named_modules
from afterbell.steps.store import Store, policy_of

REVIEWER = "reviewer"
_EVENT = "ev-"
_MOST_COMMITS = 40
_LONGEST_SUBJECT, _LONGEST_ABOUT = 200, 400


class Question(Struct, frozen=True, kw_only=True):
    """One of the twenty as it is asked; `page` is the text of `afterbell explain`, `machine` what the scan suggests."""

    number: int
    mode: str
    text: str
    page: str
    machine: Suggestion | None = None


class Setting(Struct, frozen=True, kw_only=True):
    """What a meeting's page shows beside the sheet: the time, the last day to reconvene, questions, commits."""

    now: datetime
    last_day: date
    questions: tuple[Question, ...]
    commits: tuple[Commit, ...]


def open_meeting(house: House, state: State, subject: str) -> Meeting:
    """Open the meeting about an event, a trace or an incomplete record (an id or its beginning), or go on with it.

    Raises UsageError when nothing here fits, or more than one does.
    """
    meetings = Meetings(state)
    record = next((each for each in matching(house, subject) if not subject.startswith(_EVENT)), None)
    if record is not None:
        now = record.view.now
        if now.status is not RecordStatus.INCOMPLETE:
            raise UsageError(f"record {now.id} is complete", "afterbell amend corrects it")
        return meetings.open_about(now.id) or _opened(house, meetings, now.id, _form_of(house, draft_of(now), ".next"))
    if subject.startswith(_EVENT):
        return meetings.open_about(subject) or open_form(house, state, _drafted(house, subject))
    trace_id = Store(house).match(subject)
    return meetings.open_about(trace_id) or _opened(house, meetings, trace_id, drafting.draft(house, trace_id).path)


def open_subject(house: House, state: State, subject: str) -> Meeting:
    """Open the meeting about the form in a file, or about what `open_meeting` finds."""
    path = Path(subject)
    return open_form(house, state, path) if path.is_file() else open_meeting(house, state, subject)


def open_form(house: House, state: State, path: Path) -> Meeting:
    """Open the meeting about a form, or go on with it.

    Raises UsageError for a form that does not read whole, or of which a record was filed.
    """
    subject = visible(from_markdown(lint.read(path)).draft.event_id or path.name)[:_LONGEST_SUBJECT]
    meetings = Meetings(state)
    return meetings.open_about(subject) or _opened(house, meetings, subject, path)


def setting(house: House, meeting: Meeting) -> Setting:
    """Return what the page of a meeting shows beside its sheet."""
    now, days = clock.now(), policy_of(house).limits.reconvene_days
    return Setting(
        now=now, last_day=now.date() + timedelta(days=days), questions=questions(meeting.draft),
        commits=commits(house, meeting.draft),
    )  # fmt: skip


def questions(draft: Draft) -> tuple[Question, ...]:
    """Return the checklist as it is asked, in its order."""
    modes = {mode.slug: mode for mode in shelves.modes().values()}
    return tuple(
        Question(
            number=number, mode=name, text=modes[name].question if name in modes else "",
            page=modes[name].page if name in modes else "", machine=machine,
        )
        for number, name, machine, _people in beside(draft.suggestions, (), CHECKLIST)
    )  # fmt: skip


def commits(house: House, draft: Draft) -> tuple[Commit, ...]:
    """Return the commits since the event, the latest first; those among which the fix is likely to be."""
    rows = [row.at for row in draft.timeline if row.at and row.at.tzinfo]
    times = [draft.event.occurred_at] if draft.event else rows
    return git.since(house.root, min(times), _MOST_COMMITS) if times else ()


def in_house(house: House, path: Path) -> str:
    """Return a path as a meeting keeps it: from the house's root where it lies in it."""
    whole, root = path.resolve(), house.root.resolve()
    return str(whole.relative_to(root) if whole.is_relative_to(root) else whole)


def _drafted(house: House, event_id: str) -> Path:
    """Return the newest form about an event (an id or its beginning), or one that is written now."""
    forms: dict[str, Path] = {}
    for name in sorted(files.names(house.drafts)):
        if name.endswith(".md"):
            about = from_markdown(lint.read(house.drafts / name)).draft.event_id
            if about.startswith(event_id):
                forms[about] = house.drafts / name
    if len(forms) > 1:
        raise UsageError(f"{event_id!r} fits {len(forms)} events", "give more of the id")
    return next(iter(forms.values()), None) or drafting.draft(house, event_id).path


def _form_of(house: House, draft: Draft, ending: str) -> Path:
    """Write a form for a draft, where none is yet, and return its path."""
    path = house.drafts / f"{draft.id}{ending}.md"
    files.make_dirs(path.parent)
    if files.read(path, 1) is None:
        files.write_once(path, to_markdown(draft, checklist=CHECKLIST).encode())
    return path


def _opened(house: House, meetings: Meetings, subject: str, path: Path) -> Meeting:
    text = lint.read(path)
    form = from_markdown(text)
    filed = next(
        (each.record.id for each in matching(house, form.draft.id) if each.record.id == form.draft.id), subject
    )
    if filed != subject:
        hint = "afterbell meet RECORD reconvenes about an incomplete one; afterbell amend corrects"
        raise UsageError(f"record {filed} was filed from {path.name}", hint)
    if form.faults:
        raise UsageError(f"{path} does not read whole: {form.faults[0].message}", f"afterbell lint {path}")
    event = form.draft.event
    about = f"{event.trigger.value}: {event.reason}" if event else form.draft.summary or subject
    made = Meeting(
        id=new_id(), subject=subject, about=visible(about)[:_LONGEST_ABOUT], draft=form.draft,
        sheet=sheet(form.draft, tuple(_roles(house, form.draft)), CHECKLIST), form=in_house(house, path),
        form_sha256=hashlib.sha256(text.encode()).hexdigest(), opened_at=int(clock.now().timestamp()),
    )  # fmt: skip
    meetings.add(made)
    return made


def _roles(house: House, draft: Draft) -> Iterator[str]:
    """Yield the roles that a meeting has: the operator, the owner of the module that the draft names, a reviewer."""
    yield MEETING_ROLES[0]
    yield Owned(house).roles(named_modules(draft))[0]
    yield REVIEWER
