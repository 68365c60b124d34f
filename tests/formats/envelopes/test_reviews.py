"""The reviews book: found by its columns, words for an answer, and rows that belong to no trade."""

from decimal import Decimal
from io import BytesIO

from afterbell.formats.envelopes import books
from afterbell.formats.items import Context
from afterbell.model.books import Review
from afterbell.model.trace import Refusal, trace_hex


def read(text, name="answers.csv"):
    assert books.recognise(text.encode(), name)
    return list(books.read(BytesIO(text.encode()), Context(name=name)))


def test_a_table_of_reviews_is_found_by_its_columns():
    first, second = read(
        "review_id,trace_id,decision_id,reviewer_role,answered_at,answer,quantity,model_quantity,note\n"
        "RV-1,run-1,DEC-1,reviewer,2026-01-06T10:10:00+01:00,Declined,,100,thin\n"
        "RV-2,run-1,DEC-1,reviewer,,,,100,\n"
    )
    assert isinstance(first, Review)
    assert (first.answer, first.trace_id, first.model_quantity) == ("decline", trace_hex("run-1"), Decimal(100))
    assert first.answered_at is not None
    assert first.answered_at.isoformat() == "2026-01-06T09:10:00+00:00"
    assert (second.answer, second.answered_at, second.quantity) == ("", None, None)


def test_rows_that_say_nothing_of_use_are_refused_with_their_number():
    found = read('{"review_id": "RV-1", "answer": "perhaps", "trace_id": "t", "answered_at": "2026-01-06T10:10:00Z"}\n'
                 '{"review_id": "RV-1", "answer": "decline", "answered_at": "2026-01-06T10:10:00Z"}\n', "reviews.jsonl")  # fmt: skip
    assert all(isinstance(each, Refusal) for each in found)
    assert [each.where for each in found] == ["row 1", "row 2"]
    assert "belongs to no trade" in found[1].why
