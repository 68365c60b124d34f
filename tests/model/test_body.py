"""A body reads back exactly, and what this version does not know stays where it was, for ever."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from afterbell import canon
from afterbell.errors import AfterbellError, CanonError, FormatError
from afterbell.model import filing
from afterbell.model.body import addendum_from_body, body, from_body, plain
from afterbell.model.record import FIELDS, Addendum

CREATED = datetime(2026, 1, 6, 9, 0, tzinfo=UTC)
few = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))


@few
@given(data=st.data())
def test_any_record_reads_back_from_its_own_bytes(any_record, data):
    record = from_body(body(data.draw(any_record)))
    again = from_body(canon.loads(canon.dumps(body(record))))
    assert again == record
    assert canon.dumps(body(again)) == canon.dumps(body(record))


def _places(value):
    """Yield every object in a body that a later version could add a field to, except free-form ones."""
    if isinstance(value, dict):
        yield value
        for key, item in value.items():
            if key != "figures":
                yield from _places(item)
    elif isinstance(value, list):
        for item in value:
            yield from _places(item)


@few
@given(data=st.data())
def test_unknown_fields_stay_where_they_were(any_record, json_values, data):
    raw = canon.loads(canon.dumps(body(data.draw(any_record))))
    for place in data.draw(st.lists(st.sampled_from(list(_places(raw))), max_size=4)):
        place["x_" + data.draw(st.sampled_from("abc"))] = data.draw(json_values)
    record = from_body(raw)
    assert canon.dumps(body(record)) == canon.dumps(raw)


def test_a_field_called_extra_is_an_unknown_field(sound_record):
    raw = {**body(sound_record), "extra": {"deep": [1]}}
    assert body(from_body(raw)) == raw


@pytest.fixture
def sound_record(sound, known_modes):
    return filing.record(sound, created=CREATED, known_modes=known_modes)


def test_the_seven_fields_stand_in_the_body_by_name(sound_record):
    raw = body(sound_record)
    assert [key for key in raw if key in FIELDS] == list(FIELDS)
    assert raw["created"] == "2026-01-06T09:00:00Z"
    assert raw["fix"] == {
        "paragraph": "Added max_steps to the loop's config.", "commit_sha": "0a1b2c3d4e5f", "ticket": None, "changed": True,
    }  # fmt: skip
    assert raw["timeline"][0]["at"] == "2026-01-05T14:00:00Z"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"created": "2026-01-06T09:00:00+00:00"}, "not in canonical form"),
        ({"created": "2026-01-06T10:00:00+01:00"}, "not in canonical form"),
        ({"created": "2026-01-06T09:00:00.1234567890Z"}, "created"),
        ({"created": "yesterday"}, "not a record"),
        ({"root_cause": "bad luck"}, "not a record"),
        ({"timeline": {}}, "not a record"),
        ({"summary": None}, "not a record"),
        ({"schema": "1"}, "not a record"),
        ({"fix": {"changed": 1}}, "not a record"),
    ],
)
def test_what_is_no_record_is_refused(sound_record, change, says):
    with pytest.raises(FormatError, match=says):
        from_body({**body(sound_record), **change})


@pytest.mark.parametrize("data", [None, [], "record", 3, {"summary": 1.5}, {"id": "\0"}, {}])
def test_other_json_is_refused(data):
    with pytest.raises((FormatError, CanonError)):
        from_body(data)


@few
@given(data=st.data())
def test_nothing_but_our_own_errors_leaves_a_reader(any_record, json_values, data):
    raw = body(data.draw(any_record))
    for key in data.draw(st.lists(st.sampled_from(sorted(raw)), max_size=3)):
        raw[key] = data.draw(json_values)
    for read in (from_body, addendum_from_body):
        with suppress(AfterbellError):
            read(raw)


def test_an_addendum_reads_back_with_its_completion(sound_record):
    addendum = Addendum(
        id="a-1", parent_id=sound_record.id, created=CREATED, role="code owner", completion=sound_record
    )
    raw = canon.loads(canon.dumps(body(addendum)))
    assert addendum_from_body(raw) == addendum
    raw["x-new"] = 1
    raw["completion"]["x-new"] = 2
    raw["completion"]["timeline"][0]["x-new"] = 3
    again = addendum_from_body(raw)
    assert body(again) == raw
    assert again.completion.extra == {"x-new": 2, "timeline": {"0": {"x-new": 3}}}


@pytest.mark.parametrize("replacement", ["text", ["a", {"b": None}], {"text": "t", "modes": []}, 5, True])
def test_an_addendum_reads_back_with_any_replacement(replacement):
    addendum = Addendum(id="a", parent_id="p", created=CREATED, role="trader", field="fix", replacement=replacement)
    raw = json.loads(json.dumps(body(addendum)))
    assert addendum_from_body(raw) == addendum


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (Decimal("1.40"), "1.40"),
        (Decimal("1E+3"), "1000"),
        (Decimal("NaN"), "NaN"),
        (0.1, "0.1"),
        (2**53, str(2**53)),
        (-(2**53) + 1, -(2**53) + 1),
        (datetime(2026, 1, 5, 15, tzinfo=timezone(timedelta(hours=1))), "2026-01-05T14:00:00Z"),
        (date(2026, 1, 5), "2026-01-05"),
        ({1: (True, None)}, {"1": [True, None]}),
        ({"b"}, ["b"]),
    ],
)
def test_plain_values(value, told):
    assert plain(value) == told
    canon.dumps(plain(value))
