"""An agent of the tests, run as a process of its own: a real client, really instrumented, that exports to a door.

    python agent.py CLIENT CONVENTION EXPORTER LLM_URL

CLIENT is openai or anthropic, CONVENTION genai or openinference, EXPORTER protobuf or json. It asks, runs the tool that the model asks
for, and asks again.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from typing import Any

from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

SYSTEM = "You read annual reports."
QUESTION = "How did the gross margin of SYNTHETIC_A develop? Größe, 毛利率."
RESULT = "Gross margin was 38.9 percent in fiscal 2024 and 39.1 percent in fiscal 2025."
PARAMETERS = {"type": "object", "properties": {"symbol": {"type": "string"}}, "required": ["symbol"]}
ABOUT = "Returns the figures of the last filing."


def instrument(client: str, convention: str, exporter: str) -> tuple[TracerProvider, LoggerProvider]:
    package = "proto.http" if exporter == "protobuf" else "json.http"
    spans = import_module(f"opentelemetry.exporter.otlp.{package}.trace_exporter").OTLPSpanExporter()
    logs = import_module(f"opentelemetry.exporter.otlp.{package}._log_exporter").OTLPLogExporter()
    traced, logged = TracerProvider(), LoggerProvider()
    traced.add_span_processor(BatchSpanProcessor(spans))
    logged.add_log_record_processor(BatchLogRecordProcessor(logs))
    place = (
        f"opentelemetry.instrumentation.genai.{client}"
        if convention == "genai"
        else f"openinference.instrumentation.{client}"
    )
    name = {"openai": "OpenAIInstrumentor", "anthropic": "AnthropicInstrumentor"}[client]
    more = {"logger_provider": logged} if convention == "genai" else {}
    getattr(import_module(place), name)().instrument(tracer_provider=traced, **more)
    return traced, logged


def ask_openai(url: str) -> None:
    import openai

    client = openai.OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0)
    tools: Any = [
        {"type": "function", "function": {"name": "get_filing", "description": ABOUT, "parameters": PARAMETERS}}
    ]
    messages: Any = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": QUESTION}]
    answer = client.chat.completions.create(model="gpt-5", messages=messages, tools=tools)
    message = answer.choices[0].message
    (call,) = message.tool_calls or ()
    messages += [message.model_dump(exclude_none=True), {"role": "tool", "tool_call_id": call.id, "content": RESULT}]
    client.chat.completions.create(model="gpt-5", messages=messages, tools=tools)


def ask_anthropic(url: str) -> None:
    import anthropic

    client = anthropic.Anthropic(base_url=url, api_key="none", max_retries=0)
    tools: Any = [{"name": "get_filing", "description": ABOUT, "input_schema": PARAMETERS}]
    messages: Any = [{"role": "user", "content": QUESTION}]
    asked: Any = {"model": "claude-opus-4-5", "max_tokens": 500, "system": SYSTEM, "tools": tools}
    answer = client.messages.create(messages=messages, **asked)
    call = next(block for block in answer.content if block.type == "tool_use")
    messages += [
        {"role": "assistant", "content": [block.model_dump(exclude_none=True) for block in answer.content]},
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": call.id, "content": RESULT}]},
    ]
    client.messages.create(messages=messages, **asked)


def main() -> None:
    client, convention, exporter, url = sys.argv[1:]
    traced, logged = instrument(client, convention, exporter)
    with traced.get_tracer("agent").start_as_current_span("run"):
        {"openai": ask_openai, "anthropic": ask_anthropic}[client](url)
    sys.stdout.write(json.dumps({"sent": traced.force_flush() and logged.force_flush()}))
    traced.shutdown()
    logged.shutdown()


if __name__ == "__main__":
    main()
