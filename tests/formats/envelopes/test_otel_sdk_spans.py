"""Spans that an SDK printed: JavaScript's and Python's shapes, lists and documents in a row."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afterbell.catalog import intake
from afterbell.formats.envelopes import otel_sdk_spans
from afterbell.formats.items import Context
from afterbell.model.trace import Refusal, Span

TRACE, OWN, UP = "5b8aa5a2d2c872e8321cf37308d69df2", "051581bf3cb55c13", "ab1581bf3cb55c13"
AT = 1767614400
JAVASCRIPT = {
    "name": "ai.generateText.doGenerate", "kind": 2, "spanContext": {"traceId": TRACE, "spanId": OWN},
    "parentSpanContext": {"traceId": TRACE, "spanId": UP}, "startTime": [AT, 5], "endTime": [AT + 1, 0],
    "status": {"code": 2, "message": "no"}, "attributes": {"gen_ai.request.model": "gpt-5"},
    "events": [{"name": "x", "time": [AT, 6], "attributes": {"a": 1}}], "resource": {"attributes": {"service.name": "d"}},
    "links": [{"context": {"traceId": TRACE, "spanId": UP}}], "instrumentationScope": {"name": "ai", "version": "6"},
    "droppedAttributesCount": 3,
}  # fmt: skip
PYTHON = {
    "name": "chat", "context": {"trace_id": f"0x{TRACE}", "span_id": f"0x{OWN}", "trace_state": "[]"},
    "kind": "SpanKind.CLIENT", "parent_id": f"0x{UP}", "start_time": "2026-01-05T12:00:00.000005Z",
    "end_time": "2026-01-05T12:00:01Z", "status": {"status_code": "ERROR", "description": "no"},
    "attributes": {"gen_ai.request.model": "gpt-5"}, "events": [], "links": [],
    "resource": {"attributes": {"service.name": "d"}, "schema_url": ""},
}  # fmt: skip


def read(data):
    data = data if isinstance(data, bytes) else json.dumps(data).encode()
    return list(otel_sdk_spans.read(BytesIO(data), Context()))


@pytest.mark.parametrize(("row", "start"), [(JAVASCRIPT, 5), (PYTHON, 5000)])
def test_both_shapes(row, start):
    data = json.dumps([row], indent=1).encode()
    assert intake.envelope_of(data, "x") is otel_sdk_spans
    (span,) = read(data)
    assert (span.trace_id, span.span_id, span.parent_span_id) == (TRACE, OWN, UP)
    assert (span.start_ns, span.end_ns) == (AT * 10**9 + start, (AT + 1) * 10**9)
    assert (span.otel_kind, span.status_code, span.status_message) == (3, 2, "no")
    assert (span.resource, span.attributes) == ({"service.name": "d"}, {"gen_ai.request.model": "gpt-5"})


def test_what_else_javascript_keeps():
    (span,) = read(JAVASCRIPT)
    assert (span.events[0].time_ns, span.events[0].attributes) == (AT * 10**9 + 6, {"a": 1})
    assert (span.links[0].span_id, span.scope_name, span.dropped_attributes) == (UP, "ai", 3)


def test_documents_in_a_row():
    pretty = "\n".join(json.dumps(PYTHON, indent=4) for _ in range(3)).encode()
    assert otel_sdk_spans.recognise(pretty, "")
    assert len(read(pretty)) == 3
    spans = read(pretty + b'\n{"name": ')
    assert [type(each) for each in spans] == [Span, Span, Span, Refusal]


def test_other_spans_are_not_taken_for_these():
    phoenix = {"name": "x", "context": {"trace_id": TRACE, "span_id": OWN}, "span_kind": "LLM", "attributes": {}}
    inside = {"attributes": {}, "note": json.dumps(JAVASCRIPT)}
    for row in (phoenix, inside, {"spanContext": {}}):
        assert not otel_sdk_spans.recognise(json.dumps(row).encode(), "")


def test_a_span_without_ids_is_refused():
    (refusal,) = read({**JAVASCRIPT, "spanContext": {}})
    assert (refusal.where, refusal.why) == ("span 1", "no trace id or no span id")


_json = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*JAVASCRIPT, *PYTHON]), inner, max_size=4)
    ),
    max_leaves=6,
)


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from([JAVASCRIPT, PYTHON]), st.dictionaries(st.sampled_from([*JAVASCRIPT, *PYTHON]), _json, max_size=5)
)
def test_any_values_give_one_item(row, more):
    assert len(read({**row, **more})) == 1


@given(st.binary(max_size=60))
def test_any_bytes(data):
    assert otel_sdk_spans.recognise(data, "") in (True, False)
    assert all(isinstance(item, (Span, Refusal)) for item in read(data))
