"""Worked examples of cost attribution drift."""

from __future__ import annotations

from typing import Any

from afterbell.model.case import Case, Row
from afterbell.model.vocabulary import Answer

_DAY = "2026-01-05"
_PRICE = {"provider": "house", "model": "model-a", "effective_from": "2025-01-01T00:00:00Z", "currency": "USD",
          "input_per_mtok": "3", "output_per_mtok": "15", "cache_read_per_mtok": "0.30",
          "cache_write_5m_per_mtok": "3.75", "cache_write_1h_per_mtok": "6"}  # fmt: skip
_KINDS = {"input": "3", "output": "15", "cache_read": "0.30", "cache_write_5m": "3.75", "cache_write_1h": "6"}
_AMOUNTS = {("cache_write_5m", 100000): "0.375", ("cache_read", 100000): "0.03", ("input", 1000): "0.003",
            ("output", 1000): "0.015", ("cache_write_1h", 100000): "0.6"}  # fmt: skip


def _call(trace: str, read: int | None = 0, write: int | None = 0, cost: float | None = None) -> Row:
    cached = {key: count for key, count in (("cache_read", read), ("cache_write", write)) if count is not None}
    return {"type": "call", "trace": trace, "id": f"{trace}-c", "at": f"{_DAY}T14:00:00Z", "until": f"{_DAY}T14:00:09Z",
            "model": "model-a", "messages": "Research SYNTHETIC_A.", "output": "Margins were stable.",
            "tokens": {"input": 1000 + (read or 0) + (write or 0), "output": 1000, **cached},
            "gen_ai.usage.cost": cost}  # fmt: skip


def _row(trace: str, kind: str, tokens: int, minute: int = 0, **more: Any) -> Row:
    return {"at": f"{_DAY}T14:{minute:02d}:00Z", "trace_id": trace, "span_id": f"{trace}-c", "model": "model-a",
            "cache_key": "filing-prefix" if kind.startswith("cache") else None, "token_type": kind, "tokens": tokens,
            "unit_price_per_mtok": _KINDS[kind], "amount": _AMOUNTS.get((kind, tokens)), "currency": "USD",
            **more}  # fmt: skip


def _bill(amount: str, **more: Any) -> Row:
    return {"period_start": f"{_DAY}T00:00:00Z", "period_end": "2026-01-06T00:00:00Z", "provider": "house",
            "model": "model-a", "amount": amount, "currency": "USD", **more}  # fmt: skip


_PRICES = {"model_prices": (_PRICE,)}
_WRITER = _call("writer", 0, 100000)
_READERS = (_row("reader-1", "cache_read", 100000, 1), _row("reader-2", "cache_read", 100000, 2))

CASES = (
    Case(
        name="one trace pays for what three use",
        answer=Answer.YES,
        teaches="The write of the prefix is charged wholly to its writer; two other traces read the same key.",
        given=(_WRITER,),
        books={**_PRICES, "cost_ledger": (_row("writer", "cache_write_5m", 100000), *_READERS)},
        excerpt="0.375",
        figures={"payers": "1", "readers": "2"},
    ),
    Case(
        name="the ledger is not what was billed",
        answer=Answer.YES,
        teaches="One trace alone used the cache; the day's bill is a third higher than what was attributed.",
        given=(_WRITER,),
        books={**_PRICES, "cost_ledger": (_row("writer", "cache_write_5m", 100000), _row("writer", "input", 1000),
                                          _row("writer", "output", 1000)), "billing": (_bill("0.524"),)},
        excerpt="0.524",
        figures={"attributed": "0.393", "billed": "0.524"},
    ),
    Case(
        name="a 1-hour write at the 5-minute price",
        answer=Answer.YES,
        teaches="The two lifetimes have two prices; the amount was multiplied with the wrong one.",
        given=(_WRITER,),
        books={**_PRICES, "cost_ledger": (
            _row("writer", "cache_write_1h", 100000, unit_price_per_mtok="3.75", amount="0.375"),)},
        excerpt="3.75",
        figures={"attributed": "3.75", "recomputed": "6"},
    ),
    Case(
        name="the span knows the lifetime",
        answer=Answer.YES,
        teaches="The ledger took the write for a 5-minute one; the provider's counter says one hour.",
        given=({**_WRITER, "anthropic.usage.cache_creation.ephemeral_1h_input_tokens": 100000},),
        books={**_PRICES, "cost_ledger": (_row("writer", "cache_write_5m", 100000),)},
    ),
    Case(
        name="cached tokens counted twice in a span's cost",
        answer=Answer.YES,
        teaches="Input already includes the 100,000 tokens read; the cost adds them again.",
        given=(_call("t", 100000, cost=0.348),),
        books=_PRICES,
        excerpt="0.348",
        figures={"attributed": "0.348", "recomputed": "0.048"},
    ),
    Case(
        name="a price that no longer held",
        answer=Answer.YES,
        teaches="The price fell on the first of January; the ledger still charges the old one.",
        given=(_WRITER,),
        books={"model_prices": (_PRICE, {**_PRICE, "effective_from": "2026-01-01T00:00:00Z",
                                         "cache_write_5m_per_mtok": "2.50", "cache_write_1h_per_mtok": "4"}),
               "cost_ledger": (_row("writer", "cache_write_5m", 100000),)},
        figures={"attributed": "3.75", "recomputed": "2.5"},
    ),
    Case(
        name="shares that do not sum to the write",
        answer=Answer.YES,
        teaches="Three equal shares of 0.10 cover a write of 0.375 only in part.",
        given=(_WRITER,),
        books={**_PRICES, "cost_ledger": (
            *(_row(each, "cache_write_5m", 100000, amount="0.10") for each in ("writer", "reader-1", "reader-2")),
            *_READERS)},
        figures={"attributed": "0.30", "recomputed": "0.375"},
    ),
    Case(
        name="equal shares",
        answer=Answer.NO,
        teaches="Writer and readers carry a third each, and the thirds sum to the write.",
        given=(_WRITER,),
        books={**_PRICES, "cost_ledger": (
            *(_row(each, "cache_write_5m", 100000, amount="0.125") for each in ("writer", "reader-1", "reader-2")),
            *_READERS)},
    ),
    Case(
        name="shares by tokens read",
        answer=Answer.NO,
        teaches="Of the two readers one read twice as much and pays twice as much.",
        given=(_call("reader-1", 100000),),
        books={**_PRICES, "cost_ledger": (
            _row("reader-1", "cache_write_5m", 100000, amount="0.125"),
            _row("reader-2", "cache_write_5m", 100000, amount="0.250"),
            _row("reader-1", "cache_read", 100000, 1),
            _row("reader-2", "cache_read", 200000, 2, amount="0.06"))},
    ),
    Case(
        name="a trace that reads its own write",
        answer=Answer.NO,
        teaches="Nobody else read the key: the whole write is rightly its own. Another trace has a prefix of its own.",
        given=(_WRITER,),
        books={**_PRICES, "cost_ledger": (
            _row("writer", "cache_write_5m", 100000), _row("writer", "cache_read", 100000, 1, span_id="later"),
            _row("other", "cache_write_5m", 100000, cache_key="other-prefix"),
            _row("other", "cache_read", 100000, 1, cache_key="other-prefix")),
            "billing": (_bill("0.8101"),)},
    ),
    Case(
        name="the same key written again by the next user",
        answer=Answer.NO,
        teaches="The first write had expired; each trace pays for the write that it read.",
        given=(_WRITER,),
        books={**_PRICES, "cost_ledger": (
            _row("writer", "cache_write_5m", 100000), _row("writer", "cache_read", 100000, 1, span_id="later"),
            _row("other", "cache_write_5m", 100000, 30), _row("other", "cache_read", 100000, 31, span_id="last"))},
    ),
    Case(
        name="a span's own cost",
        answer=Answer.NO,
        teaches="Each span states what its own call cost. That is no attribution of the write to one of many readers.",
        given=(_call("t", 0, 100000, cost=0.393), _call("k", 100000, cost=0.048)),
        books=_PRICES,
        figures={"attributed": "0.393", "recomputed": "0.393"},
    ),
    Case(
        name="no cached token",
        answer=Answer.NA,
        teaches="All counters are zero: there is no write to spread.",
        given=(_call("t", 0, 0, cost=0.018),),
        books=_PRICES,
    ),
    Case(
        name="no price",
        answer=Answer.UNKNOWN,
        teaches="Nothing says what a write of this model cost on that day.",
        given=(_WRITER,),
        books={"cost_ledger": (_row("writer", "cache_write_5m", 100000),)},
    ),
    Case(
        name="no attribution",
        answer=Answer.UNKNOWN,
        teaches="Tokens and prices are there, but nobody recorded who was charged.",
        given=(_WRITER,),
        books=_PRICES,
    ),
    Case(
        name="no counters",
        answer=Answer.UNKNOWN,
        teaches="The call reports no cache tokens; not reported is not zero.",
        given=(_call("t", None, None, cost=0.018),),
        books=_PRICES,
    ),
    Case(
        name="no cache keys",
        answer=Answer.UNKNOWN,
        teaches="Another trace read some prefix; without keys nobody can tell whether it was this one.",
        given=(_WRITER,),
        books={**_PRICES, "cost_ledger": (
            _row("writer", "cache_write_5m", 100000, cache_key=None),
            _row("reader-1", "cache_read", 100000, 1, cache_key=None))},
    ),
)  # fmt: skip
