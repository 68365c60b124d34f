"""The audit, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from afterbell.disk import audit
from afterbell.disk.audit import Act
from afterbell.errors import StoreError

NOON = datetime(2026, 1, 6, 12, 0, 0, 123456, tzinfo=UTC)


def act(number: int = 0, **changes: object) -> Act:
    values = {
        "at": NOON + timedelta(seconds=number), "subject": "account:desk", "role": 2, "action": f"POST /x{number}",
        "about": {"name": f"n{number}"}, "outcome": 303,
    }  # fmt: skip
    return Act(**{**values, **changes})


def test_what_was_kept_comes_back_the_newest_first(state):
    for number in range(5):
        audit.add(state, act(number))
    assert audit.latest(state, 3) == (act(4), act(3), act(2))
    assert audit.latest(state, 0) == ()


def test_any_sign_is_kept_as_it_came(state):
    odd = act(about={"na\0me": "\0\x1b[2J \u202e'\"; DROP TABLE audit; -- \U0001f600"}, action="POST /\u202e")
    audit.add(state, odd)
    assert audit.latest(state, 1) == (odd,)


def test_what_is_too_long_is_cut(state):
    audit.add(state, act(subject="s" * 500, action="a" * 500))
    (kept,) = audit.latest(state, 1)
    assert (len(kept.subject), len(kept.action)) == (200, 200)


def test_many_who_write_at_once_lose_nothing(state):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: audit.add(state, act(number)), range(80)))
    assert {kept.action for kept in audit.latest(state, 100)} == {f"POST /x{number}" for number in range(80)}


def test_what_was_asked_for_stays_without_an_outcome_until_it_is_answered(state):
    first, second = audit.add(state, act(1, outcome=0)), audit.add(state, act(2, outcome=0))
    assert audit.latest(state, 2) == (act(2, outcome=0), act(1, outcome=0))
    audit.answer(state, first, {"name": "ann"}, 303)
    assert audit.latest(state, 2) == (act(2, outcome=0), act(1, about={"name": "ann"}, outcome=303))
    audit.answer(state, second, {}, 500)
    assert [kept.outcome for kept in audit.latest(state, 2)] == [500, 303]


def test_an_answer_is_kept_once(state):
    number = audit.add(state, act(outcome=0))
    audit.answer(state, number, {}, 200)
    with pytest.raises(StoreError):
        audit.answer(state, number, {}, 500)
    assert audit.latest(state, 1)[0].outcome == 200
