"""Questions with what the machine suggested beside what people answered."""

from __future__ import annotations

from afterbell.model.scan import ModeAnswer, PersonAnswer, beside, na, no
from afterbell.model.vocabulary import Answer


def test_each_question_comes_once_by_number_with_both_answers():
    machine = (
        ModeAnswer(number=9, mode="nine", suggestion=na("")),
        ModeAnswer(number=2, mode="two", suggestion=no("")),
    )
    people = (
        PersonAnswer(number=2, mode="two_renamed", answer=Answer.YES),
        PersonAnswer(number=5, mode="five", answer=Answer.NO),
    )
    assert list(beside(machine, people)) == [
        (2, "two_renamed", no(""), people[0]), (5, "five", None, people[1]), (9, "nine", na(""), None),
    ]  # fmt: skip


def test_a_checklist_adds_what_nobody_answered_and_renames_nothing():
    machine = (ModeAnswer(number=2, mode="two", suggestion=no("")),)
    assert list(beside(machine, (), ((1, "one"), (2, "second")))) == [(1, "one", None, None), (2, "two", no(""), None)]
    assert list(beside((), ())) == []
