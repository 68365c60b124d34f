"""Which text of a record or event is compared, and which vectors are near."""

from array import array
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterbell.model.event import event
from afterbell.model.vocabulary import TriggerName
from afterbell.query import meaning
from afterbell.query.records import Row

AT = datetime(2026, 1, 6, tzinfo=UTC)


def vector(*numbers):
    return array("f", numbers).tobytes()


def row(summary):
    return Row(id="a", created=AT, status="complete", root_cause=None, summary=summary, trigger=None, modes=(), trace_ids=())  # fmt: skip


def test_the_nearest_comes_first_with_its_cosine_and_ties_go_by_id():
    others = [("far", vector(-1, 0)), ("tied", vector(0.6, 0.8)), ("near", vector(1, 0)), ("also", vector(0.6, -0.8))]
    found = meaning.nearest(vector(1, 0), others, 3)
    assert [name for name, _cosine in found] == ["near", "also", "tied"]
    assert [cosine for _name, cosine in found] == pytest.approx([1, 0.6, 0.6])
    assert meaning.nearest(vector(1, 0), [], 3) == ()


def test_a_vector_of_another_length_is_compared_with_nothing():
    assert meaning.nearest(vector(1, 0), [("long", vector(1, 0, 0)), ("none", b""), ("odd", b"123")], 3) == ()


@given(st.lists(st.lists(st.floats(-1, 1, width=32), min_size=3, max_size=3), max_size=8), st.integers(0, 9))
def test_what_is_found_is_the_best_in_order(numbers, most):
    others = [(str(place), vector(*each)) for place, each in enumerate(numbers)]
    found = meaning.nearest(vector(1, 0, 0), others, most)
    every = sorted((each[0] for each in numbers), reverse=True)
    assert [cosine for _name, cosine in found] == pytest.approx(every[:most])


def test_a_record_is_compared_by_its_summary_and_an_event_by_what_fired_and_why():
    assert meaning.of_record(row("Loss\n after a  stale quote.")) == "Loss after a stale quote."
    fired = event(
        TriggerName.DRAWDOWN, subject="account:ACC-1", occurred_at=AT, due_hours=72, measured="2", limit="1",
        unit="percent", reason="the loss of 2 percent\nis over the limit", trace_ids=(),
    )  # fmt: skip
    assert meaning.of_event(fired) == "drawdown: the loss of 2 percent is over the limit"


def test_one_text_has_one_name_and_no_text_has_none():
    assert meaning.named("a") == meaning.named("a") != meaning.named("b")
    assert meaning.named(meaning.of_record(row(" \n"))) is None
    assert len(meaning.named("\ud800")) == 64
