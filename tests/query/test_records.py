"""Rows, searchable text and filters of records as amended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from msgspec.structs import replace

from afterbell.model import filing
from afterbell.model.amendment import amended
from afterbell.model.record import Addendum
from afterbell.model.vocabulary import Answer
from afterbell.query.records import names, row, text

CREATED = datetime(2026, 1, 6, 9, 0, tzinfo=UTC)


@pytest.fixture
def record(sound, known_modes):
    noted = replace(sound.answers[1], answer=Answer.UNKNOWN, note="the source documents were pruned")
    draft = replace(sound, answers=(sound.answers[0], noted, *sound.answers[2:]))
    return filing.record(draft, created=CREATED, known_modes=known_modes)


@pytest.fixture
def view(record):
    return amended(record, ())


def _addendum(record, number, **given):
    base = {
        "id": f"a-{number}",
        "parent_id": record.id,
        "created": CREATED + timedelta(days=number),
        "role": "code owner",
    }
    return Addendum(**{**base, **given})


def test_the_row_has_the_shape_that_others_rely_on(view, record):
    made = msgspec.to_builtins(row(view))
    assert {key: made[key] for key in list(made)[:8]} == {
        "id": record.id,
        "created": "2026-01-06T09:00:00Z",
        "status": "complete",
        "root_cause": "operational",
        "summary": record.summary,
        "trigger": "drawdown",
        "modes": ("token_runaway",),
        "trace_ids": record.trace_ids,
    }


def test_the_row_reads_as_amended_and_keeps_the_day_of_filing(record):
    items = [_addendum(record, 1, field="root_cause", replacement="cost"), _addendum(record, 2, note="Seen again.")]
    made = row(amended(record, items))
    assert (made.root_cause, made.addenda, made.created) == ("cost", 2, CREATED)


def test_a_completed_record_is_complete_in_its_row(sound, record, known_modes):
    half = filing.incomplete(replace(sound, root_cause=None), CREATED.date(), created=CREATED, known_modes=known_modes)
    assert (row(amended(half, ())).status, row(amended(half, ())).root_cause) == ("incomplete", None)
    made = row(amended(half, [_addendum(half, 1, completion=record)]))
    assert (made.status, made.root_cause) == ("complete", "operational")


def test_every_text_of_a_record_can_be_searched(view, record):
    body = text(view)
    said = [
        record.summary, "the plan was accepted", "operational", "No ceiling on research steps", "token_runaway",
        "Added max_steps", "0a1b2c3d4e5f", "An alert fires", "pull/12", "source documents were pruned",
        "hit the step cap", "drawdown", "control failed", record.trace_ids[0],
    ]  # fmt: skip
    assert [words for words in said if words not in body] == []
    assert "prompt_drift" not in body  # answered no, without a note


def test_addenda_and_what_they_replaced_can_be_searched(record):
    items = [
        _addendum(record, 1, field="summary", note="The replay shows a stale quote.", replacement="First wording."),
        _addendum(record, 2, field="summary", replacement="Second wording."),
        _addendum(record, 3, field="contributing_factors", replacement=[{"text": "No cap on venues", "modes": []}]),
        _addendum(record, 4, field="root_cause", replacement="liquidity"),
    ]
    body = text(amended(record, items))
    for words in (record.summary, "stale quote", "First wording.", "Second wording.", "No cap on venues", "liquidity"):
        assert words in body


@pytest.mark.parametrize(
    ("ticker", "found"),
    [
        ("SYNTHETIC_A", True),
        ("synthetic_a", True),
        ("SYNTHETIC", False),
        ("SYNTHETIC_B", False),
        ("WAS", False),
        ("", False),
        ("(.*", False),
    ],
)
def test_a_ticker_is_found_as_typed_or_in_capitals(view, ticker, found):
    assert names(text(view), ticker) is found


@pytest.mark.parametrize(
    ("summary", "found"),
    [
        ("Bought BRK.B at the open.", False),
        ("Bought BRK, then sold.", True),
        ("Bought $BRK.", True),
        ("BRK/USD was halted.", True),
        ("(BRK)", True),
        ("X.BRK and BRK_2 and BRKX", False),
        ("BRK-A was held.", False),
    ],
)
def test_a_ticker_is_a_whole_word(record, summary, found):
    bare = msgspec.structs.replace(record, summary=summary, event=None)
    assert names(text(amended(bare, ())), "BRK") is found


def test_any_record_has_a_row_and_a_text(any_record):
    from hypothesis import HealthCheck, given, settings

    @settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
    @given(record=any_record)
    def check(record):
        view = amended(record, ())
        assert msgspec.json.encode(row(view))
        assert record.summary in text(view)

    check()
