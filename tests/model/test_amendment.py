"""Addenda: each at the field it corrects, the filed record untouched, a completion once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from msgspec.structs import replace

from afterbell.model import filing
from afterbell.model.amendment import amended, judge_addendum
from afterbell.model.body import body
from afterbell.model.record import FIELDS, Addendum, Record
from afterbell.model.vocabulary import RecordStatus, RootCause

CREATED = datetime(2026, 1, 6, 9, 0, tzinfo=UTC)
LATER = CREATED + timedelta(days=1)


@pytest.fixture
def complete(sound, known_modes):
    return filing.record(sound, created=CREATED, known_modes=known_modes)


@pytest.fixture
def half(sound, known_modes):
    return filing.incomplete(replace(sound, root_cause=None), CREATED.date(), created=CREATED, known_modes=known_modes)


@pytest.fixture
def to(complete):
    def addendum(number=1, **given):
        base = {"id": f"a-{number}", "parent_id": complete.id, "created": LATER, "role": "code owner"}
        return Addendum(**{**base, **given})

    return addendum


def _rules(faults):
    return [fault.rule for fault in faults]


def test_each_addendum_stands_at_the_field_it_corrects(complete, to):
    notes = [to(place, field=name, note=f"on {name}") for place, name in enumerate(FIELDS)]
    whole = to(9, note="on all of it")
    view = amended(complete, [*notes, whole])
    assert {name: [item.note for item in items] for name, items in view.at.items()} == {
        name: [f"on {name}"] for name in FIELDS
    }
    assert view.whole == (whole,)
    assert view.filed is complete
    assert view.now == complete
    assert view.unapplied == ()


def test_addenda_keep_the_order_of_the_log_and_of_other_parents_there_are_none(complete, to):
    items = [to(3, note="c"), to(1, note="a"), to(2, note="b", parent_id="another")]
    assert [item.note for item in amended(complete, items).whole] == ["c", "a"]


REPLACEMENTS = {
    "summary": "Position in SYNTHETIC_A was held past 15:47 UTC; realised loss 1.5 percent.",
    "root_cause": "cost",
    "prevention": "A monitor alerts on positions without a thesis.",
    "contributing_factors": [
        {"text": "No ceiling on steps", "modes": ["token_runaway"]},
        {"text": "No alert on spend", "modes": []},
        {"text": "No gate before orders", "modes": []},
    ],
}


@pytest.mark.parametrize("field", REPLACEMENTS)
def test_a_replacement_shows_in_the_view_and_never_in_the_record(complete, to, field):
    before = body(complete)
    item = to(field=field, replacement=REPLACEMENTS[field])
    assert judge_addendum(item, complete) == ()
    view = amended(complete, [item])
    assert body(view.now)[field] == REPLACEMENTS[field]
    assert {key: value for key, value in body(view.now).items() if key != field} == {
        key: value for key, value in before.items() if key != field
    }
    assert body(complete) == before


def test_the_last_replacement_holds(complete, to):
    items = [to(1, field="root_cause", replacement="cost"), to(2, field="root_cause", replacement="security")]
    assert amended(complete, items).now.root_cause is RootCause.SECURITY


@pytest.mark.parametrize(
    ("field", "replacement", "rule"),
    [
        ("summary", "", "summary.missing"),
        ("summary", "word " * 41, "summary.words"),
        ("prevention", "We know better.", "prevention.detector"),
        ("timeline", [], "timeline.few"),
        ("contributing_factors", [{"text": "One", "modes": []}], "contributing_factors.uncovered"),
        ("references", [], "references.few"),
        ("root_cause", "bad luck", "addendum.form"),
        ("summary", ["text"], "addendum.form"),
        ("summary", 1.5, "addendum.form"),
        ("timeline", [{"at": "2026-01-05T15:00:00+01:00"}], "addendum.form"),
        ("status", "complete", "addendum.field"),
        (None, "text", "addendum.field"),
    ],
)
def test_a_replacement_keeps_the_rules_of_its_field(complete, to, field, replacement, rule):
    assert rule in _rules(judge_addendum(to(field=field, replacement=replacement), complete))


def test_a_replaced_field_keeps_no_unknown_parts_of_the_old_one(complete, to):
    old = msgspec.structs.replace(complete, extra={"x-all": 1, "timeline": {"0": {"x-row": 2}}})
    rows = body(complete)["timeline"]
    rows[1]["x-new"] = 3
    now = amended(old, [to(field="timeline", replacement=rows)]).now
    assert now.extra == {"x-all": 1, "timeline": {"1": {"x-new": 3}}}


def test_a_completion_completes_once(half, complete, to):
    assert isinstance(half, Record)
    first = to(1, completion=complete)
    assert judge_addendum(first, half) == ()
    assert _rules(judge_addendum(first, half, completed=True)) == ["addendum.completion"]
    assert _rules(judge_addendum(first, complete)) == ["addendum.completion"]
    other = msgspec.structs.replace(complete, summary="Something else.")
    second = to(2, completion=other)
    view = amended(half, [first, second])
    assert view.now == complete
    assert view.filed.status is RecordStatus.INCOMPLETE
    assert view.whole == (first, second)
    assert view.unapplied == (second,)


@pytest.mark.parametrize("change", [{"id": "another"}, {"status": RecordStatus.INCOMPLETE}])
def test_a_completion_fits_its_record(half, complete, to, change):
    item = to(completion=msgspec.structs.replace(complete, **change))
    assert _rules(judge_addendum(item, half)) == ["addendum.completion"]
    view = amended(half, [item])
    assert view.now == half
    assert view.unapplied == (item,)


def test_amending_goes_on_after_a_completion(half, complete, to):
    view = amended(half, [to(1, completion=complete), to(2, field="root_cause", replacement="cost")])
    assert view.now.status is RecordStatus.COMPLETE
    assert view.now.root_cause is RootCause.COST


def test_a_replacement_of_a_later_version_hides_nothing(complete, to):
    items = [to(1, field="root_cause", replacement="liquidity"), to(2, field="summary", note="See the replay.")]
    view = amended(complete, items)
    assert view.now == complete
    assert view.unapplied == (items[0],)
    assert view.at["root_cause"] == (items[0],)
    assert view.at["summary"] == (items[1],)


@pytest.mark.parametrize(
    "given",
    [
        {"note": "a\0b"},
        {"note": "\ud800"},
        {"note": "n", "role": "owner\ud800"},
        {"note": "n", "extra": {"x": 1.5, "y": "\0"}},
    ],
)
def test_what_cannot_be_written_is_a_fault(complete, to, given):
    assert "text.unwritable" in _rules(judge_addendum(to(**given), complete))


def test_an_addendum_fits_into_one_entry(complete, to):
    assert _rules(judge_addendum(to(note="n" * 65_000), complete)) == ["record.size"]


def test_a_name_is_no_role(complete, to):
    (fault,) = judge_addendum(to(note="n", role="Jan Novak"), complete)
    assert (fault.rule, fault.field) == ("roles.name", "addendum.role")
