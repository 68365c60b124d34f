"""Which names mean one model, and which mean it for good."""

import pytest

from afterbell.reading.model_names import is_snapshot, same_model


@pytest.mark.parametrize(
    ("name", "snapshot"),
    [
        ("gpt-5-2025-08-07", True),
        ("claude-sonnet-4-5-20250929", True),
        ("anthropic.claude-sonnet-4-5-20250929-v1:0", True),
        ("gpt-4-0613", True),
        ("gemini-1.5-pro-002", True),
        ("gpt-5", False),
        ("gemini-2.5-pro", False),
        ("house-model-12345678", False),
        ("", False),
    ],
)
def test_a_dated_name_is_a_snapshot(name, snapshot):
    assert is_snapshot(name) is snapshot


def test_an_alias_and_its_snapshot_are_one_model():
    assert same_model("openai/gpt-5", "GPT-5-2025-08-07")
    assert same_model("model-l", "model-l-2026-01")
    assert same_model("command-r-plus", "command-r-plus-08-2024")
    assert not same_model("model-l", "model-l-70")
    assert is_snapshot("model-l-2026-01")
    assert not same_model("gpt-5-2025-08-07", "gpt-5-2025-11-19")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("claude-sonnet-4-5", "us.anthropic.claude-sonnet-4-5-20250929-v1:0"),
        ("claude-sonnet-4-5", "bedrock/eu.anthropic.claude-sonnet-4-5-20250929-v1:0"),
        (
            "claude-sonnet-4-5",
            "arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0",
        ),
        ("claude-sonnet-4-5", "publishers/anthropic/models/claude-sonnet-4-5@20250929"),
        ("gemini-1.5-pro", "gemini-1.5-pro-002"),
    ],
)
def test_the_name_that_a_cloud_gives_a_model_is_the_same_model(one, other):
    assert same_model(one, other)


def test_two_numbered_snapshots_are_two_models():
    assert not same_model("gemini-1.5-pro-001", "gemini-1.5-pro-002")
