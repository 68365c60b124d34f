"""Which moments of a run become rows: in order, at most twenty, each with its trace."""

from datetime import UTC, datetime
from decimal import Decimal

from afterbell.catalog.cases import traces
from afterbell.model.books import Fill
from afterbell.model.event import event
from afterbell.model.scan import Evidence, ModeAnswer, Suggestion
from afterbell.model.trace import trace_hex
from afterbell.model.vocabulary import Answer, RowStage, TriggerName
from afterbell.query.timeline import timeline

AT = "2026-01-05T14:{:02d}:00Z"


def run_of(*rows):
    (trace,) = traces([{"trace": "t", **row} for row in rows]).values()
    return trace


def trade_rows():
    return (
        {"type": "run", "id": "run", "name": "desk", "at": AT.format(0), "until": AT.format(59)},
        {"type": "idea", "id": "idea", "parent": "run", "at": AT.format(1), "until": AT.format(1), "idea": "I-1"},
        {
            "type": "call",
            "id": "c",
            "parent": "run",
            "at": AT.format(2),
            "until": AT.format(3),
            "model": "m",
            "output": "x",
        },
        {
            "type": "decision",
            "id": "d",
            "parent": "run",
            "at": AT.format(5),
            "until": AT.format(5),
            "action": "buy",
            "symbol": "SYNTHETIC_A",
            "quantity": "10",
        },
        {
            "type": "order",
            "id": "o",
            "parent": "run",
            "at": AT.format(6),
            "until": AT.format(6),
            "client_order_id": "C-1",
            "side": "buy",
            "quantity": "10",
            "symbol": "SYNTHETIC_A",
        },
        {
            "type": "execution_report",
            "span": "o",
            "at": AT.format(7),
            "client_order_id": "C-1",
            "exec_id": "E-1",
            "side": "buy",
            "last_quantity": "10",
            "last_price": "62.50",
        },
    )


def test_a_trade_is_told_from_idea_to_outcome():
    trace = run_of(*trade_rows())
    rows = timeline([trace])
    assert [row.stage for row in rows] == [
        RowStage.IDEA,
        RowStage.IDEA,
        RowStage.DECISION,
        RowStage.EXECUTION,
        RowStage.EXECUTION,
        RowStage.OUTCOME,
    ]
    assert [row.at for row in rows] == sorted(row.at for row in rows)
    assert {row.trace_id for row in rows} == {trace.trace_id}
    assert "buy 10" in rows[4].event
    assert "at 62.50" in rows[4].event


def test_calls_fill_up_only_where_moments_are_few():
    few = run_of(
        {"type": "run", "id": "run", "name": "desk", "at": AT.format(0)},
        *({"type": "call", "id": f"c{n}", "parent": "run", "at": AT.format(n), "model": "m"} for n in range(1, 9)),
    )
    assert len(timeline([few])) == 5
    assert not any("Model call" in row.event for row in timeline([run_of(*trade_rows())]))


def test_at_most_twenty_rows_and_the_event_is_one_of_them():
    rows = [{"type": "run", "id": "run", "name": "desk", "at": AT.format(0)}]
    rows += [
        {
            "type": "order",
            "id": f"o{n}",
            "parent": "run",
            "at": AT.format(n),
            "client_order_id": f"C-{n}",
            "side": "buy",
        }
        for n in range(1, 41)
    ]
    fired = event(
        TriggerName.DRAWDOWN,
        subject="s",
        occurred_at=datetime(2026, 1, 5, 21, tzinfo=UTC),
        due_hours=72,
        measured="1.4",
        limit="1.0",
        unit="percent",
        reason="Loss of 1.4 percent.",
    )
    found = timeline([run_of(*rows)], event=fired)
    assert len(found) == 20
    assert found[-1].event == "Trigger drawdown: Loss of 1.4 percent."


def test_a_budget_breach_and_the_place_of_a_yes_are_moments():
    rows = [{"type": "run", "id": "run", "name": "desk", "at": AT.format(0), "trading.budget.tokens.planned": 100}]
    rows += [
        {
            "type": "call",
            "id": f"c{n}",
            "parent": "run",
            "at": AT.format(n),
            "until": AT.format(n),
            "model": "m",
            "tokens": {"input": 90, "output": 0},
        }
        for n in range(1, 8)
    ]
    trace = run_of(*rows)
    proof = Evidence(trace_id=trace.trace_id, span_id=trace.calls[2].span_id)
    answer = ModeAnswer(
        number=4,
        mode="token_runaway",
        suggestion=Suggestion(answer=Answer.YES, reason="The loop ran on.", evidence=(proof,)),
    )
    said = [row.event for row in timeline([trace], answers=[answer])]
    assert "Budget set: 100 tokens planned" in said
    assert "Tokens used passed the plan: 180 of 100" in said
    assert "Tokens used passed 5 x the plan: 540 of 100" in said
    assert any(text.startswith("Scan, token_runaway in chat m: The loop ran on.") for text in said)


def test_a_fill_of_the_books_carries_its_own_trace():
    fill = Fill(
        transact_time=datetime(2026, 1, 5, 15, tzinfo=UTC),
        side="sell",
        symbol="SYNTHETIC_A",
        last_quantity=Decimal(10),
        last_price=Decimal("60.75"),
        realized_pnl=Decimal("-17.5"),
        trace_id="elsewhere",
    )
    row = timeline([run_of(*trade_rows())], fills=[fill])[-1]
    assert row.event == "Fill: sell 10 SYNTHETIC_A at 60.75, realised -17.5"
    assert row.trace_id == trace_hex("elsewhere")


def test_an_empty_trace_has_no_moments():
    assert timeline([]) == ()
