"""Which blind reviews of a trade count, and which of them are against it. Used by the trigger and the agreement report.

A review is blind when it was answered before its outcome was shown, and when no earlier review of the same trade by
the same role had shown the outcome. Of each review the first blind answer counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from afterbell.model.books import Review
from afterbell.model.trace import trace_hex

APPROVE, DECLINE, RESIZE = "approve", "decline", "resize"


class Reviewed(Struct, frozen=True, kw_only=True):
    """One trade with the reviews of it that count, the earliest first, and why the others do not."""

    subject: str
    trace_id: str
    counting: tuple[Review, ...] = ()
    lacking: tuple[str, ...] = ()

    @property
    def against(self) -> tuple[Review, ...]:
        """The reviews that would not have done this trade, or not in this size."""
        return tuple(review for review in self.counting if is_against(review))


def reviewed(reviews: Iterable[Review]) -> tuple[Reviewed, ...]:
    """Return every trade that was reviewed or is to be, in the order of the book."""
    trades: dict[str, list[Review]] = {}
    for review in reviews:
        trades.setdefault(_subject(review), []).append(review)
    return tuple(_judged(subject, rows) for subject, rows in trades.items())


def _subject(review: Review) -> str:
    named = (
        ("trace", trace_hex(review.trace_id) if review.trace_id else ""), ("decision", review.decision_id),
        ("idea", "" if review.trace_id or review.decision_id else review.idea_id),
    )  # fmt: skip
    return " ".join(f"{name}:{value}" for name, value in named if value)


def _judged(subject: str, rows: Sequence[Review]) -> Reviewed:
    counting: dict[str, Review] = {}
    lacking = []
    for review in sorted((row for row in rows if row.answered_at), key=lambda row: (row.answered_at, row.row)):
        who = review.review_id or review.reviewer_role
        if who in counting:
            continue
        lack = _lack(review, rows)
        if lack:
            lacking.append(lack)
        else:
            counting[who] = review
    answered = {row.review_id or row.reviewer_role for row in rows if row.answered_at}
    if any((row.review_id or row.reviewer_role) not in answered for row in rows):
        lacking.append("a review is not answered yet")
    trace_id = next((trace_hex(row.trace_id) for row in rows if row.trace_id), "")
    return Reviewed(subject=subject, trace_id=trace_id, counting=tuple(counting.values()), lacking=tuple(lacking))


def _lack(review: Review, rows: Iterable[Review]) -> str:
    """Return why an answered review does not count; empty when it does."""
    who = review.reviewer_role or "a reviewer"
    if not review.answer:
        return f"a review by {who} has a time and no answer"
    if not _is_blind(review, rows):
        return f"the review by {who} was answered after the outcome was shown"
    if review.answer == RESIZE and (review.quantity is None or review.model_quantity is None):
        lacks = "quantity" if review.quantity is None else "model_quantity"
        return f"the review by {who} resizes without {lacks}"
    return ""


def _is_blind(review: Review, rows: Iterable[Review]) -> bool:
    at = review.answered_at
    if at is None:
        return False
    same = (
        row for row in rows
        if row is review or (row.reviewer_role == review.reviewer_role and row.review_id != review.review_id)
    )  # fmt: skip
    return all(row.outcome_shown_at is None or row.outcome_shown_at >= at for row in same)


def is_against(review: Review) -> bool:
    """Tell whether the reviewer declined, or would have taken another quantity, compared as decimals."""
    if review.answer == DECLINE:
        return True
    known = review.quantity is not None and review.model_quantity is not None
    return known and review.quantity != review.model_quantity
