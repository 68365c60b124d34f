"""Changes of reported values, periods by words, concepts by words, and the real labels of changes."""

from __future__ import annotations

import json
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest

from afterbell.catalog import cases
from afterbell.formats.envelopes import companyfacts
from afterbell.formats.items import Context
from afterbell.model.books import CompanyFact, Report
from afterbell.reading.company_accounts import changes, concepts, periods
from afterbell.reading.company_accounts.given import given
from afterbell.reading.times import Stamp, to_ns


def report(value: str, filed: str = "2025-02-20", **more: str) -> Report:
    return Report(**{"start": "2024-01-01", "end": "2024-12-31", "value": Decimal(value), "filed": filed, **more})


def fact(concept: str, unit: str, *values: str) -> CompanyFact:
    days = ("2025-02-20", "2026-02-20", "2027-02-20")
    return CompanyFact(cik="0000000001", concept=concept, unit=unit,
                       reports=tuple(report(value, day) for value, day in zip(values, days, strict=False)))  # fmt: skip


def moment(text: str) -> Stamp:
    at = to_ns(text)
    assert at is not None
    return Stamp(first=at, last=at)


EPS = fact("EarningsPerShareDiluted", "USD/shares", "11.89", "2.97")
SHARES = fact("WeightedAverageNumberOfDilutedSharesOutstanding", "shares", "4648913", "18595652")
OPTIONS = fact("CommonStockSharesOutstanding", "shares", "1000", "4000")
INCOME = fact("NetIncomeLoss", "USD", "55256")


def test_a_split_needs_shares_and_earnings_per_share_to_move_inversely_while_net_income_stays() -> None:
    splits = changes.splits([EPS, SHARES, OPTIONS, INCOME])
    assert [round(split.factor) for split in splits] == [4]
    for each in (EPS, SHARES, OPTIONS):
        assert changes.change(each, each.reports[0], each.reports[1], splits) is changes.Change.SPLIT
    halved = fact("NetIncomeLoss", "USD", "55256", "27628")
    assert changes.splits([EPS, SHARES, halved]) == ()
    assert changes.splits([SHARES, INCOME]) == ()


def test_money_is_never_split() -> None:
    splits = changes.splits([EPS, SHARES, INCOME])
    money = fact("Revenues", "USD", "100", "400")
    assert changes.change(money, *money.reports, splits) is changes.Change.RESTATED


@pytest.mark.parametrize(("old", "new", "expected"), [
    ("1000", "1005", changes.Change.ROUNDING), ("1000", "1006", changes.Change.RESTATED),
    ("-1000", "1000", changes.Change.RESTATED), ("5", "0", changes.Change.RESTATED), ("5", "5.0", changes.Change.NONE),
])  # fmt: skip
def test_rounding_is_half_a_percent(old: str, new: str, expected: changes.Change) -> None:
    each = fact("Revenues", "USD", old, new)
    assert changes.change(each, *each.reports, ()) is expected


def test_a_filing_is_available_from_the_next_day_or_from_its_acceptance() -> None:
    plain, stamped = report("1"), report("1", accepted="2025-02-20T16:05:00Z")
    assert changes.available(plain, moment("2025-02-19T23:59:59Z")) is False
    assert changes.available(plain, moment("2025-02-20T12:00:00Z")) is None
    assert changes.available(plain, moment("2025-02-21T00:00:00Z")) is True
    assert changes.available(stamped, moment("2025-02-20T16:05:00Z")) is False
    assert changes.available(stamped, moment("2025-02-20T16:05:01Z")) is True
    assert changes.available(report("1", filed=""), moment("2025-02-21T00:00:00Z")) is None


@pytest.mark.parametrize(("words", "fitting"), [
    ("fiscal 2024", True), ("FY24", True), ("the year ended December 31, 2024", True), ("2024-12-31", True),
    ("fiscal 2023", False), ("Q3 2024", False), ("", True), ("the six months to June 2024", False),
])  # fmt: skip
def test_periods_by_words(words: str, fitting: bool) -> None:
    assert periods.fits(periods.of_words(words), report("1")) is fitting


def test_a_quarter_is_named_by_its_fiscal_number_or_the_calendar() -> None:
    quarter = Report(start="2022-08-01", end="2022-10-31", value=Decimal(1), fiscal="2023Q3")
    assert periods.fits(periods.of_words("Q3 of fiscal 2023"), quarter)
    assert periods.fits(periods.of_words("the fourth quarter of 2022"), quarter)
    assert not periods.fits(periods.of_words("Q2 fiscal 2023"), quarter)


@pytest.mark.parametrize(("text", "tag"), [
    ("cost of revenue", "CostOfRevenue"), ("Shareholders\u2019 equity", "StockholdersEquity"),
    ("营业收入", "Revenues"), ("us-gaap:GrossProfit", "GrossProfit"), ("diluted EPS", "EarningsPerShareDiluted"),
])  # fmt: skip
def test_concepts_by_words(text: str, tag: str) -> None:
    assert tag in concepts.in_text(text)[0].tags


@pytest.mark.parametrize("text", ["non-GAAP net income", "revenue growth", "gross profit margin", "free cash flow"])
def test_words_that_make_another_figure(text: str) -> None:
    assert concepts.in_text(text) == ()


@pytest.mark.shared_data
def test_real_labels_of_changes(shared_data: Path) -> None:
    folder = shared_data / "sec_companyfacts"
    told = {"rounding_or_unit_precision": {"none", "rounding"}, "possible_split_adjustment": {"split"},
            "restated_or_reclassified": {"restated"}}  # fmt: skip
    right = total = 0
    for path in sorted(folder.glob("*.restated.jsonl")):
        name = path.name.split(".")[0]
        items = companyfacts.read(BytesIO((folder / f"{name}.json").read_bytes()), Context(name=name))
        facts = {(item.concept, item.unit): item for item in items if isinstance(item, CompanyFact)}
        splits = changes.splits(tuple(facts.values()))
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            each = facts[row["concept"], row["unit"]]
            reports = changes.by_period(each)[row["start"] or "", row["end"]]
            right += changes.change(each, reports[0], reports[-1], splits).value in told[row["kind"]]
            total += 1
    assert right >= 0.97 * total


def test_a_number_beyond_all_decimals_is_no_fact() -> None:
    row = {"type": "tool", "trace": "t", "id": "k", "at": "2026-01-05T14:00:00Z", "name": "facts",
           "result": '{"val":1e99999999999999999999}'}  # fmt: skip
    (trace,) = cases.traces([row]).values()
    assert given(trace) == ()
