"""Every move of the clock and every forbidden one, as tables; and what filed records say of it."""

from datetime import UTC, datetime, timedelta
from itertools import product

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterbell.errors import UsageError
from afterbell.model.amendment import amended
from afterbell.model.body import addendum_from_body, body
from afterbell.model.fix_check import Asked, FixCheck, Outcome, carried, of
from afterbell.model.lifecycle import (
    FIX_MOVES,
    MEETING_MOVES,
    FixMove,
    FixState,
    Meeting,
    MeetingMove,
    fix,
    fix_after,
    meeting,
    meeting_after,
)  # fmt: skip
from afterbell.model.record import Addendum, Fix, Record
from afterbell.model.vocabulary import RecordStatus

AT = datetime(2026, 1, 5, 21, tzinfo=UTC)

# Rows are states, columns are moves; a dash is a forbidden move.
MEETINGS = """
              HOLD   FILE       FILE_INCOMPLETE   RECONVENE    COMPLETE
DUE           HELD   -          -                 -            -
HELD          -      COMPLETE   INCOMPLETE        -            -
INCOMPLETE    -      -          -                 RECONVENED   -
RECONVENED    -      -          -                 -            COMPLETE
COMPLETE      -      -          -                 -            -
"""
FIXES = """
            DEFER      CLAIM     SHOW    FIRE_AGAIN
NONE        DEFERRED   CLAIMED   -       -
DEFERRED    DEFERRED   CLAIMED   -       -
CLAIMED     DEFERRED   CLAIMED   SHOWN   CLAIMED
SHOWN       DEFERRED   CLAIMED   SHOWN   CLAIMED
"""


def cells(table):
    head, *rows = [line.split() for line in table.strip().splitlines()]
    return [(row[0], move, after) for row in rows for move, after in zip(head, row[1:], strict=True)]


@pytest.mark.parametrize(("state", "move", "after"), cells(MEETINGS))
def test_moves_of_the_meeting(state, move, after):
    check(meeting_after, Meeting[state], MeetingMove[move], None if after == "-" else Meeting[after])


@pytest.mark.parametrize(("state", "move", "after"), cells(FIXES))
def test_moves_of_the_fix(state, move, after):
    check(fix_after, FixState[state], FixMove[move], None if after == "-" else FixState[after])


def check(function, state, move, after):
    if after is None:
        with pytest.raises(UsageError) as caught:
            function(state, move)
        assert state.value in caught.value.message
        assert caught.value.hint
    else:
        assert function(state, move) is after


def test_the_tables_leave_out_no_state_and_no_move():
    assert {(a, b) for a, b, _ in cells(MEETINGS)} == {(a.name, b.name) for a, b in product(Meeting, MeetingMove)}
    assert {(a, b) for a, b, _ in cells(FIXES)} == {(a.name, b.name) for a, b in product(FixState, FixMove)}


@given(st.lists(st.sampled_from(MeetingMove), max_size=8), st.lists(st.sampled_from(FixMove), max_size=8))
def test_no_way_leads_back_and_nothing_is_shown_that_was_never_claimed(meetings, fixes):
    order = list(Meeting)
    state, seen = Meeting.DUE, []
    for move in meetings:
        if (state, move) in MEETING_MOVES:
            state = MEETING_MOVES[state, move]
            seen.append(order.index(state))
    assert seen == sorted(set(seen))
    known, claimed = FixState.NONE, False
    for move in fixes:
        if (known, move) in FIX_MOVES:
            known = FIX_MOVES[known, move]
            claimed = claimed or move is FixMove.CLAIM
    assert claimed or known is not FixState.SHOWN


def record(**facts):
    return Record(**{"id": "r", "created": AT, "fix": Fix(paragraph="A cap.", commit_sha="0a1b2c3"), **facts})


def checked(number, outcome):
    found = FixCheck(
        outcome=outcome, asked=(Asked(name="token_runaway", trace_id="t", answer="no"),), evidence=("0" * 64,)
    )
    return Addendum(id=f"a{number}", parent_id="r", created=AT + timedelta(days=number), role="code owner", field="fix",
                    note="Checked.", extra=carried(found))  # fmt: skip


def other(number, **new):
    return Addendum(id=f"a{number}", parent_id="r", created=AT + timedelta(days=number), role="code owner", field="fix",
                    replacement=msgspec.to_builtins(Fix(**new)))  # fmt: skip


def test_a_check_travels_in_the_log_and_back():
    addendum = checked(1, Outcome.SHOWN)
    back = addendum_from_body(body(addendum))
    assert of(back) == of(addendum)
    assert of(back).outcome is Outcome.SHOWN
    assert of(msgspec.structs.replace(addendum, extra={"fix_check": {"outcome": "certainly"}})) is None
    assert of(msgspec.structs.replace(addendum, field="summary")) is None


@pytest.mark.parametrize(
    ("addenda", "state"),
    [
        ((), FixState.CLAIMED),
        ((checked(1, Outcome.SHOWN),), FixState.SHOWN),
        ((checked(1, Outcome.UNKNOWN),), FixState.CLAIMED),
        ((checked(1, Outcome.SHOWN), checked(2, Outcome.UNKNOWN)), FixState.SHOWN),
        ((checked(1, Outcome.SHOWN), checked(2, Outcome.FIRES)), FixState.CLAIMED),
        ((checked(2, Outcome.SHOWN), checked(1, Outcome.FIRES)), FixState.SHOWN),
        ((checked(1, Outcome.SHOWN), other(2, paragraph="Another cap.", commit_sha="9f8e7d6")), FixState.CLAIMED),
        ((other(1, paragraph="None.", changed=False, ticket="https://example.org/t/1"),), FixState.DEFERRED),
        (
            (checked(2, Outcome.SHOWN), other(1, paragraph="None.", changed=False, ticket="https://example.org/t/1")),
            FixState.DEFERRED,
        ),
    ],
)
def test_the_state_of_a_fix_follows_its_addenda(addenda, state):
    assert fix(amended(record(), addenda))[0] is state


def test_a_record_without_a_fix_claims_nothing():
    assert fix(amended(record(fix=Fix()), ()))[0] is FixState.NONE
    assert fix(amended(record(fix=Fix()), (checked(1, Outcome.SHOWN),)))[0] is FixState.NONE


def test_the_state_of_a_meeting_follows_what_was_filed():
    holes = record(status=RecordStatus.INCOMPLETE)
    done = Addendum(id="a", parent_id="r", created=AT + timedelta(days=2), role="code owner", completion=record())
    assert meeting(None) is Meeting.DUE
    assert meeting(None, held=True) is Meeting.HELD
    assert meeting(amended(record(), ())) is Meeting.COMPLETE
    assert meeting(amended(holes, ())) is Meeting.INCOMPLETE
    assert meeting(amended(holes, (done,))) is Meeting.COMPLETE
