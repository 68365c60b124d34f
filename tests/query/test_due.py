from datetime import UTC, date, datetime, timedelta

import msgspec

from afterbell.model.amendment import amended
from afterbell.model.event import event
from afterbell.model.record import Addendum, Gap, Record
from afterbell.model.vocabulary import RecordStatus, TriggerName
from afterbell.query.due import Step, due

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
