"""Which keys of a meeting's sheet people may change, and to what."""

from __future__ import annotations

import pytest

from afterbell.model.edits import Change
from afterbell.model.sheet import LONGEST, MOST_KEYS, RECORD, STARTED, refusal, too_long


@pytest.mark.parametrize(
    ("key", "change"),
    [
        ("summary", ("a",)),
        ("row.n1.event", (1, -2, "x")),
        ("answer.price_blind_leak.note", ("x",)),
        ("role.3.name", ("x",)),
        ("root_cause", "cost"),
        ("root_cause", ""),
        ("verdict", "control failed"),
        ("row.001.kept", "suggested"),
        ("factor.a.mode.token_runaway", "yes"),
        ("reconvene_by", "2026-01-09"),
        ("here", "answers"),
        ("here-item", "question.20"),
        ("here-item", "row.n1"),
    ],
)
def test_what_a_page_may_change(key: str, change: Change) -> None:
    assert refusal({key: change}, {}) == ""


@pytest.mark.parametrize(
    ("key", "change"),
    [
        ("summary", "set whole"),
        ("root_cause", ("edited",)),
        ("root_cause", "misfortune"),
        ("role.4.name", ("x",)),
        ("row.UPPER.event", ("x",)),
        ("row.1.event.more", ("x",)),
        ("reconvene_by", "soon"),
        (STARTED, "2026-01-05T14:00:00Z"),
        (RECORD, "01"),
        ("id", "x"),
        ("here-item", "question.0"),
        ("here-item", "#question"),
        ("summary", ("x" * (LONGEST + 1),)),
    ],
)
def test_what_it_may_not(key: str, change: Change) -> None:
    assert refusal({key: change}, {})


def test_the_sheet_has_bounds() -> None:
    full = {f"row.{number}.event": "" for number in range(MOST_KEYS)}
    assert refusal({"row.more.event": ("x",)}, full)
    assert refusal({"row.1.event": ("x",)}, full) == ""
    assert too_long({"summary": "x" * (LONGEST + 1)}) == "summary"
