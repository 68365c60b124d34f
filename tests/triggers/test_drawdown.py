"""What a drawdown rests on, where the worked examples of the trigger do not reach."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from afterbell.model.books import Books, EquityRow, Fill, Flow, PositionRow, PriceBar
from afterbell.model.calls import Source
from afterbell.model.docket import Docket, RunFacts
from afterbell.model.policy import from_mapping
from afterbell.model.trading import TradeEvent, TradeKind
from afterbell.triggers.drawdown.trigger import fire, judge, notes, percent


def row(day: int, **more) -> EquityRow:
    facts = {"account_id": "A", "exchange": "XNYS", "deployed_capital": Decimal(100_000), "row": day}
    return EquityRow(session_date=date(2026, 1, day), **(facts | more))


def fill(day: int, hour: int, side: str, quantity: int, price: str, **more) -> Fill:
    return Fill(
        transact_time=datetime(2026, 1, day, hour, tzinfo=UTC), account_id="A", symbol="SYNTHETIC_A", side=side,
        last_quantity=Decimal(quantity), last_price=Decimal(price), **more,
    )  # fmt: skip


def docket(**books) -> Docket:
    return Docket(books=Books(**{name: tuple(rows) for name, rows in books.items()}))


def test_a_loss_just_over_the_line_is_shown_as_over_it() -> None:
    assert percent(Decimal("1.00001"), Decimal("1.0")) == "1.00001"
    assert percent(Decimal("1.40000"), Decimal("1.0")) == "1.4"
    assert percent(Decimal(120), Decimal("1.0")) == "120"
    (event,) = fire(docket(equity=[row(5, realized_pnl=Decimal("-1000.01"))]))
    assert event.measured == "1.00001"


def test_due_three_days_after_the_close() -> None:
    (event,) = fire(docket(equity=[row(5, realized_pnl=Decimal(-2000))]))
    assert event.occurred_at == datetime(2026, 1, 5, 21, tzinfo=UTC)
    assert (event.due_by - event.occurred_at).total_seconds() == 72 * 3600
    (crypto,) = fire(docket(equity=[row(5, realized_pnl=Decimal(-2000), exchange="CRYPTO")]))
    assert crypto.occurred_at == datetime(2026, 1, 6, tzinfo=UTC)


def test_a_stated_result_wins_over_the_fills() -> None:
    fills = [fill(5, 15, "buy", 100, "50"), fill(5, 16, "sell", 100, "20")]
    assert not fire(docket(equity=[row(5, realized_pnl=Decimal(-10))], fills=fills))
    (event,) = fire(docket(equity=[row(5)], fills=fills))
    assert event.measured == "3"


def test_a_fill_belongs_to_the_session_of_its_exchange() -> None:
    # 01:00 UTC on the 6th is still the evening of the 5th in New York.
    fills = [fill(5, 15, "buy", 100, "50"), fill(6, 1, "sell", 100, "20")]
    (event,) = fire(docket(equity=[row(5), row(6)], fills=fills))
    assert event.subject.endswith("session:2026-01-05")


def test_fills_of_a_day_without_capital_are_noted() -> None:
    facts = docket(equity=[row(5)], fills=[fill(5, 15, "buy", 100, "50"), fill(7, 15, "sell", 100, "20")])
    assert not fire(facts)
    assert any("2026-01-07" in note for note in notes(facts))


def test_fills_without_an_equity_book_are_unknown() -> None:
    facts = docket(fills=[fill(5, 15, "buy", 100, "50"), fill(5, 16, "sell", 100, "20")])
    assert not fire(facts)
    assert any("no deployed_capital" in note for note in notes(facts))


def test_currencies_are_not_added() -> None:
    fills = [fill(5, 15, "buy", 100, "50", currency="EUR"), fill(5, 16, "sell", 100, "20", currency="EUR")]
    facts = docket(equity=[row(5, currency="USD")], fills=fills)
    assert not fire(facts)
    assert any("EUR" in note for note in notes(facts))


def test_flows_of_their_own_book_are_no_loss() -> None:
    equity = [row(5, equity_open=Decimal(100_000), equity_close=Decimal(70_000))]
    out = Flow(at=datetime(2026, 1, 5, 18, tzinfo=UTC), account_id="A", kind="withdrawal", amount=Decimal(30_000))
    assert not fire(docket(equity=equity, flows=[out]))
    assert not notes(docket(equity=equity, flows=[out]))
    assert notes(docket(equity=equity))


def test_a_step_that_positions_and_prices_explain_counts_as_marked() -> None:
    equity = [row(5, equity_close=Decimal(100_000)), row(6, equity_close=Decimal(97_000))]
    held = [
        PositionRow(session_date=date(2026, 1, day), at=f"2026-01-0{day}", account_id="A", cash=Decimal(70_000),
                    positions={"SYNTHETIC_A": Decimal(1000)}) for day in (5, 6)
    ]  # fmt: skip
    bars = [
        PriceBar(session_date=date(2026, 1, day), symbol="SYNTHETIC_A", at=f"2026-01-0{day}", close=Decimal(close))
        for day, close in ((5, 30), (6, 27))
    ]
    (event,) = fire(docket(equity=equity, positions=held, prices=bars))
    assert event.measured == "3"
    assert event.reason.startswith("Marked to market")
    assert not fire(docket(equity=equity))


def test_unexplained_money_decides_nothing() -> None:
    def held(day: int, cash: int, quantity: int = 100) -> PositionRow:
        return PositionRow(session_date=date(2026, 1, day), at=f"2026-01-0{day}", account_id="A", cash=Decimal(cash),
                           positions={"SYNTHETIC_A": Decimal(quantity)})  # fmt: skip

    bars = [
        PriceBar(session_date=date(2026, 1, day), symbol="SYNTHETIC_A", at=f"2026-01-0{day}", close=Decimal(close))
        for day, close in ((5, 50), (6, 50), (7, 40))
    ]
    taken = docket(positions=[held(5, 5000), held(6, 4000)], prices=bars)
    assert not fire(taken)
    assert any("fell by 1000" in note for note in notes(taken))
    # A loss that is over the limit without the money that left stays one.
    both = docket(positions=[held(5, 5000), held(6, 5000), held(7, 4900)], prices=bars)
    assert [event.subject for event in fire(both)] == ["account:A session:2026-01-07"]


def test_realised_and_marked_sessions_do_not_add_up() -> None:
    marked = [row(day, equity_open=Decimal(100_000), equity_close=Decimal(99_100), net_flows=Decimal(0))
              for day in (5, 6)]  # fmt: skip
    realised = [row(day, realized_pnl=Decimal(-900)) for day in (7, 8, 9)]
    facts = docket(equity=[*marked, *realised])
    assert not fire(facts)
    assert any("do not add up" in note for note in notes(facts))


def test_traces_by_idea_account_and_own_id() -> None:
    fills = [fill(5, 15, "buy", 100, "50", idea_id="I"), fill(5, 16, "sell", 100, "20", trace_id="c" * 32)]
    late = int(datetime(2026, 1, 9, tzinfo=UTC).timestamp()) * 10**9
    runs = (
        RunFacts(trace_id="a" * 32, idea_ids=("I",)),
        RunFacts(trace_id="b" * 32, account_ids=("A",), started_ns=1),
        RunFacts(trace_id="c" * 32),
        RunFacts(trace_id="d" * 32, account_ids=("A",), started_ns=late),
        RunFacts(trace_id="e" * 32, account_ids=("B",)),
    )
    facts = Docket(runs=runs, books=docket(equity=[row(5)], fills=fills).books)
    (event,) = fire(facts)
    assert event.trace_ids == ("a" * 32, "b" * 32, "c" * 32)


def test_rolling_length_is_policy() -> None:
    facts = docket(equity=[row(day, realized_pnl=Decimal(-900)) for day in (5, 6)])
    policy = from_mapping({"policy": {"drawdown_rolling_sessions": 2, "drawdown_rolling_pct": "1.5"}}, {})
    assert not fire(facts)
    (event,) = fire(Docket(books=facts.books, policy=policy))
    assert (event.measured, event.limit) == ("1.8", "1.5")
    assert [each.rolling_loss for each in judge(Docket(books=facts.books, policy=policy))] == [None, Decimal("1.8")]


def test_weekend_rows_of_an_exchange_are_no_sessions() -> None:
    lost = {8: -900, 9: -900, 10: 0, 11: 0, 12: -900, 13: -100, 14: -900}  # the 10th is a Saturday
    equity = [row(day, realized_pnl=Decimal(pnl)) for day, pnl in lost.items()]
    assert [event.measured for event in fire(docket(equity=equity))] == ["3.7"]
    coins = [row(day, realized_pnl=Decimal(pnl), exchange="CRYPTO") for day, pnl in lost.items()]
    assert not fire(docket(equity=coins))


def test_absurd_figures_and_days_do_not_stop_it() -> None:
    huge = row(5, realized_pnl=Decimal("-1e99"), deployed_capital=Decimal("1e-99"))
    for exchange in ("XTKS", "XNYS", "XCME", "CRYPTO"):
        ends = [EquityRow(session_date=day, account_id="B", exchange=exchange, deployed_capital=Decimal(1),
                          realized_pnl=Decimal(-1)) for day in (date.min, date.max)]  # fmt: skip
        trades = [
            Fill(transact_time=at, account_id="B", symbol="S", side="sell", last_quantity=Decimal(1))
            for at in (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))
        ]
        facts = docket(equity=[huge, *ends], fills=trades)
        assert len(fire(facts)) == 3
        notes(facts)


def test_traces_tell_of_accounts_that_the_books_leave_out() -> None:
    def report(hour: int, side: str, price: str, **more) -> TradeEvent:
        facts = {"account_id": "A", "symbol": "S", "side": side, "exec_id": f"E{hour}", "exec_type": "trade"} | more
        return TradeEvent(
            kind=TradeKind.EXECUTION_REPORT, at_ns=at(hour), quantity=Decimal(100), price=Decimal(price),
            attributes={"trading.execution.last_price": price},
            source=Source(trace_id="a" * 32, span_id="s", field="events[0]"), **facts,
        )  # fmt: skip

    def at(hour: int) -> int:
        return int(datetime(2026, 1, 5, hour, tzinfo=UTC).timestamp()) * 10**9

    def run(*trades: TradeEvent) -> RunFacts:
        return RunFacts(trace_id="a" * 32, trades=trades)

    shot = TradeEvent(
        kind=TradeKind.ACCOUNT_SNAPSHOT, at_ns=at(20), account_id="A", exchange="XNYS",
        source=Source(trace_id="a" * 32, span_id=""),
        attributes={"trading.account.deployed_capital": "100000", "trading.account.equity": "98000"},
    )  # fmt: skip
    trades = (report(15, "buy", "50"), report(16, "sell", "30"))
    (event,) = fire(Docket(runs=(run(*trades, shot),)))
    assert (event.measured, event.trace_ids) == ("2", ("a" * 32,))
    proof = event.evidence[0]
    assert (proof.trace_id, proof.span_id, proof.excerpt) == ("a" * 32, "s", "30")
    assert proof.field == "events[0].trading.execution.last_price"
    # The same execution in two traces is one; a book of the account's fills tells them all.
    assert [each.measured for each in fire(Docket(runs=(run(*trades, shot), run(*trades))))] == ["2"]
    booked = docket(fills=[fill(5, 14, "buy", 1, "1")]).books
    assert not fire(Docket(runs=(run(*trades, shot),), books=booked))
    # Nothing is lost in a backtest, and without capital nothing can be judged.
    assert not fire(Docket(runs=(run(*(report(h, s, p, mode="backtest") for h, s, p in
                                       ((15, "buy", "50"), (16, "sell", "30"))), shot),)))  # fmt: skip
    bare = Docket(runs=(run(*trades),))
    assert not fire(bare)
    assert any("no deployed_capital" in note for note in notes(bare))
