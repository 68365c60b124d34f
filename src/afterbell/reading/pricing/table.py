"""What tokens of a kind cost as of a date: the operator's price book first, else the public list of genai-prices.

The list (package genai-prices, MIT, offline, prices by date) is an extra and is loaded on first use; without it only
the book answers. List prices are per request of ordinary size: discounts, batch and priority tiers are not known here.
This module multiplies; whether a figure is a fault is for the modes.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from msgspec import Struct

from afterbell.model.books import ModelPrice
from afterbell.reading.model_names import plain_name, same_model

INPUT, OUTPUT, READ = "input", "output", "cache_read"
WRITE, WRITE_5M, WRITE_1H = "cache_write", "cache_write_5m", "cache_write_1h"
KINDS: Final = (INPUT, OUTPUT, READ, WRITE_5M, WRITE_1H)
MILLION: Final = Decimal(1_000_000)
_CENTS: Final = -2
_BOOK_COLUMNS: Final = {kind: f"{kind}_per_mtok" for kind in KINDS}
_LIST_FIELDS: Final = {INPUT: "input_mtok", OUTPUT: "output_mtok", READ: "cache_read_mtok",
                       WRITE_5M: "cache_write_mtok", WRITE_1H: "cache_write_1h_mtok"}  # fmt: skip


class Price(Struct, frozen=True, kw_only=True):
    """Prices per million tokens by kind, in `currency` (empty = not stated), and where they come from.

    `book_row` is the row of the price book, 0 for the public list.
    """

    per_mtok: Mapping[str, Decimal]
    currency: str = ""
    book_row: int = 0
    since: datetime | None = None

    @property
    def from_book(self) -> bool:
        """Whether the operator's book states these prices."""
        return bool(self.book_row)

    def of(self, kind: str) -> Decimal | None:
        """Return the price of a kind; a write of unknown lifetime has one only where both writes cost the same."""
        if kind != WRITE:
            return self.per_mtok.get(kind)
        known = {self.per_mtok[each] for each in (WRITE_5M, WRITE_1H) if each in self.per_mtok}
        return known.pop() if len(known) == 1 else None


def price_of(book: Sequence[ModelPrice], model: str, provider: str, at: datetime) -> Price | None:
    """Return what a model cost at a moment, or None: of the book's rows for it the last effective one, else the list.

    A row for exactly this name wins over one for the alias of a dated snapshot; a row of another provider is left out.
    """
    fits = [row for row in book if same_model(row.model, model) and _same_provider(row.provider, provider)]
    exact = [row for row in fits if plain_name(row.model) == plain_name(model)]
    for rows in (exact, fits):
        begun = [row for row in rows if row.effective_from <= at]
        if begun:
            row = max(begun, key=lambda each: (each.effective_from, each.row))
            stated = {kind: getattr(row, column) for kind, column in _BOOK_COLUMNS.items()}
            known = {kind: price for kind, price in stated.items() if price is not None}
            return Price(per_mtok=known, currency=row.currency.upper(), book_row=row.row, since=row.effective_from)
    return list_price(model, provider, at) if model else None


def _same_provider(one: str, other: str) -> bool:
    first, second = plain_name(one), plain_name(other)
    return not first or not second or first in second or second in first


@lru_cache(maxsize=1024)
def list_price(model: str, provider: str, at: datetime) -> Price | None:
    """Return the public list's price of a model at a moment, in US dollars; None where nothing lists it."""
    try:
        library: Any = importlib.import_module("genai_prices")
    except ImportError:
        return None
    usage = library.Usage(input_tokens=1000, output_tokens=1000)
    asked: list[dict[str, Any]] = [{"provider_id": provider}, {}] if provider else [{}]
    for options in asked:
        try:
            found = library.calc_price(
                usage, model_ref=model, genai_request_timestamp=at.astimezone(UTC), **options
            ).model_price
        except (LookupError, ValueError):
            continue
        prices = {kind: _base(getattr(found, field, None)) for kind, field in _LIST_FIELDS.items()}
        known = {kind: price for kind, price in prices.items() if price is not None}
        return Price(per_mtok=known, currency="USD") if known else None
    return None


def _base(price: Any) -> Decimal | None:
    """Return the price of an ordinary request; tiers for very long ones start from it."""
    value = getattr(price, "base", price)
    return value if isinstance(value, Decimal) else None


def cost(tokens: int, per_mtok: Decimal) -> Decimal:
    """Return what tokens cost at a price per million."""
    return tokens * per_mtok / MILLION


def close(stated: Decimal, expected: Decimal, tolerance: Decimal, rounded: int = 1) -> bool:
    """Tell whether two sums agree within a relative tolerance, or within how `stated` is rounded.

    `rounded` is how many rounded figures were added to make `stated`.
    """
    exponent = stated.as_tuple().exponent
    # Nobody rounds money to more than cents: fewer digits are trailing zeros that were cut.
    half = Decimal(5).scaleb(exponent - 1) if isinstance(exponent, int) and exponent <= _CENTS else Decimal(0)
    return abs(stated - expected) <= max(tolerance * abs(expected), half * rounded)
