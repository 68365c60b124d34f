"""TradingAgents' message log: runs told apart, answers and results joined, times as little known as they are."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterbell.catalog import intake
from afterbell.formats.envelopes import text_log, tradingagents_log
from afterbell.formats.items import Context
from afterbell.model.trace import Refusal, Span
from afterbell.model.trading import TradeKind

GOLDEN = (Path(__file__).parents[1] / "golden" / "tradingagents_log.log").read_text()
START = "09:30:00 [System] Selected ticker: SYNTHETIC_A\n09:30:00 [System] Analysis date: 2026-01-05\n"


def read(text):
    return list(tradingagents_log.read(BytesIO(text.encode()), Context(name="x/message_tool.log")))


def traces(items):
    rows = {}
    for item in items:
        if isinstance(item, Span):
            rows.setdefault(item.trace_id, []).append(item)
    return [intake.trace_of(trace_id, spans, []) for trace_id, spans in rows.items()]


def refused(items):
    return [item for item in items if isinstance(item, Refusal) and not item.taken]


def test_found_before_plain_logs():
    assert intake.envelope_of(GOLDEN.encode(), "message_tool.log") is tradingagents_log
    other = "09:30:00 [System] up\n09:30:01 [System] down\n09:30:02 [System] up\n"
    assert intake.envelope_of(other.encode(), "desk.log") is text_log
    odd = START + "09:30:01 [Reasoning] one\x0bline\u2028still\n09:30:02 [Tool Call] get(a=1)\n"
    assert tradingagents_log.recognise(odd.encode(), "x")


def test_the_manager_decides_as_of_the_analysis_date():
    (trace,) = traces(read(GOLDEN))
    (decision,) = trace.of_kind(TradeKind.DECISION)
    assert (decision.action, decision.symbol) == ("hold", "SYNTHETIC_A")
    assert trace.completeness.unended == ()
    assert {call.agent_name for call in trace.calls} == {"TradingAgents", "Research Manager", "Portfolio Manager"}


def test_a_file_of_several_runs_is_several_traces_and_one_that_was_stopped_never_ended():
    later = GOLDEN.replace("09:", "11:")
    first, second = traces(read(START + later))
    assert (first.completeness.unended != (), second.completeness.unended) == (True, ())
    assert first.trace_id == traces(read(START))[0].trace_id  # and stays the same when the file grows


def test_later_versions_name_what_a_line_is():
    text = START + (
        "09:30:01 [User] SYNTHETIC_A\n09:30:02 [Agent] I look.\n09:30:02 [Tool Call] get_a(q=x, y, n=2)\n"
        "09:30:02 [Tool Call] get_b()\n09:30:03 [Data] a's\n09:30:03 [Data] b's\n09:30:04 [Control] Continue\n"
        "09:30:05 [Agent] Done.\n"
    )
    (trace,) = traces(read(text))
    assert [(tool.name, tool.arguments, tool.result) for tool in trace.tools] == [
        ("get_a", '{"q":"x, y","n":"2"}', "a's"), ("get_b", "{}", "b's"),
    ]  # fmt: skip
    assert [part.text for call in trace.calls for _m, part, _s in trace.parts(call.input)] == [
        "SYNTHETIC_A",
        "a's",
        "b's",
    ]


def test_after_midnight_it_is_the_next_day():
    (trace,) = traces(read(START.replace("09:30", "23:59") + "00:00:01 [Agent] Done.\n"))
    (call,) = trace.calls
    assert call.started_ns // 10**9 == 1767571200 + 86401


def test_times_without_a_date_are_told():
    last = read("09:30:00 [Agent] a\n")[-1]
    assert last.taken
    assert "as an order only" in last.why


@pytest.mark.parametrize("line", ["Traceback (most recent call last):", "09:30 [Agent] x", "09:30:00 [Weather] x"])
def test_a_line_of_another_form_is_refused_by_number(line):
    (refusal,) = refused(read(f"{START}{line}\n"))
    assert refusal.where == "line 3"


def test_a_cut_line_is_told_and_read():
    items = read(START + "09:30:05 [Agent] Don")
    assert [item.where for item in items if isinstance(item, Refusal)] == ["line 3", "times"]
    assert not refused(items)
    assert len(traces(items)[0].calls) == 1


@given(st.text(max_size=200))
def test_any_text(text):
    for each in (text, START + text, f"{START}09:30:01 [Tool Call] {text}\n"):
        tradingagents_log.recognise(each.encode("utf-8", "replace"), "x")
        list(tradingagents_log.read(BytesIO(each.encode("utf-8", "replace")), Context()))
