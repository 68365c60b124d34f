"""Company facts: found by content, compacted to what changes, refused fact by fact."""

from __future__ import annotations

import json
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterbell.catalog.intake import envelope_of
from afterbell.formats.envelopes import companyfacts
from afterbell.formats.items import Context, Item
from afterbell.model.books import CompanyFact
from afterbell.model.trace import Refusal


def fact(**more: Any) -> dict[str, Any]:
    return {"start": "2024-01-01", "end": "2024-12-31", "val": 100, "accn": "F-1", "fy": 2024, "fp": "FY",
            "form": "10-K", "filed": "2025-02-20", **more}  # fmt: skip


def document(*facts: Any, **more: Any) -> bytes:
    concept = {"Revenues": {"units": {"USD": list(facts)}}}
    return json.dumps({"cik": 320, "entityName": "SYNTHETIC_A CORP", "facts": {"us-gaap": concept}, **more}).encode()


def read(data: bytes) -> list[Item]:
    return list(companyfacts.read(BytesIO(data), Context(name="CIK0000000320.json")))


def test_found_by_content() -> None:
    found = envelope_of(document(fact()), "download.json")
    assert found is not None
    assert found.NAME == "sec-companyfacts"


def test_a_repeated_value_is_left_out_and_a_changed_one_kept() -> None:
    (row,) = read(document(
        fact(), fact(accn="F-2", filed="2025-05-01"), fact(accn="F-3", filed="2025-08-01", val=90.5),
        fact(accn="F-4", filed="2026-02-01"),
    ))  # fmt: skip
    assert isinstance(row, CompanyFact)
    assert (row.cik, row.entity) == ("0000000320", "SYNTHETIC_A CORP")
    assert [(report.filing, report.value) for report in row.reports] == [
        ("F-1", Decimal(100)), ("F-3", Decimal("90.5")), ("F-4", Decimal(100)),
    ]  # fmt: skip
    assert {report.fiscal for report in row.reports} == {"2024FY"}


def test_what_cannot_be_read_is_refused_and_the_rest_kept() -> None:
    items = read(document(fact(end=None), fact(val="much"), "x", fact(accepted="soon"), fact(filed="2025-13-01")))
    refusals = [item for item in items if isinstance(item, Refusal)]
    assert [item.taken for item in refusals] == [False, False, False, True, False]
    (row,) = [item for item in items if isinstance(item, CompanyFact)]
    assert len(row.reports) == 1


@given(st.binary(max_size=200) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["cik", "facts", "us-gaap", "units", "USD", "Revenues", "val", "end"]), inner, max_size=4),
    max_leaves=12,
).map(lambda value: json.dumps(value).encode()))  # fmt: skip
def test_nothing_raises(data: bytes) -> None:
    companyfacts.recognise(data, "x")
    assert all(isinstance(item, CompanyFact | Refusal) for item in read(data))


@pytest.mark.shared_data
def test_real_files_are_read_whole(shared_data: Path) -> None:
    for path in sorted((shared_data / "sec_companyfacts").glob("CIK*.json")):
        items = read(path.read_bytes())
        assert len(items) > 300
        assert all(isinstance(item, CompanyFact) for item in items)
