"""MLflow's traces: ids and values undone from their encodings, one sum for one trace."""

from __future__ import annotations

import json
from base64 import b64encode
from io import BytesIO
from pathlib import Path

import pytest

from afterbell.catalog import intake
from afterbell.formats.envelopes import mlflow_traces
from afterbell.formats.items import Context
from afterbell.model.trace import STATUS_OK, Refusal, Span

TRACE = json.loads((Path(__file__).parents[1] / "golden" / "mlflow_traces.json").read_text())
HEX = "5b8aa5a2d2c872e8321cf37308d69df2"


def read(value):
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return list(mlflow_traces.read(BytesIO(data), Context()))


def calls(items):
    spans = [item for item in items if isinstance(item, Span)]
    return intake.trace_of(spans[0].trace_id, spans, []).calls


def with_span(number, **attributes):
    span = TRACE["data"]["spans"][number]
    changed = {
        **span,
        "attributes": {**span["attributes"], **{key: json.dumps(value) for key, value in attributes.items()}},
    }
    return {**TRACE, "data": {"spans": [changed]}}


def test_ids_times_and_values_are_decoded():
    root, asked, *_others = read(TRACE)
    assert (root.trace_id, root.trace_id_raw, asked.parent_span_id) == (HEX, f"tr-{HEX}", root.span_id)
    assert (root.span_id, root.start_ns, root.status_code) == ("0000000000000001", 1767621600 * 10**9, STATUS_OK)
    assert root.attributes["mlflow.spanType"] == "AGENT"
    assert root.attributes["mlflow.spanOutputs"] == "hold"
    assert json.loads(root.attributes["mlflow.spanInputs"]) == {"symbol": "SYNTHETIC_A"}
    assert root.attributes["mlflow.source.git.commit"] == "0f3c2a"
    assert "mlflow.source.git.commit" not in asked.attributes


@pytest.mark.parametrize("layout", ["list", "lines", "page"])
def test_several_traces(layout):
    text = json.dumps(TRACE)
    data = {"list": f"[{text},{text}]", "lines": f"{text}\n{text}\n", "page": f'{{"traces": [{text}, {text}]}}'}[layout]
    assert intake.envelope_of(data.encode()[:65536], "x") is mlflow_traces
    assert len(read(data.encode())) == 12


def test_the_second_version():
    old = {
        "info": {"request_id": HEX, "execution_time_ms": 4, "request_metadata": {"mlflow.traceInputs": "{}"}},
        "data": {"spans": [{
            "name": "ask", "context": {"trace_id": f"0x{HEX}", "span_id": "0x00000000000000aa"}, "parent_id": None,
            "start_time": 1767621600 * 10**9, "end_time": 1767621601 * 10**9, "status_code": "OK",
            "attributes": {"mlflow.spanType": '"LLM"', "mlflow.spanInputs": '"How?"', "mlflow.spanOutputs": '"So."'},
        }]},
    }  # fmt: skip
    (span,) = read(old)
    assert (span.trace_id, span.span_id, span.end_ns - span.start_ns) == (HEX, "00000000000000aa", 10**9)
    (call,) = calls([span])
    assert len(call.input) == len(call.output) == 1


@pytest.mark.parametrize(
    ("provider", "counts", "told"),
    [
        ("openai", {"input_tokens": 5000, "output_tokens": 20, "total_tokens": 5020}, 5000),
        ("anthropic", {"input_tokens": 5000, "output_tokens": 20, "total_tokens": 5020}, 7048),
        ("", {"input_tokens": 5000, "output_tokens": 20, "total_tokens": 7068}, 7048),
    ],
)
def test_cached_input_counts_once_whoever_states_it(provider, counts, told):
    counts = {**counts, "cache_read_input_tokens": 2048, "cache_creation_input_tokens": None}
    items = read(with_span(1, **{"mlflow.chat.tokenUsage": counts, "mlflow.llm.provider": provider}))
    (call,) = calls(items)
    assert (call.usage.input_tokens, call.usage.cache_read) == (told, 2048)


def test_the_traces_sum_counts_only_where_no_call_states_its_own():
    assert sum(call.usage.total or 0 for call in calls(read(TRACE))) == 1599 + 10302
    alone = {**TRACE, "data": {"spans": TRACE["data"]["spans"][:1]}}
    assert [(call.operation, call.usage.total) for call in calls(read(alone))] == [("rollup", 12300)]


def test_a_cut_trace_keeps_its_whole_spans():
    text = json.dumps(TRACE, indent=1)
    items = read(text[: text.index('"name": "Messages"')].encode())
    assert [item.name for item in items if isinstance(item, Span)] == ["research", "Completions", "get_filing", "news"]
    assert [item.where for item in items if isinstance(item, Refusal)] == ["document", "record 5"]


def test_what_is_no_trace_is_refused():
    for value in ({"info": {}}, {"info": {}, "data": {"spans": []}}, [7]):
        assert [type(item) for item in read(value)] == [Refusal]
    bad = {**TRACE, "data": {"spans": [7, {"name": "x"}, TRACE["data"]["spans"][0]]}}
    assert [type(item) for item in read(bad)] == [Refusal, Refusal, Span]


def test_an_id_of_another_length_is_kept_apart():
    ids = {read(with_span(1) | {"data": {"spans": [{**TRACE["data"]["spans"][1], "span_id": b64encode(raw).decode()}]}})[0].span_id
           for raw in (b"12345678", b"1234567", b"12345679")}  # fmt: skip
    assert len(ids) == 3
