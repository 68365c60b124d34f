"""The meeting over HTTP: its page, the changes that browsers send, and the stream on which all hear them in order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from threading import Lock
from typing import Any

import msgspec
from msgspec import Struct
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from afterbell.blameless.rules import rules_for
from afterbell.disk.meetings import Meetings
from afterbell.errors import AfterbellError, UsageError
from afterbell.model.access import Role
from afterbell.model.due import Step
from afterbell.model.record import FIELDS, ReferenceKind
from afterbell.model.rules import RULES
from afterbell.model.sheet import AGENDA
from afterbell.model.vocabulary import Answer, RootCause, RowStage, Verdict
from afterbell.render.form_parts import SECTIONS
from afterbell.steps import adjourn, meet
from afterbell.steps.overview import late_now
from afterbell.steps.room import Room, Sent
from afterbell.web.shelf import PATIENCE, Figures
from afterbell.web.visit import Entry, Rooms, Visit

MINUTES = 30
_MEETINGS = (Step.MEETING, Step.FILE, Step.RECONVENE)
_QUIET = 0.15  # seconds without a change until the rules are asked again
_PATIENCE = 1.0  # they are asked at least so often while people type
_LOOK = 1.0  # how often to look what other processes have put in order
_BEAT = 10  # looks between signs of life
_HEADINGS = {section.field: section.heading for section in SECTIONS} | {
    "roles": "Who is here", "answers": "The twenty questions", "verdict": "Verdict, and the end",
}  # fmt: skip
_HELP = {section.field: section.help for section in SECTIONS} | {
    "roles": "The roles present, never names: the system operator, the code owner of the module, and a reviewer who "
    "was not involved. At most three.",
    "answers": "People answer; what the machine says is a suggestion, with its evidence. Yes, no, not applicable or "
    "unknown: an unknown says in its note which evidence is missing.",
    "verdict": "A trigger is not a verdict; the meeting gives one. What cannot be filled in now is filed as incomplete "
    "and reconvened within a week.",
}  # fmt: skip
_ANSWERS = (
    (Answer.YES, "y", "yes"), (Answer.NO, "n", "no"), (Answer.NA, "a", "not applicable"),
    (Answer.UNKNOWN, "u", "unknown"),
)  # fmt: skip
_RULES = {
    part: (
        *((name, rule.rewrite, rule.why) for name, rule in RULES.items() if name.partition(".")[0] == part),
        *((rule.id, rule.ask, rule.why) for rule in (rules_for(part) if part in FIELDS else ())),
    )
    for part in AGENDA
}


class Held:
    """The rooms of all meetings in this process."""

    def __init__(self, rooms: Rooms) -> None:
        """Keep the house and its state; a room is made when somebody comes."""
        self._house, self._meetings = rooms.house, Meetings(rooms.state)
        self._rooms: dict[str, Room] = {}
        self._making, self.opening = Lock(), Lock()

    def room(self, meeting: str) -> Room:
        """Return the one room of a meeting. Raises UsageError when there is no such meeting."""
        with self._making:
            if meeting not in self._rooms:
                self._rooms[meeting] = Room(self._house, self._meetings, self._meetings.find(meeting))
            return self._rooms[meeting]


class End(Struct, frozen=True, kw_only=True):
    """How a meeting is to end."""

    incomplete: bool = False


def _room(visit: Visit) -> Room:
    return visit.rooms.shared(Held).room(visit.path["meeting"])


def meetings(visit: Visit) -> Response:
    """Show the meetings, and what a meeting is due about as far as its events are known already."""
    held = Meetings(visit.state).all()
    open_about = {each.subject for each in held if not each.record}
    counted, fresh = visit.rooms.shared(Figures).overview.get(PATIENCE)
    waiting = [each for each in late_now(counted).due if each.step in _MEETINGS and each.subject not in open_about]
    return visit.page("meetings.html", meetings=held, waiting=waiting, fresh=fresh)


def begin(visit: Visit) -> Response:
    """Open the meeting about an event, a trace or an incomplete record, or go on with it."""
    with visit.rooms.shared(Held).opening:  # who presses twice opens one meeting
        opened = meet.open_meeting(visit.house, visit.state, visit.form.get("subject", "").strip())
    return visit.redirect(f"/meetings/{opened.id}")


def meeting(visit: Visit) -> Response:
    """Show the page of a meeting: to take part, or for the projector."""
    held = _room(visit).meeting
    return visit.page(
        "meeting.html", meeting=held, draft=held.draft, setting=meet.setting(visit.house, held),
        projector=visit.query.get("view") == "projector", agenda=AGENDA, headings=_HEADINGS, help=_HELP, rules=_RULES,
        stages=tuple(RowStage), causes=tuple(RootCause), verdicts=tuple(Verdict), kinds=tuple(ReferenceKind),
        answers=_ANSWERS, minutes=MINUTES,
    )  # fmt: skip


def sheet(visit: Visit) -> Response:
    """Answer with the sheet as it is, and with what was put in order since the browser was last here."""
    room = _room(visit)
    since = visit.number("since", 0, 2**31)
    seq, now = room.now
    return visit.say({"seq": seq, "sheet": now, "batches": room.after(since)[: max(0, seq - since)], "now": room.time})


def change(visit: Visit) -> Response:
    """Put a browser's changes in order; they are durable when this answers."""
    leads = visit.viewer.role >= Role.FACILITATOR
    return visit.say({"seq": _room(visit).change(visit.json(Sent), leads=leads)})


def start(visit: Visit) -> Response:
    """Let the thirty minutes begin."""
    _room(visit).start()
    return visit.say({})


def write(visit: Visit) -> Response:
    """Write the sheet back as the Markdown form, and answer with its place in the house."""
    return visit.say({"form": adjourn.write_form(_room(visit))})


def form(visit: Visit) -> Response:
    """Answer with the sheet as the Markdown form."""
    return visit.download(f"{visit.path['meeting']}.md", adjourn.as_form(_room(visit)), "text/markdown; charset=utf-8")


def end(visit: Visit) -> Response:
    """End the meeting with a record, or answer with all that stands in the way."""
    return visit.say(adjourn.adjourn(_room(visit), incomplete=visit.json(End).incomplete))


async def stream(visit: Visit) -> Response:
    """Send what is put in order, from the place that the browser has seen, and the rules that still fail."""
    room = await run_in_threadpool(_room, visit)
    seen = visit.request.headers.get("last-event-id") or visit.query.get("after", "0")
    if not (seen.isascii() and seen.isdigit() and len(seen) < 10):  # noqa: PLR2004 - digits of a place
        raise UsageError("no place in the order", "reload the page")
    headers = {"X-Accel-Buffering": "no"}
    return StreamingResponse(
        _events(room, int(seen), visit), media_type="text/event-stream", headers=headers
    )  # fmt: skip


async def _events(room: Room, seq: int, visit: Visit) -> AsyncIterator[str]:
    loop, rung = asyncio.get_running_loop(), asyncio.Event()

    def bell() -> None:
        with suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(rung.set)

    yield "retry: 500\n" + _event("time", {"now": room.time})
    judged, asked, looks = -1, loop.time(), 0
    with room.listening(bell):
        while not visit.rooms.ending:
            rung.clear()
            for batch in await run_in_threadpool(room.after, seq):
                seq = batch.seq
                yield f"id: {seq}\n" + _event("batch", batch)
            if judged == seq:
                looks += 1
                if looks % _BEAT == 0:
                    viewer = await run_in_threadpool(visit.access.viewer, visit.secret)
                    if viewer.role < Role.READER:
                        return
                    yield _event("alive", {})
                await _rung(rung, _LOOK)
            elif not await _rung(rung, _QUIET) or loop.time() - asked > _PATIENCE:
                judged, asked = seq, loop.time()
                try:
                    told = await run_in_threadpool(room.judged)
                    judged = min(seq, told.seq)
                    yield _event("faults", told)
                except AfterbellError as error:
                    yield _event("unjudged", {"error": f"{error.message}: {error.hint}"})


async def _rung(bell: asyncio.Event, seconds: float) -> bool:
    with suppress(TimeoutError):
        await asyncio.wait_for(bell.wait(), seconds)
    return bell.is_set()


def _event(name: str, value: Any) -> str:
    return f"event: {name}\ndata: {msgspec.json.encode(value).decode()}\n\n"


ENTRIES = (
    Entry(path="/meetings", role=Role.READER, answer=meetings),
    Entry(path="/meetings", role=Role.FACILITATOR, answer=begin, method="POST"),
    Entry(path="/meetings/{meeting}", role=Role.READER, answer=meeting),
    Entry(path="/meetings/{meeting}/sheet", role=Role.READER, answer=sheet),
    Entry(path="/meetings/{meeting}/stream", role=Role.READER, answer=stream),
    Entry(path="/meetings/{meeting}/form", role=Role.READER, answer=form),
    Entry(path="/meetings/{meeting}/form", role=Role.OPERATOR, answer=write, method="POST"),
    Entry(path="/meetings/{meeting}/changes", role=Role.OPERATOR, answer=change, method="POST", audited=False),
    Entry(path="/meetings/{meeting}/start", role=Role.FACILITATOR, answer=start, method="POST"),
    Entry(path="/meetings/{meeting}/end", role=Role.FACILITATOR, answer=end, method="POST"),
)
