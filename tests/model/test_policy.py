"""The policy: defaults of the specification, overrides, knobs, and no value that could be misread."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterbell.errors import PolicyError
from afterbell.model.policy import Limits, duration, from_mapping

KNOBS = {
    "token_runaway": {
        "factor": 2.0,
        "repeat_limit": 5,
        "strict": False,
        "label": "x",
        "names": ("a",),
        "share": Decimal(1),
    },
    "prompt_drift": {},
}


def _read(**table):
    return from_mapping({"policy": table}, KNOBS)


def test_the_defaults_are_the_specifications():
    limits = from_mapping({}, KNOBS).limits
    assert (limits.drawdown_session_pct, limits.drawdown_rolling_pct) == (Decimal("1.0"), Decimal("3.0"))
    assert limits.drawdown_rolling_sessions == 5
    assert limits.token_overrun_factor == 5
    assert limits.tokens_planned == 0
    assert limits.decay_window == timedelta(days=7)
    assert (limits.meeting_due_hours, limits.reconvene_days) == (72, 7)


def test_values_are_read_in_their_own_types():
    limits = _read(drawdown_session_pct="0.5", token_overrun_factor=4, thesis_grace="PT5M", reconvene_days="3").limits
    assert limits.drawdown_session_pct == Decimal("0.5")
    assert limits.token_overrun_factor == Decimal(4)
    assert limits.thesis_grace == timedelta(minutes=5)
    assert limits.reconvene_days == 3


def test_a_strategy_overrides_what_it_names_and_inherits_the_rest():
    policy = _read(tokens_planned=50_000, strategy={"carry": {"drawdown_session_pct": "0.2"}})
    assert policy.of("carry").drawdown_session_pct == Decimal("0.2")
    assert policy.of("carry").tokens_planned == 50_000
    assert policy.of("another") == policy.limits
    assert policy.of("").drawdown_session_pct == Decimal("1.0")


@pytest.mark.parametrize(
    ("document", "key", "near"),
    [
        ({"policy": {"drawdown_sesion_pct": 1}}, "drawdown_sesion_pct", "drawdown_session_pct"),
        ({"policy": {"strategy": {"carry": {"token_planned": 1}}}}, "token_planned", "tokens_planned"),
        ({"policy": {"mode": {"token_runway": {}}}}, "token_runway", "token_runaway"),
        ({"policy": {"mode": {"token_runaway": {"factr": 1}}}}, "factr", "factor"),
        ({"policy": {"language": {"npl": True}}}, "npl", "nlp"),
        ({"polcy": {}}, "polcy", "policy"),
    ],
)
def test_an_unknown_key_names_the_nearest(document, key, near):
    with pytest.raises(PolicyError, match=key) as caught:
        from_mapping(document, KNOBS)
    assert near in caught.value.hint


def test_a_key_near_to_nothing_lists_what_is_known():
    with pytest.raises(PolicyError) as caught:
        _read(zzz=1)
    assert "drawdown_session_pct" in caught.value.hint


HOSTILE = [
    None,
    True,
    [],
    {},
    "",
    "one",
    "-1",
    -1,
    "nan",
    "inf",
    float("nan"),
    float("inf"),
    "1e99",
    "1e999999999",
    10**30,
    "9" * 5000,
    "1_0x",
]


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: repr(value)[:20])
@pytest.mark.parametrize("key", ["drawdown_session_pct", "tokens_planned", "decay_window"])
def test_a_hostile_value_is_refused_by_name(key, value):
    with pytest.raises(PolicyError) as caught:
        _read(**{key: value})
    assert len(caught.value.message) < 200


def test_whole_numbers_are_whole_and_zero_sessions_make_no_sense():
    for table in ({"tokens_planned": "1.5"}, {"drawdown_rolling_sessions": 0}, {"meeting_due_hours": 0}):
        with pytest.raises(PolicyError):
            _read(**table)
    assert _read(tokens_planned=5.0).limits.tokens_planned == 5


@pytest.mark.parametrize(
    "document",
    [
        {"policy": 5}, {"policy": []}, {"policy": {"strategy": 5}}, {"policy": {"strategy": {"carry": []}}},
        {"policy": {"mode": "x"}}, {"policy": {"mode": {"token_runaway": 5}}}, {"policy": {"decay_window": timedelta(1)}},
    ],
)  # fmt: skip
def test_what_should_be_a_table_is_one(document):
    with pytest.raises(PolicyError):
        from_mapping(document, KNOBS)


def test_knobs_come_in_the_type_of_their_default():
    given_ = {"factor": "3", "repeat_limit": 7, "strict": True, "label": "y", "names": ["b", "c"], "share": "0.5"}
    knobs = _read(mode={"token_runaway": given_}).knobs["token_runaway"]
    assert knobs == {
        "factor": 3.0, "repeat_limit": 7, "strict": True, "label": "y", "names": ("b", "c"), "share": Decimal("0.5"),
    }  # fmt: skip
    assert isinstance(knobs["factor"], float)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("factor", "fast"),
        ("factor", True),
        ("repeat_limit", 1.5),
        ("strict", 1),
        ("label", 5),
        ("names", "b"),
        ("share", []),
    ],
)
def test_a_knob_of_another_type_is_refused(key, value):
    with pytest.raises(PolicyError, match=key):
        _read(mode={"token_runaway": {key: value}})


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("P7D", timedelta(days=7)),
        ("PT0S", timedelta(0)),
        ("P1W", timedelta(weeks=1)),
        ("PT30M", timedelta(minutes=30)),
        ("P1DT2H3M4S", timedelta(days=1, hours=2, minutes=3, seconds=4)),
    ],
)
def test_durations(text, span):
    assert duration(text) == span


@pytest.mark.parametrize(
    "text",
    [
        "",
        "P",
        "PT",
        "P7",
        "7D",
        "P1Y",
        "P-1D",
        "PT1.5S",
        "p7d",
        "P7D ",
        "P1D\n",
        "P\u0661D",
        "P" + "9" * 5000 + "D",
        "P999999999W",
    ],
)
def test_what_is_no_duration(text):
    with pytest.raises(PolicyError):
        duration(text)


@given(
    st.dictionaries(
        st.sampled_from([*Limits.__struct_fields__, "strategy", "mode", "zzz"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
            lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
            max_leaves=4,
        ),
        max_size=3,
    )
)
def test_any_table_is_read_or_refused(table):
    with suppress(PolicyError):
        _read(**table)
