"""AI-Trader's three kinds of files: made-up ones for the rules, the real ones against their labels."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterbell.catalog.intake import envelope_of, trace_of
from afterbell.formats.envelopes import aitrader_positions, aitrader_prices, aitrader_steps
from afterbell.formats.items import Context
from afterbell.model.books import PositionRow, PriceBar
from afterbell.model.run import Trace
from afterbell.model.trace import Refusal, Span
from afterbell.model.vocabulary import ContentState

PATH = "data/market_x/model-a/log/2026-01-05 15:00:00/log.jsonl"
ASK = "Please analyze and update today's (2026-01-05 15:00:00) positions."


def said(*messages: tuple[str, str], **more: str) -> bytes:
    rows = [
        {"signature": "model-a", "new_messages": [{"role": role, "content": text}], **more} for role, text in messages
    ]
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def trace(data: bytes, name: str = PATH) -> Trace:
    spans = [item for item in aitrader_steps.read(BytesIO(data), Context(name=name)) if isinstance(item, Span)]
    (trace_id,) = {span.trace_id for span in spans}
    return trace_of(trace_id, spans, ())


def test_a_step_is_a_trace_of_its_agent() -> None:
    found = trace(said(("user", ASK), ("assistant", "Hold.")))
    root = found.spans[0]
    assert root.trace_id_raw == "market_x/model-a/2026-01-05 15:00:00"
    assert not found.completeness.unended
    (call,) = found.calls
    assert [found.message(ref).text for ref in (*call.input, *call.output)] == [ASK, "Hold."]
    assert call.agent_name == "model-a"
    assert not call.request_model
    assert {trade.account_id for trade in found.trades} == {"market_x/model-a"}
    assert [trade.attributes["trading.decision.data_asof"] for trade in found.trades] == ["2026-01-05 15:00:00"]


def test_what_the_format_never_carries_is_not_captured() -> None:
    (call,) = trace(said(("user", ASK), ("assistant", "Hold."))).calls
    states = {leg: call.states[leg] for leg in ("system", "tools", "input", "output")}
    assert states == {
        "system": ContentState.NOT_CAPTURED, "tools": ContentState.NOT_CAPTURED, "input": ContentState.CAPTURED,
        "output": ContentState.CAPTURED,
    }  # fmt: skip
    assert call.usage.total is None


def test_a_prompt_without_an_answer_never_ended() -> None:
    found = trace(said(("user", ASK)))
    assert [call.states["output"] for call in found.calls] == [ContentState.NOT_CAPTURED]
    assert found.completeness.unended
    assert not found.trades
    retried = trace(said(("user", ASK), ("user", ASK), ("assistant", "Hold.")))
    assert [bool(call.output) for call in retried.calls] == [False, True]


def test_an_answer_that_repeats_what_was_asked_is_lost() -> None:
    echoed = trace(
        said(("user", ASK), ("assistant", ASK), ("user", "Tool results: 5"), ("assistant", "Tool results: 5"))
    )
    assert [call.states["output"] for call in echoed.calls] == [ContentState.LOST, ContentState.LOST]


def test_tool_results_are_tool_steps_and_tool_messages() -> None:
    found = trace(
        said(("user", ASK), ("assistant", "Looking."), ("user", 'Tool results: {"a": 1}'), ("assistant", "Done."))
    )
    (tool,) = found.tools
    assert (tool.result, tool.name, tool.arguments, tool.call_id, tool.workflow_step) == ('{"a": 1}', "", "", "", True)
    message, part, source = next(iter(found.parts(found.calls[1].input)))
    assert (message.role, part.text, source.field) == ("tool", '{"a": 1}', "aitrader.input[0].content")
    span = found.span(source.span_id)
    assert span is not None
    assert json.loads(span.attributes["aitrader.input"])[0]["content"] == part.text


def test_one_message_may_stand_for_a_list() -> None:
    line = json.dumps({"signature": "model-a", "new_messages": {"role": "user", "content": ASK}}).encode()
    assert aitrader_steps.recognise(line + b"\n", "x")
    assert len(trace(line + b"\n" + line).calls) == 2


def test_without_a_path_signature_and_prompt_tell_the_step() -> None:
    assert trace(said(("user", ASK)), "-").spans[0].trace_id_raw == "model-a/2026-01-05 15:00:00"


def test_bad_rows_are_refused_by_number() -> None:
    data = said(("user", ASK)) + b'{"x":1}\n{"signature":"m","new_messages":[{"role":"user"}]}\n{"signa'
    refused = [item for item in aitrader_steps.read(BytesIO(data), Context(name=PATH)) if isinstance(item, Refusal)]
    assert [each.where for each in refused] == ["line 2", "line 3", "line 4"]
    assert "ends inside" in refused[2].why


def position(name: str = "data/market_x/model-a/position/position.jsonl", **more: object) -> list:
    row = {"date": "2026-01-05 10:00:00", "id": 3, "this_action": {"action": "buy", "symbol": "S", "amount": 0.1},
           "positions": {"S": 0.30000000000000004, "CASH": 12.5}} | more  # fmt: skip
    line = json.dumps(row).encode()
    assert aitrader_positions.recognise(line + b"\n", "x") or more
    return list(aitrader_positions.read(line, Context(name=name, position=1)))


def test_a_position_row() -> None:
    assert position() == [
        PositionRow(
            session_date=date(2026, 1, 5), at="2026-01-05 10:00:00", sequence=3, account_id="market_x/model-a",
            cash=Decimal("12.5"), positions={"S": Decimal("0.30000000000000004")}, action="buy", symbol="S",
            quantity=Decimal("0.1"), row=1,
        )
    ]  # fmt: skip


def test_an_account_that_the_path_does_not_tell_is_blank_and_said() -> None:
    remark, row = position("position.jsonl")
    assert remark.taken
    assert row.account_id == ""


@pytest.mark.parametrize("more", [{"date": "x"}, {"date": "2026-02-30"}, {"positions": []}, {"this_action": "buy"},
                                  {"positions": {"S": "1,0", "CASH": 1}}])  # fmt: skip
def test_a_bad_position_row_is_refused(more: dict) -> None:
    assert [type(item) for item in position(**more)] == [Refusal]


def series(symbol: str, zone: str, name: str, bars: dict) -> list:
    row = {"Meta Data": {"1. Information": "x", "2. Symbol": symbol, "6. Time Zone": zone}, name: bars}
    line = json.dumps(row).encode()
    assert aitrader_prices.recognise(line + b"\n", "x")
    return list(aitrader_prices.read(line, Context(position=4)))


def test_an_intraday_stamp_is_the_beginning_of_its_bar() -> None:
    bars = {"2026-01-05 15:00:00": {"1. buy price": "1.0", "2. high": "1.2", "3. low": "0.9", "4. sell price": "1.1"}}
    assert series("S", "US/Eastern", "Time Series (60min)", bars) == [
        PriceBar(session_date=date(2026, 1, 5), symbol="S", at="2026-01-05T16:00:00-05:00", interval="PT60M",
                 open=Decimal("1.0"), high=Decimal("1.2"), low=Decimal("0.9"), close=Decimal("1.1"), row=4)
    ]  # fmt: skip


def test_daily_bars_and_markets() -> None:
    (bar,) = series(
        "600000.SH", "Asia/Shanghai", "Time Series (Daily)", {"2026-01-05": {"1. open": "5", "4. close": "6"}}
    )
    assert (bar.at, bar.exchange, bar.currency, bar.close) == ("2026-01-05", "XSHG", "CNY", Decimal(6))
    (bar,) = series("BTC-USDT", "UTC", "Time Series (Daily)", {"2026-01-05": {"1. buy price": "5"}})
    assert (bar.exchange, bar.currency, bar.open, bar.close) == ("CRYPTO", "USDT", Decimal(5), None)


def test_a_bad_bar_is_refused_by_its_stamp() -> None:
    good, bad = {"1. open": "5"}, {"1. open": "five"}
    items = series(
        "S", "UTC", "Time Series (Daily)", {"2026-01-05": good, "2026-01-06": bad, "soon": good, "2026-01-08": 1}
    )
    assert [item.where for item in items[1:]] == ["line 4, S 2026-01-06", "line 4, S soon", "line 4, S 2026-01-08"]


@given(st.binary(max_size=200) | st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=8),
       lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(("date", "id", "positions", "CASH",
       "this_action", "signature", "new_messages", "role", "content", "Meta Data", "2. Symbol", "Time Series (Daily)")),
       inner, max_size=4), max_leaves=12).map(lambda value: json.dumps(value).encode()))  # fmt: skip
def test_nothing_makes_them_raise(data: bytes) -> None:
    for module in (aitrader_positions, aitrader_prices):
        module.recognise(data, PATH)
        list(module.read(data, Context(name=PATH, position=1)))
    aitrader_steps.recognise(data, PATH)
    list(aitrader_steps.read(BytesIO(data), Context(name=PATH)))


@pytest.mark.shared_data
def test_real_steps_against_their_labels(shared_data: Path) -> None:
    folder = shared_data / "aitrader_agent_logs"
    if not folder.is_dir():
        pytest.skip("the set is not on this machine")
    labels = [json.loads(line) for line in (folder / "labels_steps.jsonl").read_text().splitlines()]
    for label in labels:
        data = (folder / label["file"]).read_bytes()
        envelope = envelope_of(data[: 64 * 1024], label["file"])
        assert envelope is aitrader_steps
        items = list(envelope.read(BytesIO(data), Context(name=label["file"])))
        assert not [item for item in items if isinstance(item, Refusal)]
        found = trace_of(items[0].trace_id, items, ())
        assert found.spans[0].trace_id_raw == f"{label['unit']}/{label['step']}"
        assert any(call.output for call in found.calls) == label["has_model_output"]
        assert all(call.states["system"] is ContentState.NOT_CAPTURED for call in found.calls)
        # The labels count the assistant messages that repeat tool results among them.
        assert len(found.tools) <= label["tool_result_messages"]
        assert bool(found.tools) == bool(label["tool_result_messages"])
