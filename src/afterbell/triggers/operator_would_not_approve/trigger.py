"""Operator would not approve: shown only what the model saw, a reviewer declines a trade or sizes it differently.

No trace shows this; it is asked. `afterbell review` asks it of sampled trades, and the answers are the reviews book.

Fires on `decline`, or when the reviewer's quantity differs from the model's as a decimal (100 and 100.00 are equal).
How large the trade was and how it ended do not matter.

Blind. A review counts when it was answered before its outcome was shown (`outcome_shown_at` empty, or not before
`answered_at`), and not when an earlier review of the same trade by the same role had shown the outcome. Of each review
the first blind answer counts. Of two blind reviewers who disagree one fires it, and both are in the event.

A review that is pending, or not blind, or resizes without both quantities, leaves the trade unknown, said in a note;
so is every trace with a trade that nobody reviewed. Never a silent no.
"""

from __future__ import annotations

from collections.abc import Iterator

from afterbell.model.books import Review
from afterbell.model.docket import Docket
from afterbell.model.event import Event, event
from afterbell.model.policy import Limits
from afterbell.model.proposal import proposals
from afterbell.model.scan import Evidence
from afterbell.model.vocabulary import TriggerName
from afterbell.reading.blind_reviews import DECLINE, Reviewed, is_against, reviewed

NAME = "operator_would_not_approve"
TITLE = "A blind reviewer declines the trade or sizes it differently"
UNIT = "quantity approved, against the model's"


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
    bare = [run for run in docket.runs if run.trace_id not in judged and not ideas & set(run.idea_ids)]
    trading = sum(bool(proposals(run.trades)) for run in bare)
    if trading:
        have = "1 trace with a trade has" if trading == 1 else f"{trading} traces with a trade have"
        found.append(f"{NAME}: unknown, {have} no blind review (afterbell review next)")
    return tuple(found)


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
        measured="0" if first.answer == DECLINE else f"{first.quantity:f}",
        limit="not stated" if first.model_quantity is None else f"{first.model_quantity:f}",
        unit=UNIT,
        reason=f"{how} would not have approved this trade as it was: {said}.",
        trace_ids=_traces(trade, first, docket),
        evidence=tuple(proof for review in trade.counting for proof in _evidence(trade, review)),
    )


def _said(review: Review) -> str:
    who = review.reviewer_role or "reviewer"
    if review.answer == DECLINE:
        return f"{who} declined"
    if is_against(review):
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
