"""Alpha Arena's cycles and trades: theses, decisions, positions and fills of one idea, from lines made here."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterbell.catalog.intake import HEAD, envelope_of, trace_of
from afterbell.formats.envelopes import arena_cycles, arena_trades
from afterbell.formats.items import Context
from afterbell.model.books import Fill
from afterbell.model.trace import LogRecord, Refusal, Span
from afterbell.model.trading import TradeKind

HELD = ("{'symbol': 'AAA', 'quantity': -5.74, 'entry_price': 41.12, 'current_price': 40.2, 'unrealized_pnl': 5.3,"
        " 'exit_plan': {'stop_loss': 42.0, 'invalidation_condition': \"if it's above 43\"}, 'entry_oid': 777,"
        " 'notional_usd': 230.75}")  # fmt: skip
PROMPT = (
    f"The current time is 2026-01-05.\n\n**Current Account Value:** 10512.25\nAvailable Cash: 9000.5\n\n{HELD}\n\nEnd."
)
CYCLE = {
    "id": "model-x_1", "user_prompt": PROMPT, "cot_trace": "I keep AAA and open BBB.", "cycle_id": 12,
    "llm_response": {
        "AAA": {"signal": "hold", "quantity": 5.74, "invalidation_condition": "3m close above 43", "justification": ""},
        "BBB": {"signal": "buy_to_enter", "quantity": 2, "confidence": 0.7, "justification": "momentum",
                "invalidation_condition": "4h close below 9.5", "stop_loss": 9.1},
    },
    "model_id": "model-x", "timestamp": 1767600000.5, "inserted_at": 1767600003, "run_id": "r1",
}  # fmt: skip
TRADE = {
    "symbol": "AAA", "side": "short", "quantity": 5.74, "entry_price": 41.12, "entry_time": 1767500000.25,
    "entry_oid": 777, "entry_tid": 1, "entry_sz": 5.74, "entry_commission_dollars": 0.1, "exit_price": 40.0,
    "exit_time": 1767650000, "exit_oid": 778, "exit_tid": 2, "exit_sz": 5.74, "exit_commission_dollars": 0.2,
    "realized_net_pnl": 6.1288, "model_id": "model-x",
}  # fmt: skip


def line(row: dict) -> bytes:
    return json.dumps(row).encode()


def test_a_cycle_is_a_trace_with_theses_decisions_and_snapshots() -> None:
    items = list(arena_cycles.read(line(CYCLE), Context(position=1)))
    spans, logs = ([item for item in items if isinstance(item, kind)] for kind in (Span, LogRecord))
    trace = trace_of(spans[0].trace_id, spans, logs)
    assert trace.started_ns == 1767600000500000000
    (call,) = trace.calls
    assert [part.text for _m, part, _s in trace.parts(call.input)] == [PROMPT]
    kinds = [part.kind.value for _m, part, _s in trace.parts(call.output)]
    assert kinds == ["reasoning", "text"]
    theses = {each.symbol: each for each in trace.of_kind(TradeKind.THESIS)}
    assert theses["AAA"].idea_id == "model-x:AAA:777"
    assert theses["BBB"].idea_id == "model-x:BBB:cycle 12"
    assert theses["BBB"].attributes["trading.thesis.invalidation_condition"] == "4h close below 9.5"
    actions = {each.symbol: (each.action, each.quantity) for each in trace.of_kind(TradeKind.DECISION)}
    assert actions == {"AAA": ("hold", Decimal("5.74")), "BBB": ("buy", Decimal(2))}
    (held,) = trace.of_kind(TradeKind.POSITION_SNAPSHOT)
    assert (held.quantity, held.average_price, held.idea_id) == (Decimal("-5.74"), Decimal("41.12"), "model-x:AAA:777")
    (account,) = trace.of_kind(TradeKind.ACCOUNT_SNAPSHOT)
    assert account.attributes["trading.account.equity"] == "10512.25"


def test_a_trade_is_two_fills_of_the_same_idea() -> None:
    entry, exit_ = arena_trades.read(line(TRADE), Context(position=3))
    assert isinstance(entry, Fill)
    assert isinstance(exit_, Fill)
    assert (entry.side, entry.position_effect, exit_.side, exit_.position_effect) == (
        "sell_short", "open", "buy", "close",
    )  # fmt: skip
    assert entry.idea_id == exit_.idea_id == "model-x:AAA:777"
    assert entry.transact_time == datetime.fromtimestamp(1767500000.25, UTC)
    assert (entry.realized_pnl, exit_.realized_pnl) == (None, Decimal("6.1288"))
    assert (entry.row, exit_.row) == (3, 3)


def test_recognised_by_content() -> None:
    assert envelope_of(line(CYCLE) + b"\n", "x") is arena_cycles
    assert envelope_of(line(TRADE) + b"\n", "x") is arena_trades
    long = line(CYCLE | {"user_prompt": "x" * 100_000})
    assert envelope_of(long[:HEAD], "x") is arena_cycles


@pytest.mark.parametrize("row", [
    {"user_prompt": 3, "timestamp": 1.0}, {"user_prompt": "x", "timestamp": "soon"}, [], 3,
    {"user_prompt": "x", "timestamp": -5},
])  # fmt: skip
def test_what_is_no_cycle_is_refused(row: object) -> None:
    (refusal,) = arena_cycles.read(json.dumps(row).encode(), Context(position=1))
    assert isinstance(refusal, Refusal)


@pytest.mark.parametrize("change", [{"side": "up"}, {"exit_time": None}, {"entry_price": "x"}, {"exit_time": 1e30}])
def test_what_is_no_trade_is_refused(change: dict) -> None:
    (refusal,) = arena_trades.read(line(TRADE | change), Context(position=1))
    assert isinstance(refusal, Refusal)


@pytest.mark.parametrize("at", [1e308, -1e308, True, "soon"])
def test_a_time_that_is_none_is_not_stated(at) -> None:
    (span, *_rest) = arena_cycles.read(line({**CYCLE, "inserted_at": at}), Context(position=1))
    assert span.end_ns < 2**63
    (refused,) = arena_cycles.read(line({**CYCLE, "timestamp": at}), Context(position=1))
    assert isinstance(refused, Refusal)


@given(st.dictionaries(st.sampled_from(sorted({*CYCLE, *TRADE})), st.none() | st.integers() | st.text(max_size=9) | st.floats(allow_nan=False, allow_infinity=False)
                       | st.dictionaries(st.text(max_size=3), st.none() | st.dictionaries(st.text(max_size=4), st.integers()), max_size=2)))  # fmt: skip
def test_any_object_is_accepted(change: dict) -> None:
    list(arena_cycles.read(line(CYCLE | change), Context(position=1)))
    list(arena_trades.read(line(TRADE | change), Context(position=1)))


@given(st.binary(max_size=200))
def test_any_bytes_are_accepted(data: bytes) -> None:
    for envelope in (arena_cycles, arena_trades):
        envelope.recognise(data, "x")
        list(envelope.read(data, Context(position=1)))


@pytest.mark.shared_data
def test_every_line_of_the_arena_is_read(shared_data: Path) -> None:
    folder = shared_data / "nof1_alpha_arena"
    if not folder.is_dir():
        pytest.skip("the set is not on this machine")
    for stem, envelope in (("conversations", arena_cycles), ("trades", arena_trades)):
        for path in sorted(folder.glob(f"{stem}.*.jsonl")):
            data = path.read_bytes()
            assert envelope_of(data[:HEAD], path.name) is envelope
            for number, each in enumerate(data.splitlines(), 1):
                items = list(envelope.read(each, Context(name=path.name, position=number)))
                assert len(items) > 1
                assert not any(isinstance(item, Refusal) for item in items)
