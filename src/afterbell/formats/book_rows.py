"""Cells to rows of the books: which columns a book has, under which other names they come, and how a cell reads.

Works on mappings of column to cell, so that CSV and JSON lines take one way. It does not open or split anything.
A blank cell is a figure that is not stated, never a zero.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from msgspec import Struct

from afterbell.model.books import ROW_TYPES, BookRow
from afterbell.model.trace import span_hex, trace_hex
from afterbell.model.vocabulary import Book
from afterbell.reading.exact_json import NotJsonError, loads
from afterbell.reading.times import to_utc

_DECIMAL = re.compile(r"[+-]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})(?:[eE][+-]?\d{1,2})?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NO_WORD = re.compile(r"[^a-z0-9]{1,40}")
_SHOWN = 40

_SIDES = {"1": "buy", "2": "sell", "5": "sell_short", "6": "sell_short_exempt", "b": "buy", "s": "sell", "bot": "buy",
          "bought": "buy", "sld": "sell", "sold": "sell", "sellshort": "sell_short"}  # fmt: skip
_EFFECTS = {"o": "open", "c": "close", "opening": "open", "closing": "close", "r": "rolled", "f": "fifo"}
_KINDS = {"deposits": "deposit", "withdraw": "withdrawal", "withdrawals": "withdrawal"}
_EVENTS = {"earning": "earnings", "earnings_release": "earnings", "results": "earnings", "economic": "macro",
           "economics": "macro", "economic_data": "macro", "central_bank": "macro"}  # fmt: skip
_STATUSES = {"accept": "accepted", "taken": "accepted", "traded": "accepted", "executed": "accepted",
             "approved": "accepted", "reject": "rejected", "declined": "rejected", "skip": "skipped",
             "passed": "skipped", "paper_trade": "paper", "paper_traded": "paper", "held": "hold"}  # fmt: skip

_ANSWERS = {"approved": "approve", "accept": "approve", "accepted": "approve", "declined": "decline",
            "reject": "decline", "rejected": "decline", "resized": "resize", "size_differently": "resize"}  # fmt: skip
_TOKENS = {
    **dict.fromkeys(("input_tokens", "uncached_input", "uncached_input_tokens", "prompt", "prompt_tokens"), "input"),
    **dict.fromkeys(("output_tokens", "completion", "completion_tokens"), "output"),
    **dict.fromkeys(("cache_read_tokens", "cache_read_input_tokens", "cached_input", "cached_tokens"), "cache_read"),
    **dict.fromkeys(("ephemeral_5m_input_tokens", "cache_creation_5m", "cache_write_5m_tokens"), "cache_write_5m"),
    **dict.fromkeys(("ephemeral_1h_input_tokens", "cache_creation_1h", "cache_write_1h_tokens"), "cache_write_1h"),
    **dict.fromkeys(("cache_creation", "cache_creation_input_tokens", "cache_write_tokens", "cache_write_input_tokens"),
                    "cache_write"),
}  # fmt: skip
_OUTCOMES = {"true": 1, "yes": 1, "hit": 1, "won": 1, "win": 1, "false": 0, "no": 0, "miss": 0, "lost": 0, "loss": 0}

_ENDINGS = {"succeeded": "success", "ok": "success", "failed": "failure", "error": "failure"}

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


class RowError(ValueError):
    """A row that cannot be taken; its text is the reason."""


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


def row_of(columns: Columns, values: Iterable[Any], number: int) -> BookRow:
    """Return the row of these values, in the order of the columns; blank ones are not stated.

    Raises RowError with the reason when they cannot be a row of the columns' book.
    """
    made: dict[str, Any] = {}
    for name, value in zip(columns.names, values, strict=False):
        if name is None or value is None:
            continue
        cell = value.strip() if isinstance(value, str) else value
        if cell == "":
            continue
        reader = _READERS_OF.get(columns.book, {}).get(name) or _READERS.get(name)
        if reader is not None:
            made[name] = reader(name, cell)
        else:
            made[name] = cell if isinstance(cell, str) else _text(name, cell)
    book = columns.book
    for name in _NEEDED[book]:
        if name not in made:
            raise RowError(f"{name} is not stated")
    if book is Book.FLOWS:
        _flow(made)
    if book is Book.EVENTS and made["kind"] not in {"earnings", "macro"}:
        raise RowError(f"kind is neither earnings nor macro: {made['kind'][:_SHOWN]!r}")
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
        raise RowError(f"kind is neither deposit nor withdrawal: {made['kind'][:_SHOWN]!r}")
    made["at"] = made["at"][1].astimezone(UTC)
    if made["amount"] < 0:
        raise RowError("amount is negative; kind says which way the money went")


def _review(made: dict[str, Any]) -> None:
    if made.get("answer", "") not in {"", "approve", "decline", "resize"}:
        raise RowError(f"answer is none of approve, decline and resize: {made['answer'][:_SHOWN]!r}")
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


def decimal(name: str, value: Any) -> Decimal:
    """Read a decimal from its text or a plain number. Raises RowError; there is no guessing at separators."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise RowError(f"{name} is not a decimal: {_shown(value)}")
    text = str(value)
    if not _DECIMAL.fullmatch(text):
        hint = " (write a decimal point and no thousands separators)" if "," in text else ""
        raise RowError(f"{name} is not a decimal: {_shown(value)}{hint}")
    return Decimal(text)


def _text(name: str, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise RowError(f"{name} is not a text: {_shown(value)}")
    return str(value)


def _local(name: str, value: Any) -> datetime:
    text = value if isinstance(value, str) else ""
    moment: datetime | None
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            moment.astimezone(UTC)
    except OverflowError:
        moment = None
    except ValueError:
        moment = to_utc(text) if _DATE.match(text) else None  # a leap second, for one
    if moment is None:
        raise RowError(f"{name} is not an RFC 3339 time with an offset: {_shown(value)}")
    if moment.tzinfo is None:
        raise RowError(f"{name} has no offset: {_shown(value)}")
    return moment


def _instant(name: str, value: Any) -> datetime:
    return _local(name, value).astimezone(UTC)


def _day(name: str, value: Any) -> date:
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise RowError(f"{name} is not a date (YYYY-MM-DD): {_shown(value)}")


def _at(name: str, value: Any) -> tuple[str, datetime]:
    return str(value), _local(name, value)


def _moment(name: str, value: Any) -> str:
    """Read a bare date, or a time with an offset, as it is written."""
    if isinstance(value, str) and _DATE.fullmatch(value):
        return _day(name, value).isoformat()
    return _local(name, value).isoformat()


def _word(known: Mapping[str, str]) -> Callable[[str, Any], str]:
    def read(name: str, value: Any) -> str:
        word = _text(name, value).lower().replace(" ", "_")
        return known.get(word, word)

    return read


def _whole(name: str, value: Any) -> int:
    number = decimal(name, value)
    if number != number.to_integral_value() or number.adjusted() > 15:  # noqa: PLR2004 - no sequence is longer
        raise RowError(f"{name} is not a whole number: {_shown(value)}")
    return int(number)


def _since(name: str, value: Any) -> datetime:
    """Read a moment; a bare date is the start of that day in UTC."""
    if isinstance(value, str) and _DATE.fullmatch(value):
        return datetime.combine(_day(name, value), time(), UTC)
    return _instant(name, value)


def _share(name: str, value: Any) -> Decimal:
    number = decimal(name, value)
    if not 0 <= number <= 1:
        raise RowError(f"{name} is not between 0 and 1: {_shown(value)}")
    return number


def _outcome(name: str, value: Any) -> int:
    known = _OUTCOMES.get(str(value).lower())
    number = decimal(name, value) if known is None else Decimal(known)
    if number not in {0, 1}:
        raise RowError(f"{name} is neither 0 nor 1: {_shown(value)}")
    return int(number)


def _count(name: str, value: Any) -> int:
    number = _whole(name, value)
    if number < 0:
        raise RowError(f"{name} is negative: {_shown(value)}")
    return number


def _span(name: str, value: Any) -> str:
    return span_hex(_text(name, value))


def _started(name: str, value: Any) -> datetime:
    """Read a moment: RFC 3339, or seconds since 1970 as gateways write them."""
    if isinstance(value, str):
        return _instant(name, value)
    try:
        return datetime.fromtimestamp(float(decimal(name, value)), UTC)
    except (OverflowError, OSError, ValueError):
        raise RowError(f"{name} is no moment in seconds since 1970: {_shown(value)}") from None


def _holdings(name: str, value: Any) -> Mapping[str, Decimal]:
    if isinstance(value, str):
        try:
            value = loads(value)
        except NotJsonError:
            raise RowError(f"{name} is not a JSON object of symbol to quantity: {_shown(value)}") from None
    if not isinstance(value, dict):
        raise RowError(f"{name} is not an object of symbol to quantity: {_shown(value)}")
    return {symbol: decimal(f"{name}.{symbol[:_SHOWN]}", quantity) for symbol, quantity in value.items()}


def _trace(name: str, value: Any) -> str:
    return trace_hex(_text(name, value))


def _shown(value: Any) -> str:
    return repr(str(value)[:_SHOWN])


_FIGURES = (
    "last_quantity", "last_price", "commission", "realized_pnl", "deployed_capital", "equity_open", "equity_close",
    "net_flows", "amount", "cash", "quantity", "open", "high", "low", "close",
)  # fmt: skip
_READERS: Mapping[str, Callable[[str, Any], Any]] = {
    **dict.fromkeys(_FIGURES, decimal),
    "transact_time": _instant, "at": _at, "session_date": _day, "side": _word(_SIDES),
    "position_effect": _word(_EFFECTS), "kind": _word(_KINDS), "sequence": _whole,
    "positions": _holdings, "trace_id": _trace,
}  # fmt: skip
_READERS_OF: Mapping[Book, Mapping[str, Callable[[str, Any], Any]]] = {
    Book.EVENTS: {"at": _moment, "kind": _word(_EVENTS)},
    Book.DIARY: {
        "status": _word(_STATUSES), **dict.fromkeys(("decided_at", "written_at", "outcome_at"), _instant),
    },
    Book.REVIEWS: {
        "answer": _word(_ANSWERS), "model_quantity": decimal,
        **dict.fromkeys(("asked_at", "answered_at", "outcome_shown_at"), _instant),
    },
    Book.CALIBRATORS: {"trained_at": _since, "pairs": _count},
    Book.FORECASTS: {"made_at": _instant, "resolved_at": _instant, "probability": _share, "outcome": _outcome},
    Book.MODEL_PRICES: {
        "effective_from": _since,
        **dict.fromkeys(("input_per_mtok", "output_per_mtok", "cache_read_per_mtok", "cache_write_5m_per_mtok",
                         "cache_write_1h_per_mtok"), decimal),
    },
    Book.COST_LEDGER: {
        "at": _instant, "span_id": _span, "token_type": _word(_TOKENS), "tokens": _count,
        "unit_price_per_mtok": decimal,
    },
    Book.BILLING: {
        "period_start": _instant, "period_end": _instant, "token_type": _word(_TOKENS), "tokens": _count,
    },
    Book.GATEWAY: {"start_time": _started, "status": _word(_ENDINGS)},
}  # fmt: skip
