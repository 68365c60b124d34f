"""Real SDKs, real instrumented clients and the example, over loopback into a live door, and what is read afterwards.

A stub stands for the model; what it served is what the trace must say. The JSON exporter cannot be installed beside the
protobuf exporter of the same day (each pins another version of what they share), so it is looked for in the Python
that AFTERBELL_JSON_PYTHON names.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from afterbell.model.trading import TradeKind
from afterbell.steps.scan import scan_trace
from afterbell.steps.store import Store

HERE = Path(__file__).parent
ARGUMENTS = {"symbol": "SYNTHETIC_A"}
ANSWER = "The gross margin rose from 38.9 to 39.1 percent. 毛利率上升。"
TOKENS = ((820, 44, 512), (901, 61, 0))  # input, output, of the input from a cache


def openai_answer(asked, number):
    first = not any(message["role"] == "tool" for message in asked["messages"])
    call = {"id": "call-1", "type": "function", "function": {"name": "get_filing", "arguments": json.dumps(ARGUMENTS)}}
    message = (
        {"role": "assistant", "content": None, "tool_calls": [call]}
        if first
        else {"role": "assistant", "content": ANSWER}
    )
    given, written, cached = TOKENS[number]
    return {
        "id": f"chatcmpl-{number}", "object": "chat.completion", "created": 1_767_621_600, "model": "gpt-5-2025-08-07",
        "choices": [{"index": 0, "message": message, "finish_reason": "tool_calls" if first else "stop"}],
        "usage": {"prompt_tokens": given, "completion_tokens": written, "total_tokens": given + written,
                  "prompt_tokens_details": {"cached_tokens": cached}},
    }  # fmt: skip


def anthropic_answer(asked, number):
    first = len(asked["messages"]) == 1
    content = (
        [{"type": "tool_use", "id": "call-1", "name": "get_filing", "input": ARGUMENTS}]
        if first
        else [{"type": "text", "text": ANSWER}]
    )
    given, written, cached = TOKENS[number]
    return {
        "id": f"msg-{number}", "type": "message", "role": "assistant", "model": "claude-opus-4-5-20251101", "content": content,
        "stop_reason": "tool_use" if first else "end_turn", "stop_sequence": None,
        "usage": {"input_tokens": given - cached, "output_tokens": written, "cache_read_input_tokens": cached,
                  "cache_creation_input_tokens": 0},
    }  # fmt: skip


class Stub(BaseHTTPRequestHandler):
    """Answers as the two providers do, and keeps what it was asked."""

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        make = openai_answer if self.path.endswith("/chat/completions") else anthropic_answer
        body = json.dumps(make(asked, len(self.server.asked))).encode()
        self.server.asked.append(asked)
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments):
        pass


@pytest.fixture
def model():
    with ThreadingHTTPServer(("127.0.0.1", 0), Stub) as server:
        server.asked = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def environment(door, **more):
    return {
        **os.environ, "OTEL_EXPORTER_OTLP_ENDPOINT": door.url,
        "OTEL_EXPORTER_OTLP_HEADERS": f"authorization={door.headers['authorization'].replace(' ', '%20')}",
        "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT": "SPAN_AND_EVENT",
        "OTEL_EXPORTER_OTLP_COMPRESSION": "gzip", "PYTHONPATH": str(HERE.parents[1] / "src"), **more,
    }  # fmt: skip


def python_of(exporter):
    if exporter == "protobuf":
        return sys.executable
    other = os.environ.get("AFTERBELL_JSON_PYTHON", "")
    if not other:
        pytest.skip("AFTERBELL_JSON_PYTHON names no Python with the JSON exporter")
    return other


@pytest.mark.parametrize("exporter", ["protobuf", "json"])
@pytest.mark.parametrize("convention", ["genai", "openinference"])
@pytest.mark.parametrize("client", ["openai", "anthropic"])
def test_messages_tools_and_tokens_are_those_that_the_model_served(opened, model, client, convention, exporter):
    python, door = python_of(exporter), opened()
    url = f"http://127.0.0.1:{model.server_address[1]}"
    said = subprocess.run(
        [python, HERE / "agent.py", client, convention, exporter, url], env=environment(door), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (said.returncode, said.stdout) == (0, '{"sent": true}'), said.stderr
    assert len(model.asked) == 2
    assert door.end() == ""

    store = Store(door.house)
    (row,) = store.rows()
    (trace,) = store.traces([row.trace_id]).values()
    first, second = sorted(trace.calls, key=lambda call: call.started_ns)
    for call, served in zip((first, second), TOKENS, strict=True):
        usage = call.usage
        assert (usage.input_tokens, usage.output_tokens, usage.cache_read or 0) == served
        assert call.request_model == model.asked[0]["model"]

    system, question, result = spoken(model.asked[1])
    for call in (first, second):
        assert said_by(trace, (*call.system, *call.input), "system") == [system]
        assert question in said_by(trace, call.input, "user")
        assert json.loads(call.tool_definitions)
    assert said_by(trace, second.output, "assistant") == [ANSWER]
    (tool,) = trace.tools
    assert (tool.call_id, tool.name, json.loads(tool.arguments)) == ("call-1", "get_filing", ARGUMENTS)
    assert result in tool.result
    assert len(scan_trace(store, row.trace_id).answers) == 20


def spoken(asked):
    """Return the system text, the question and the tool's result of a request as the stub received it."""
    messages = asked["messages"]
    if "system" in asked:
        return asked["system"], messages[0]["content"], messages[2]["content"][0]["content"]
    return messages[0]["content"], messages[1]["content"], messages[3]["content"]


def said_by(trace, refs, role):
    return [trace.message(ref).text for ref in refs if trace.message(ref).role == role]


def test_the_example_records_a_trade_from_the_thesis_to_the_exit(opened):
    door = opened()
    example = HERE.parents[1] / "examples" / "record_a_trade.py"
    subprocess.run([sys.executable, example], env=environment(door), capture_output=True, text=True, check=True)
    assert door.end() == ""
    store = Store(door.house)
    entry, leaving = sorted(store.traces(row.trace_id for row in store.rows()).values(), key=lambda run: run.started_ns)
    assert {trade.idea_id for run in (entry, leaving) for trade in run.trades} == {"IDEA-1"}
    assert [trade.exec_id for run in (entry, leaving) for trade in run.of_kind(TradeKind.EXECUTION_REPORT)] == [
        "EX-1",
        "EX-2",
    ]
    (link,) = [link for span in leaving.spans for link in span.links]
    assert link.trace_id == entry.trace_id
    assert leaving.of_kind(TradeKind.THESIS_INVALIDATED)
    assert set(store.kin_ids()) == {entry.trace_id, leaving.trace_id}
