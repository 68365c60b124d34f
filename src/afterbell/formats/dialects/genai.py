"""OpenTelemetry's GenAI conventions: current and earlier names, the anthropic SDK's own spans, tools and MCP.

Names are recognised by their presence, never by a schema URL. Usage on agent spans becomes a call of
operation `rollup`, which assembly counts only where none below it reports usage. Embeddings are no model
calls here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import structs

from afterbell.formats import retrieved, usage
from afterbell.formats.content import absent, state_of_value
from afterbell.formats.dialects.genai_content import content
from afterbell.formats.failure import failure, http_status
from afterbell.formats.items import Readout
from afterbell.formats.messages import as_decimal, as_json, as_text
from afterbell.model.calls import ROLLUP, Annotation, Document, LlmCall, Message, Source, ToolCall, Usage
from afterbell.model.vocabulary import ContentState, SpanKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from afterbell.model.trace import LogRecord, Span

NAME = "otel-genai"
RANK = 30

_OPERATIONS = {
    "chat": SpanKind.LLM,
    "generate_content": SpanKind.LLM,
    "text_completion": SpanKind.LLM,
    "completion": SpanKind.LLM,
    "embeddings": SpanKind.EMBEDDING,
    "embedding": SpanKind.EMBEDDING,
    "retrieval": SpanKind.RETRIEVER,
    "rerank": SpanKind.RERANKER,
    "create_agent": SpanKind.AGENT,
    "invoke_agent": SpanKind.AGENT,
    "execute_tool": SpanKind.TOOL,
    "invoke_workflow": SpanKind.WORKFLOW,
    "plan": SpanKind.CHAIN,
    "run_guardrail": SpanKind.GUARDRAIL,
}
_ROLLUPS = {SpanKind.AGENT, SpanKind.WORKFLOW, SpanKind.CHAIN, None}
_OTHERS_SAY = (
    "openinference.span.kind",
    "langfuse.observation.type",
    "traceloop.span.kind",
    "mlflow.spanType",
)
_MODELS = ("gen_ai.request.model", "gen_ai.response.model")
_REQUEST, _OPENAI_REQUEST = "gen_ai.request.", "openai.request."
_PARAMETERS = {
    "gen_ai.output.type": "output_type",
    "gen_ai.openai.request.response_format": "response_format",
    "anthropic.thinking.budget_tokens": "thinking_budget_tokens",
}
_COST = ("gen_ai.usage.cost.amount", "gen_ai.usage.cost", "gen_ai.usage.total_cost", "operation.cost")
_EXCEPTION = "gen_ai.client.operation.exception"
_EVALUATION = "gen_ai.evaluation.result"
_ARGUMENTS = ("gen_ai.tool.call.arguments", "gen_ai.tool.arguments", "tool_arguments")
_RESULT = ("gen_ai.tool.call.result", "gen_ai.tool.result", "tool_response")
_DOCUMENTS = "gen_ai.retrieval.documents"
_OURS = ("gen_ai.", "mcp.", retrieved.PREFIX)


def speaks(span: Span) -> bool:
    """Tell whether the span carries a GenAI or MCP attribute."""
    return any(key.startswith(_OURS) for key in span.attributes)


def read(span: Span, logs: tuple[LogRecord, ...]) -> Readout:
    """Read what the span says, with the content that its log records carry."""
    facts = _facts(span, logs)
    kind = _kind(facts)
    counted = _usage(span, logs)
    call: LlmCall | None = None
    messages: tuple[Message, ...] = ()
    if kind is SpanKind.LLM:
        call, messages = _with_content(_call(span, facts, logs, counted), span, logs)
    elif kind in _ROLLUPS and counted.total:
        call = structs.replace(_call(span, facts, logs, counted), operation=ROLLUP)
    is_tool = kind is SpanKind.TOOL or facts.get("mcp.method.name") == "tools/call"
    return Readout(
        kind=kind,
        call=call,
        tool=_tool(span, facts, logs) if is_tool else None,
        messages=messages,
        documents=_documents(span),
        agent_name=_text(facts, "gen_ai.agent.name"),
        stage=_text(facts, "trading.stage"),
    )


def read_logs(logs: tuple[LogRecord, ...], _spans: Mapping[str, Span]) -> Readout:
    """Read evaluation results, which travel as log records of their own."""
    return Readout(annotations=tuple(_evaluation(log) for log in logs if log.event_name == _EVALUATION))


def _evaluation(log: LogRecord) -> Annotation:
    return Annotation(
        target=log.span_id or log.trace_id,
        name=_text(log.attributes, "gen_ai.evaluation.name"),
        label=_text(log.attributes, "gen_ai.evaluation.score.label"),
        score=as_decimal(log.attributes.get("gen_ai.evaluation.score.value")),
        explanation=_text(log.attributes, "gen_ai.evaluation.explanation"),
        source=Source(trace_id=log.trace_id, span_id=log.span_id, field=f"log:{log.event_name}"),
    )


def _source(span: Span, prefix: str = "") -> Callable[[str], Source]:
    return lambda field: Source(trace_id=span.trace_id, span_id=span.span_id, field=prefix + field)


def _text(facts: Mapping[str, Any], *names: str) -> str:
    return next((as_text(facts[name]) for name in names if facts.get(name) not in (None, "")), "")


def _facts(span: Span, logs: tuple[LogRecord, ...]) -> Mapping[str, Any]:
    """Return the span's attributes over those of its operation events: a lean span keeps its facts there."""
    events = [log.attributes for log in logs if log.event_name.startswith("gen_ai.client.")]
    if not events:
        return span.attributes
    return {key: value for attributes in (*events, span.attributes) for key, value in attributes.items()}


def _kind(facts: Mapping[str, Any]) -> SpanKind | None:
    operation = _text(facts, "gen_ai.operation.name").lower()
    if operation:
        return SpanKind.MEMORY if "_memory" in operation else _OPERATIONS.get(operation)
    if "mcp.method.name" in facts:
        return SpanKind.MCP
    if any(name in facts for name in _OTHERS_SAY):
        return None
    if "gen_ai.tool.name" in facts or "gen_ai.tool.call.id" in facts:
        return SpanKind.TOOL
    if facts.get("llm.request.type") == "embedding":
        return SpanKind.EMBEDDING
    if any(name in facts for name in _MODELS):
        return SpanKind.LLM
    return SpanKind.AGENT if "gen_ai.agent.name" in facts and "gen_ai.usage.input_tokens" in facts else None


def _usage(span: Span, logs: tuple[LogRecord, ...]) -> Usage:
    found = usage.of_attributes(span.attributes, _source(span))
    for log in logs:
        if found.total is None:
            found = usage.of_attributes(log.attributes, _source(span, f"log:{log.event_name}."))
    return found


def _logged(logs: tuple[LogRecord, ...]) -> list[Mapping[str, Any]]:
    return [log.attributes for log in logs if log.event_name == _EXCEPTION]


def _reasons(facts: Mapping[str, Any]) -> tuple[str, ...]:
    value = as_json(facts.get("gen_ai.response.finish_reasons") or facts.get("gen_ai.response.finish_reason"))
    # The SDK's own span and the flattened form each have one reason under a name of its own.
    value = value or facts.get("anthropic.message.stop_reason") or facts.get("gen_ai.completion.0.finish_reason")
    rows = value if isinstance(value, list) else [value]
    return tuple(as_text(row) for row in rows if row)


def _parameters(facts: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in facts.items():
        if key.startswith(_REQUEST) and key not in _MODELS:
            found[key.removeprefix(_REQUEST)] = value
        elif key.startswith(_OPENAI_REQUEST):
            found[key.removeprefix(_OPENAI_REQUEST)] = value
        elif key in _PARAMETERS:
            found[_PARAMETERS[key]] = value
    return found


def _call(span: Span, facts: Mapping[str, Any], logs: tuple[LogRecord, ...], counted: Usage) -> LlmCall:
    kind, said = failure(span, facts, _logged(logs))
    cost = as_decimal(next((facts[name] for name in _COST if name in facts), None))
    return LlmCall(
        call_id=span.span_id,
        span_id=span.span_id,
        response_id=_text(facts, "gen_ai.response.id"),
        provider=_text(facts, "gen_ai.provider.name", "gen_ai.system"),
        request_model=_text(facts, "gen_ai.request.model"),
        response_model=_text(facts, "gen_ai.response.model"),
        operation=_text(facts, "gen_ai.operation.name").lower() or "chat",
        started_ns=span.start_ns,
        ended_ns=span.end_ns,
        parameters=_parameters(facts),
        finish_reasons=_reasons(facts),
        error_type=kind,
        error_message=said,
        http_status=http_status(facts, kind, said),
        resend_count=usage.tokens(facts.get("http.request.resend_count")),
        usage=counted,
        cost=cost,
        cost_currency=_text(facts, "gen_ai.usage.cost.currency") or ("USD" if cost is not None else ""),
        prompt_name=_text(facts, "gen_ai.prompt.name"),
        prompt_version=_text(facts, "gen_ai.prompt.version"),
        agent_name=_text(facts, "gen_ai.agent.name"),
        task_type=_text(facts, "trading.task.type").lower(),
    )


def _with_content(call: LlmCall, span: Span, logs: tuple[LogRecord, ...]) -> tuple[LlmCall, tuple[Message, ...]]:
    found = content(span, logs, failed=call.failed, billed=call.usage.visible > 0)
    filled = structs.replace(
        call,
        system=found.system,
        input=found.input,
        output=found.output,
        tool_definitions=found.tool_definitions,
        states=found.states,
        finish_reasons=call.finish_reasons or found.finish_reasons,
    )
    return filled, found.messages


def _tool(span: Span, facts: Mapping[str, Any], logs: tuple[LogRecord, ...]) -> ToolCall:
    at = _source(span)
    asked = next((name for name in _ARGUMENTS if name in span.attributes), "")
    given = next((name for name in _RESULT if name in span.attributes), "")
    kind, said = failure(span, facts, _logged(logs))
    why = absent(_RESULT[0], span.dropped_attributes, span.attributes)
    told = at("status.message") if kind and said else None
    return ToolCall(
        call_id=_text(facts, "gen_ai.tool.call.id"),
        name=_text(facts, "gen_ai.tool.name"),
        arguments=as_text(span.attributes[asked]) if asked else "",
        result=as_text(span.attributes[given]) if given else said,
        is_error=bool(kind),
        error_type=kind,
        executed_in=span.span_id,
        arguments_source=at(asked) if asked else None,
        result_source=at(given) if given else told,
        # An error is what the tool gave back: nothing is missing.
        result_state=state_of_value(span.attributes[given]) if given else ContentState.CAPTURED if kind else why,
        started_ns=span.start_ns,
        ended_ns=span.end_ns,
    )


def _documents(span: Span) -> tuple[Document, ...]:
    value = span.attributes.get(_DOCUMENTS)
    rows = as_json(value)
    if rows is None and value is not None:  # what is left of a list that was cut is one text
        at = _source(span)
        return (retrieved.document({"content": value}, lambda _path: at(_DOCUMENTS), started_ns=span.start_ns),)
    return retrieved.on_span(rows, span.attributes, _source(span), _DOCUMENTS, span.start_ns)
