"""What fills realised, one by one, at average cost and net of commissions. Money and quantities are decimals.

A figure that the source states wins over one that is computed. A fill that closes something whose opening is not
in the book has no known result; it is never taken for an opening because the position looks flat. Prices count one
unit per quantity: a book has no column for a contract's multiplier, so futures need their stated `realized_pnl`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TypeVar

from msgspec import Struct, structs

from afterbell.model.books import Fill, Flow

Row = TypeVar("Row", Fill, Flow)

_ZERO = Decimal(0)


class Realised(Struct, frozen=True, kw_only=True):
    """What one fill realised, in its currency: zero when it only opened; None with a reason when not known."""

    fill: Fill
    pnl: Decimal | None = None
    stated: bool = False
    missing: str = ""


class _Leg(Struct, kw_only=True):
    """A quantity without sign, and its cost with the commissions of opening; a short costs what it brought, negated."""

    quantity: Decimal = _ZERO
    cost: Decimal = _ZERO


class _Position(Struct, kw_only=True):
    """What an account holds of a symbol, long and short beside each other; `lost`: the book does not tell."""

    long: _Leg
    short: _Leg
    lost: bool = False


def realised(fills: Iterable[Fill]) -> tuple[Realised, ...]:
    """Return the result of each fill of one account, in order of time.

    A repeated `exec_id`, and a row that several files hold, count once. The commission of an opening belongs to the
    cost of what it opened, as brokers' statements have it.
    """
    held: dict[str, _Position] = {}
    return tuple(
        _one(fill, held.setdefault(fill.symbol, _Position(long=_Leg(), short=_Leg())))
        for fill in without_repeats(fills)
    )


def without_repeats(fills: Iterable[Fill]) -> tuple[Fill, ...]:
    """Return the fills in order of time, each once."""
    kept: list[Fill] = []
    ids: set[tuple[str, str]] = set()
    for fill in sorted(as_one_file_has_them(fills), key=lambda each: (each.transact_time, each.row)):
        if fill.exec_id:
            if (fill.account_id, fill.exec_id) in ids:
                continue
            ids.add((fill.account_id, fill.exec_id))
        kept.append(fill)
    return tuple(kept)


def as_one_file_has_them(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield rows of several files; equal ones as often as the file holds them that holds most of them."""
    counts: dict[Row, dict[str, int]] = {}
    for row in rows:
        files = counts.setdefault(structs.replace(row, evidence="", row=0), {})
        most = max(files.values(), default=0)
        files[row.evidence] = files.get(row.evidence, 0) + 1
        if files[row.evidence] > most:
            yield row


def _one(fill: Fill, held: _Position) -> Realised:
    signed = _signed(fill)
    if signed is None or fill.last_price is None:
        held.lost = True
        if fill.realized_pnl is not None:
            return Realised(fill=fill, pnl=fill.realized_pnl, stated=True)
        lacking = "side or quantity" if signed is None else "price"
        return Realised(fill=fill, missing=f"a fill without {lacking} and without realized_pnl")
    computed = _moved(fill, signed, fill.last_price, held)
    if fill.realized_pnl is not None:
        return Realised(fill=fill, pnl=fill.realized_pnl, stated=True)
    if computed is None:
        return Realised(fill=fill, missing="a closing fill with neither realized_pnl nor its entry in the book")
    return Realised(fill=fill, pnl=computed)


def _signed(fill: Fill) -> Decimal | None:
    if fill.last_quantity is None or not fill.side.startswith(("buy", "sell")):
        return None
    return abs(fill.last_quantity) * (1 if fill.side.startswith("buy") else -1)


def _moved(fill: Fill, signed: Decimal, price: Decimal, held: _Position) -> Decimal | None:
    """Move the position by a fill and return what that realised; None when the entry is not known."""
    fee = fill.commission or _ZERO
    opens = fill.position_effect == "open" or fill.side.startswith("sell_short")
    if held.lost:
        return _ZERO if opens else None
    own, other, way = (held.long, held.short, 1) if signed > 0 else (held.short, held.long, -1)
    closing = _ZERO if opens else min(abs(signed), other.quantity)
    rest = abs(signed) - closing
    pnl = _ZERO
    if closing:
        share = closing / other.quantity
        pnl = -way * (price * closing) - other.cost * share - fee * closing / abs(signed)
        other.cost -= other.cost * share
        other.quantity -= closing
    if not rest:
        return pnl
    if not opens and (fill.position_effect == "close" or _looks_closing(fill, closing)):
        held.lost = True
        return None
    own.quantity += rest
    own.cost += way * rest * price + fee * rest / abs(signed)
    return pnl


def _looks_closing(fill: Fill, closing: Decimal) -> bool:
    """Tell whether a fill that finds nothing to close may still be one: a plain sell of what the book never bought."""
    return fill.side == "sell" and not fill.position_effect and not closing
