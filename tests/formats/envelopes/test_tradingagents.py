"""TradingAgents' runs: what was kept becomes calls, results, news and a decision; what was not stays visible."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

from afterbell.catalog import intake
from afterbell.formats.envelopes import tradingagents_runs
from afterbell.formats.items import Context
from afterbell.model.trace import STATUS_ERROR, Refusal, Span
from afterbell.model.trading import TradeKind
from afterbell.model.vocabulary import ContentState

RUN = json.loads((Path(__file__).parents[1] / "golden" / "tradingagents_runs.json").read_text())
SECOND = 10**9


def read(value):
    return list(tradingagents_runs.read(BytesIO(json.dumps(value).encode()), Context(name="x.json")))


def trace(items):
    spans = [item for item in items if isinstance(item, Span)]
    return intake.trace_of(spans[0].trace_id, spans, [])


def changed(**state):
    return {**RUN, "full_result": {**RUN["full_result"], **state}}


def test_the_runs_time_and_decision():
    found = trace(read(RUN))
    root = next(span for span in found.spans if not span.parent_span_id)
    assert (root.end_ns - root.start_ns, root.end_ns) == (30 * SECOND + SECOND // 2, 1767621630 * SECOND + SECOND // 2)
    (decision,) = found.trades
    assert (decision.kind, decision.symbol, decision.action) == (TradeKind.DECISION, "SYNTHETIC_A", "hold")
    assert "The trend holds." in decision.text


def test_an_answer_that_two_lists_hold_is_one_call():
    assert sum(call.usage.total or 0 for call in trace(read(RUN)).calls) == 620 + 930


def test_articles_are_documents_and_repeats_stay():
    documents = trace(read(RUN)).documents
    assert [document.url for document in documents] == ["https://news.example.com/n1"] * 2
    assert documents[0].published_at == "9 hours ago"


def test_every_span_has_an_id_of_its_own():
    messages = RUN["full_result"]["market_messages"]
    items = read(changed(market_messages=["content='SYNTHETIC_A' id='h1'", *messages], fundamentals_messages=messages))
    spans = [item for item in items if isinstance(item, Span)]
    assert len({span.span_id for span in spans}) == len(spans)


def test_an_empty_result_is_there_and_empty():
    by_id = {tool.call_id: tool for tool in trace(read(RUN)).tools}
    assert (by_id["call_2"].result, by_id["call_2"].result_state) == ("", ContentState.CAPTURED)
    assert by_id["call_1"].result.endswith('(it\'s "adjusted")\n')


def test_a_cut_message_is_refused_and_the_rest_kept():
    messages = RUN["full_result"]["market_messages"]
    items = read(changed(market_messages=[messages[0][:150], *messages[1:], 7]))
    assert [item.where for item in items if isinstance(item, Refusal)] == [
        "line 1, market_messages 1", "line 1, market_messages 5"
    ]  # fmt: skip
    assert len(trace(items).calls) == 1


def test_a_run_that_failed_has_its_error():
    (span,) = read({"ticker": "SYNTHETIC_A", "trade_date": "2026-01-05", "timestamp": "2026-01-05T14:00:00",
                    "error": "KeyError: 'close'", "traceback": "Traceback ..."})  # fmt: skip
    assert (span.status_code, span.status_message) == (STATUS_ERROR, "KeyError: 'close'")


def test_a_log_of_full_states_holds_one_run_for_each_date():
    state = {key: value for key, value in RUN["full_result"].items() if not key.endswith("_messages")}
    items = read({"2026-01-05": state, "2026-01-06": {**state, "trade_date": "2026-01-06"}})
    assert len({item.trace_id for item in items}) == 2
    assert intake.envelope_of(json.dumps({"2026-01-05": state}, indent=4).encode(), "x") is tradingagents_runs


def test_an_unknown_signal_states_no_action():
    assert [trade.action for trade in trace(read({**RUN, "final_decision": "buy, maybe"})).trades] == [""]
    assert [type(item) for item in read({"a": 1})] == [Refusal]
