"""What a blind review is, which of several answers counts, and that what is not known is said."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from afterbell.model.books import Books, Review
from afterbell.model.calls import Source
from afterbell.model.docket import Docket, RunFacts
from afterbell.model.policy import from_mapping
from afterbell.model.trading import TradeEvent, TradeKind
from afterbell.triggers.operator_would_not_approve import trigger

TRACE = "0af7651916cd43dd8448eb211c80319c"
AT = datetime(2026, 1, 6, 9, tzinfo=UTC)


def review(**facts):
    return Review(**{"review_id": "RV-1", "trace_id": TRACE, "reviewer_role": "reviewer", "answered_at": AT,
                     "model_quantity": Decimal(100), **facts})  # fmt: skip


def traded(trace_id, **facts):
    source = Source(trace_id=trace_id, span_id="d")
    bought = TradeEvent(kind=TradeKind.DECISION, action="buy", at_ns=1, source=source)
    return RunFacts(trace_id=trace_id, trades=(bought,), **facts)


def docket(*reviews, **facts):
    return Docket(books=Books(reviews=tuple(reviews)), **facts)


def test_the_event_holds_both_reviewers_their_words_and_seventy_two_hours():
    (event,) = trigger.fire(
        docket(
            review(answer="approve", quantity=Decimal(100)),
            review(review_id="RV-2", reviewer_role="system operator", answer="resize", quantity=Decimal("25.5"),
                   answered_at=AT + timedelta(hours=1), note="one source only", row=3),
        )
    )  # fmt: skip
    assert (event.measured, event.limit, event.trace_ids) == ("25.5", "100", (TRACE,))
    assert event.occurred_at == AT + timedelta(hours=1)
    assert event.due_by - event.occurred_at == timedelta(hours=72)
    assert "1 of 2 blind reviews" in event.reason
    assert "reviewer approved" in event.reason
    assert ("reviews:3:note", "one source only") in [(proof.field, proof.excerpt) for proof in event.evidence]


def test_the_hours_to_the_meeting_are_those_of_the_strategy():
    policy = from_mapping({"policy": {"strategy": {"carry": {"meeting_due_hours": 24}}}}, {})
    run = RunFacts(trace_id=TRACE, strategy_ids=("carry",))
    (event,) = trigger.fire(docket(review(answer="decline"), runs=(run,), policy=policy))
    assert event.due_by - event.occurred_at == timedelta(hours=24)


def test_a_review_of_an_idea_names_the_traces_of_the_idea():
    runs = (RunFacts(trace_id="a" * 32, idea_ids=("IDEA-1",)), traded("b" * 32, idea_ids=("IDEA-2",)))
    facts = docket(review(trace_id="", idea_id="IDEA-1", answer="decline"), runs=runs)
    (event,) = trigger.fire(facts)
    assert (event.subject, event.trace_ids) == ("idea:IDEA-1", ("a" * 32,))
    assert trigger.notes(facts) == (
        "operator_would_not_approve: unknown, 1 trace with a trade has no blind review (afterbell review next)",
    )


def test_nothing_reviewed_is_said():
    (note,) = trigger.notes(docket(runs=(traded(TRACE), traded("b" * 32), RunFacts(trace_id="c" * 32))))
    assert "2 traces with a trade have no blind review" in note


moments = st.integers(0, 5).map(lambda hour: AT + timedelta(hours=hour))
reviews = st.builds(
    review, review_id=st.sampled_from(["", "RV-1", "RV-2"]), reviewer_role=st.sampled_from(["", "reviewer", "operator"]),
    answered_at=moments | st.none(), outcome_shown_at=moments | st.none(),
    answer=st.sampled_from(["", "approve", "decline", "resize"]),
    quantity=st.sampled_from([None, Decimal(50), Decimal(100)]), model_quantity=st.sampled_from([None, Decimal(100)]),
)  # fmt: skip


@given(st.lists(reviews, min_size=1, max_size=4))
def test_a_trade_that_did_not_fire_was_approved_blind_or_is_noted(rows):
    facts = docket(*rows)
    fired, notes = trigger.fire(facts), trigger.notes(facts)
    blind = [row for row in rows if row.answer and row.answered_at
             and (row.outcome_shown_at is None or row.outcome_shown_at >= row.answered_at)]  # fmt: skip
    if fired:
        assert any(row.answer == "decline" or row.quantity != row.model_quantity for row in blind)
    elif not notes:
        assert any(row.answer in {"approve", "resize"} for row in blind)
