"""Filing: a draft without fault becomes a complete record, one with holes an incomplete one that lists them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from afterbell.model import filing
from afterbell.model.body import body, from_body
from afterbell.model.judge import judge
from afterbell.model.record import Fix, Record
from afterbell.model.scan import ModeAnswer, Suggestion
from afterbell.model.vocabulary import Answer, RecordStatus

CREATED = datetime(2026, 1, 6, 23, 30, tzinfo=UTC)


@pytest.fixture
def file(known_modes):
    def filed(draft, **given):
        return filing.record(draft, created=CREATED, known_modes=known_modes, **given)

    return filed


@pytest.fixture
def file_incomplete(known_modes):
    def filed(draft, reconvene_by, **given):
        return filing.incomplete(draft, reconvene_by, created=CREATED, known_modes=known_modes, **given)

    return filed


def test_a_faultless_draft_is_filed_complete(sound, file):
    record = file(sound)
    assert isinstance(record, Record)
    assert record.status is RecordStatus.COMPLETE
    assert record.created == CREATED
    assert record.missing == ()
    assert record.reconvene_by is None
    assert filing.draft_of(record) == replace(sound, reconvene_by=None)


def test_a_draft_with_faults_is_not_filed_and_every_fault_is_said(sound, file, known_modes):
    draft = replace(sound, root_cause=None, prevention="", summary="word " * 41)
    faults = file(draft)
    assert faults == judge(draft, known_modes=known_modes)
    assert [fault.rule for fault in faults] == ["summary.words", "root_cause.missing", "prevention.missing"]


def test_an_incomplete_record_lists_its_holes(sound, file_incomplete):
    draft = replace(sound, root_cause=None, fix=Fix(), timeline=sound.timeline[:2])
    record = file_incomplete(draft, CREATED.date() + timedelta(days=2))
    assert isinstance(record, Record)
    assert record.status is RecordStatus.INCOMPLETE
    assert [gap.rule for gap in record.missing] == [
        "timeline.few", "root_cause.missing", "fix.missing", "fix.commit_missing",
    ]  # fmt: skip
    assert all(gap.message for gap in record.missing)
    assert record.summary == sound.summary


def test_what_is_wrong_is_refused_even_incomplete(sound, file_incomplete):
    draft = replace(sound, root_cause=None, summary="word " * 41)
    faults = file_incomplete(draft, CREATED.date())
    assert [fault.rule for fault in faults] == ["summary.words"]


@pytest.mark.parametrize(("days", "filed"), [(-1, False), (0, True), (7, True), (8, False)])
def test_the_meeting_reconvenes_within_seven_days(sound, file_incomplete, days, filed):
    made = file_incomplete(replace(sound, root_cause=None), CREATED.date() + timedelta(days=days))
    assert isinstance(made, Record) == filed
    if not filed:
        assert [fault.rule for fault in made] == ["reconvene_by.late"]


def test_a_policy_may_shorten_the_week(sound, file_incomplete):
    draft = replace(sound, root_cause=None)
    assert not isinstance(file_incomplete(draft, CREATED.date() + timedelta(days=3), reconvene_days=2), Record)


def test_a_faultless_draft_may_still_be_filed_incomplete(sound, file_incomplete):
    record = file_incomplete(sound, CREATED.date())
    assert record.status is RecordStatus.INCOMPLETE
    assert record.missing == ()


def test_completing_begins_with_what_is_there(sound, file, file_incomplete):
    half = file_incomplete(replace(sound, root_cause=None), CREATED.date())
    draft = filing.draft_of(half)
    assert draft.id == half.id
    assert draft.root_cause is None
    assert file(replace(draft, root_cause=sound.root_cause)) == file(replace(sound, reconvene_by=None))


def test_a_commit_that_the_repository_lacks_stops_the_filing(sound, file):
    assert [fault.rule for fault in file(sound, commits={sound.fix.commit_sha: False})] == ["fix.commit_unknown"]
    assert isinstance(file(sound, commits={sound.fix.commit_sha: True}), Record)


def test_a_record_is_exactly_what_its_body_reads(sound, file):
    figures = {"share": 0.1, "big": 2**60, "at": CREATED, "set": {"b": (1, 2)}}
    suggestion = Suggestion(answer=Answer.YES, reason="r", figures=figures)
    draft = replace(sound, suggestions=(ModeAnswer(number=4, mode="token_runaway", suggestion=suggestion),))
    record = file(draft)
    assert from_body(body(record)) == record
    assert record.suggestions[0].suggestion.figures == {
        "share": "0.1", "big": str(2**60), "at": "2026-01-06T23:30:00Z", "set": {"b": [1, 2]},
    }  # fmt: skip
