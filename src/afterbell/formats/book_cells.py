"""How a cell of a book reads: figures, moments, days, words of a closed list and their other spellings.

It knows no row: what columns must hold together is in `book_rows`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from afterbell.model.trace import span_hex, trace_hex
from afterbell.model.vocabulary import Book
from afterbell.reading.exact_json import NotJsonError, loads
from afterbell.reading.times import to_utc

_DECIMAL = re.compile(r"[+-]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})(?:[eE][+-]?\d{1,2})?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
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


class RowError(ValueError):
    """A row that cannot be taken; its text is the reason."""


def decimal(name: str, value: Any) -> Decimal:
    """Read a decimal from its text or a plain number. Raises RowError; there is no guessing at separators."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise RowError(f"{name} is not a decimal: {shown(value)}")
    text = str(value)
    if not _DECIMAL.fullmatch(text):
        hint = " (write a decimal point and no thousands separators)" if "," in text else ""
        raise RowError(f"{name} is not a decimal: {shown(value)}{hint}")
    return Decimal(text)


def _text(name: str, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise RowError(f"{name} is not a text: {shown(value)}")
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
        raise RowError(f"{name} is not an RFC 3339 time with an offset: {shown(value)}")
    if moment.tzinfo is None:
        raise RowError(f"{name} has no offset: {shown(value)}")
    return moment


def _instant(name: str, value: Any) -> datetime:
    return _local(name, value).astimezone(UTC)


def _day(name: str, value: Any) -> date:
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise RowError(f"{name} is not a date (YYYY-MM-DD): {shown(value)}")


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
        raise RowError(f"{name} is not a whole number: {shown(value)}")
    return int(number)


def _since(name: str, value: Any) -> datetime:
    """Read a moment; a bare date is the start of that day in UTC."""
    if isinstance(value, str) and _DATE.fullmatch(value):
        return datetime.combine(_day(name, value), time(), UTC)
    return _instant(name, value)


def _share(name: str, value: Any) -> Decimal:
    number = decimal(name, value)
    if not 0 <= number <= 1:
        raise RowError(f"{name} is not between 0 and 1: {shown(value)}")
    return number


def _outcome(name: str, value: Any) -> int:
    known = _OUTCOMES.get(str(value).lower())
    number = decimal(name, value) if known is None else Decimal(known)
    if number not in {0, 1}:
        raise RowError(f"{name} is neither 0 nor 1: {shown(value)}")
    return int(number)


def _count(name: str, value: Any) -> int:
    number = _whole(name, value)
    if number < 0:
        raise RowError(f"{name} is negative: {shown(value)}")
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
        raise RowError(f"{name} is no moment in seconds since 1970: {shown(value)}") from None


def _holdings(name: str, value: Any) -> Mapping[str, Decimal]:
    if isinstance(value, str):
        try:
            value = loads(value)
        except NotJsonError:
            raise RowError(f"{name} is not a JSON object of symbol to quantity: {shown(value)}") from None
    if not isinstance(value, dict):
        raise RowError(f"{name} is not an object of symbol to quantity: {shown(value)}")
    return {symbol: decimal(f"{name}.{symbol[:_SHOWN]}", quantity) for symbol, quantity in value.items()}


def _trace(name: str, value: Any) -> str:
    return trace_hex(_text(name, value))


def shown(value: Any) -> str:
    """Return the beginning of a value as a reason quotes it."""
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


def cell(book: Book, name: str, value: Any) -> Any:
    """Return what a cell in a column of a book states. Raises RowError with the reason when it cannot be read."""
    reader = _READERS_OF.get(book, {}).get(name) or _READERS.get(name)
    if reader is not None:
        return reader(name, value)
    return value if isinstance(value, str) else _text(name, value)
