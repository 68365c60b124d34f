"""Agreement is counted over blind answers only, month by month."""

from datetime import UTC, datetime
from decimal import Decimal

from afterbell.model.books import Review
from afterbell.query.agreement import report


def review(number, answer, month=1, **facts):
    at = datetime(2026, month, 6, 9, tzinfo=UTC)
    return Review(**{"review_id": f"RV-{number}", "trace_id": f"{number:032x}", "reviewer_role": "reviewer",
                     "answered_at": at, "answer": answer, "model_quantity": Decimal(100), **facts})  # fmt: skip


def test_counts_by_month_and_stratum_and_the_whole_last():
    rows = [
        review(1, "approve", quantity=Decimal(100)), review(2, "decline"), review(3, "resize", 2, quantity=Decimal(50)),
        review(4, "approve", 2, quantity=Decimal("100.0")),
        review(5, "decline", outcome_shown_at=datetime(2026, 1, 6, 8, tzinfo=UTC)), review(6, "", answered_at=None),
    ]  # fmt: skip
    found = report(rows, {"RV-1": "random", "RV-2": "largest"})
    assert found.not_counted == 2
    shown = [(row.month, row.stratum, row.approved, row.declined, row.resized, row.agreement) for row in found.rows]
    assert shown == [
        ("2026-01", "all", 1, 1, 0, "0.500"), ("2026-01", "largest", 0, 1, 0, "0.000"), ("2026-01", "random", 1, 0, 0, "1.000"),
        ("2026-02", "all", 1, 0, 1, "0.500"), ("2026-02", "chosen", 1, 0, 1, "0.500"),
        ("all", "all", 2, 1, 1, "0.500"), ("all", "chosen", 1, 0, 1, "0.500"), ("all", "largest", 0, 1, 0, "0.000"),
        ("all", "random", 1, 0, 0, "1.000"),
    ]  # fmt: skip


def test_nothing_reviewed_is_an_empty_report():
    assert report([], {}).rows == ()
