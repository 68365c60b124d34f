"""Who else read a cache key, in a house of many: found by counters on spans, without loading those traces."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from afterbell.disk.house import House
from afterbell.formats.usage import CACHE_READ
from afterbell.model.trace import trace_hex
from afterbell.model.vocabulary import Answer
from afterbell.reading.pricing.spans import cache_reads
from afterbell.steps import ingest
from afterbell.steps.around import Around
from afterbell.steps.scan import scan_trace
from afterbell.steps.store import Store, casefile

PRICE = {"model": "model-a", "effective_from": "2025-01-01", "currency": "USD", "input_per_mtok": "3",
         "output_per_mtok": "15", "cache_read_per_mtok": "0.30", "cache_write_5m_per_mtok": "3.75",
         "cache_write_1h_per_mtok": "6"}  # fmt: skip
LEDGER = {"at": "2026-01-05T14:00:00Z", "trace_id": "w", "span_id": "w-c", "model": "model-a", "cache_key": "k",
          "token_type": "cache_write_5m", "tokens": 100000, "unit_price_per_mtok": "3.75", "amount": "0.375",
          "currency": "USD"}  # fmt: skip


def call(trace: str, minute: int, key: str = "k", **tokens: int) -> dict[str, Any]:
    return {"type": "call", "trace": trace, "id": f"{trace}-c", "at": f"2026-01-05T14:{minute:02d}:00Z",
            "until": f"2026-01-05T14:{minute:02d}:09Z", "model": "model-a", "messages": "Research SYNTHETIC_A.",
            "output": "Stable.", "trading.cache.key": key,
            "tokens": {"input": 101000, "output": 1000, "cache_read": 0, "cache_write": 0, **tokens}}  # fmt: skip


def filled(tmp_path: Path, *rows: dict[str, Any]) -> Store:
    root, folder = tmp_path / "house", tmp_path / "in"
    root.mkdir()
    folder.mkdir()
    for name, told in (("runs", rows), ("model_prices", (PRICE,)), ("cost_ledger", (LEDGER,))):
        (folder / f"{name}.jsonl").write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in told))
    list(ingest.ingest(House(root), [str(folder)], jobs=1))
    return Store(House(root))


@pytest.mark.parametrize(
    ("others", "answer"),
    [
        ([call("x", 5, cache_read=100000)], Answer.YES),
        ([call(f"x{number}", number % 50 + 1, cache_read=100000) for number in range(80)], Answer.YES),
        ([call("x", 5, "another", cache_read=100000)], Answer.NO),
        ([call("x", 5)], Answer.NO),
    ],
)
def test_another_trace_of_the_house_read_what_one_pays_for(
    tmp_path: Path, others: list[dict[str, Any]], answer: Answer
) -> None:
    store = filled(tmp_path, call("w", 0, cache_write=100000), *others)
    (found,) = scan_trace(store, trace_hex("w"), frozenset({"cost_attribution_drift"})).answers
    assert found.suggestion.answer is answer


@pytest.mark.parametrize("name", CACHE_READ)
def test_every_spelling_of_the_counter_is_found_in_the_store(tmp_path: Path, name: str) -> None:
    row = call("x", 5)
    row.pop("tokens")
    store = filled(
        tmp_path, call("w", 0, cache_write=100000), {**row, name: 100000, "gen_ai.usage.input_tokens": 101000}
    )
    (read,) = Around(store).complete(casefile(store, trace_hex("w"))).around.cache_reads
    assert (read.trace_id, read.tokens) == (trace_hex("x"), 100000)


def test_the_store_says_what_the_trace_says(tmp_path: Path) -> None:
    again = {**call("x", 9, cache_read=500), "id": "x-d"}
    store = filled(tmp_path, call("w", 0, cache_write=100000), call("x", 5, cache_read=100000), again)
    (trace,) = store.traces([trace_hex("x")]).values()
    assert Around(store).complete(casefile(store, trace_hex("w"))).around.cache_reads == cache_reads(trace)
