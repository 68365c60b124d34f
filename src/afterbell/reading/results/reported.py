"""Fills and equity that only the traces tell: execution reports and account snapshots, as rows beside the books'.

An account that has fills in the books is told by them alone, for a book is complete for its account; the same holds for
its equity. Of an account's snapshots of one session the last counts. Backtests and replays lose no money and are left
out. It judges nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal, InvalidOperation

from msgspec import structs

from afterbell.model.books import Books, EquityRow, Fill
from afterbell.model.docket import Docket, RunFacts
from afterbell.model.scan import Evidence
from afterbell.model.trading import TradeEvent, TradeKind
from afterbell.reading.moments.days import session_of
from afterbell.reading.results.owners import TRADED_STATUSES, TRADED_TYPES, cited
from afterbell.reading.times import from_ns

EQUITY, CAPITAL = "trading.account.equity", "trading.account.deployed_capital"


_DIGITS = 60  # no account is larger
_SIMULATED = frozenset({"backtest", "replay", "simulation"})


class ReportedFill(Fill, frozen=True, kw_only=True):
    """A fill that a trace reports, and where."""

    proof: Evidence


def with_reported(docket: Docket) -> Books:
    """Return the docket's books with what traces report of accounts that the books say nothing of."""
    books = docket.books
    filled = {fill.account_id for fill in books.fills}
    valued = {row.account_id for row in books.equity} | {row.account_id for row in books.positions}
    fills = tuple(fill for fill in _fills(docket.runs) if fill.account_id not in filled)
    equity = tuple(row for row in _equity(docket.runs) if row.account_id not in valued)
    if not fills and not equity:
        return books
    return structs.replace(books, fills=(*books.fills, *fills), equity=(*books.equity, *equity))


def _fills(runs: Iterable[RunFacts]) -> Iterator[ReportedFill]:
    orders = {trade.client_order_id: trade for run in runs for trade in run.trades
              if trade.kind is TradeKind.ORDER and trade.client_order_id}  # fmt: skip
    for run in runs:
        for trade in run.trades:
            moment = from_ns(trade.at_ns)
            traded = trade.exec_type in TRADED_TYPES or trade.status in TRADED_STATUSES
            if trade.kind is not TradeKind.EXECUTION_REPORT or not traded or not _real(trade) or moment is None:
                continue
            order = orders.get(trade.client_order_id, trade)
            yield ReportedFill(
                transact_time=moment, account_id=trade.account_id, strategy_id=trade.strategy_id,
                symbol=trade.symbol or order.symbol, side=trade.side or order.side, last_quantity=trade.quantity,
                last_price=trade.price, commission=trade.commission, realized_pnl=trade.realized_pnl,
                currency=trade.currency, client_order_id=trade.client_order_id, order_id=trade.order_id,
                exec_id=trade.exec_id, position_effect=trade.position_effect or order.position_effect,
                idea_id=trade.idea_id, trace_id=run.trace_id,
                proof=cited(trade, ("trading.position.realized_pnl", "trading.execution.last_price",
                                    "trading.execution.last_quantity")),
            )  # fmt: skip


def _real(trade: TradeEvent) -> bool:
    return bool(trade.account_id) and trade.mode.lower() not in _SIMULATED


def _equity(runs: Iterable[RunFacts]) -> Iterator[EquityRow]:
    """Yield a row for each session of an account, of its last snapshot."""
    last: dict[tuple[str, str, date], TradeEvent] = {}
    shots = [trade for run in runs for trade in run.trades
             if trade.kind is TradeKind.ACCOUNT_SNAPSHOT and _real(trade)]  # fmt: skip
    for shot in sorted(shots, key=lambda trade: trade.at_ns):
        moment = from_ns(shot.at_ns)
        if moment is not None:
            last[shot.account_id, shot.strategy_id, session_of(moment, shot.exchange)] = shot
    for (account, strategy, day), shot in last.items():
        yield EquityRow(
            session_date=day, account_id=account, strategy_id=strategy, exchange=shot.exchange, currency=shot.currency,
            equity_close=_figure(shot, EQUITY), deployed_capital=_figure(shot, CAPITAL),
        )  # fmt: skip


def _figure(shot: TradeEvent, key: str) -> Decimal | None:
    try:
        figure = Decimal(str(shot.attributes[key]).strip()) if key in shot.attributes else None
    except InvalidOperation:
        return None
    sane = figure is not None and figure.is_finite() and abs(figure.adjusted()) <= _DIGITS
    return figure if sane else None
