"""Watch: takes in what is new, runs the triggers, pins the evidence of new events, and says each event.

An event is on the disk before it is said, and marked when it has been. So after a kill at any moment the next round
goes on: no event is written twice or lost, and one that was being said when the kill came is said once more.

An event is known by trigger and subject. Data that comes in late may move its moment, and with it the id: that is the
same event, said once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from msgspec import Struct

from afterbell import clock
from afterbell.disk import commits, files, notices, sources
from afterbell.disk.holding import held
from afterbell.disk.house import POLICY_FILE, House
from afterbell.disk.reviews import Reviews
from afterbell.errors import UsageError
from afterbell.model.event import Event
from afterbell.steps import ingest, review, trigger
from afterbell.steps.freeze import Freezer
from afterbell.steps.receive import SourceReport
from afterbell.steps.store import Store

SETTLE = timedelta(seconds=5)
_LONGEST_POLICY = 1024 * 1024


class TookIn(Struct, frozen=True, kw_only=True):
    """A source that was taken in, or refused."""

    report: SourceReport


class Said(Struct, frozen=True, kw_only=True):
    """An event to be said, once; `again` when a kill may have come while it was said before."""

    event: Event
    again: bool = False


class Waiting(Struct, frozen=True, kw_only=True):
    """How many sources were written to a moment ago and are left for the next round."""

    count: int


Did = TookIn | Said | Waiting


class Watcher:
    """Watches one house. It remembers what it has looked at, so that an idle round costs next to nothing."""

    def __init__(self, house: House, patterns: Sequence[str], *, settle: timedelta = SETTLE) -> None:
        """`patterns` are files, folders and globs to take in; none = only the store. `settle`: how long unchanged."""
        self._house = house
        self._patterns = tuple(patterns)
        self._settle = settle
        self._taken: dict[str, tuple[int, int]] = {}
        self._answers: tuple[Path, ...] = ()
        self._state: tuple[int, bytes] | None = None

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the house's watch. Raises UsageError when another one has it."""
        self._house.make_store()
        busy = UsageError("another watch is at work in this house", "one is enough; end it first")
        with held(self._house.store / "watch.lock", busy):
            yield

    def round(self) -> Iterator[Did]:
        """Do what there is to do and yield it; an event counts as said when the caller asks for what comes after it."""
        yield from self._take_in()
        answers = Reviews(self._house.reviews).answers()
        if answers != self._answers:
            review.taken_in(self._house)
            self._answers = answers
        events = trigger.seen(self._house)
        for event in events.unsaid():  # of a round that a kill ended
            yield Said(event=event, again=True)
            events.pass_on(event)
        state = self._now()
        if state == self._state:
            return
        store = Store(self._house)
        known = {(event.trigger, event.subject) for event in events.all()}
        freezer = Freezer(store)
        for event in trigger.fire(store).events:
            if (event.trigger, event.subject) in known:
                continue
            freezer.event(event)
            events.add(event)
            known.add((event.trigger, event.subject))
            yield Said(event=event)
            events.pass_on(event)
        self._state = state

    def _now(self) -> tuple[int, bytes]:
        """Return what triggers depend on: the last commit of the store, and the policy."""
        last = commits.next_number(commits.read_all(self._house.commits))
        return last, files.read(self._house.root / POLICY_FILE, _LONGEST_POLICY) or b""

    def _take_in(self) -> Iterator[Did]:
        due, waiting = [], 0
        for source in self._sources():
            mark = self._mark(source)
            if mark is None or self._taken.get(source.name) == mark:
                continue
            if self._is_fresh(mark):
                waiting += 1
            else:
                due.append((source.name, mark))
        if due:
            for report in ingest.ingest(self._house, [name for name, _mark in due]):
                if report.outcome != ingest.REPEAT:
                    yield TookIn(report=report)
            self._taken.update(due)
        if waiting:
            yield Waiting(count=waiting)

    def _sources(self) -> tuple[sources.Source, ...]:
        if not self._patterns:
            return ()
        return sources.expand(self._patterns, self._house.store, self._house.postmortems)

    @staticmethod
    def _mark(source: sources.Source) -> tuple[int, int] | None:
        """Return size and time of the last change (nanoseconds); None for what is gone or is no file."""
        if source.path is None:
            raise UsageError("standard input cannot be watched", "give a file or a folder")
        return sources.changed(source.path)

    def _is_fresh(self, mark: tuple[int, int]) -> bool:
        """Tell whether a file was written to a moment ago; one from the future cannot be told and is taken."""
        age = clock.now().timestamp() - mark[1] / 10**9
        return 0 <= age < self._settle.total_seconds()


def notify(event: Event, addresses: Sequence[str]) -> None:
    """Send an event to the addresses; none, and nothing is sent. Raises as `notices.send` does."""
    if addresses:
        title = f"afterbell: {event.trigger.value}"
        text = f"{event.reason}\nMeet by {event.due_by:%Y-%m-%d %H:%M}Z. Next: afterbell draft {event.event_id}"
        notices.send(addresses, title, text)
