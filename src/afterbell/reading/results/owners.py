"""Which executions and snapshots of a house belong to which idea: fills and positions of the books, and the traces'.

An order whose fills a book holds is told by the book; an execution told twice counts once. A fill that names no idea
belongs to that of its order or trace; one that names none at all counts where it makes an idea's position smaller, or
where the idea is known by nothing but its symbol and account.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from msgspec import Struct

from afterbell.model.books import Fill, PositionRow
from afterbell.model.docket import Docket, RunFacts
from afterbell.model.scan import Evidence
from afterbell.model.trading import TradeEvent, TradeKind
from afterbell.reading.results.holdings import ns
from afterbell.reading.results.positions import Move, Position, Snapshot, reduced
from afterbell.reading.results.realised import without_repeats
from afterbell.reading.times import read

TRADED_TYPES = frozenset({"trade", "filled", "partially_filled", "trade_correct"})
TRADED_STATUSES = frozenset({"filled", "partially_filled"})


class Owner(Struct, frozen=True, kw_only=True):
    """Whose position it is: an idea (blank: whatever holds the symbol), and what is known of where it is held."""

    idea: str = ""
    thesis: str = ""
    symbol: str = ""
    account: str = ""
    strategy: str = ""


class Owners:
    """Every execution and snapshot of a house, to be asked by owner."""

    def __init__(self, docket: Docket) -> None:
        """Take in the books' fills and positions, and the traces' reports, filled orders and snapshots."""
        self._ideas = {run.trace_id: run.idea_ids for run in docket.runs}
        self._orders = {
            trade.client_order_id: trade for run in docket.runs for trade in run.trades
            if trade.kind is TradeKind.ORDER and trade.client_order_id
        }  # fmt: skip
        booked = [self._booked(fill) for fill in without_repeats(docket.books.fills)]
        self._by_idea: dict[str, list[Move]] = {}
        self._loose: dict[str, list[Move]] = {}
        for move in sorted((*booked, *self._reported(docket.runs, booked)), key=lambda each: each.at_ns):
            kept = self._by_idea.setdefault(move.idea, []) if move.idea else self._loose.setdefault(move.symbol, [])
            kept.append(move)
        self._snapshots: dict[str, list[Snapshot]] = {}
        for shot in sorted((*_held(docket.books.positions), *_seen(docket.runs)), key=lambda each: each.at_ns):
            self._snapshots.setdefault(shot.symbol, []).append(shot)

    def of(self, owner: Owner) -> Position:
        """Return the position of an owner: by its idea where executions name one, else by symbol and account."""
        own = [
            move for move in (self._by_idea.get(owner.idea, ()) if owner.idea else ())
            if not (owner.thesis and move.thesis and move.thesis != owner.thesis)
        ]  # fmt: skip
        symbol = owner.symbol or next((move.symbol for move in own if move.symbol), "")
        account = owner.account or next((move.account for move in own if move.account), "")
        loose = [move for move in self._loose.get(symbol, ()) if symbol and _fits(move, account, owner.strategy)]
        shots = [shot for shot in self._snapshots.get(symbol, ()) if symbol and _shows(shot, owner.idea, account)]
        return Position(moves=tuple(reduced(own, loose) if own else loose), snapshots=tuple(shots))

    def _booked(self, fill: Fill) -> Move:
        order = self._orders.get(fill.client_order_id) if fill.client_order_id else None
        idea = fill.idea_id or (self._idea_of(order) if order else "") or self._only_idea(fill.trace_id)
        size = None if fill.last_quantity is None else str(fill.last_quantity)
        return Move(
            at_ns=ns(fill.transact_time),
            quantity=_signed(fill.side, fill.last_quantity), price=fill.last_price, effect=fill.position_effect,
            plain_sale=fill.side == "sell", idea=idea, thesis=order.thesis_id if order else "",
            account=fill.account_id, strategy=fill.strategy_id, symbol=fill.symbol, exec_id=fill.exec_id,
            order=fill.client_order_id, trace_id=fill.trace_id or (order.source.trace_id if order else ""),
            evidence=Evidence(
                trace_id="", field=f"fills:{fill.row}:{'last_quantity' if size else 'transact_time'}",
                excerpt=size or fill.transact_time.isoformat(), end=len(size or fill.transact_time.isoformat()),
            ),
        )  # fmt: skip

    def _reported(self, runs: Iterable[RunFacts], booked: Sequence[Move]) -> Iterator[Move]:
        """Yield the executions that traces report, and orders that say filled and have no report."""
        told = {move.order for move in booked if move.order}
        known = {move.exec_id for move in booked if move.exec_id}
        reported: set[str] = set()
        filled: list[TradeEvent] = []
        for trade in (trade for run in runs for trade in run.trades):
            if trade.client_order_id in told and trade.client_order_id:
                continue
            if trade.kind is TradeKind.EXECUTION_REPORT:
                if (trade.exec_type in TRADED_TYPES or trade.status in TRADED_STATUSES) and trade.exec_id not in known:
                    known.update({trade.exec_id} - {""})
                    reported.add(trade.client_order_id)
                    yield self._move(trade)
            elif trade.kind is TradeKind.ORDER and trade.status in TRADED_STATUSES:
                filled.append(trade)
        orders: set[str] = set()
        for order in filled:
            if order.client_order_id not in reported and (
                not order.client_order_id or order.client_order_id not in orders
            ):
                orders.add(order.client_order_id)
                yield self._move(order)

    def _move(self, trade: TradeEvent) -> Move:
        order = self._orders.get(trade.client_order_id, trade) if trade.client_order_id else trade
        side, effect = trade.side or order.side, trade.position_effect or order.position_effect
        return Move(
            at_ns=trade.at_ns, quantity=_signed(side, trade.quantity), price=trade.price, effect=effect,
            plain_sale=side == "sell", idea=self._idea_of(trade) or self._idea_of(order),
            thesis=trade.thesis_id or order.thesis_id, account=trade.account_id or order.account_id,
            strategy=trade.strategy_id or order.strategy_id, symbol=trade.symbol or order.symbol,
            exec_id=trade.exec_id, order=trade.client_order_id, trace_id=trade.source.trace_id,
            evidence=cited(trade, ("trading.execution.last_quantity", "trading.order.quantity")),
        )  # fmt: skip

    def _idea_of(self, trade: TradeEvent) -> str:
        return trade.idea_id or self._only_idea(trade.source.trace_id)

    def _only_idea(self, trace_id: str) -> str:
        ideas = self._ideas.get(trace_id, ())
        return ideas[0] if len(ideas) == 1 else ""


def cited(trade: TradeEvent, keys: Iterable[str]) -> Evidence:
    """Return the first of these attributes that a trading fact has, as evidence; else the place of the fact."""
    source = trade.source
    for key in keys:
        if key in trade.attributes:
            text = str(trade.attributes[key])
            field = f"{source.field}.{key}" if source.field.startswith(("events[", "log:")) else key
            return Evidence(trace_id=source.trace_id, span_id=source.span_id, field=field, excerpt=text, end=len(text))
    return Evidence(trace_id=source.trace_id, span_id=source.span_id, field=source.field)


def _signed(side: str, quantity: Decimal | None) -> Decimal | None:
    if quantity is None or not side.startswith(("buy", "sell")):
        return None
    return abs(quantity) if side.startswith("buy") else -abs(quantity)


def _fits(move: Move, account: str, strategy: str) -> bool:
    same_account = not (account and move.account) or move.account == account
    return same_account and (not (strategy and move.strategy) or move.strategy == strategy)


def _shows(shot: Snapshot, idea: str, account: str) -> bool:
    if shot.idea and idea:
        return shot.idea == idea
    return not (account and shot.account) or shot.account == account


def _held(rows: Iterable[PositionRow]) -> Iterator[Snapshot]:
    """Yield what the positions book says was held; a stamp without a zone counts at the last instant it may mean."""
    ever: dict[str, set[str]] = {}
    for row in rows:
        stamp = read(row.at or row.session_date.isoformat())
        held = ever.setdefault(row.account_id, set())
        held.update(row.positions)
        if stamp is None:
            continue
        for symbol in sorted(held):
            quantity = row.positions.get(symbol, Decimal(0))
            yield Snapshot(
                at_ns=stamp.first if quantity else stamp.last, quantity=quantity, account=row.account_id, symbol=symbol,
                evidence=Evidence(trace_id="", field=f"positions:{row.row}:positions"),
            )  # fmt: skip


def _seen(runs: Iterable[RunFacts]) -> Iterator[Snapshot]:
    for run in runs:
        for trade in run.trades:
            if trade.kind is TradeKind.POSITION_SNAPSHOT and trade.quantity is not None:
                idea = trade.idea_id or (run.idea_ids[0] if len(run.idea_ids) == 1 else "")
                yield Snapshot(
                    at_ns=trade.at_ns, quantity=trade.quantity, idea=idea, account=trade.account_id,
                    symbol=trade.symbol, price=trade.average_price, trace_id=run.trace_id,
                    evidence=cited(trade, ("trading.position.quantity",)),
                )  # fmt: skip
