"""Spans that real clients and instrumentations wrote: every file is read or named, calls count once."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path

import msgspec
import pytest

from afterbell.catalog import intake
from afterbell.disk import opening
from afterbell.formats.envelopes import otlp_json, otlp_json_document, otlp_proto
from afterbell.formats.items import Context, Unit
from afterbell.formats.strangers import name_of
from afterbell.model.trace import LogRecord, Refusal, Span
from afterbell.model.vocabulary import ContentState

_ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("AFTERBELL_SHARED_DATA", _ROOT.parent / "shared" / "data"))
GENUINE, OTHERS = SHARED / "genuine_spans", SHARED / "otel_openinference_samples"
SAMPLES = OTHERS / "opentelemetry-proto" / "examples"
DATA = sorted(
    path for folder in (GENUINE, OTHERS) for path in folder.rglob("*")
    if path.is_file() and path.suffix not in {".txt", ".md"}
)  # fmt: skip
pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not GENUINE.is_dir(), reason="the shared data sets are not on this machine"),
]
# spans, logical calls, inclusive tokens of all calls, tools asked for or executed
EXPECTED = {
    "langfuse_sdk5": (5, 2, 1599, 1),
    "logfire_openai": (10, 4, 6396, 3),
    "oi_agents": (8, 2, 2220, 1),
    "oi_anthropic": (5, 2, 21206, 1),
    "oi_langchain": (13, 3, 4797, 3),
    "openinference_dropped_attrs": (1, 1, 1599, 0),
    "openinference_openai": (11, 5, 6396, 3),
    "openinference_openai_dual": (11, 5, 6396, 3),
    "otel_agents": (3, 0, 0, 1),
    "otel_anthropic": (5, 2, 21206, 1),
    "otel_genai_openai_event_only": (10, 5, 6396, 3),
    "otel_genai_openai_no_content": (10, 5, 6396, 3),
    "otel_genai_openai_span_and_event": (10, 5, 6396, 3),
    "otel_genai_openai_span_only": (10, 5, 6396, 3),
    "otel_langchain": (7, 3, 4797, 3),
    "retry_hidden_429": (4, 2, 12202, 0),
    "traceloop_openai": (10, 5, 6396, 3),
}


def read(path):
    data = path.read_bytes()
    (envelope,) = [
        module for module in (otlp_json, otlp_json_document, otlp_proto) if module.recognise(data[:65536], "")
    ]
    if envelope is otlp_json:
        items = [
            item
            for number, line in enumerate(data.splitlines(), 1)
            for item in otlp_json.read(line, Context(position=number))
        ]
    else:
        items = list(envelope.read(BytesIO(data), Context()))
    assert not [item for item in items if isinstance(item, Refusal)]
    return items


def trace(name):
    spans = read(GENUINE / f"{name}.jsonl")
    beside = GENUINE / f"{name}.logs.jsonl"
    logs = [item for item in read(beside) if isinstance(item, LogRecord)] if beside.exists() else []
    return intake.trace_of(spans[0].trace_id, spans, logs)


@pytest.mark.parametrize("name", EXPECTED)
def test_every_file(name):
    found = trace(name)
    tokens = sum(call.usage.total or 0 for call in found.calls)
    assert (len(found.spans), len(found.calls), tokens, len(found.tools)) == EXPECTED[name]
    for call in found.calls:
        assert call.request_model
        assert set(call.states) == {"system", "input", "output", "tools"}
        for _message, part, source in found.parts((*call.system, *call.input, *call.output)):
            assert source.span_id
            assert part.text or part.name


# What a later version may read, and what is no trace at all.
STRANGERS = {
    "capture-results.json": "JSON with the keys",
    "gen-ai-input-messages.json": "a JSON Schema",
    "gen-ai-output-messages.json": "a JSON Schema",
}


@pytest.mark.parametrize("path", DATA, ids=lambda path: path.name)
def test_every_file_is_read_or_named(path):
    with opening.open_stream(path) as stream:
        data = b"".join(opening.bytes_of(stream))
    envelope = intake.envelope_of(data[: intake.HEAD], path.name)
    if envelope is None:
        assert name_of(data[: intake.HEAD]).startswith(STRANGERS[path.name])
        return
    units = enumerate(data.splitlines(), 1) if envelope.UNIT is Unit.LINE else [(0, BytesIO(data))]
    items = [item for number, unit in units for item in envelope.read(unit, Context(position=number))]
    assert items
    assert not [item for item in items if isinstance(item, Refusal)]
    assert path.name not in STRANGERS


def test_cached_tokens_of_anthropic_count_once():
    for name in ("oi_anthropic", "otel_anthropic"):
        usages = [call.usage for call in trace(name).calls]
        assert [(usage.input_tokens, usage.cache_read, usage.cache_write) for usage in usages] == [
            (10282, 8192, 2048)
        ] * 2


@pytest.mark.parametrize("path", sorted(GENUINE.glob("*.pb")) if GENUINE.is_dir() else [], ids=lambda path: path.stem)
def test_json_and_protobuf_give_equal_spans(path):
    def plain(items):
        kept = [msgspec.structs.replace(item, format="", position=0) for item in items]
        return sorted(kept, key=lambda span: span.span_id)

    assert plain(read(path)) == plain(read(path.with_suffix(".jsonl")))


@pytest.mark.parametrize("name", ["trace", "logs", "events"])
def test_the_documented_examples(name):
    (found,) = read(SAMPLES / f"{name}.json")
    assert isinstance(found, Span if name == "trace" else LogRecord)


def test_event_content_equals_span_content():
    def texts(found):
        return [[(part.kind, part.text) for _m, part, _s in found.parts((*call.system, *call.input, *call.output))]
                for call in found.calls]  # fmt: skip

    assert texts(trace("otel_genai_openai_event_only")) == texts(trace("otel_genai_openai_span_only"))


def test_every_tool_that_traceloop_ran_was_asked_for():
    for tool in trace("traceloop_openai").tools:
        assert tool.asked_in
        assert tool.executed_in
        assert tool.fed_back_in


def test_what_hides_in_them():
    (dropped,) = trace("openinference_dropped_attrs").calls
    assert (dropped.states["system"], dropped.states["input"]) == (ContentState.EVICTED, ContentState.EVICTED)
    quiet, retried = trace("retry_hidden_429").calls
    assert (quiet.resend_count, retried.resend_count) == (None, 2)
    for name in ("openinference_openai", "openinference_openai_dual", "otel_genai_openai_span_only"):
        limited = trace(name).calls[-1]
        assert (limited.http_status, limited.request_model) == (429, "ratelimited-gpt-5")
    dual = trace("openinference_openai_dual")
    assert dual.calls[0].request_model == "gpt-5"
    assert dual.calls[0].usage.reasoning == 128
    assert [document.published_at for document in dual.documents] == ["2026-11-20T13:05:00Z"]
