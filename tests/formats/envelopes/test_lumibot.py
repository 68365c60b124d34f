"""Lumibot's agents: three files tell of one run, and it counts once; a run from the replay cache made no call."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterbell.catalog import intake
from afterbell.disk import opening
from afterbell.formats.envelopes import lumibot_detail, lumibot_summaries, lumibot_traces
from afterbell.formats.items import Context
from afterbell.model.calls import ROLLUP
from afterbell.model.trace import STATUS_ERROR, Refusal, Span
from afterbell.model.trading import TradeKind

GOLDEN = Path(__file__).parents[1] / "golden"
TRACE = (GOLDEN / "lumibot_traces.json").read_bytes()
SUMMARY = (GOLDEN / "lumibot_summaries.jsonl").read_bytes()
NAME = "traces/trader/live-20260105140009000000.json"


def detail():
    with opening.open_stream(GOLDEN / "lumibot_detail.parquet") as stream:
        return b"".join(opening.bytes_of(stream))


def traced(value=None, name=NAME):
    data = TRACE if value is None else value if isinstance(value, bytes) else json.dumps(value).encode()
    return list(lumibot_traces.read(BytesIO(data), Context(name=name)))


def summed(**more):
    row = json.dumps({**json.loads(SUMMARY), **more}).encode()
    return list(lumibot_summaries.read(row, Context(position=1)))


def assembled(items):
    spans = [item for item in items if isinstance(item, Span)]
    (trace_id,) = {span.trace_id for span in spans}
    return intake.trace_of(trace_id, spans, [])


def tokens(trace):
    return sum(call.usage.total or 0 for call in trace.calls if call.operation != ROLLUP)


def test_found_by_content():
    assert intake.envelope_of(TRACE, "x") is lumibot_traces
    assert intake.envelope_of(SUMMARY, "x") is lumibot_summaries
    assert intake.envelope_of(detail()[:65536], "x") is lumibot_detail
    long = json.loads(TRACE)
    long["duckdb_metrics"]["note"] = "x" * 100
    assert lumibot_traces.recognise(json.dumps(long, sort_keys=True).encode()[:65536], "x")


def test_three_files_are_one_run():
    table = list(lumibot_detail.read(BytesIO(detail()), Context()))
    for items in ([*traced(), *table, *summed()], [*summed(), *table, *traced()]):
        found = assembled(items)
        assert (tokens(found), len(found.tools), len(found.of_kind(TradeKind.ORDER))) == (3550, 2, 1)
        assert found.completeness.repeats == 8


def test_an_order_with_what_became_of_it():
    (order,) = assembled(traced()).of_kind(TradeKind.ORDER)
    assert (order.order_id, order.symbol, order.side, order.status, str(order.price)) == (
        "O-1",
        "SYNTHETIC_A",
        "buy",
        "new",
        "62.5",
    )
    row = json.loads(TRACE)
    result = next(event for event in row["events"] if event["kind"] == "tool_result" and "order" in event["tool_name"])
    result["payload"] = {"order": None, "error": {"type": "ValueError", "message": "no buying power"}}
    (order,) = assembled(traced(row)).of_kind(TradeKind.ORDER)
    assert (order.status, order.text, order.symbol) == ("rejected", "no buying power", "SYNTHETIC_A")


def test_thinking_is_output_where_the_total_shows_it():
    first = assembled(traced()).calls[0].usage
    assert (first.input_tokens, first.output_tokens, first.reasoning, first.cache_read) == (900, 100, 70, 100)


def test_a_run_from_the_replay_cache_is_another_and_made_no_call():
    (span,) = summed(cache_hit=True)
    assert span.trace_id != traced()[0].trace_id
    assert span.attributes["trading.cache.hit"] is True
    assert not [key for key in span.attributes if key.startswith("gen_ai.usage.")]


def test_a_tool_that_gave_no_result_was_asked_for_only():
    row = json.loads(TRACE)
    row["events"] = [event for event in row["events"] if event["kind"] != "tool_result"]
    found = assembled(traced(row))
    assert [tool.result for tool in found.tools] == ["", ""]
    assert not found.of_kind(TradeKind.ORDER)


def test_a_run_that_failed_says_so():
    row = json.loads(TRACE)
    row["execution_outcome"]["error_category"] = "provider_timeout"
    assert (traced(row)[-1].status_code, traced(row)[-1].status_message) == (STATUS_ERROR, "provider_timeout")


@pytest.mark.parametrize("data", [TRACE[:-300], b'{"agent": "a", "events": 7}', b"[1]"])
def test_what_is_no_whole_run_is_refused(data):
    assert [item for item in traced(data) if isinstance(item, Refusal)]


@pytest.mark.parametrize("line", [b'{"agent_name": "a', b"[]", b"{}"])
def test_a_summary_that_is_none_is_refused_by_line(line):
    (refusal,) = lumibot_summaries.read(line, Context(position=4))
    assert refusal.where == "line 4"


def test_a_broken_row_of_a_table_is_refused_and_the_run_is_read():
    lines = detail().splitlines(keepends=True)
    items = list(lumibot_detail.read(BytesIO(b"".join([*lines[:3], b'{"cut', b"\n", *lines[3:]])), Context()))
    assert [item.where for item in items if isinstance(item, Refusal)] == ["line 4"]
    assert tokens(assembled(items)) == 3550


@given(st.recursive(st.none() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
    st.sampled_from(["events", "kind", "payload", "request", "timing", "usage", "tool_name", "text", "agent", "order"]), inner, max_size=4)))  # fmt: skip
def test_any_shape(value):
    list(
        traced(
            {
                "agent": "a",
                "events": [value, {"kind": "tool_result", "payload": value, "tool_name": "submit_order"}],
                "request": value,
            }
        )
    )
    list(
        lumibot_summaries.read(
            json.dumps({"agent_name": value or "a", "usage": value, "timing": value}).encode(), Context()
        )
    )
