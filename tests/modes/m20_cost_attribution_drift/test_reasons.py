"""Figures, billing and the lines between faults and what is not known."""

from __future__ import annotations

from typing import Any

import pytest

from afterbell.catalog import cases, shelves
from afterbell.catalog.scan import ask
from afterbell.model.case import Case
from afterbell.model.scan import Suggestion
from afterbell.model.vocabulary import Answer

DAY = "2026-01-05"
PRICE = {"model": "model-a", "effective_from": "2025-01-01", "currency": "USD", "input_per_mtok": "3",
         "output_per_mtok": "15", "cache_read_per_mtok": "0.30", "cache_write_5m_per_mtok": "3.75",
         "cache_write_1h_per_mtok": "6"}  # fmt: skip
CALL = {"type": "call", "trace": "w", "id": "w-c", "at": f"{DAY}T14:00:00Z", "until": f"{DAY}T14:00:09Z",
        "model": "model-a", "messages": "Research SYNTHETIC_A.", "output": "Stable.",
        "tokens": {"input": 101000, "output": 1000, "cache_read": 0, "cache_write": 100000}}  # fmt: skip
READING = {**CALL, "tokens": {"input": 101000, "output": 1000, "cache_read": 100000, "cache_write": 0}}


def row(kind: str, tokens: int, unit: str, amount: str, trace: str = "w", **more: Any) -> dict[str, Any]:
    return {"at": f"{DAY}T14:00:00Z", "trace_id": trace, "span_id": f"{trace}-c", "model": "model-a", "currency": "USD",
            "cache_key": "k", "token_type": kind, "tokens": tokens, "unit_price_per_mtok": unit, "amount": amount,
            **more}  # fmt: skip


WRITE = row("cache_write_5m", 100000, "3.75", "0.375")

WRITES, ANY_WRITE = {"token_type": "cache_write_5m"}, {"token_type": "cache_write"}


def bill(amount: str, **more: Any) -> dict[str, Any]:
    return {"period_start": f"{DAY}T00:00:00Z", "period_end": "2026-01-06T00:00:00Z", "model": "model-a",
            "amount": amount, "currency": "USD", **more}  # fmt: skip


def said(*given: dict[str, Any], **books: list[dict[str, Any]]) -> Suggestion:
    case = Case(name="n", answer=Answer.NO, teaches="t", given=given,
                books={"model_prices": (PRICE,), **{name: tuple(rows) for name, rows in books.items()}})  # fmt: skip
    return ask(shelves.modes()[20], cases.casefile(case, "cost_attribution_drift"))


def test_a_reader_is_told_who_pays() -> None:
    ledger = [{**WRITE, "trace_id": "x", "at": f"{DAY}T13:59:00Z"}, row("cache_read", 100000, "0.30", "0.03")]
    found = said(READING, cost_ledger=ledger)
    assert found.answer is Answer.YES
    assert "charged wholly to trace" in found.reason


@pytest.mark.parametrize(
    ("bills", "answer"),
    [
        ([bill("0.375", **WRITES)], Answer.NO),
        ([bill("0.3765", **ANY_WRITE)], Answer.NO),
        ([bill("0.60", **WRITES)], Answer.YES),
        ([bill("0.60", model="model-b")], Answer.NO),
        ([bill("0.60", period_start="2026-01-05T15:00:00Z")], Answer.NO),
        ([bill("0.30")], Answer.YES),
        ([bill("0.60")], Answer.UNKNOWN),
        ([bill("0.375", currency="EUR")], Answer.UNKNOWN),
    ],
)
def test_a_bill_is_held_against_what_it_covers(bills: list[dict[str, Any]], answer: Answer) -> None:
    assert said(CALL, cost_ledger=[WRITE], billing=bills).answer is answer


def test_span_costs_of_one_trace_do_not_make_a_bill() -> None:
    costing = {**CALL, "gen_ai.usage.cost": 0.393}
    assert said(costing, billing=[bill("0.393")]).answer is Answer.NO
    found = said(costing, billing=[bill("9.00")])
    assert found.answer is Answer.UNKNOWN
    assert found.missing == ("cost_ledger rows of all traces in the billed period",)
    assert said(costing, billing=[bill("0.20")]).answer is Answer.YES


def test_inclusive_input_beside_cached_rows_counts_twice() -> None:
    ledger = [row("input", 101000, "3", "0.303", cache_key=None), row("cache_read", 100000, "0.30", "0.03")]
    found = said(READING, cost_ledger=ledger)
    assert found.answer is Answer.YES
    assert "counted twice" in found.reason


@pytest.mark.parametrize("unit", ["0.30", "3"])
def test_a_write_at_another_kinds_price_is_named(unit: str) -> None:
    found = said(CALL, cost_ledger=[{**WRITE, "unit_price_per_mtok": unit, "amount": str(float(unit) / 10)}])
    assert found.answer is Answer.YES
    assert "at the price of" in found.reason


def test_an_amount_that_is_not_its_product() -> None:
    found = said(CALL, cost_ledger=[{**WRITE, "amount": "0.5"}])
    assert found.answer is Answer.YES
    assert found.figures["recomputed"] == "0.375"


def test_another_currency_is_not_compared() -> None:
    found = said(CALL, cost_ledger=[{**WRITE, "currency": "EUR", "unit_price_per_mtok": "3.2", "amount": "0.32"}])
    assert found.answer is Answer.UNKNOWN
    assert "EUR" in found.missing[0]


def test_a_ledger_without_figures_attributes_nothing() -> None:
    blank = {"tokens": None, "unit_price_per_mtok": None, "amount": None}
    found = said(CALL, cost_ledger=[{**WRITE, **blank}])
    assert found.answer is Answer.UNKNOWN
    assert found.missing[0].startswith("an attribution of the cost")


def test_cached_tokens_charged_once_more_to_a_trace_whose_rows_name_no_span() -> None:
    ledger = [row("input", 101000, "3", "0.303", cache_key=None, span_id=""),
              row("cache_read", 100000, "0.30", "0.03", span_id="")]  # fmt: skip
    found = said(READING, cost_ledger=ledger)
    assert found.answer is Answer.YES
    assert "counted twice" in found.reason


def test_a_ledger_that_names_no_span_may_leave_calls_out() -> None:
    second = {**READING, "id": "w-d", "at": f"{DAY}T14:01:00Z", "until": f"{DAY}T14:01:09Z"}
    ledger = [row("cache_read", 100000, "0.30", "0.03", span_id="")]
    assert said(READING, second, cost_ledger=ledger).answer is Answer.NO


@pytest.mark.parametrize(("key", "answer"), [("k", Answer.YES), ("another", Answer.NO)])
def test_others_read_by_their_own_counters(key: str, answer: Answer) -> None:
    other = {**READING, "trace": "x", "id": "x-c", "at": f"{DAY}T14:05:00Z", "until": f"{DAY}T14:05:09Z",
             "trading.cache.key": key}  # fmt: skip
    found = said(CALL, other, cost_ledger=[WRITE])
    assert found.answer is answer
    assert answer is Answer.NO or any(proof.excerpt == "k" and proof.trace_id for proof in found.evidence)


@pytest.mark.parametrize(("billed", "answer"), [("0.01", Answer.NO), ("0.0097", Answer.YES)])
def test_a_bill_is_rounded_to_the_digits_it_shows(billed: str, answer: Answer) -> None:
    ledger = [{**WRITE, "tokens": 2496, "amount": "0.00936"}]
    small = {**CALL, "tokens": {"input": 3000, "output": 1000, "cache_read": 0, "cache_write": 2496}}
    assert said(small, cost_ledger=ledger, billing=[bill(billed, **WRITES)]).answer is answer
