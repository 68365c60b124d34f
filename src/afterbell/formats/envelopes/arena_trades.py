"""Alpha Arena trades, one JSON object a line: a position from entry to exit, read as the two fills that it was.

`{"symbol", "side": "long"|"short", "quantity", "entry_price", "entry_time", "entry_oid", "entry_tid",
"entry_commission_dollars", "exit_price", "exit_time", "exit_oid", "exit_tid", "exit_commission_dollars",
"realized_net_pnl", "model_id"}`. Times are seconds since 1970, money is in USD. The result, net of both commissions,
stands on the closing fill. The idea is MODEL:SYMBOL:ENTRY_OID, as in `arena-cycles`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from afterbell.formats.book_cells import RowError, decimal
from afterbell.formats.items import Context, Item, Unit
from afterbell.model.books import Fill
from afterbell.model.trace import Refusal
from afterbell.reading.exact_json import NotJsonError, loads

NAME = "arena-trades"
TITLE = "Alpha Arena trades (JSON lines)"
UNIT = Unit.LINE
RANK = 40

_NEEDED = ("entry_price", "exit_price", "entry_time", "exit_time", "entry_oid", "model_id", "symbol")
_SIDES = {"long": ("buy", "sell"), "short": ("sell_short", "buy")}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def recognise(head: bytes, _name: str) -> bool:
    """Tell whether the first line is a trade from entry to exit."""
    try:
        row = loads(head.partition(b"\n")[0])
    except NotJsonError:
        return False
    return isinstance(row, dict) and all(key in row for key in _NEEDED)


def read(line: bytes, context: Context) -> Iterator[Item]:
    """Read one line into two fills, or a refusal."""
    where = f"line {context.position}"
    if not line.strip():
        return
    try:
        yield from _fills(loads(line), context.position)
    except NotJsonError as error:
        cut = " (the file ends inside this line)" if context.last else ""
        yield Refusal(where=where, why=f"not JSON: {error}{cut}")
    except RowError as error:
        yield Refusal(where=where, why=str(error))


def _fills(row: Any, number: int) -> list[Fill]:
    if not isinstance(row, dict):
        raise RowError("the line is not an object")
    return [_fill(row, leg, number) for leg in ("entry", "exit")]


def _fill(row: Mapping[str, Any], leg: str, number: int) -> Fill:
    sides = _SIDES.get(str(row.get("side")))
    if sides is None:
        raise RowError(f"side is neither long nor short: {str(row.get('side'))[:40]!r}")
    opens = leg == "entry"
    model, symbol = (str(row.get(key) or "") for key in ("model_id", "symbol"))
    size = row.get(f"{leg}_sz", row.get("quantity"))
    return Fill(
        transact_time=_moment(row, f"{leg}_time"), account_id=model, symbol=symbol, side=sides[0 if opens else 1],
        last_quantity=abs(_number(f"{leg}_sz", size)), last_price=_number(f"{leg}_price", row.get(f"{leg}_price")),
        commission=_stated(row, f"{leg}_commission_dollars"), currency="USD",
        realized_pnl=None if opens else _stated(row, "realized_net_pnl"), order_id=_id(row, f"{leg}_oid"),
        exec_id=_id(row, f"{leg}_tid"), position_effect="open" if opens else "close",
        idea_id=f"{model}:{symbol}:{_id(row, 'entry_oid')}", row=number,
    )  # fmt: skip


def _number(name: str, value: Any) -> Decimal:
    if value is None:
        raise RowError(f"{name} is not stated")
    return decimal(name, value)


def _stated(row: Mapping[str, Any], name: str) -> Decimal | None:
    return None if row.get(name) is None else decimal(name, row[name])


def _id(row: Mapping[str, Any], name: str) -> str:
    return "" if row.get(name) is None else str(row[name])


def _moment(row: Mapping[str, Any], name: str) -> datetime:
    seconds = _number(name, row.get(name))
    try:
        return _EPOCH + timedelta(microseconds=int(seconds * 1_000_000))
    except OverflowError:
        raise RowError(f"{name} is no time: {str(seconds)[:40]}") from None
