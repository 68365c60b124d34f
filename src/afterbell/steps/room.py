"""A room: one meeting that is under way. It orders what everybody types, keeps it, and says which rules still fail.

Every change is on the disk before it is acknowledged. Several processes may hold the same room: the order is the
state's, and each looks what came in between. It speaks no HTTP; who listens is rung, and asks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Lock, RLock

import msgspec
from msgspec import Struct

from afterbell import clock
from afterbell.blameless.lint import lint as blameless
from afterbell.disk import git
from afterbell.disk.house import House
from afterbell.disk.meetings import Batch, Meeting, Meetings
from afterbell.errors import UsageError
from afterbell.model.checklist import CHECKLIST
from afterbell.model.edits import Change, applied, rebased
from afterbell.model.fault import Fault
from afterbell.model.judge import judge
from afterbell.model.record import Draft, ReferenceKind
from afterbell.model.sheet import HERE, HERE_ITEM, RECORD, STARTED, refusal, too_long
from afterbell.render.sheet import Filled, filled, placed
from afterbell.steps.lint import MODES, parser_of
from afterbell.steps.owned import Owned

HOUSE = "house"
"""The author of what the house itself writes on the sheet."""


class Sent(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a browser sends: changes of the sheet as it was at place `base` of the order, and the author's count."""

    author: str
    count: int
    base: int
    changes: dict[str, Change]


class Shown(Struct, frozen=True, kw_only=True):
    """A fault and where the page shows it: the part of the agenda, the key of the sheet ("" = the part), the span."""

    part: str
    key: str
    start: int
    end: int
    rule: str
    message: str
    why: str
    rewrite: str
    missing: bool


class Judged(Struct, frozen=True, kw_only=True):
    """What is wrong with the sheet as it was at place `seq` of the order, and which roles own the modules it names."""

    seq: int
    faults: tuple[Shown, ...]
    owners: tuple[str, ...] = ()


class Room:
    """One meeting in this process."""

    def __init__(self, house: House, meetings: Meetings, meeting: Meeting) -> None:
        """Begin with what the meeting was opened with; what was ordered since is read when it is needed."""
        self.house, self.meeting = house, meeting
        self._meetings = meetings
        self._lock, self._judging = RLock(), Lock()
        self._batches: list[Batch] = []
        self._sheet: Mapping[str, str] = meeting.sheet
        self._judged: Judged | None = None
        self._owned = Owned(house)
        self._reachable: dict[str, bool] = {}
        self._bells: list[Callable[[], None]] = []

    @contextmanager
    def listening(self, bell: Callable[[], None]) -> Iterator[None]:
        """Ring `bell`, from any thread, whenever something was put in order here."""
        with self._lock:
            self._bells.append(bell)
        try:
            yield
        finally:
            with self._lock:
                self._bells.remove(bell)

    @property
    def time(self) -> str:
        """The house's time, RFC 3339: browsers count the thirty minutes by it."""
        return clock.now().isoformat(timespec="seconds")

    def after(self, seq: int) -> tuple[Batch, ...]:
        """Return what was put in order after a place, also by other processes."""
        with self._lock:
            self._absorb(self._meetings.after(self.meeting.id, len(self._batches)))
            return tuple(self._batches[seq:])

    @property
    def now(self) -> tuple[int, Mapping[str, str]]:
        """The last place in the order, and the sheet as it is there."""
        with self._lock:
            self.after(len(self._batches))
            return len(self._batches), self._sheet

    def change(self, sent: Sent, *, leads: bool = False) -> int:
        """Put a browser's changes in order and return their place; durable when this returns, and never done twice.

        `leads` tells that they are the facilitator's, whose field all projectors show. Raises UsageError for what
        cannot be changed or does not fit: then nothing was.
        """
        if not 0 < len(sent.author) <= 60 or sent.author == HOUSE or not 0 < sent.count < 2**31:  # noqa: PLR2004
            raise UsageError("no author of this meeting", "reload the page")
        with self._lock:

            def make(fresh: Sequence[Batch]) -> dict[str, Change]:
                self._absorb(fresh)
                if not 0 <= sent.base <= len(self._batches):
                    raise UsageError("changes of a sheet that was never shown", "reload the page")
                if self._sheet.get(RECORD):
                    raise UsageError("the meeting has ended; its record is filed", "afterbell amend corrects it")
                changes = {key: change for key, change in sent.changes.items() if leads or key not in (HERE, HERE_ITEM)}
                if why := refusal(changes, self._sheet):
                    raise UsageError(why, "reload the page")
                later = rebased(changes, (batch.changes for batch in self._batches[sent.base :]))
                if key := too_long(applied(self._sheet, later)):
                    raise UsageError(f"{key} is too long", "shorten it; evidence is kept by hash")
                return later

            return self._order(sent.author, sent.count, make)

    def start(self) -> None:
        """Let the thirty minutes begin, once."""
        self._write(lambda now: {} if now.get(STARTED) else {STARTED: self.time})

    def end(self, values: Mapping[str, str]) -> None:
        """Write on the sheet what was filed; nothing can be changed afterwards."""
        self._write(lambda _now: values)
        self._meetings.note(self.meeting.id, record=values[RECORD])

    @contextmanager
    def alone(self) -> Iterator[Filled]:
        """Lend the draft that the sheet holds; until it is given back nobody's changes come in here."""
        with self._lock:
            _seq, now = self.now
            yield filled(self.meeting.draft, now, CHECKLIST)

    def moved(self, form: str, sha256: str) -> None:
        """Remember the form that was written: its path in the house, and its SHA-256."""
        self._meetings.note(self.meeting.id, form=form, form_sha256=sha256)
        self.meeting = msgspec.structs.replace(self.meeting, form=form, form_sha256=sha256)

    def judged(self) -> Judged:
        """Return what is wrong with the sheet now, in the order of the fields; changes come in meanwhile."""
        with self._judging:
            seq, now = self.now
            if self._judged is None or self._judged.seq != seq:
                whole = filled(self.meeting.draft, now, CHECKLIST)
                told = tuple(shown(each, whole) for each in self.faults(whole))
                self._judged = Judged(seq=seq, faults=told, owners=self._owned.roles(named_modules(whole.draft)))
            return self._judged

    def faults(self, whole: Filled) -> tuple[Fault, ...]:
        """Return every fault of a sheet: its own, those of the fields, of their language, and of what they cite."""
        draft, parser = whole.draft, parser_of(self.house)
        return (
            *whole.faults, *judge(draft, known_modes=MODES, commits=self._commits(draft)), *blameless(draft, parser)
        )  # fmt: skip

    def _commits(self, draft: Draft) -> Mapping[str, bool]:
        """Ask git for commits that are not known to be there; one that is will stay."""
        named = [draft.fix.commit_sha or ""]
        named += [each.value for each in draft.references if each.kind is ReferenceKind.COMMIT]
        asked = [sha for sha in named if sha and not self._reachable.get(sha)]
        self._reachable |= git.commits(self.house.root, asked)
        return self._reachable

    def _write(self, make: Callable[[Mapping[str, str]], Mapping[str, Change]]) -> None:
        with self._lock:

            def changes(fresh: Sequence[Batch]) -> Mapping[str, Change]:
                self._absorb(fresh)
                return make(self._sheet)

            self._order(HOUSE, 0, changes)

    def _order(self, author: str, count: int, make: Callable[[Sequence[Batch]], Mapping[str, Change]]) -> int:
        at = int(clock.now().timestamp())
        known = len(self._batches)
        batch = self._meetings.order(self.meeting.id, author, count, known, at, make)
        if batch.seq > len(self._batches):
            self._absorb((batch,))
        for bell in tuple(self._bells):
            bell()
        return batch.seq

    def _absorb(self, fresh: Sequence[Batch]) -> None:
        for batch in fresh:
            if batch.seq == len(self._batches) + 1:
                self._sheet = applied(self._sheet, batch.changes)
                self._batches.append(batch)


def named_modules(draft: Draft) -> str:
    """Return the texts of a draft that may name the module which was affected, by the paths of its files."""
    event = draft.event.reason if draft.event else ""
    return "\n".join((event, draft.fix.paragraph, *(factor.text for factor in draft.contributing_factors)))


def shown(fault: Fault, whole: Filled) -> Shown:
    """Return a fault with its place on the page."""
    part, key, start, end = placed(fault, whole.places)
    kept = {name: getattr(fault, name) for name in ("rule", "message", "why", "rewrite", "missing")}
    return msgspec.convert({"part": part, "key": key, "start": start, "end": end, **kept}, Shown)
