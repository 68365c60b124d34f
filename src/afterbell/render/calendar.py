"""Meetings as iCalendar (RFC 5545), with the agenda: thirty minutes that end when the meeting is due.

Times are in UTC, so no zone is needed. The same meeting has the same UID each time: a calendar moves it, and does not
add a second one. Attendees are roles in the text; no address or name is written.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import icalendar
from msgspec import Struct

from afterbell.render.form_parts import SECTIONS

MINUTES = 30
MAKER = b"-//afterbell//meetings//EN"
_REMIND = timedelta(hours=24)
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,80}")
_NOT_TALKED_ABOUT = frozenset({"machine"})


class Appointment(Struct, frozen=True, kw_only=True):
    """One meeting: what for (`subject`, an event or record id), by when (UTC), which roles, and what it is about."""

    subject: str
    title: str
    due_by: datetime
    roles: tuple[str, ...]
    about: str
    commands: tuple[str, ...] = ()


def agenda(meeting: Appointment) -> str:
    """Return the agenda as text: who, what about, and the headings of the record in their order."""
    lines = [f"{MINUTES} minutes, at most three people. Roles: {', '.join(meeting.roles)}.", meeting.about, ""]
    headings = [section.heading for section in SECTIONS if section.field not in _NOT_TALKED_ABOUT]
    lines += [f"{number}. {heading}" for number, heading in enumerate(headings, start=1)]
    lines += ["", "What cannot be filled in makes the record incomplete, with a date to meet again.", *meeting.commands]
    return "\n".join(lines)


def calendar(meetings: Iterable[Appointment], made: datetime) -> bytes:
    """Return one calendar with an event for each meeting; `made` is the time of writing, in UTC."""
    whole = icalendar.Calendar()
    whole.add("prodid", MAKER.decode())
    whole.add("version", "2.0")
    whole.add("method", "PUBLISH")
    for meeting in meetings:
        whole.add_component(_event(meeting, made))
    return bytes(whole.to_ical())


def _event(meeting: Appointment, made: datetime) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", f"{meeting.subject}@afterbell")
    event.add("dtstamp", made)
    event.add("dtstart", meeting.due_by - timedelta(minutes=MINUTES))
    event.add("dtend", meeting.due_by)
    event.add("summary", meeting.title)
    event.add("description", agenda(meeting))
    event.add("status", "TENTATIVE")
    event.add("categories", ["POSTMORTEM"])
    alarm = icalendar.Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", meeting.title)
    alarm.add("trigger", -_REMIND)
    event.add_component(alarm)
    return event


def file_name(meeting: Appointment) -> str:
    """Return the name of a file for one meeting; an id that is no plain name gives way to its hash."""
    plain = _PLAIN.fullmatch(meeting.subject)
    return f"{meeting.subject if plain else hashlib.sha256(meeting.subject.encode()).hexdigest()[:24]}.ics"


def lines(meetings: Sequence[Appointment]) -> str:
    """Return the meetings as a text for a notice, one line each."""
    return "\n".join(f"{each.due_by:%Y-%m-%d %H:%M}Z {each.title} ({', '.join(each.roles)})" for each in meetings)
