"""The clock of an incident as two state machines: the meeting, and the fix. Pure; the time is handed in elsewhere.

    due -> held -> complete
                -> incomplete -> reconvened -> complete

    none -> claimed -> shown        a fix that is checked and fires again is claimed once more, and so is a new fix
         -> deferred -> claimed

Every move that is not listed is forbidden.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

import msgspec

from afterbell.errors import UsageError
from afterbell.model import fix_check
from afterbell.model.amendment import Amended
from afterbell.model.fix_check import FixCheck, Outcome
from afterbell.model.record import Fix
from afterbell.model.vocabulary import RecordStatus


class Meeting(StrEnum):
    """Where the meeting about an event stands."""

    DUE = "due"
    HELD = "held"
    INCOMPLETE = "incomplete"
    RECONVENED = "reconvened"
    COMPLETE = "complete"


class MeetingMove(StrEnum):
    """What can happen to it."""

    HOLD = "hold the meeting"
    FILE = "file the record"
    FILE_INCOMPLETE = "file the record as incomplete"
    RECONVENE = "reconvene"
    COMPLETE = "complete the record"


class FixState(StrEnum):
    """What is known of the fix: claimed by people, or shown by a check."""

    NONE = "none"
    DEFERRED = "deferred"
    CLAIMED = "claimed"
    SHOWN = "shown"


class FixMove(StrEnum):
    """What can happen to it."""

    DEFER = "defer the fix"
    CLAIM = "claim a fix"
    SHOW = "show the fix"
    FIRE_AGAIN = "see it fire again"


MEETING_MOVES: Mapping[tuple[Meeting, MeetingMove], Meeting] = {
    (Meeting.DUE, MeetingMove.HOLD): Meeting.HELD,
    (Meeting.HELD, MeetingMove.FILE): Meeting.COMPLETE,
    (Meeting.HELD, MeetingMove.FILE_INCOMPLETE): Meeting.INCOMPLETE,
    (Meeting.INCOMPLETE, MeetingMove.RECONVENE): Meeting.RECONVENED,
    (Meeting.RECONVENED, MeetingMove.COMPLETE): Meeting.COMPLETE,
}

FIX_MOVES: Mapping[tuple[FixState, FixMove], FixState] = {
    (FixState.NONE, FixMove.DEFER): FixState.DEFERRED,
    (FixState.NONE, FixMove.CLAIM): FixState.CLAIMED,
    (FixState.DEFERRED, FixMove.DEFER): FixState.DEFERRED,
    (FixState.DEFERRED, FixMove.CLAIM): FixState.CLAIMED,
    (FixState.CLAIMED, FixMove.DEFER): FixState.DEFERRED,
    (FixState.CLAIMED, FixMove.CLAIM): FixState.CLAIMED,
    (FixState.CLAIMED, FixMove.SHOW): FixState.SHOWN,
    (FixState.CLAIMED, FixMove.FIRE_AGAIN): FixState.CLAIMED,
    (FixState.SHOWN, FixMove.DEFER): FixState.DEFERRED,
    (FixState.SHOWN, FixMove.CLAIM): FixState.CLAIMED,
    (FixState.SHOWN, FixMove.SHOW): FixState.SHOWN,
    (FixState.SHOWN, FixMove.FIRE_AGAIN): FixState.CLAIMED,
}


def meeting_after(state: Meeting, move: MeetingMove) -> Meeting:
    """Return the state after a move. Raises UsageError for a forbidden one."""
    if (state, move) not in MEETING_MOVES:
        allowed = [each.value for was, each in MEETING_MOVES if was is state]
        raise UsageError(f"what is {state.value} cannot {move.value}", f"next: {' or '.join(allowed) or 'nothing'}")
    return MEETING_MOVES[state, move]


def fix_after(state: FixState, move: FixMove) -> FixState:
    """Return the state after a move. Raises UsageError for a forbidden one."""
    if (state, move) not in FIX_MOVES:
        allowed = [each.value for was, each in FIX_MOVES if was is state]
        raise UsageError(f"where a fix is {state.value} nobody can {move.value}", f"next: {' or '.join(allowed)}")
    return FIX_MOVES[state, move]


def meeting(view: Amended | None, *, held: bool = False) -> Meeting:
    """Return where the meeting stands by what was filed; `held` tells of a meeting that has filed nothing yet."""
    state = Meeting.DUE
    for move in _meeting_moves(view, held=held):
        state = meeting_after(state, move)
    return state


def _meeting_moves(view: Amended | None, *, held: bool) -> Iterator[MeetingMove]:
    if view is None:
        if held:
            yield MeetingMove.HOLD
        return
    yield MeetingMove.HOLD
    if view.filed.status is RecordStatus.COMPLETE:
        yield MeetingMove.FILE
        return
    yield MeetingMove.FILE_INCOMPLETE
    if view.now.status is RecordStatus.COMPLETE:
        yield MeetingMove.RECONVENE
        yield MeetingMove.COMPLETE


def fix(view: Amended) -> tuple[FixState, FixCheck | None]:
    """Return what is known of a record's fix, and the last check of the fix as it stands (None = never checked).

    A check says something of the fix that was claimed when it was made: a fix replaced later must be shown anew.
    """
    state, checked = FixState.NONE, None
    for move, check in _fix_steps(view):
        if (state, move) in FIX_MOVES:
            state, checked = FIX_MOVES[state, move], check
    return state, checked


def _fix_steps(view: Amended) -> Iterator[tuple[FixMove, FixCheck | None]]:
    yield from _said(view.filed.fix)
    for addendum in sorted((*view.at.get("fix", ()), *view.whole), key=lambda each: (each.created, each.id)):
        if addendum in view.unapplied:
            continue
        if addendum.completion is not None:
            yield from _said(addendum.completion.fix)
        elif addendum.replacement is not None:
            yield from _said(_replaced(addendum.replacement))
        elif check := fix_check.of(addendum):
            if check.outcome is Outcome.SHOWN:
                yield FixMove.SHOW, check
            elif check.outcome is Outcome.FIRES:
                yield FixMove.FIRE_AGAIN, check


def _said(said: Fix) -> Iterator[tuple[FixMove, None]]:
    if said.paragraph.strip() and said.changed:
        yield FixMove.CLAIM, None
    elif said.paragraph.strip() or said.ticket:
        yield FixMove.DEFER, None


def _replaced(value: Any) -> Fix:
    try:
        return msgspec.convert(value, Fix)
    except msgspec.ValidationError:
        return Fix()
