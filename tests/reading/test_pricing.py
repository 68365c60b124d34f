"""Prices as of a date, recomputed costs with their usual slips, and who paid for a cache write."""

from __future__ import annotations

import importlib.util
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from afterbell.model.books import CostRow, ModelPrice
from afterbell.reading.pricing.shares import cache_writes
from afterbell.reading.pricing.spans import Counters, recomputed, slip
from afterbell.reading.pricing.table import READ, WRITE, WRITE_1H, WRITE_5M, Price, close, list_price, price_of

TOLERANCE = Decimal("0.005")
RATES = Price(
    per_mtok={"input": Decimal(3), "output": Decimal(15), READ: Decimal("0.3"), WRITE_5M: Decimal("3.75"),
              WRITE_1H: Decimal(6)}, book_row=2,
)  # fmt: skip


def moment(month: int, minute: int = 0) -> datetime:
    return datetime(2026, month, 5, 14, minute, tzinfo=UTC)


def price(model: str, month: int, row: int, rate: str = "3", provider: str = "") -> ModelPrice:
    return ModelPrice(
        model=model, provider=provider, effective_from=moment(month), input_per_mtok=Decimal(rate), row=row
    )


@pytest.mark.parametrize(
    ("model", "month", "row"),
    [
        ("model-a", 1, 2),
        ("vendor/Model_A", 3, 3),
        ("model-a-2025-06-01", 2, 2),
        ("model-b", 4, 5),
        ("model-b-2025-06-01", 4, 6),
        ("model-b-2025-06-01", 2, 5),
    ],
)
def test_the_last_price_in_force_holds_and_an_exact_name_wins(model: str, month: int, row: int) -> None:
    book = [
        price("model-a", 3, 3, "2"),
        price("model-a", 1, 2),
        price("model-b", 1, 5),
        price("model-b-2025-06-01", 3, 6),
    ]
    found = price_of(book, model, "", moment(month))
    assert found is not None
    assert found.book_row == row


def test_no_price_is_no_price() -> None:
    book = [price("model-a", 3, 2), price("model-c", 1, 3, provider="other")]
    assert price_of(book, "model-a", "", moment(1)) is None
    assert price_of(book, "model-c", "house", moment(3)) is None
    assert price_of([], "", "", moment(3)) is None


@pytest.mark.skipif(importlib.util.find_spec("genai_prices") is None, reason="the public list is an extra")
def test_the_public_list_knows_both_writes() -> None:
    found = list_price("claude-sonnet-4-5", "anthropic", moment(1))
    assert found is not None
    assert not found.from_book
    assert found.of(WRITE_5M) != found.of(WRITE_1H)
    assert list_price("model-a", "", moment(1)) is None


@pytest.mark.parametrize(
    ("stated", "expected", "same"),
    [
        ("0.393", "0.393", True),
        ("0.394", "0.393", True),
        ("0.396", "0.393", False),
        ("0.01", "0.0075", True),
        ("0.3", "0.34", False),
        ("2", "2.4", False),
        ("0", "0", True),
    ],
)
def test_sums_agree_within_tolerance_or_rounding(stated: str, expected: str, same: bool) -> None:
    assert close(Decimal(stated), Decimal(expected), TOLERANCE) is same


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        ("0.699", "cache reads are charged at the input price"),
        ("0.43125", "1-hour writes are charged at the 5-minute price"),
        ("1.0065", "cached tokens are charged as input and once more as cached"),
        ("0.3555", "cache writes are charged at the input price"),
        ("0.9", ""),
    ],
)
def test_a_slip_is_named_only_when_it_gives_the_figure(stated: str, told: str) -> None:
    tokens = Counters(plain=1000, output=3000, read=15000, write=101000, lifetime=WRITE_1H, write_1h=101000)
    assert recomputed(tokens, RATES) == (Decimal("0.6585"),)
    assert slip(Decimal(stated), tokens, RATES, TOLERANCE) == told


def test_each_lifetime_is_right_where_none_is_stated() -> None:
    tokens = Counters(write=1_000_000)
    assert recomputed(tokens, RATES) == (Decimal("3.75"), Decimal(6))
    assert RATES.of(WRITE) is None
    stated = Counters(write=1_000_000, lifetime=WRITE_5M, write_5m=1_000_000)
    assert slip(Decimal(6), stated, RATES, TOLERANCE) == "5-minute writes are charged at the 1-hour price"
    twice = Counters(plain=1000, read=1_000_000)
    assert slip(Decimal("3.306"), twice, RATES, TOLERANCE) == (
        "cached tokens are charged as input and once more as cached"
    )


def row(trace: str, kind: str, amount: str, minute: int = 0, tokens: int = 1000, **more: str) -> CostRow:
    return CostRow(
        token_type=kind, trace_id=trace, amount=Decimal(amount), at=moment(1, minute), tokens=tokens, cache_key="k",
        **more,
    )  # fmt: skip


def test_a_read_is_served_by_the_last_write_before_it() -> None:
    rows = [row("a", WRITE_5M, "1"), row("a", READ, "0.1", 1), row("b", WRITE_5M, "1", 30), row("b", READ, "0.1", 31)]
    assert [(tuple(each.paid), tuple(each.reads)) for each in cache_writes(rows, TOLERANCE)] == [
        (("a",), ("a",)), (("b",), ("b",)),
    ]  # fmt: skip
    late = [*rows, row("a", READ, "0.1", 40)]
    assert [each.fair(TOLERANCE) for each in cache_writes(late, TOLERANCE)] == [True, False]


def test_a_call_that_reads_and_writes_reads_what_was_there_before() -> None:
    rows = [row("a", WRITE_5M, "1"), row("b", READ, "0.1", 1, span_id="s"), row("b", WRITE_5M, "0.2", 1, span_id="s")]
    first = cache_writes(rows, TOLERANCE)[0]
    assert tuple(first.reads) == ("b",)
    assert not first.fair(TOLERANCE)


@pytest.mark.parametrize(
    ("shares", "fair"),
    [
        ({"a": "0.5", "b": "0.5"}, True),
        ({"b": "0.25", "c": "0.75"}, True),
        ({"b": "0.5", "c": "0.5"}, True),
        ({"b": "0.75", "c": "0.25"}, False),
        ({"a": "1"}, False),
        ({"b": "1"}, False),
    ],
)
def test_fair_is_equal_or_by_tokens_read(shares: dict[str, str], fair: bool) -> None:
    writes = [row(trace, WRITE_5M, amount) for trace, amount in shares.items()]
    reads = {"b": 1000, "c": 3000} if "a" not in shares or len(shares) == 1 else {"b": 1000}
    rows = writes + [row(trace, READ, "0.1", 5, tokens) for trace, tokens in reads.items()]
    assert all(each.fair(TOLERANCE) for each in cache_writes(rows, TOLERANCE)) is fair


def test_rows_without_a_key_or_tokens_are_left_out() -> None:
    assert cache_writes([row("a", WRITE_5M, "0", tokens=0), row("b", READ, "0.1")], TOLERANCE) == ()
