"""A position over time: executions netted, and snapshots where executions do not tell.

A closing execution whose opening was never seen makes what is held unknown, never short. It judges no profit.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct

from afterbell.model.scan import Evidence

_ZERO = Decimal(0)


class Move(Struct, frozen=True, kw_only=True):
    """One execution: signed quantity (None when side or quantity is not stated) and what it names.

    `plain_sale`: a sale that does not say whether it opens or closes.
    """

    at_ns: int
    quantity: Decimal | None
    price: Decimal | None = None
    effect: str = ""
    plain_sale: bool = False
    idea: str = ""
    thesis: str = ""
    account: str = ""
    strategy: str = ""
    symbol: str = ""
    exec_id: str = ""
    order: str = ""
    trace_id: str = ""
    evidence: Evidence


class Snapshot(Struct, frozen=True, kw_only=True):
    """What was held of an instrument at an instant."""

    at_ns: int
    quantity: Decimal
    idea: str = ""
    account: str = ""
    symbol: str = ""
    price: Decimal | None = None
    trace_id: str = ""
    evidence: Evidence


class Holding(Struct, frozen=True, kw_only=True):
    """A quantity held, None when it is not known and `missing` says why.

    `until_ns` is when it was gone, 0 while nothing says that it is; `evidence` the execution or snapshot that shows it.
    """

    quantity: Decimal | None = None
    until_ns: int = 0
    missing: str = ""
    evidence: Evidence | None = None


class Period(Struct, frozen=True, kw_only=True):
    """From when to when something was held (`closed_ns` 0: to this day), and at which price it began."""

    opened_ns: int
    closed_ns: int = 0
    entry: Decimal | None = None


class Position(Struct, frozen=True, kw_only=True):
    """One owner's executions and snapshots, each in order of time."""

    moves: tuple[Move, ...] = ()
    snapshots: tuple[Snapshot, ...] = ()

    @property
    def opened_ns(self) -> int:
        """When the position was first seen open; 0 when never."""
        stamps = [move.at_ns for move in self.moves if move.quantity][:1]
        stamps += [each.at_ns for each in self.snapshots if each.quantity][:1]
        return min(stamps, default=0)

    @property
    def entry(self) -> Decimal | None:
        """The price of the first execution, else the average price that the first snapshot states."""
        prices = [move.price for move in self.moves[:1]] + [each.price for each in self.snapshots[:1]]
        return next((price for price in prices if price is not None), None)

    @property
    def symbol(self) -> str:
        """The instrument that an execution or snapshot names."""
        named = [each.symbol for each in self.moves] + [each.symbol for each in self.snapshots]
        return next((symbol for symbol in named if symbol), "")

    @property
    def trace_ids(self) -> tuple[str, ...]:
        """The traces that the executions and snapshots come from."""
        named = [each.trace_id for each in self.moves] + [each.trace_id for each in self.snapshots]
        return tuple(dict.fromkeys(trace_id for trace_id in named if trace_id))

    def periods(self) -> tuple[Period, ...]:
        """Return the stretches in which something was held, by executions, else by snapshots."""
        steps = [(move.at_ns, move.quantity, move.price) for move in self.moves if move.quantity]
        if not steps or len(steps) < len(self.moves):
            first = self.opened_ns
            gone = next((each.at_ns for each in self.snapshots if each.at_ns > first and not each.quantity), 0)
            return (Period(opened_ns=first, closed_ns=gone, entry=self.entry),) if first else ()
        found, held = [], _ZERO
        for at_ns, quantity, price in steps:
            if not held:
                found.append(Period(opened_ns=at_ns, entry=price))
            held += quantity
            if not held:
                found[-1] = Period(opened_ns=found[-1].opened_ns, closed_ns=at_ns, entry=found[-1].entry)
        return tuple(found)

    def after(self, at_ns: int) -> Holding:
        """Return what was held once everything up to an instant, itself included, had happened."""
        told = _netted(self.moves, at_ns) if self.moves else None
        if told is not None and told.quantity is not None:
            return told
        later = [each for each in self.snapshots if each.at_ns > at_ns]
        before = [each for each in self.snapshots if each.at_ns <= at_ns]
        if later and later[0].quantity:
            gone = next((each.at_ns for each in later if not each.quantity), 0)
            return Holding(quantity=later[0].quantity, evidence=later[0].evidence, until_ns=gone)
        if before and not before[-1].quantity:
            return Holding(quantity=_ZERO)
        if later:
            return Holding(missing="when the position was closed (fills)") if before else Holding(quantity=_ZERO)
        return told or Holding(missing="fills, or a position snapshot after that moment")


def _netted(moves: Sequence[Move], at_ns: int) -> Holding:
    """Return the net of the executions up to an instant, with the one that opened it and when it came to nothing."""
    held, opened = _ZERO, None
    for move in moves:
        if move.at_ns > at_ns:
            break
        if move.quantity is None:
            return Holding(missing="side or quantity of a fill")
        closes = move.effect.startswith("c") or (move.plain_sale and not move.effect)
        if closes and abs(move.quantity) > _against(held, move.quantity):
            return Holding(missing="the opening of a position that a fill closes")
        if not held:
            opened = move
        held += move.quantity
    if not held:
        return Holding(quantity=_ZERO)
    rest = held
    for move in moves:
        if move.at_ns > at_ns and move.quantity is not None:
            rest += move.quantity
            if rest == 0 or (rest > 0) != (held > 0):
                return Holding(quantity=held, until_ns=move.at_ns, evidence=opened.evidence if opened else None)
    return Holding(quantity=held, evidence=opened.evidence if opened else None)


def _against(held: Decimal, quantity: Decimal) -> Decimal:
    """Return how much of a holding an execution can close."""
    return abs(held) if held * quantity < 0 else _ZERO


def reduced(own: Sequence[Move], loose: Sequence[Move]) -> list[Move]:
    """Return an owner's executions with those of nobody that make its position smaller."""
    held, kept = _ZERO, []
    mine = {id(move) for move in own}
    for move in sorted((*own, *loose), key=lambda each: each.at_ns):
        if id(move) not in mine and (move.quantity is None or abs(move.quantity) > _against(held, move.quantity)):
            continue
        kept.append(move)
        held += move.quantity or _ZERO
    return kept
