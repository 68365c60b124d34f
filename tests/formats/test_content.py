from __future__ import annotations

import pytest

from afterbell.formats.content import absent, state_of_text, state_of_value
from afterbell.model.vocabulary import ContentState as S


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("", S.CAPTURED),
        ("__REDACTED__", S.REDACTED),
        (" [redacted] ", S.REDACTED),
        ("[REDACTED:email]", S.REDACTED),
        ("<redacted>", S.REDACTED),
        ("The filing was [REDACTED] by the issuer.", S.CAPTURED),
        ("[REDACTED] and more", S.CAPTURED),
        ("Revenue rose… [truncated 120 characters]", S.TRUNCATED),
        ("Revenue rose...[truncated]", S.TRUNCATED),
        ("A reply was [truncated 3 characters] here.", S.CAPTURED),
    ],
)
def test_whole_field_marks_only(text, state):
    assert state_of_text(text) is state


@pytest.mark.parametrize(
    ("value", "state"),
    [
        ('{"a": 1}', S.CAPTURED),
        ('{"a": [1, 2', S.TRUNCATED),
        ('[{"role": "user", "pa', S.TRUNCATED),
        ('{"a": "b', S.TRUNCATED),
        ("[3.5, 4", S.TRUNCATED),
        ("[sic] he said", S.CAPTURED),
        ("[1] A plant opens.\n[2] A plant closes.", S.CAPTURED),
        ("[2025-01-03] filed a report", S.CAPTURED),
        ('{"a": 1}\n{"a": 2}', S.CAPTURED),
        ('{"a": NaN}', S.CAPTURED),
        ("[" * 5000 + "]" * 5000, S.CAPTURED),
        ("{curly} prose", S.CAPTURED),
        ([1, 2], S.CAPTURED),
        (None, S.CAPTURED),
    ],
)
def test_json_that_ends_early_is_truncated(value, state):
    assert state_of_value(value) is state


@pytest.mark.parametrize(
    ("attributes", "dropped", "state"),
    [
        ({"x.ref": "file"}, 4, S.REF),
        ({}, 4, S.EVICTED),
        ({}, 0, S.NOT_CAPTURED),
    ],
)
def test_why_it_is_absent(attributes, dropped, state):
    assert absent("x", dropped, attributes) is state
