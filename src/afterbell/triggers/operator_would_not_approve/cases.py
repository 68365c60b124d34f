"""Worked examples of blind reviews: who declines, who sizes differently, what is not blind and what is not answered."""

from __future__ import annotations

from typing import Any

from afterbell.model.case import TriggerCase

_TRACE = "0af7651916cd43dd8448eb211c80319c"
_SUBJECT = f"trace:{_TRACE} decision:DEC-1"


def _review(number: int, answer: str, **more: Any) -> dict[str, Any]:
    return {"review_id": f"RV-{number}", "trace_id": _TRACE, "decision_id": "DEC-1", "reviewer_role": "reviewer",
            "asked_at": f"2026-01-06T09:0{number}:00Z", "answered_at": f"2026-01-06T09:1{number}:00Z",
            "answer": answer, "model_quantity": "100"} | more  # fmt: skip


CASES = (
    TriggerCase(
        name="declined",
        teaches="A reviewer who saw only what the model saw would not have bought. How it ended does not matter.",
        fires=((_SUBJECT, "0"),),
        books={"reviews": (_review(1, "decline", outcome_shown_at="2026-01-06T09:11:05Z",
                                   note="the only source is a headline without a body"),)},
    ),
    TriggerCase(
        name="half the size",
        teaches="An answer of another size fires, whatever the word beside it.",
        fires=((_SUBJECT, "50"),),
        books={"reviews": (_review(1, "resize", quantity="50"),)},
    ),
    TriggerCase(
        name="the same size in other digits",
        teaches="Quantities are compared as decimals: 100.00 is 100.",
        fires=(),
        books={"reviews": (_review(1, "resize", quantity="100.00"),)},
    ),
    TriggerCase(
        name="approved",
        teaches="An approval fires nothing, however the trade ended.",
        fires=(),
        books={"reviews": (_review(1, "approve", quantity="100", outcome_shown_at="2026-01-06T09:20:00Z"),)},
    ),
    TriggerCase(
        name="two reviewers disagree",
        teaches="One blind reviewer approves and another declines: it fires, and both are shown.",
        fires=((_SUBJECT, "0"),),
        books={"reviews": (_review(1, "approve", quantity="100"),
                           _review(2, "decline", reviewer_role="system operator"))},
    ),
    TriggerCase(
        name="answered after the outcome",
        teaches="The outcome was shown before the answer, so the review is not blind: unknown, said in a note.",
        fires=(),
        books={"reviews": (_review(1, "decline", outcome_shown_at="2026-01-06T09:05:00Z"),)},
    ),
    TriggerCase(
        name="the first blind answer counts",
        teaches="The same review was answered again once the outcome was known; the first answer stands.",
        fires=(),
        books={"reviews": (_review(1, "approve", quantity="100"),
                           _review(1, "decline", answered_at="2026-01-06T11:00:00Z",
                                   outcome_shown_at="2026-01-06T10:00:00Z"))},
    ),
    TriggerCase(
        name="a second review by a role that has seen the outcome",
        teaches="A new review does not make the role blind again: unknown, said in a note.",
        fires=(),
        books={"reviews": (_review(1, "approve", quantity="100", outcome_shown_at="2026-01-06T09:12:00Z"),
                           _review(2, "decline", answered_at="2026-01-06T10:00:00Z"))},
    ),
    TriggerCase(
        name="not answered yet",
        teaches="A review that waits for its answer leaves the trade unknown, said in a note.",
        fires=(),
        books={"reviews": (_review(1, "", answered_at=""),)},
    ),
    TriggerCase(
        name="another size than an unknown one",
        teaches="The model's quantity is not stated, so the sizes cannot be compared: unknown, said in a note.",
        fires=(),
        books={"reviews": (_review(1, "resize", quantity="50", model_quantity=""),)},
    ),
)  # fmt: skip
