"""Which model is the weaker: the operator's tiers first, then size and generation, and honesty about the rest."""

import pytest

from afterbell.errors import PolicyError
from afterbell.model.policy import from_mapping
from afterbell.reading.throttles.model_tiers import Standing, standing


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("gpt-4o", "gpt-4o-mini"),
        ("gpt-5", "gpt-4o"),
        ("gpt-4", "gpt-3.5-turbo"),
        ("openai/gpt-5", "gpt-5-nano-2025-08-07"),
        ("claude-opus-4-1", "claude-sonnet-4-5"),
        ("claude-3-5-sonnet-20241022", "claude-3-sonnet-20240229"),
        ("anthropic.claude-3-opus-20240229-v1:0", "anthropic.claude-3-haiku-20240307-v1:0"),
        ("us.anthropic.claude-sonnet-4-20250514-v1:0", "us.anthropic.claude-3-haiku-20240307-v1:0"),
        ("bedrock/anthropic.claude-3-5-sonnet-20240620-v1:0", "bedrock/anthropic.claude-3-haiku-20240307-v1:0"),
        ("jp.anthropic.claude-sonnet-4-20250514-v1:0", "us.amazon.nova-lite-v1:0"),
        ("gemini-2.5-pro", "gemini-2.5-flash"),
        ("llama-3.1-70b-instruct", "llama-3.1-8b-instruct"),
        ("mistral-large-latest", "mistral-small-latest"),
        ("o3", "o3-mini"),
        ("house-model-large", "house-model-small"),
        ("claude-opus-4", "gpt-4o-mini"),
    ],
)
def test_weaker_and_never_the_other_way_round(first, second):
    assert standing(first, second) is Standing.WEAKER
    assert standing(second, first) is Standing.NOT_WEAKER


@pytest.mark.parametrize(
    ("first", "second"),
    [("gpt-5", "gpt-5-2025-08-07"), ("openai/gpt-5", "azure/GPT-5"), ("claude-3-opus-latest", "claude-3-opus")],
)
def test_an_alias_or_snapshot_is_the_same(first, second):
    assert standing(first, second) is Standing.SAME


@pytest.mark.parametrize(
    ("first", "second"), [("gpt-5", "claude-sonnet-4-5"), ("gpt-4.1", "gpt-4o"), ("gpt-4o-mini", "claude-3-haiku")]
)
def test_neighbours_and_equal_classes_are_not_weaker(first, second):
    assert standing(first, second) is Standing.NOT_WEAKER


@pytest.mark.parametrize(("first", "second"), [("model-a", "model-b"), ("", "gpt-5"), ("gpt-5", ""), ("alpha", "beta")])
def test_what_names_do_not_tell(first, second):
    assert standing(first, second) is Standing.UNTOLD


def test_the_policy_beats_the_table():
    tiers = {"gpt-4o": 1, "gpt-4o-mini": 2}
    assert standing("gpt-4o", "gpt-4o-mini", tiers) is Standing.NOT_WEAKER
    assert standing("gpt-4o-mini", "gpt-4o-2024-08-06", tiers) is Standing.WEAKER
    assert standing("model-a", "model-b", {"model-a": 1}) is Standing.UNTOLD, "one tier compares nothing"


def test_tiers_in_the_policy_by_model_or_by_tier():
    table = {"model-a": 2, "model-b": "small", "frontier": ["model-c", "model-d"], "7": ["model-e"]}
    tiers = from_mapping({"policy": {"model_tiers": table}}, {}).model_tiers
    assert tiers == {"model-a": 2, "model-b": 1, "model-c": 4, "model-d": 4, "model-e": 7}


@pytest.mark.parametrize("value", ["best", 1.5, True, [1], -1, {"a": 1}, None])
def test_a_tier_that_could_be_misread_is_refused(value):
    with pytest.raises(PolicyError):
        from_mapping({"policy": {"model_tiers": {"model-a": value}}}, {})
