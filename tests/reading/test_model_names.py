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
    assert not same_model("gpt-5-2025-08-07", "gpt-5-2025-11-19")
