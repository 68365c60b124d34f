from __future__ import annotations

import json
import math
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterbell.formats.envelopes import otlp_json, otlp_json_document
from afterbell.formats.items import Context
from afterbell.model.trace import LogRecord, Refusal, Span, span_hex, trace_hex

GOLDEN = Path(__file__).parent.parent / "golden"
TRACE, SPAN = "5b8aa5a2d2c872e8321cf37308d69df2", "051581bf3cb55c13"


def doc(**span):
    return {
        "resourceSpans": [
            {
                "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "desk"}}]},
                "scopeSpans": [
                    {
                        "scope": {"name": "lib", "version": "2"},
                        "schemaUrl": "https://example.invalid/schema",
                        "spans": [{"traceId": TRACE, "spanId": SPAN, "name": "x", **span}],
                    }
                ],
            }
        ]
    }


def read(value, position=1, **context):
    line = value if isinstance(value, bytes) else json.dumps(value).encode()
    return list(otlp_json.read(line, Context(position=position, **context)))


def one(**span):
    (found,) = read(doc(**span))
    return found


def test_a_whole_span():
    found = one(
        parentSpanId="0000000000000000", kind="SPAN_KIND_CLIENT", startTimeUnixNano="5", endTimeUnixNano=7,
        status={"code": "STATUS_CODE_ERROR", "message": "no"}, traceState="a=b", flags=256, droppedEventsCount=1,
        droppedAttributesCount="2", unknownField={"x": 1},
        events=[{"name": "e", "timeUnixNano": "6", "attributes": [{"key": "k", "value": {"intValue": 1}}]}],
        links=[{"traceId": TRACE, "spanId": SPAN}],
    )  # fmt: skip
    assert isinstance(found, Span)
    assert (found.trace_id, found.span_id, found.parent_span_id) == (TRACE, SPAN, "")
    assert (found.otel_kind, found.start_ns, found.end_ns) == (3, 5, 7)
    assert (found.status_code, found.status_message, found.flags) == (2, "no", 256)
    assert (found.dropped_attributes, found.dropped_events) == (2, 1)
    assert (found.resource, found.scope_name, found.scope_version) == ({"service.name": "desk"}, "lib", "2")
    assert found.schema_url == "https://example.invalid/schema"
    assert (found.events[0].name, found.events[0].time_ns, found.events[0].attributes) == ("e", 6, {"k": 1})
    assert found.links[0].span_id == SPAN
    assert (found.format, found.position) == ("otlp-json", 1)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"stringValue": "x"}, "x"),
        ({"intValue": "9007199254740993"}, 9007199254740993),
        ({"intValue": 3}, 3),
        ({"int_value": "3"}, 3),
        ({"intValue": "many"}, "many"),
        ({"boolValue": False}, False),
        ({"doubleValue": 1}, 1.0),
        ({"doubleValue": "-Infinity"}, -math.inf),
        ({"bytesValue": "aGk="}, "aGk="),
        ({}, None),
        (None, None),
        ({"arrayValue": {}}, []),
        ({"arrayValue": {"values": [{"stringValue": "a"}, {"kvlistValue": {"values": [{"key": "k", "value": {}}]}}]}},
         ["a", {"k": None}]),
    ],
)  # fmt: skip
def test_attribute_values(value, expected):
    assert one(attributes=[{"key": "a", "value": value}]).attributes == {"a": expected}


def test_not_a_number():
    assert math.isnan(one(attributes=[{"key": "a", "value": {"doubleValue": "NaN"}}]).attributes["a"])


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (TRACE.upper(), TRACE),
        ("W4qlotLIcugyHPNzCNad8g==", TRACE),
        ("5b8aa5a2-d2c8-72e8-321c-f37308d69df2", TRACE),
        ("run-7", trace_hex("run-7")),
    ],
)
def test_trace_ids_in_any_spelling(raw, expected):
    found = one(traceId=raw)
    assert (found.trace_id, found.trace_id_raw) == (expected, raw)


def test_span_ids_in_base64():
    assert one(spanId="BRWBvzy1XBM=").span_id == SPAN
    assert one(spanId="seven").span_id == span_hex("seven")


def test_snake_case_and_old_names():
    line = json.dumps(doc(start_time_unix_nano=5, attributes=[{"key": "trace_id", "value": {"string_value": "v"}}]))
    for new, old in (
        ("resourceSpans", "resource_spans"), ("traceId", "trace_id"), ("spanId", "span_id"),
        ("scopeSpans", "instrumentationLibrarySpans"), ('"scope"', '"instrumentationLibrary"'),
    ):  # fmt: skip
        line = line.replace(new, old)
    (found,) = read(line.encode())
    assert (found.trace_id, found.start_ns, found.scope_name) == (TRACE, 5, "lib")
    assert found.attributes == {"trace_id": "v"}


def test_log_records():
    record = {"traceId": TRACE, "spanId": SPAN, "timeUnixNano": "4", "observedTimeUnixNano": "5", "severityNumber": 9,
              "attributes": [{"key": "event.name", "value": {"stringValue": "gen_ai.choice"}}],
              "body": {"kvlistValue": {"values": [{"key": "index", "value": {"intValue": "0"}}]}}}  # fmt: skip
    scoped = {"scope": {"name": "lib"}, "logRecords": [record, {"eventName": "named"}]}
    first, second = read({"resourceLogs": [{"scopeLogs": [scoped]}]})
    assert isinstance(first, LogRecord)
    assert (first.event_name, first.body, first.severity) == ("gen_ai.choice", {"index": 0}, "9")
    assert (first.trace_id, first.time_ns, first.observed_ns) == (TRACE, 4, 5)
    assert (second.event_name, second.trace_id, second.span_id) == ("named", "", "")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (json.dumps(doc()).encode()[:-9], "cut off"),
        (json.dumps(doc(name="é" * 9), ensure_ascii=False).encode()[:190], "cut off"),
        (b"resourceSpans", "not JSON"),
        (b'{"resourceSpans": []}}', "not JSON"),
        (b"[" * 5000, "not JSON"),
        (b"7", "not an object"),
        (b"{}", "not an OTLP export"),
        (b'{"resourceMetrics": []}', "metrics"),
        (b'{"resourceSpans": [7]}', "not an object"),
        (json.dumps(doc(traceId="")).encode(), "no trace id"),
        (json.dumps(doc(spanId="0" * 16)).encode(), "no span id"),
        (json.dumps(doc(status=7)).encode(), "not an OTLP span"),
        (
            json.dumps({"resourceLogs": [{"scopeLogs": [{"logRecords": ["x"]}]}]}).encode(),
            "not an OTLP log record",
        ),
    ],
)
def test_refusals_say_where_and_why(line, why):
    (found,) = read(line, position=7)
    assert isinstance(found, Refusal)
    assert found.where.startswith("line 7")
    assert why in found.why


def test_a_bad_span_does_not_cost_its_neighbours():
    value = doc()
    value["resourceSpans"][0]["scopeSpans"][0]["spans"] *= 3
    value["resourceSpans"][0]["scopeSpans"][0]["spans"][1] = "not a span"
    assert [type(item) for item in read(value)] == [Span, Refusal, Span]


def test_what_is_no_json_yet_written_by_emitters():
    text = json.dumps(doc(name="NAME", attributes=[{"key": "a", "value": {"doubleValue": float("nan")}}])).encode()
    assert math.isnan(read(text)[0].attributes["a"])
    assert read(text.replace(b"NaN", b"1").replace(b"NAME", b"\xff"))[0].name == "\ufffd"
    assert read(b"\xef\xbb\xbf" + json.dumps(doc()).encode())[0].name == "x"
    assert read(b"  ") == []


def test_resources_are_shared():
    value = doc()
    value["resourceSpans"][0]["scopeSpans"][0]["spans"] *= 2
    first, second = read(value)
    assert first.resource is second.resource


LINE = json.dumps(doc()).encode()
PRETTY = json.dumps(doc(), indent=2).encode()


@pytest.mark.parametrize(
    ("head", "line", "document"),
    [
        (LINE, True, False),
        (LINE + b"\n" + LINE, True, False),
        (LINE[:120], True, False),
        (b"\n\n" + LINE, True, False),
        (b"[" + LINE + b"]", True, False),
        (json.dumps({"resourceLogs": []}).encode(), True, False),
        (PRETTY, False, True),
        (PRETTY.replace(b"\n", b"\r\n"), False, True),
        (b"[\n" + LINE + b",\n" + LINE + b"]", False, True),
        (b'{"data": {"resourceSpans": []}}', False, False),
        (b'{"type": "run", "trace": "t"}', False, False),
        (b"", False, False),
        (b"\x0a\x10", False, False),
    ],
)
def test_recognition(head, line, document):
    assert otlp_json.recognise(head, "") is line
    assert otlp_json_document.recognise(head, "") is document


def documents(data):
    return list(otlp_json_document.read(BytesIO(data), Context()))


def test_pretty_documents():
    assert [item.position for item in documents(PRETTY)] == [1]
    assert [item.position for item in documents(PRETTY + b"\n" + PRETTY)] == [1, 2]
    assert len(documents(b"[\n" + LINE + b",\n" + LINE + b"]")) == 2
    first, rest = documents(PRETTY + PRETTY[:-20])
    assert isinstance(first, Span)
    assert (rest.where, "cut off" in rest.why) == ("document 2", True)


def test_documents_are_capped(monkeypatch):
    monkeypatch.setattr(otlp_json_document, "LARGEST", 10)
    (found,) = documents(PRETTY)
    assert "JSON lines" in found.why


@given(
    st.binary(max_size=60)
    | st.integers(0, 4000).map(lambda cut: (GOLDEN / "openinference.otlp.jsonl").read_bytes()[:cut])
)
def test_no_bytes_break_it(data):
    otlp_json.recognise(data, "")
    otlp_json_document.recognise(data, "")
    for item in [*read(data), *documents(data)]:
        assert isinstance(item, (Span, LogRecord, Refusal))


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(
        ["resourceSpans", "scopeSpans", "spans", "resource", "attributes", "key", "value", "arrayValue", "values",
         "traceId", "spanId", "status", "events", "links", "scope", "resourceLogs", "scopeLogs", "logRecords", "body"]
    ), inner, max_size=3),
    max_leaves=30,
)  # fmt: skip


@given(junk)
def test_no_structure_breaks_it(value):
    for item in read(value):
        assert isinstance(item, (Span, LogRecord, Refusal))
