"""Cells to rows of the books: what a row must state, and what its columns must hold together.

Works on mappings of column to cell, so that CSV and JSON lines take one way. It does not open or split anything.
A blank cell is a figure that is not stated, never a zero.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from afterbell.formats.book_cells import RowError, cell, shown
from afterbell.formats.book_columns import Columns
from afterbell.model.books import ROW_TYPES, BookRow
from afterbell.model.vocabulary import Book

_NEEDED: Mapping[Book, tuple[str, ...]] = {
    Book.FILLS: ("transact_time",),
    Book.EQUITY: ("session_date",),
    Book.FLOWS: ("at", "kind", "amount"),
    Book.POSITIONS: ("positions",),
    Book.PRICES: ("at", "symbol"),
    Book.EVENTS: ("at", "kind"),
    Book.DIARY: (),
    Book.REVIEWS: (),
    Book.CALIBRATORS: ("trained_at",),
    Book.FORECASTS: ("probability",),
    Book.MODEL_PRICES: ("model", "effective_from"),
    Book.COST_LEDGER: ("token_type",),
    Book.BILLING: ("period_start", "period_end", "amount"),
    Book.GATEWAY: (),
}


def row_of(columns: Columns, values: Iterable[Any], number: int) -> BookRow:
    """Return the row of these values, in the order of the columns; blank ones are not stated.

    Raises RowError with the reason when they cannot be a row of the columns' book.
    """
    book = columns.book
    made: dict[str, Any] = {}
    for name, value in zip(columns.names, values, strict=False):
        if name is None or value is None:
            continue
        stated = value.strip() if isinstance(value, str) else value
        if stated == "":
            continue
        made[name] = cell(book, name, stated)
    for name in _NEEDED[book]:
        if name not in made:
            raise RowError(f"{name} is not stated")
    if book is Book.FLOWS:
        _flow(made)
    if book is Book.EVENTS and made["kind"] not in {"earnings", "macro"}:
        raise RowError(f"kind is neither earnings nor macro: {shown(made['kind'])}")
    if book is Book.BILLING and made["period_end"] <= made["period_start"]:
        raise RowError("period_end is not after period_start")
    if book is Book.REVIEWS:
        _review(made)
    if book is Book.GATEWAY and not (made.get("trace_id") or made.get("request_id")):
        raise RowError("neither trace_id nor request_id is stated, so the row belongs to no trace")
    if book in {Book.POSITIONS, Book.PRICES}:
        _place(book, made)
    if book is Book.POSITIONS:
        made.setdefault("sequence", number)
    kind: Callable[..., BookRow] = ROW_TYPES[book]
    return kind(row=number, **made)


def _flow(made: dict[str, Any]) -> None:
    if made["kind"] not in {"deposit", "withdrawal"}:
        raise RowError(f"kind is neither deposit nor withdrawal: {shown(made['kind'])}")
    made["at"] = made["at"][1].astimezone(UTC)
    if made["amount"] < 0:
        raise RowError("amount is negative; kind says which way the money went")


def _review(made: dict[str, Any]) -> None:
    if made.get("answer", "") not in {"", "approve", "decline", "resize"}:
        raise RowError(f"answer is none of approve, decline and resize: {shown(made['answer'])}")
    if not (made.get("trace_id") or made.get("decision_id") or made.get("idea_id")):
        raise RowError("neither trace_id nor decision_id nor idea_id is stated, so the row belongs to no trade")


def _place(book: Book, made: dict[str, Any]) -> None:
    """Give a bar or a snapshot its day and keep `at` as the source wrote it.

    A bar that ends at midnight belongs to the day before.
    """
    if "at" in made:
        text, local = made["at"]
        made["at"] = text
        wall = local.replace(tzinfo=None)
        before = book is Book.PRICES and wall > datetime.min  # noqa: DTZ901 - a wall time has no zone
        made.setdefault("session_date", (wall - timedelta(microseconds=1) if before else wall).date())
    elif "session_date" not in made:
        raise RowError("neither at nor session_date is stated")
