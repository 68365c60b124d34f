"""No trigger breaks on what traces may hold: absurd times and figures, conditions of any words, ids of any letters."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from afterbell.catalog import shelves
from afterbell.model.books import Books, CalendarEvent, Fill, PositionRow, PriceBar
from afterbell.model.calls import Source
from afterbell.model.docket import Docket
from afterbell.model.facts import CONDITION, run_facts
from afterbell.model.run import Trace
from afterbell.model.trading import TradeEvent, TradeKind

NAMES = st.sampled_from(("", "I", "J", "\u202e\ud800"))
TIMES = st.sampled_from((0, 1, 10**18, 10**18 + 10**9, 2**63 - 1))
FIGURES = st.none() | st.sampled_from(("0", "1", "-1", "1e999999", "-1e-999999", "1e40", "3.5")).map(Decimal)
CONDITIONS = st.sampled_from((
    "closes below 1", "trades above 0.5", "valid until 0001-01-01", "valid until 9999-12-31",
    "valid until 9999-12-31T23:59:59-12:00", "held longer than 9999 weeks", "before earnings", "after the CPI release",
    "falls 999% below entry", "two consecutive 3m closes below 99999999999999", "outside 1-2", "RSI under 3", "",
)) | st.text(max_size=40)  # fmt: skip


def trades() -> st.SearchStrategy[TradeEvent]:
    return st.builds(
        TradeEvent, kind=st.sampled_from(TradeKind), at_ns=TIMES, idea_id=NAMES, thesis_id=NAMES, account_id=NAMES,
        symbol=NAMES, side=st.sampled_from(("", "buy", "sell", "sell_short", "other")), quantity=FIGURES, price=FIGURES,
        exec_type=st.sampled_from(("", "trade")), status=st.sampled_from(("", "filled", "invalidated", "rejected")),
        position_effect=st.sampled_from(("", "open", "close")), client_order_id=NAMES, exec_id=NAMES,
        action=st.sampled_from(("", "buy", "hold")), commission=FIGURES, realized_pnl=FIGURES, exchange=NAMES,
        source=st.just(Source(trace_id="a" * 32, span_id="b" * 16, field="name")),
        attributes=st.fixed_dictionaries({}, optional={
            CONDITION: CONDITIONS, "trading.account.deployed_capital": st.sampled_from(("1", "1e-999999", "x", 5)),
            "trading.account.equity": st.sampled_from(("1", "1e999999", None)),
            "trading.execution.last_price": st.just("1")}),
    )  # fmt: skip


ENDS = st.sampled_from((datetime.min, datetime(2001, 9, 9), datetime.max)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001, DTZ901
BARS = st.builds(
    PriceBar, session_date=st.sampled_from((date.min, date(2001, 9, 9), date.max)), symbol=NAMES,
    at=st.sampled_from(("", "2001-09-09T01:46:43Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "soon")),
    interval=st.sampled_from(("", "PT3M", "P1D", "P9999W", "x")), exchange=st.sampled_from(("", "CRYPTO", "XNYS")),
    low=FIGURES, high=FIGURES, close=FIGURES,
)  # fmt: skip
BOOKS = st.builds(
    Books,
    fills=st.lists(st.builds(Fill, transact_time=ENDS, account_id=NAMES, symbol=NAMES, idea_id=NAMES,
                             side=st.sampled_from(("buy", "sell", "")), last_quantity=FIGURES.filter(
                                 lambda each: each is None or abs(each.adjusted()) < 99)), max_size=2).map(tuple),
    prices=st.lists(BARS, max_size=5).map(tuple),
    positions=st.lists(st.builds(PositionRow, session_date=st.sampled_from((date.min, date.max)), account_id=NAMES,
                                 at=st.sampled_from(("", "x", "2001-09-09")),
                                 positions=st.just({"I": Decimal(1)})), max_size=2).map(tuple),
    events=st.lists(st.builds(CalendarEvent, at=st.sampled_from(("", "9999-12-31", "0001-01-01", "x")), symbol=NAMES,
                              kind=st.sampled_from(("earnings", "macro")), title=st.just("CPI")),
                    max_size=2).map(tuple),
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(trades(), max_size=6), max_size=3), BOOKS)
def test_nothing_breaks(runs: list[list[TradeEvent]], books: Books) -> None:
    facts = tuple(
        structs.replace(run_facts(Trace(trace_id=f"{number:032x}", trades=tuple(each))),
                        ended_ns=max((one.at_ns for one in each), default=0))
        for number, each in enumerate(runs)
    )  # fmt: skip
    docket = Docket(runs=facts, books=books)
    for trigger in shelves.triggers().values():
        events, notes = trigger.fire(docket), trigger.notes(docket)
        assert trigger.fire(docket) == events
        assert all(len(event.reason) + len(event.measured) < 5000 for event in events)
        assert all(len(note) < 5000 for note in notes)
