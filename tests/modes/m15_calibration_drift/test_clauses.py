"""Who gave the probability, what the calibrator was trained for, and when outcomes are too few."""

from __future__ import annotations

from typing import Any

import pytest

from afterbell.catalog import cases, shelves
from afterbell.catalog.scan import ask
from afterbell.model.case import Case
from afterbell.model.scan import Suggestion
from afterbell.model.vocabulary import Answer

CALIBRATOR = {"calibrator_version": "v1", "trained_at": "2025-07-01", "model": "model-a", "pairs": 300}


def call(model: str, output: str = '{"probability": 0.7}', **more: Any) -> dict[str, Any]:
    return {"type": "call", "trace": "t", "id": "c", "at": "2026-01-05T14:00:00Z", "until": "2026-01-05T14:00:09Z",
            "model": "model-a", "answered": model, "messages": "Rate SYNTHETIC_A.", "output": output, **more}  # fmt: skip


def rows(model: str, day: str, number: int, hits: dict[str, float]) -> list[dict[str, Any]]:
    return [
        {"made_at": f"{day}T10:00:00Z", "model": model, "probability": said, "outcome": int(each < rate * number)}
        for said, rate in hits.items() for each in range(number)
    ]  # fmt: skip


def said(*given: dict[str, Any], **books: list[dict[str, Any]]) -> Suggestion:
    case = Case(name="n", answer=Answer.NO, teaches="t", given=given,
                books={name: tuple(each) for name, each in books.items()})  # fmt: skip
    return ask(shelves.modes()[15], cases.casefile(case, "calibration_drift"))


def test_without_a_decision_the_last_calibrator_before_the_call_counts() -> None:
    later = {**CALIBRATOR, "calibrator_version": "v2", "trained_at": "2026-02-01", "model": "model-b"}
    found = said(call("model-b"), calibrators=[CALIBRATOR, later])
    assert found.answer is Answer.YES
    assert found.figures["trained_for"] == "model-a"
    retrained = {**later, "trained_at": "2026-01-01"}
    assert said(call("model-b"), calibrators=[CALIBRATOR, retrained]).answer is Answer.UNKNOWN


def test_an_alias_that_answers_with_another_snapshot_has_changed() -> None:
    before = rows("model-a-2025-06-01", "2025-06-20", 5, {"0.5": 0.4})
    found = said(call("model-a-2025-12-01"), calibrators=[CALIBRATOR], forecasts=before)
    assert found.answer is Answer.YES
    assert found.figures["trained_for"] == "model-a-2025-06-01"
    assert said(call("model-a-2025-06-01"), calibrators=[CALIBRATOR], forecasts=before).answer is Answer.UNKNOWN


@pytest.mark.parametrize(("number", "answer"), [(24, Answer.UNKNOWN), (25, Answer.YES)])
def test_fifty_pairs_are_needed(number: int, answer: Answer) -> None:
    flat = rows("model-a", "2025-12-01", number, {"0.1": 0.5, "0.9": 0.5})
    found = said(call("model-a"), calibrators=[CALIBRATOR], forecasts=flat)
    assert found.answer is answer
    assert str(number * 2) in (found.reason + str(found.missing))


def test_open_forecasts_and_equal_ones_say_nothing() -> None:
    open_ = [{**each, "outcome": None} for each in rows("model-a", "2025-12-01", 60, {"0.1": 0.5, "0.9": 0.5})]
    assert said(call("model-a"), calibrators=[CALIBRATOR], forecasts=open_).answer is Answer.UNKNOWN
    equal = rows("model-a", "2025-12-01", 60, {"0.7": 0.4})
    found = said(call("model-a"), calibrators=[CALIBRATOR], forecasts=equal)
    assert found.answer is Answer.UNKNOWN
    assert "spread" in found.missing[0]


def test_words_without_a_probability_are_not_judged() -> None:
    assert said(call("model-b", "Buy."), calibrators=[CALIBRATOR]).answer is Answer.NA
