"""How often blind reviewers agree with the model, by month and by why the trade was drawn. Counts first, shares after.

Only blind reviews count, each once. A share of few reviews says little, so the count always stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from afterbell.model.books import Review
from afterbell.model.report import ReviewRow
from afterbell.reading.blind_reviews import DECLINE, is_against, reviewed

ALL = "all"


class Report(Struct, frozen=True, kw_only=True):
    """The lines in order of month, each month's strata after it, the whole last.

    `not_counted` are reviews that are pending, not blind, or cannot be compared.
    """

    rows: tuple[ReviewRow, ...]
    not_counted: int = 0


def report(reviews: Iterable[Review], strata: Mapping[str, str]) -> Report:
    """Return the agreement over time. `strata` says for a review's id why its trade was drawn; others are `chosen`."""
    trades = reviewed(reviews)
    counting = [review for trade in trades for review in trade.counting]
    groups: dict[tuple[str, str], list[Review]] = {}
    for review in counting:
        month = f"{review.answered_at:%Y-%m}" if review.answered_at else ""
        stratum = strata.get(review.review_id, "chosen")
        for key in ((month, ALL), (month, stratum), (ALL, ALL), (ALL, stratum)):
            groups.setdefault(key, []).append(review)
    ordered = sorted(groups, key=lambda key: (key[0] == ALL, key[0], key[1] != ALL, key[1]))
    return Report(
        rows=tuple(_line(month, stratum, groups[month, stratum]) for month, stratum in ordered),
        not_counted=sum(len(trade.lacking) for trade in trades),
    )  # fmt: skip


def _line(month: str, stratum: str, reviews: list[Review]) -> ReviewRow:
    declined = sum(review.answer == DECLINE for review in reviews)
    approved = sum(not is_against(review) for review in reviews)
    answered = len(reviews)
    return ReviewRow(
        month=month, stratum=stratum, answered=answered, approved=approved, declined=declined,
        resized=answered - approved - declined, agreement=f"{approved / answered:.3f}" if answered else "",
    )  # fmt: skip
