from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterbell.formats import usage
from afterbell.model.calls import Source, Usage
from afterbell.model.vocabulary import UsageConvention


def at(field):
    return Source(trace_id="t", span_id="s", field=field)


def figures(found: Usage):
    return (found.input_tokens, found.output_tokens, found.cache_read, found.cache_write, found.reasoning)


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({"gen_ai.usage.input_tokens": 10, "gen_ai.usage.output_tokens": 5}, (10, 5, None, None, None)),
        (
            {"gen_ai.usage.prompt_tokens": "10", "gen_ai.usage.completion_tokens": 5.0},
            (10, 5, None, None, None),
        ),
        (
            {"gen_ai.usage.input_tokens": 9, "gen_ai.usage.cache_write.input_tokens": 4},
            (9, None, None, 4, None),
        ),
        (
            {"gen_ai.usage.input_tokens": 9, "gen_ai.usage.cache_creation.input_tokens": 4},
            (9, None, None, 4, None),
        ),
        (
            {"gen_ai.usage.input_tokens": 9, "gen_ai.usage.cache_creation_input_tokens": 4},
            (9, None, None, 4, None),
        ),
        ({"gen_ai.usage.input_tokens": 9, "gen_ai.usage.cache_write_tokens": 4}, (9, None, None, 4, None)),
        (
            {"gen_ai.usage.input_tokens": 9, "gen_ai.usage.cache_read_input_tokens": 4},
            (9, None, 4, None, None),
        ),
        ({"gen_ai.usage.output_tokens": 9, "gen_ai.usage.reasoning_tokens": 0}, (None, 9, None, None, 0)),
        ({"llm.token_count.prompt": 8, "llm.token_count.total": 10}, (8, 2, None, None, None)),
        ({"llm.usage.total_tokens": 10}, (None, None, None, None, None)),
        ({"gen_ai.usage.input_tokens": True, "gen_ai.usage.output_tokens": "many"}, (None,) * 5),
        ({"gen_ai.usage.input_tokens": -1, "gen_ai.usage.output_tokens": float("inf")}, (None,) * 5),
        ({}, (None,) * 5),
    ],
)
def test_attributes(attributes, expected):
    assert figures(usage.of_attributes(attributes, at)) == expected


def test_figures_that_prove_the_other_convention_win():
    found = usage.of_attributes(
        {
            "gen_ai.usage.input_tokens": 42,
            "gen_ai.usage.output_tokens": 59,
            "gen_ai.usage.cache_read.input_tokens": 8192,
            "gen_ai.usage.cache_write.input_tokens": 2048,
            "gen_ai.usage.reasoning_tokens": 128,
        },
        at,
    )
    assert figures(found) == (10282, 187, 8192, 2048, 128)
    assert found.convention is UsageConvention.EXCLUSIVE


@pytest.mark.parametrize(
    ("details", "convention", "expected"),
    [
        (
            {"prompt_tokens": 1412, "completion_tokens": 187, "prompt_tokens_details": {"cached_tokens": 1024},
             "completion_tokens_details": {"reasoning_tokens": 128}},
            UsageConvention.INCLUSIVE, (1412, 187, 1024, None, 128),
        ),
        (
            {"input_tokens": 42, "output_tokens": 321, "cache_read_input_tokens": 8, "cache_creation_input_tokens": 2},
            UsageConvention.EXCLUSIVE, (52, 321, 8, 2, None),
        ),
        (
            {"input": 388, "input_cached_tokens": 1024, "output": 59, "output_reasoning_tokens": 128},
            UsageConvention.EXCLUSIVE, (1412, 187, 1024, None, 128),
        ),
        (
            {"input_tokens": 9, "output_tokens": 1, "input_token_details": {"cache_read": 3, "cache_creation": 2}},
            UsageConvention.INCLUSIVE, (9, 1, 3, 2, None),
        ),
        ({"cost": 1}, UsageConvention.INCLUSIVE, (None,) * 5),
    ],
)  # fmt: skip
def test_usage_objects(details, convention, expected):
    assert figures(usage.of_details(details, convention)) == expected


counts = st.none() | st.integers(0, 10**9)


@given(
    st.builds(usage.Counts, input=counts, output=counts, cache_read=counts, cache_write=counts, reasoning=counts,
              total=counts),
    st.sampled_from(UsageConvention),
)  # fmt: skip
def test_parts_never_exceed_the_whole(stated, convention):
    found = usage.inclusive(stated, convention)
    if stated.input is not None:
        assert (found.cache_read or 0) + (found.cache_write or 0) <= found.input_tokens
    if stated.output is not None:
        assert (found.reasoning or 0) <= found.output_tokens
    assert found.cache_read == stated.cache_read
    assert (found.input_tokens is None) >= (stated.input is None and stated.total is None)


@given(st.one_of(st.none(), st.text(), st.floats(), st.integers(), st.booleans(), st.lists(st.integers())))
def test_a_count_is_a_count_or_nothing(value):
    found = usage.tokens(value)
    assert found is None or found >= 0
