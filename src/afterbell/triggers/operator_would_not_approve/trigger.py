"""Operator would not approve: shown only what the model saw, a reviewer declines a trade or sizes it differently.

No trace shows this; it is asked. `afterbell review` asks it of sampled trades, and the answers are the reviews book.

Fires on `decline`, or when the reviewer's quantity differs from the model's as a decimal (100 and 100.00 are equal).
How large the trade was and how it ended do not matter.

Blind. A review counts when it was answered before its outcome was shown (`outcome_shown_at` empty, or not before
`answered_at`), and not when an earlier review of the same trade by the same role had shown the outcome. Of each review
the first blind answer counts. Of two blind reviewers who disagree one fires it, and both are in the event.

A review that is pending, or not blind, or resizes without both quantities, leaves the trade unknown, said in a note;
so is every trace that nobody reviewed. Never a silent no.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from afterbell.model.books import Review
from afterbell.model.docket import Docket
from afterbell.model.event import Event, event
from afterbell.model.policy import Limits
from afterbell.model.scan import Evidence
from afterbell.model.trace import trace_hex
from afterbell.model.vocabulary import TriggerName

NAME = "operator_would_not_approve"
TITLE = "A blind reviewer declines the trade or sizes it differently"
UNIT = "quantity approved, against the model's"

_APPROVE, _DECLINE, _RESIZE = "approve", "decline", "resize"


class Reviewed(Struct, frozen=True, kw_only=True):
    """One trade with the reviews of it that count, the earliest first, and why the others do not."""

    subject: str
    trace_id: str
    counting: tuple[Review, ...] = ()
    lacking: tuple[str, ...] = ()

    @property
    def against(self) -> tuple[Review, ...]:
        """The reviews that would not have done this trade, or not in this size."""
        return tuple(review for review in self.counting if _is_against(review))


def fire(docket: Docket) -> tuple[Event, ...]:
    """Return an event for each trade that a blind reviewer would not have approved as it was."""
    return tuple(_event(trade, docket) for trade in reviewed(docket.books.reviews) if trade.against)


def notes(docket: Docket) -> tuple[str, ...]:
    """Return a sentence for each trade that reviews leave open, and one for the traces that have no review."""
    trades = reviewed(docket.books.reviews)
    found = [
        f"{NAME}, {trade.subject}: unknown, {reason}" for trade in trades if not trade.against
        for reason in dict.fromkeys(trade.lacking)
    ]  # fmt: skip
    judged = {trade.trace_id for trade in trades}
    ideas = {review.idea_id for review in docket.books.reviews if review.idea_id and not review.trace_id}
    bare = sum(run.trace_id not in judged and not ideas & set(run.idea_ids) for run in docket.runs)
    if bare:
        have = "1 trace has" if bare == 1 else f"{bare} traces have"
        found.append(f"{NAME}: unknown, {have} no blind review (afterbell review next)")
    return tuple(found)


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
    if review.answer == _RESIZE and (review.quantity is None or review.model_quantity is None):
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


def _is_against(review: Review) -> bool:
    if review.answer == _DECLINE:
        return True
    known = review.quantity is not None and review.model_quantity is not None
    return known and review.quantity != review.model_quantity


def _event(trade: Reviewed, docket: Docket) -> Event:
    first = trade.against[0]
    if first.answered_at is None:  # only answered reviews count
        raise ValueError(trade.subject)
    said = "; ".join(_said(review) for review in trade.counting)
    count = len(trade.counting)
    how = f"{len(trade.against)} of {count} blind {'review' if count == 1 else 'reviews'}"
    return event(
        TriggerName.OPERATOR_WOULD_NOT_APPROVE,
        subject=trade.subject,
        occurred_at=first.answered_at,
        due_hours=_limits(trade, docket).meeting_due_hours,
        measured="0" if first.answer == _DECLINE else f"{first.quantity:f}",
        limit="not stated" if first.model_quantity is None else f"{first.model_quantity:f}",
        unit=UNIT,
        reason=f"{how} would not have approved this trade as it was: {said}.",
        trace_ids=_traces(trade, first, docket),
        evidence=tuple(proof for review in trade.counting for proof in _evidence(trade, review)),
    )


def _said(review: Review) -> str:
    who = review.reviewer_role or "reviewer"
    if review.answer == _DECLINE:
        return f"{who} declined"
    if _is_against(review):
        return f"{who} would take {review.quantity:f} instead of {review.model_quantity:f}"
    return f"{who} approved"


def _limits(trade: Reviewed, docket: Docket) -> Limits:
    runs = (run for run in docket.runs if run.trace_id == trade.trace_id)
    named = [each for run in runs for each in run.strategy_ids if each in docket.policy.strategies]
    return docket.policy.of(named[0] if named else "")


def _traces(trade: Reviewed, review: Review, docket: Docket) -> tuple[str, ...]:
    """Return the reviewed trace; of a review that names only an idea, the traces of the idea."""
    if trade.trace_id:
        return (trade.trace_id,)
    return tuple(run.trace_id for run in docket.runs if review.idea_id and review.idea_id in run.idea_ids)


def _evidence(trade: Reviewed, review: Review) -> Iterator[Evidence]:
    cells = (
        ("answer", review.answer), ("note", review.note),
        ("quantity", "" if review.quantity is None else f"{review.quantity:f}"),
    )  # fmt: skip
    for column, text in cells:
        if text:
            field = f"reviews:{review.row}:{column}"
            yield Evidence(trace_id=trade.trace_id, field=field, excerpt=text, end=len(text))
