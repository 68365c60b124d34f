from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from afterbell.model.amendment import amended
from afterbell.model.due import Step
from afterbell.model.event import event
from afterbell.model.fix_check import FixCheck, Outcome, carried
from afterbell.model.record import Addendum, Fix, Gap, Record
from afterbell.model.vocabulary import RecordStatus, TriggerName
from afterbell.query.due import due

AT = datetime(2026, 1, 5, 21, tzinfo=UTC)
FIRED = event(
    TriggerName.DRAWDOWN,
    subject="s",
    occurred_at=AT,
    due_hours=72,
    measured="1.4",
    limit="1.0",
    unit="percent",
    reason="Loss.",
)


def record(**facts):
    return Record(**{"id": "r", "created": AT + timedelta(hours=20), **facts})


def test_a_meeting_is_due_until_a_record_tells_of_its_event():
    (one,) = due([FIRED], [], AT + timedelta(hours=72))
    assert (one.step, one.subject, one.overdue) == (Step.MEETING, FIRED.event_id, False)
    assert due([FIRED], [], AT + timedelta(hours=72, seconds=1))[0].overdue
    assert due([FIRED], [amended(record(event_id=FIRED.event_id), ())], AT) == ()


def test_an_incomplete_record_is_due_until_it_is_completed():
    holes = record(
        status=RecordStatus.INCOMPLETE,
        reconvene_by=date(2026, 1, 9),
        missing=(Gap(field="fix", rule="fix.missing", message="x"),),
    )
    (one,) = due([], [amended(holes, ())], datetime(2026, 1, 9, 23, tzinfo=UTC))
    assert (one.step, one.subject, one.overdue, one.about) == (Step.RECONVENE, "r", False, "missing: fix")
    assert due([], [amended(holes, ())], datetime(2026, 1, 10, tzinfo=UTC))[0].overdue
    whole = msgspec.structs.replace(holes, status=RecordStatus.COMPLETE, missing=())
    done = Addendum(id="a", parent_id="r", created=AT + timedelta(days=2), role="code owner", completion=whole)
    assert due([], [amended(holes, (done,))], datetime(2026, 2, 1, tzinfo=UTC)) == ()


def test_the_earliest_comes_first():
    later = event(
        TriggerName.TOKEN_OVERRUN,
        subject="t",
        occurred_at=AT + timedelta(days=1),
        due_hours=72,
        measured="6",
        limit="5",
        unit="x",
        reason="Tokens.",
    )
    assert [each.subject for each in due([later, FIRED], [], AT)] == [FIRED.event_id, later.event_id]


# Clocks go forward on 29 March 2026 and back on 25 October 2026 in Berlin, on 8 March and 1 November in New York.
CHANGES = [
    ("Europe/Berlin", datetime(2026, 3, 27, 22)), ("Europe/Berlin", datetime(2026, 10, 23, 22)),  # noqa: DTZ001
    ("America/New_York", datetime(2026, 3, 6, 16)), ("America/New_York", datetime(2026, 10, 30, 16)),  # noqa: DTZ001
]  # fmt: skip


@pytest.mark.parametrize(("zone", "wall"), CHANGES)
def test_seventy_two_hours_are_seventy_two_hours_where_clocks_change(zone, wall):
    place = ZoneInfo(zone)
    fired = event(
        TriggerName.DRAWDOWN, subject="s", occurred_at=wall.replace(tzinfo=place), due_hours=72, measured="1",
        limit="1", unit="percent", reason="Loss.",
    )  # fmt: skip
    end = wall.replace(tzinfo=place).astimezone(UTC) + timedelta(hours=72)
    assert fired.due_by == end
    assert fired.due_by.astimezone(place).replace(tzinfo=None) != wall + timedelta(hours=72)
    for moment, overdue in ((end, False), (end + timedelta(microseconds=1), True), (end - timedelta(hours=1), False)):
        for now in (moment, moment.astimezone(place), moment.astimezone(ZoneInfo("Asia/Hong_Kong"))):
            assert due([fired], [], now)[0].overdue is overdue


def test_an_hour_that_the_clock_shows_twice_is_two_hours():
    place = ZoneInfo("Europe/Berlin")
    twice = datetime(2026, 10, 25, 2, 30, tzinfo=place)
    first, second = twice.replace(fold=0), twice.replace(fold=1)
    by = msgspec.structs.replace(FIRED, due_by=first)
    assert not due([by], [], first)[0].overdue
    assert due([by], [], second)[0].overdue


def test_an_event_that_late_data_moved_is_told_of_by_the_same_record():
    moved = msgspec.structs.replace(FIRED, event_id="ev-other", occurred_at=AT - timedelta(minutes=3))
    told = amended(record(event_id=FIRED.event_id, event=FIRED), ())
    assert due([moved], [told], AT) == ()
    assert due([msgspec.structs.replace(moved, subject="t")], [told], AT)


def test_a_meeting_that_was_held_and_filed_nothing_is_to_be_filed():
    (one,) = due([FIRED], [], AT, held=[FIRED.event_id])
    assert (one.step, one.state, one.due_by) == (Step.FILE, "held", FIRED.due_by)


def test_a_fix_is_due_until_it_is_shown_and_names_its_owner():
    claimed = record(fix=Fix(paragraph="A cap in agents/risk/limits.py.", commit_sha="0a1b2c3d4e5f6a7b"))
    seen = []

    def owners(text):
        seen.append(text)
        return ("code owner of risk-team",)

    (one,) = due([], [amended(claimed, ())], AT, owners=owners)
    assert (one.step, one.subject, one.due_by, one.overdue) == (Step.FIX, "r", None, False)
    assert (one.about, one.roles) == ("fix 0a1b2c3d4e5f: claimed, not shown yet", ("code owner of risk-team",))
    assert seen == ["A cap in agents/risk/limits.py."]
    late = claimed.created + timedelta(days=7, seconds=1)
    assert [each.overdue for each in due([], [amended(claimed, ())], late, fix_days=7)] == [True]
    found = FixCheck(outcome=Outcome.SHOWN, asked=(), evidence=())
    shown = Addendum(
        id="a", parent_id="r", created=late, role="code owner", field="fix", note="x", extra=carried(found)
    )
    assert due([], [amended(claimed, (shown,))], late) == ()
    deferred = record(fix=Fix(paragraph="No change.", ticket="https://example.org/t/1", changed=False))
    assert due([], [amended(deferred, ())], AT) == ()
