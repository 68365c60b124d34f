"""AI-Trader's position.jsonl: what an agent held after each action, one object a line.

`{"date", "id", "this_action": {"action", "symbol", "amount"}, "positions": {SYMBOL: quantity, "CASH": money}}`.
A row has no account; it comes from the path (see `aitrader_paths`) and is left blank, with a remark, where the path
does not say. Dates are local to a market that the row does not name; they are kept as they are written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from afterbell.formats.aitrader_paths import STAMP, account_of
from afterbell.formats.book_cells import RowError, decimal
from afterbell.formats.items import Context, Item, Unit
from afterbell.model.books import PositionRow
from afterbell.model.trace import Refusal
from afterbell.reading.exact_json import NotJsonError, loads

NAME = "aitrader-positions"
TITLE = "AI-Trader positions (position.jsonl)"
UNIT = Unit.LINE
RANK = 40

_CASH = "CASH"
_LARGEST = 2**63 - 1


def recognise(head: bytes, _name: str) -> bool:
    """Tell whether the first line is a row of positions with cash among them."""
    try:
        row = loads(head.partition(b"\n")[0])
    except NotJsonError:
        return False
    held = row.get("positions") if isinstance(row, dict) else None
    return isinstance(held, dict) and _CASH in held and "date" in row


def read(line: bytes, context: Context) -> Iterator[Item]:
    """Read one line into one row of the positions book, or a refusal."""
    where = f"line {context.position}"
    if not line.strip():
        return
    account = account_of(context.name, "position")
    if not account and context.position == 1:
        yield Refusal(where=where, why="the path names no agent (AGENT/position/…); the account is blank", taken=True)
    try:
        yield _row(loads(line), account, context.position)
    except NotJsonError as error:
        cut = " (the file ends inside this line)" if context.last else ""
        yield Refusal(where=where, why=f"not JSON: {error}{cut}")
    except RowError as error:
        yield Refusal(where=where, why=str(error))


def _row(row: Any, account: str, number: int) -> PositionRow:
    if not isinstance(row, dict):
        raise RowError("the line is not an object")
    stamp, held, action = row.get("date"), row.get("positions"), row.get("this_action") or {}
    if not isinstance(stamp, str) or not STAMP.fullmatch(stamp):
        raise RowError(f"date is not a date or a date and time: {str(stamp)[:40]!r}")
    if not isinstance(held, dict):
        raise RowError("positions is not an object of symbol to quantity")
    if not isinstance(action, Mapping):
        raise RowError("this_action is not an object")
    figures = {symbol: decimal(f"positions.{symbol[:40]}", value) for symbol, value in held.items()}
    quantity = action.get("amount")
    return PositionRow(
        session_date=_day(stamp), at=stamp, sequence=_whole(row.get("id"), number), account_id=account,
        cash=figures.pop(_CASH, None), positions=figures, action=_text(action, "action"),
        symbol=_text(action, "symbol"), quantity=None if quantity is None else decimal("amount", quantity), row=number,
    )  # fmt: skip


def _day(stamp: str) -> date:
    try:
        return date.fromisoformat(stamp[:10])
    except ValueError:
        raise RowError(f"date is no day of the calendar: {stamp!r}") from None


def _whole(value: Any, otherwise: int) -> int:
    fits = isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _LARGEST
    return value if fits else otherwise


def _text(action: Mapping[str, Any], key: str) -> str:
    value = action.get(key, "")
    if not isinstance(value, str):
        raise RowError(f"this_action.{key} is not a text: {str(value)[:40]!r}")
    return value
