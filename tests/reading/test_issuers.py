"""Which registrants a run names."""

from __future__ import annotations

from typing import Any

import pytest

from afterbell.catalog import cases
from afterbell.model.run import Trace
from afterbell.reading.company_accounts.issuers import issuers, registrants

KNOWN = [("0000000320", "SYNTHETIC_A CORP"), ("0000000321", "SYNTHETIC_B INC."), ("0000000322", "SYNTHETIC_B Trust")]


def trace(**more: Any) -> Trace:
    row = {
        "type": "tool",
        "trace": "t",
        "id": "k",
        "at": "2026-01-05T14:00:00Z",
        "name": "facts",
        "call_id": "k",
        **more,
    }
    return next(iter(cases.traces([row]).values()))


@pytest.mark.parametrize(("more", "found"), [
    ({"arguments": {"cik": 320}}, ("0000000320",)),
    ({"result": {"cik": "CIK0000000321", "val": 1}}, ("0000000321",)),
    ({"arguments": {"url": "https://facts.test/CIK0000000320.json"}}, ("0000000320",)),
    ({"attributes": {"trading.security.id": "320", "trading.security.id_source": "cik"}}, ("0000000320",)),
    ({"symbol": "synthetic_a"}, ("0000000320",)),
    ({"symbol": "SYNTHETIC_B"}, ()),
    ({"symbol": "SYN"}, ()),
    ({"symbol": "SYNTHETIC_A", "arguments": {"cik": 999}}, ()),
])  # fmt: skip
def test_a_cik_wins_and_a_symbol_must_be_a_word_of_one_name(more: dict[str, Any], found: tuple[str, ...]) -> None:
    assert registrants(issuers(trace(**more)), KNOWN) == found


@pytest.mark.parametrize(("symbol", "coin"), [("BTC-USD", True), ("ETHUSDT", True), ("SYNTHETIC_A", False)])
def test_coins_have_no_registrant(symbol: str, coin: bool) -> None:
    assert issuers(trace(symbol=symbol)).coins is coin
