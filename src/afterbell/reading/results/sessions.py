"""What each account made in each session: realised, else marked to market, else not known and why.

Realised figures win wherever there are any. Flows are no result. Nothing is judged against a limit here.

Sessions are the rows of the equity book (a book is complete from its first to its last row), or, where only positions
and prices exist, the days with prices. In an account with fills, a session without one realised nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct, structs

from afterbell.model.books import Books, EquityRow, Fill, Flow, PositionRow
from afterbell.reading.moments import days as exchange_days
from afterbell.reading.results.marked import Marked, Prices, marked
from afterbell.reading.results.realised import Realised, as_one_file_has_them, realised
from afterbell.reading.results.reported import ReportedFill

_ZERO = Decimal(0)
# How far a step of stated equity may lie from that of positions at market prices and still be explained by them.
AGREEMENT = Decimal("0.001")
# What trades move beyond their day's bars is slippage up to this share of equity, and money of unknown origin above.
SLIPPAGE = Decimal("0.005")
_NO_FLOWS = "no realised figure and no flow is stated, and no positions and prices explain the equity"


class Basis(StrEnum):
    """What kind of figure a result is."""

    REALISED = "realised"
    MARKED = "marked to market"


class Cell(Struct, frozen=True, kw_only=True):
    """A figure's place in a book (or, with the ids of a span, in a trace), and its text there."""

    field: str
    text: str
    trace_id: str = ""
    span_id: str = ""


class Result(Struct, frozen=True, kw_only=True):
    """One session of an account. `pnl` is None when not known; `missing` says what the realised figure lacks.

    `unexplained` is a step of equity that fills, flows and prices do not account for; `doubtful` is as much of it as
    `pnl` holds.
    """

    session_date: date
    exchange: str = ""
    capital: Decimal | None = None
    pnl: Decimal | None = None
    basis: Basis = Basis.REALISED
    missing: str = ""
    unexplained: Decimal = _ZERO
    doubtful: Decimal = _ZERO
    fills: tuple[Fill, ...] = ()
    cells: tuple[Cell, ...] = ()


class Account(Struct, frozen=True, kw_only=True):
    """The sessions of one account, or of one strategy of it, in order; `remarks` are what could not be read at all.

    `marked_capital` says that deployed capital is the marked equity of the session before.
    """

    account_id: str
    strategy_id: str = ""
    results: tuple[Result, ...] = ()
    marked_capital: bool = False
    remarks: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """How the account is called in a subject: stable words."""
        named = f"account:{self.account_id}" if self.account_id else "account:unnamed"
        return f"{named} strategy:{self.strategy_id}" if self.strategy_id else named


def accounts(books: Books) -> tuple[Account, ...]:
    """Return every account that the books name, in order of name."""
    equity: dict[tuple[str, str], dict[date, EquityRow]] = {}
    for row in books.equity:
        equity.setdefault((row.account_id, row.strategy_id), {})[row.session_date] = row
    strategies: dict[str, list[str]] = {}
    for account, strategy in equity:
        strategies.setdefault(account, []).append(strategy)
    fills: dict[str, list[Fill]] = {}
    for fill in books.fills:
        fills.setdefault(fill.account_id, []).append(fill)
    positions: dict[str, list[PositionRow]] = {}
    for position in books.positions:
        positions.setdefault(position.account_id, []).append(position)
    prices = Prices(books.prices, {symbol for row in books.positions for symbol in row.positions})
    flows: dict[str, list[Flow]] = {}
    for flow in as_one_file_has_them(books.flows):
        flows.setdefault(flow.account_id, []).append(flow)

    found = []
    for (account, strategy), rows in equity.items():
        alone = len(strategies[account]) == 1
        own = [fill for fill in fills.get(account, ()) if alone or fill.strategy_id == strategy]
        held = marked(positions.get(account, ()), prices) if alone else ()
        ordered = tuple(rows[day] for day in sorted(rows))
        found.append(_from_equity(ordered, own, flows.get(account) if alone else None, held))
    for account, own in fills.items():
        strays = [fill for fill in own if fill.strategy_id not in strategies.get(account, ())]
        if account not in strategies:
            why = f"{len(own)} fills but no deployed_capital (equity book)"
            found.append(Account(account_id=account, remarks=(why,)))
        elif len(strategies[account]) > 1 and strays:
            why = f"{len(strays)} fills name none of its strategies and are counted for none"
            found.append(Account(account_id=account, remarks=(why,)))
    for account, rows_held in positions.items():
        if account not in strategies and account not in fills:
            found.append(_from_positions(account, marked(rows_held, prices)))
    return tuple(sorted(found, key=lambda each: (each.account_id, each.strategy_id)))


def _from_equity(
    rows: Sequence[EquityRow], fills: Sequence[Fill], flows: Sequence[Flow] | None, held: Sequence[Marked]
) -> Account:
    exchange = next((row.exchange for row in rows if row.exchange), "")
    by_session: dict[date, list[Realised]] = {}
    for each in realised(fills):
        by_session.setdefault(exchange_days.session_of(each.fill.transact_time, exchange), []).append(each)
    flowed: dict[date, Decimal] = {}
    for each_flow in flows or ():
        day = exchange_days.session_of(each_flow.at, exchange)
        amount = each_flow.amount if each_flow.kind == "deposit" else -each_flow.amount
        flowed[day] = flowed.get(day, _ZERO) + amount
    steps = _marked_steps(held)
    results = []
    before: EquityRow | None = None
    for row in rows:
        flow = row.net_flows if row.net_flows is not None else flowed.get(row.session_date, _ZERO) if flows else None
        own = by_session.get(row.session_date, ()) if fills else None
        result = _session(row, before, own, flow, steps, exchange)
        # Exports by calendar day have rows for weekends; they are no sessions and must not fill a rolling window.
        if result.pnl != 0 or result.fills or not exchange_days.is_weekend(row.session_date, exchange):
            results.append(result)
        before = row
    remarks = []
    days = {row.session_date for row in rows}
    outside = sorted(day for day, each in by_session.items() if day not in days)
    if outside:
        listed = ", ".join(day.isoformat() for day in outside[:5]) + (", …" if len(outside) > 5 else "")  # noqa: PLR2004 - enough to find them
        remarks.append(f"fills fall on days without a row in its equity book, so no capital is known: {listed}")
    if fills and not exchange_days.known(exchange):
        named = f"exchange {exchange} is not known" if exchange else "no exchange is stated"
        remarks.append(f"{named}; its fills were placed by UTC day")
    return Account(
        account_id=rows[0].account_id, strategy_id=rows[0].strategy_id, results=tuple(results), remarks=tuple(remarks)
    )


def _session(
    row: EquityRow, before: EquityRow | None, fills: Sequence[Realised] | None, flow: Decimal | None,
    steps: Mapping[date, Decimal | None], exchange: str,
) -> Result:  # fmt: skip
    """Return one session's result; `fills` is None for an account without any, which says nothing of its trades."""
    own = tuple(each.fill for each in fills or ())
    base = Result(
        session_date=row.session_date, exchange=exchange, fills=own,
        capital=row.deployed_capital if row.deployed_capital is None or row.deployed_capital > 0 else None,
    )  # fmt: skip
    opened = row.equity_open if row.equity_open is not None else before.equity_close if before else None
    step = row.equity_close - opened if row.equity_close is not None and opened is not None else None
    explained = step is not None and _explained(step, row, steps)
    missing = ""
    if row.realized_pnl is not None:
        pnl: Decimal | None = row.realized_pnl
        cells: tuple[Cell, ...] = (_cell("equity", row.row, "realized_pnl", row.realized_pnl),)
    elif fills is not None:
        pnl, missing, cells = _of_fills(fills, row.currency)
    else:
        pnl, cells = None, ()
    if pnl is not None:
        stray = _ZERO if step is None or flow is not None or explained else step - pnl
        return structs.replace(base, pnl=pnl, cells=cells, unexplained=stray)
    if step is not None and (flow is not None or explained):
        close = _cell("equity", row.row, "equity_close", row.equity_close)
        return structs.replace(base, pnl=step - (flow or _ZERO), basis=Basis.MARKED, missing=missing, cells=(close,))
    if not missing:
        missing = (
            _NO_FLOWS if step is not None else "no realised figure and no equity_close with the one before is stated"
        )
    return structs.replace(base, missing=missing, unexplained=step or _ZERO)


def _explained(step: Decimal, row: EquityRow, steps: Mapping[date, Decimal | None]) -> bool:
    at_market = steps.get(row.session_date)
    return at_market is not None and abs(at_market - step) <= AGREEMENT * abs(row.equity_close or _ZERO)


def _of_fills(fills: Sequence[Realised], currency: str) -> tuple[Decimal | None, str, tuple[Cell, ...]]:
    """Return what a session's fills realised, or None and why not; no fills is no result, which is zero."""
    total, cells = _ZERO, []
    for each in fills:
        if each.pnl is None:
            return None, f"{each.missing} (fills:{each.fill.row})", ()
        if currency and each.fill.currency and each.fill.currency != currency:
            return None, f"fills are in {each.fill.currency} and equity in {currency}, and no rate is known", ()
        total += each.pnl
        if each.pnl:
            column = "realized_pnl" if each.stated else "last_price"
            figure = each.fill.realized_pnl if each.stated else each.fill.last_price
            proof = each.fill.proof if isinstance(each.fill, ReportedFill) else None
            cells.append(
                Cell(field=proof.field, text=proof.excerpt, trace_id=proof.trace_id, span_id=proof.span_id)
                if proof else _cell("fills", each.fill.row, column, figure)
            )  # fmt: skip
    return total, "", tuple(cells)


def _cell(book: str, row: int, column: str, figure: Decimal | None) -> Cell:
    return Cell(field=f"{book}:{row}:{column}", text=str(figure))


def _marked_steps(held: Iterable[Marked]) -> Mapping[date, Decimal | None]:
    """Return by how much each session moved positions at market prices; None where that is not known."""
    steps: dict[date, Decimal | None] = {}
    before: Marked | None = None
    for each in held:
        whole = before is not None and before.equity is not None and each.equity is not None and not each.unexplained
        steps[each.session_date] = each.equity - before.equity if whole else None  # type: ignore[operator,union-attr]
        before = each
    return steps


def _from_positions(account: str, held: Sequence[Marked]) -> Account:
    """Return the sessions of an account of which only positions and prices are known."""
    results = []
    before: Marked | None = None
    for each in held:
        result = Result(session_date=each.session_date, exchange=each.exchange, basis=Basis.MARKED)
        cell = _cell("positions", each.row.row, "cash", each.row.cash)
        if each.missing:
            result = structs.replace(result, missing=f"{each.missing} is missing")
        elif before is None or each.equity is None:
            pass  # the first session has none before it to be measured by
        elif before.equity is None:
            result = structs.replace(result, missing="the session before could not be marked")
        else:
            slipped = abs(each.unexplained) <= SLIPPAGE * before.equity
            stray = _ZERO if slipped else each.unexplained
            result = structs.replace(
                result, capital=before.equity, pnl=each.equity - before.equity, unexplained=stray, doubtful=stray,
                cells=(cell,),
            )  # fmt: skip
        if result.capital is not None and result.capital <= 0:
            result = structs.replace(result, capital=None)
        results.append(result)
        before = each
    remarks = () if held else ("positions but no prices of what it held",)
    return Account(account_id=account, results=tuple(results), marked_capital=True, remarks=remarks)
