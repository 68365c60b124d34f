"""An event: the same facts give the same id, and the meeting is due 72 hours after it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from afterbell.model.event import event
from afterbell.model.vocabulary import TriggerName

AT = datetime(2026, 1, 5, 14, 0, tzinfo=UTC)


def _event(**given):
    base = {
        "subject": "account:ACC-1", "occurred_at": AT, "due_hours": 72, "measured": "1.4", "limit": "1.0",
        "unit": "percent", "reason": "over the limit",
    }  # fmt: skip
    trigger = given.pop("trigger", TriggerName.DRAWDOWN)
    return event(trigger, **{**base, **given})


def test_the_id_depends_on_trigger_subject_and_time_only():
    first = _event()
    assert first.event_id.startswith("ev-")
    assert _event(measured="9", reason="another", trace_ids=("t",)).event_id == first.event_id
    others = [
        _event(trigger=TriggerName.TOKEN_OVERRUN),
        _event(subject="account:ACC-2"),
        _event(occurred_at=AT + timedelta(seconds=1)),
    ]
    assert len({first.event_id, *(other.event_id for other in others)}) == 4


def test_one_moment_in_two_zones_is_one_event():
    there = _event(occurred_at=AT.astimezone(timezone(timedelta(hours=9))))
    assert there.event_id == _event().event_id
    assert there.occurred_at.utcoffset() == timedelta(0)
    assert _event(occurred_at=AT.replace(tzinfo=None)) == _event()


def test_it_is_due_in_the_hours_of_the_policy():
    assert _event().due_by == datetime(2026, 1, 8, 14, 0, tzinfo=UTC)
    assert _event(due_hours=24).due_by == AT + timedelta(hours=24)


@pytest.mark.parametrize(
    "moment",
    [
        datetime.max.replace(tzinfo=UTC),
        datetime.min.replace(tzinfo=timezone(timedelta(hours=14))),
        datetime.max.replace(tzinfo=timezone(-timedelta(hours=12))),
    ],
)
def test_the_ends_of_the_calendar_raise_nothing(moment):
    made = _event(occurred_at=moment)
    assert made.due_by >= made.occurred_at


@pytest.mark.parametrize("subject", ["", "\u8d26\u6237 1", "a\U0001f600b", "lone \ud800"])
def test_any_subject_has_an_id(subject):
    assert len(_event(subject=subject).event_id) == 19


def test_undated_evidence_is_dated_by_its_receipt_and_keeps_its_id():
    first = _event(occurred_at=None, received_at=AT)
    again = _event(occurred_at=None, received_at=AT + timedelta(days=9))
    assert first.event_id == again.event_id
    assert (first.occurred_at, first.due_by) == (AT, AT + timedelta(hours=72))
    assert "received" in first.reason
    assert "received" not in _event(received_at=AT).reason
    assert "means nothing" in _event(occurred_at=None).reason
