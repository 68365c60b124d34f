"""Which columns a book has, under which other names they come, and which book the columns of a source make."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from afterbell.model.books import ROW_TYPES
from afterbell.model.vocabulary import Book

_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NO_WORD = re.compile(r"[^a-z0-9]{1,40}")

_ACCOUNT = {"account": "account_id", "strategy": "strategy_id", "ccy": "currency"}
_PLACE = {"session": "session_date", "mic": "exchange", "ticker": "symbol"}
_ALIASES: Mapping[Book, Mapping[str, str]] = {
    Book.FILLS: _ACCOUNT | {
        "transaction_time": "transact_time", "executed_at": "transact_time", "execution_time": "transact_time",
        "filled_at": "transact_time", "fill_time": "transact_time", "ticker": "symbol", "last_qty": "last_quantity",
        "fill_quantity": "last_quantity", "fill_qty": "last_quantity", "filled_qty": "last_quantity",
        "filled_quantity": "last_quantity", "last_px": "last_price", "fill_price": "last_price",
        "commissions": "commission", "realised_pnl": "realized_pnl", "cl_ord_id": "client_order_id",
        "client_oid": "client_order_id", "execution_id": "exec_id", "fill_id": "exec_id",
        "open_close": "position_effect", "idea": "idea_id", "trace": "trace_id",
    },
    Book.EQUITY: _ACCOUNT | {
        "session": "session_date", "trading_day": "session_date", "trade_date": "session_date", "mic": "exchange",
        "capital_deployed": "deployed_capital", "realised_pnl": "realized_pnl", "opening_equity": "equity_open",
        "open_equity": "equity_open", "closing_equity": "equity_close", "close_equity": "equity_close",
        "net_flow": "net_flows",
    },
    Book.FLOWS: _ACCOUNT | {"time": "at", "timestamp": "at", "type": "kind", "direction": "kind"},
    Book.POSITIONS: _ACCOUNT | _PLACE | {"holdings": "positions"},
    Book.PRICES: _ACCOUNT | _PLACE | {"bar_end": "at", "end": "at"},
    Book.EVENTS: {
        "time": "at", "timestamp": "at", "datetime": "at", "date": "at", "starts_at": "at", "start": "at",
        "ticker": "symbol", "type": "kind", "event_type": "kind", "category": "kind", "event": "title", "name": "title",
        "summary": "title", "headline": "title", "country_code": "country",
    },
    Book.DIARY: {
        "idea": "idea_id", "trace": "trace_id", "ticker": "symbol", "decision": "status", "why": "reason",
        "rationale": "reason", "decision_at": "decided_at", "decision_time": "decided_at", "created_at": "written_at",
        "recorded_at": "written_at", "logged_at": "written_at", "entered_at": "written_at", "closed_at": "outcome_at",
        "resolved_at": "outcome_at", "outcome_time": "outcome_at",
    },
    Book.REVIEWS: {
        "id": "review_id", "trace": "trace_id", "decision": "decision_id", "idea": "idea_id", "role": "reviewer_role",
        "reviewer": "reviewer_role", "verdict": "answer", "reason": "note", "outcome_seen_at": "outcome_shown_at",
    },
    Book.CALIBRATORS: {
        "version": "calibrator_version", "calibrator": "calibrator_version", "calibrator_id": "calibrator_version",
        "fitted_at": "trained_at", "trained": "trained_at", "model_name": "model", "n_pairs": "pairs", "n": "pairs",
    },
    Book.FORECASTS: {
        "id": "forecast_id", "at": "made_at", "forecast_at": "made_at", "created_at": "made_at", "ticker": "symbol",
        "model_name": "model", "calibrator": "calibrator_version", "p": "probability", "prob": "probability",
        "result": "outcome", "closed_at": "resolved_at", "outcome_at": "resolved_at",
    },
    Book.MODEL_PRICES: {
        "model_name": "model", "valid_from": "effective_from", "effective": "effective_from", "from": "effective_from",
        "ccy": "currency", "input": "input_per_mtok", "output": "output_per_mtok", "cache_read": "cache_read_per_mtok",
        "cache_write": "cache_write_5m_per_mtok", "cache_write_per_mtok": "cache_write_5m_per_mtok",
        "cache_write_5m": "cache_write_5m_per_mtok", "cache_write_1h": "cache_write_1h_per_mtok",
    },
    Book.COST_LEDGER: {
        "time": "at", "timestamp": "at", "charged_at": "at", "trace": "trace_id", "span": "span_id",
        "model_name": "model", "type": "token_type", "token_kind": "token_type", "quantity": "tokens",
        "token_count": "tokens", "unit_price": "unit_price_per_mtok", "price_per_mtok": "unit_price_per_mtok",
        "cost": "amount", "charge": "amount", "ccy": "currency",
    },
    Book.BILLING: {
        "start": "period_start", "starting_at": "period_start", "start_time": "period_start", "end": "period_end",
        "ending_at": "period_end", "end_time": "period_end", "model_name": "model", "vendor": "provider",
        "type": "token_type", "token_count": "tokens", "quantity": "tokens", "cost": "amount", "billed": "amount",
        "billed_amount": "amount", "ccy": "currency",
    },
    Book.GATEWAY: {
        "id": "request_id", "session_id": "trace_id", "litellm_trace_id": "trace_id", "provider_name": "provider",
        "requested_model": "model_group", "answered_model": "model",
    },
}  # fmt: skip
# Columns that the book's own source writes in another way than we name them; nothing worth a remark.
_AS_WRITTEN: Mapping[Book, Mapping[str, str]] = {
    Book.GATEWAY: {
        "startTime": "start_time", "custom_llm_provider": "provider", "error_information.llm_provider": "provider",
        "error_information.error_code": "error_code", "error_information.error_class": "error_class",
    },
}  # fmt: skip

# What a header must have for the content alone to say which book it is: all of the first, one of the second.
_MARKS: Mapping[Book, tuple[frozenset[str], frozenset[str]]] = {
    Book.FILLS: (frozenset({"transact_time"}), frozenset({"last_quantity", "last_price", "realized_pnl", "exec_id"})),
    Book.EQUITY: (
        frozenset({"session_date"}),
        frozenset({"deployed_capital", "realized_pnl", "equity_open", "equity_close"}),
    ),
    Book.FLOWS: (frozenset({"at", "kind", "amount"}), frozenset({"amount"})),
    Book.POSITIONS: (frozenset({"positions"}), frozenset({"at", "session_date"})),
    Book.PRICES: (frozenset({"at", "symbol"}), frozenset({"close", "high", "low", "open"})),
    Book.EVENTS: (frozenset({"at", "kind"}), frozenset({"symbol", "title", "country"})),
    Book.DIARY: (frozenset({"status"}), frozenset({"decided_at", "written_at", "outcome_at"})),
    Book.REVIEWS: (
        frozenset({"answer"}),
        frozenset({"review_id", "reviewer_role", "answered_at", "outcome_shown_at", "model_quantity"}),
    ),
    Book.CALIBRATORS: (frozenset({"trained_at"}), frozenset({"calibrator_version", "method", "pairs"})),
    Book.FORECASTS: (frozenset({"probability"}), frozenset({"forecast_id", "made_at", "outcome", "resolved_at"})),
    Book.MODEL_PRICES: (
        frozenset({"model", "effective_from"}),
        frozenset({"input_per_mtok", "output_per_mtok", "cache_read_per_mtok", "cache_write_5m_per_mtok"}),
    ),
    Book.COST_LEDGER: (
        frozenset({"token_type", "amount"}),
        frozenset({"trace_id", "span_id", "cache_key", "unit_price_per_mtok"}),
    ),
    Book.BILLING: (
        frozenset({"period_start", "amount"}),
        frozenset({"period_end", "provider", "model", "token_type", "tokens"}),
    ),
    Book.GATEWAY: (
        frozenset({"model_group"}),
        frozenset({"request_id", "trace_id", "start_time", "status", "error_code"}),
    ),
}
_MADE_HERE = {"evidence", "row"}
COLUMNS: Mapping[Book, tuple[str, ...]] = {
    book: tuple(name for name in ROW_TYPES[book].__struct_fields__ if name not in _MADE_HERE) for book in _MARKS
}
"""The columns of each book."""


class Columns(Struct, frozen=True, kw_only=True):
    """How the columns of a source map to those of a book, in the source's order; None for one that is not read."""

    book: Book
    names: tuple[str | None, ...]
    renamed: tuple[tuple[str, str], ...] = ()
    unread: tuple[str, ...] = ()


def columns_of(names: Iterable[str], stem: str, hint: Book | None = None) -> Columns | None:
    """Return what book these column names make, or None.

    Content decides; `stem`, the file's name without folder and ending, settles a tie, and a book it names is
    believed when half of the columns are that book's although a needed one is missing (its rows then say so).
    `hint` is the book of the rows before, when there were any: it stands in the stem's place.
    """
    listed = tuple(names)
    hint = hint or next((book for book in _MARKS if re.match(rf"{book.value}(?![a-z])", stem.lower())), None)
    best: Columns | None = None
    most = (0, False)
    for book in _MARKS:
        mapped = _mapped(book, listed)
        have = {name for name in mapped.names if name}
        every, some = _MARKS[book]
        fits = every <= have and bool(some & have)
        if not fits and not (book is hint and len(have) > 1 and len(have) * 2 >= len(listed)):
            continue
        score = (len(have) + (len(listed) + 1) * fits, book is hint)
        if score > most:
            best, most = mapped, score
    return best


def _mapped(book: Book, listed: tuple[str, ...]) -> Columns:
    known, aliases, written = set(COLUMNS[book]), _ALIASES[book], _AS_WRITTEN.get(book, {})
    plain = [_plain(name) for name in listed]
    taken = {name for name in listed if name in known}
    names: list[str | None] = []
    seen: set[str] = set()
    for raw, name in zip(listed, plain, strict=True):
        target = raw if raw in known else written.get(raw) or (name if name in known else aliases.get(name))
        if target is None or target in seen or (raw != target and target in taken):
            names.append(None)
            continue
        seen.add(target)
        names.append(target)
    pairs = list(zip(listed, names, strict=True))
    return Columns(
        book=book, names=tuple(names),
        renamed=tuple((raw, name) for raw, name in pairs if name and name not in {raw, written.get(raw)}),
        unread=tuple(raw for raw, name in pairs if name is None and raw),
    )  # fmt: skip


def _plain(name: str) -> str:
    return _NO_WORD.sub("_", _WORD_START.sub("_", name[:80].strip()).lower()).strip("_")


def flat(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a JSON row with a gateway's `error_information` (of the row or its `metadata`) as keys of its own."""
    inner = row.get("metadata")
    fault = row.get("error_information") or (inner.get("error_information") if isinstance(inner, dict) else None)
    if fault and not isinstance(fault, dict):
        return row
    rest = {key: value for key, value in row.items() if key != "error_information"}
    return rest | {f"error_information.{key}": value for key, value in (fault or {}).items()}
