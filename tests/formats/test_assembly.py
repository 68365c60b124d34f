"""Spans and log records into one trace: repeats once, dialects side by side, and never an exception."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afterbell.catalog import intake, shelves
from afterbell.formats import dialects
from afterbell.formats.assembly import kinds
from afterbell.model.trace import LogRecord, Span, SpanEvent
from afterbell.model.vocabulary import ContentState, SpanKind, Stage

CHAT = {"gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-5", "gen_ai.usage.input_tokens": 10}


def span(name, up="", start=1, end=9, **attributes):
    return Span(trace_id="t", span_id=name, parent_span_id=up, start_ns=start, end_ns=end, attributes=attributes)


def trace(*spans, logs=()):
    return intake.trace_of("t", spans, logs)


def test_a_span_written_twice_counts_once():
    found = trace(span("a", **CHAT), span("a", **CHAT), span("b", "a"))
    assert (len(found.spans), found.completeness.repeats, len(found.calls)) == (2, 1, 1)


def test_the_copy_that_ended_replaces_the_pending_one():
    found = trace(span("a", end=0), span("a", **CHAT), span("a", end=99))
    assert (found.spans[0].end_ns, found.calls[0].usage.total, found.completeness.unended) == (9, 10, ())


def copy_of(name, up="0" * 16, number="f" * 16):
    return Span(trace_id="t", span_id=number, parent_span_id=name, start_ns=1, end_ns=1,
                attributes={**CHAT, "logfire.span_type": "pending_span", "logfire.pending_parent_id": up})  # fmt: skip


def test_a_copy_sent_at_the_beginning_is_dropped_and_counted():
    found = trace(copy_of("a"), span("a", **CHAT))
    assert (len(found.spans), len(found.calls), found.completeness.pending) == (1, 1, 1)
    assert not found.completeness.missing_parents


def test_where_the_span_never_came_its_copy_stands_for_it_once():
    up, lost = "a" * 16, "b" * 16
    found = trace(span(up), copy_of(lost, up), copy_of(lost, up, "e" * 16), span("c", lost))
    known = found.span(lost)
    assert (known.parent_span_id, known.end_ns, len(found.spans)) == (up, 0, 3)
    assert (found.completeness.unended, found.completeness.missing_parents, found.completeness.pending) == (
        (lost,),
        (),
        1,
    )
    assert [call.span_id for call in found.calls] == [lost]
    root = trace(copy_of(lost)).span(lost)
    assert root.parent_span_id == ""


def test_what_is_missing_is_named():
    lossy = Span(trace_id="t", span_id="c", parent_span_id="gone", dropped_attributes=3, dropped_events=1)
    found = trace(span("a"), span("b", "a", end=0), lossy).completeness
    assert (found.roots, found.missing_parents, found.unended) == (("a",), ("c",), ("c", "b"))
    assert (found.dropped_attributes, found.dropped_events, found.dropping_spans) == (3, 1, ("c",))


def test_two_conventions_on_one_span_are_one_call():
    both = {
        **CHAT, "openinference.span.kind": "LLM", "llm.model_name": "gpt-5", "llm.token_count.prompt": 10,
        "llm.input_messages.0.message.role": "user", "llm.input_messages.0.message.content": "Hello",
        "gen_ai.prompt.version": "7", "gen_ai.prompt.name": "greet",
    }  # fmt: skip
    (call,) = trace(span("a", **both)).calls
    assert (call.usage.total, call.prompt_version, call.states["input"]) == (10, "7", ContentState.CAPTURED)
    assert len(call.input) == 1


def test_content_in_log_records_belongs_to_its_span():
    log = LogRecord(
        trace_id="t", span_id="a", event_name="gen_ai.client.inference.operation.details",
        attributes={"gen_ai.input.messages": '[{"role":"user","parts":[{"type":"text","content":"Hello"}]}]'},
    )  # fmt: skip
    found = trace(span("a", **CHAT), logs=[log])
    assert [part.text for _m, part, _s in found.parts(found.calls[0].input)] == ["Hello"]


def test_a_call_takes_the_nearest_agents_name_and_its_stage():
    rows = [
        span("a", **{"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "news analyst"}),
        span("b", "a", 2, 8, **CHAT),
        span("c", "a", 2, 8, **CHAT, **{"gen_ai.agent.name": "trader"}),
    ]
    told = {call.span_id: (call.agent_name, call.stage) for call in trace(*rows).calls}
    assert told == {"b": ("news analyst", Stage.RESEARCH), "c": ("trader", Stage.DECISION)}


def test_documents_and_tools_carry_the_stage_of_their_place():
    research = Span(trace_id="t", span_id="r", name="trading.research", start_ns=1)
    found = trace(
        research,
        span("d", "r", **{"gen_ai.operation.name": "retrieval", "gen_ai.retrieval.documents": '[{"content":"x"}]'}),
        span("x", "r", **{"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "quote"}),
    )
    assert (found.documents[0].stage, found.tools[0].stage) == (Stage.RESEARCH, Stage.RESEARCH)


def test_what_is_traded_tells_a_spans_kind_before_anything_else():
    named = Span(trace_id="t", span_id="a", name="trading.decision", attributes={"openinference.span.kind": "CHAIN"})
    assert kinds(trace(named), shelves.dialects()) == {"a": SpanKind.TRADING}


def test_a_span_that_no_dialect_understands_is_other():
    found = trace(span("a", **CHAT), span("b"))
    assert kinds(found, shelves.dialects()) == {"a": SpanKind.LLM, "b": SpanKind.OTHER}


_FOLDER = Path(dialects.__file__).parent
_WORD = re.compile(r'"([a-z][a-zA-Z_]*(?:\.[a-zA-Z0-9_]+)+)\.?"')
NAMES = sorted({name for path in _FOLDER.glob("*.py") for name in _WORD.findall(path.read_text())})
NAMES += ["llm.input_messages.0.message.content", "llm.output_messages.0.message.tool_calls.0.tool_call.id",
          "retrieval.documents.0.document.content", "gen_ai.prompt.0.content", "gen_ai.completion.0.tool_calls.0.name",
          "langsmith.run_type", "langsmith.error", "langsmith.extra", "langsmith.total_tokens", "annotations.0.x",
          "ai.operationId", "ai.response.toolCalls", "langsmith.status", "langsmith.feedback_stats", "langsmith.total_cost",
          *(f"langfuse.observation.{key}" for key in ("type", "input", "output", "usage_details", "cost_details", "level",
                                                      "model.name", "model.parameters", "status_message"))]  # fmt: skip
_words = st.sampled_from(
    [
        "chat",
        "LLM",
        "execute_tool",
        "TOOL",
        "RETRIEVER",
        "llm",
        "tool",
        "retriever",
        "generation",
        "ERROR",
        "[",
        '{"role":',
        "",
        "nan",
    ]
)
_messages = st.sampled_from(
    [
        '[{"role":"user","parts":[{"type":"text","content":1}]}]',
        '[{"role":null,"content":[{"type":"tool_call"},3,null]}]',
        '{"messages":{"count":2,"sample":[{"type":"ai","content":{"text_preview":"a","full_length":9}}]}}',
        '{"generations":[[{"message":{"lc":1,"kwargs":{"content":[{}]}}}]],"usage_metadata":[]}',
    ]
)
_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats()
    | st.text(max_size=6)
    | _words
    | _messages,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=4,
)
_attributes = st.dictionaries(st.sampled_from(NAMES), _values, max_size=8)
_names = st.sampled_from(["chat", "trading.decision", "trading.order.submit", "validate_output", ""])
_spans = st.builds(
    Span, trace_id=st.just("t"), span_id=st.sampled_from("abc"), parent_span_id=st.sampled_from(["", "a", "b", "z"]),
    name=_names, start_ns=st.integers(0, 9), end_ns=st.integers(0, 9), status_code=st.integers(0, 2),
    status_message=st.text(max_size=8), attributes=_attributes, dropped_attributes=st.integers(0, 1),
    events=st.lists(st.builds(SpanEvent, name=st.sampled_from(["exception", "gen_ai.choice", "gen_ai.user.message",
                                                               "trading.execution_report"]),
                              attributes=_attributes), max_size=2).map(tuple),
)  # fmt: skip
_logs = st.builds(
    LogRecord, trace_id=st.just("t"), span_id=st.sampled_from(["", "a"]), attributes=_attributes, body=_values,
    event_name=st.sampled_from(["gen_ai.evaluation.result", "gen_ai.choice", "trading.budget", "trading.execution_report",
                                "gen_ai.client.operation.exception"]),
)  # fmt: skip


@pytest.mark.filterwarnings("error")
@settings(max_examples=100, deadline=None)
@given(st.lists(_spans, max_size=4), st.lists(_logs, max_size=2))
def test_whatever_stands_in_the_attributes_makes_a_trace(spans, logs):
    found = intake.trace_of("t", spans, logs)
    for call in found.calls:
        for _message, part, source in found.parts((*call.system, *call.input, *call.output)):
            assert isinstance(part.text, str)
            assert isinstance(source.field, str)
    for tool in found.tools:
        assert isinstance(tool.result, str)
