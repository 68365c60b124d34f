"""MLflow's words: `mlflow.spanType`, inputs and outputs, token usage, linked prompts, assessments.

MLflow passes on each provider's usage: Anthropic's leaves cached input out, the others' include it. A trace's own token
sum is a roll-up, counted only where no call below states usage.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from afterbell.formats.dialects import bodies, inputs_outputs
from afterbell.formats.dialects.inputs_outputs import Side, side
from afterbell.formats.failure import failure, http_status
from afterbell.formats.items import Readout
from afterbell.formats.messages import as_decimal, as_json, as_object, as_text
from afterbell.formats.otlp_values import span_id
from afterbell.model.calls import ROLLUP, Annotation, LlmCall, Source
from afterbell.model.vocabulary import SpanKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from afterbell.model.trace import LogRecord, Span

NAME = "mlflow"
RANK = 15

_TYPE, _INPUTS, _OUTPUTS = "mlflow.spanType", "mlflow.spanInputs", "mlflow.spanOutputs"
_USAGE, _TRACE_USAGE, _ASSESSED = "mlflow.chat.tokenUsage", "mlflow.trace.tokenUsage", "mlflow.info.assessments"
_KINDS = {
    "LLM": SpanKind.LLM, "CHAT_MODEL": SpanKind.LLM, "AGENT": SpanKind.AGENT, "CHAIN": SpanKind.CHAIN,
    "WORKFLOW": SpanKind.WORKFLOW, "TASK": SpanKind.CHAIN, "PARSER": SpanKind.CHAIN, "TOOL": SpanKind.TOOL,
    "RETRIEVER": SpanKind.RETRIEVER, "EMBEDDING": SpanKind.EMBEDDING, "RERANKER": SpanKind.RERANKER,
    "GUARDRAIL": SpanKind.GUARDRAIL, "EVALUATOR": SpanKind.EVALUATOR, "MEMORY": SpanKind.MEMORY,
}  # fmt: skip
_ANNOTATORS = {"HUMAN": "HUMAN", "LLM_JUDGE": "LLM", "AI_JUDGE": "LLM", "CODE": "CODE"}


def speaks(span: Span) -> bool:
    """Tell whether the span carries MLflow's inputs, outputs or kind."""
    return any(name in span.attributes for name in (_TYPE, _INPUTS, _OUTPUTS, _TRACE_USAGE))


def read(span: Span, _logs: tuple[LogRecord, ...]) -> Readout:
    """Read what the span says; MLflow keeps nothing in log records."""
    kind = _KINDS.get(as_text(span.attributes.get(_TYPE)).upper())
    given, answered = side(span, _INPUTS), side(span, _OUTPUTS)
    found = Readout(
        kind=kind, agent_name=span.name if kind is SpanKind.AGENT else "", annotations=tuple(_assessments(span))
    )
    if kind is SpanKind.LLM:
        return _with_call(found, span, given, answered)
    if kind is SpanKind.TOOL:
        call_id = as_text(as_object(answered.value).get("tool_call_id"))
        error = failure(span, span.attributes)
        return structs.replace(found, tool=bodies.executed(span, given, answered, error, call_id=call_id))
    if kind is SpanKind.RETRIEVER:
        return structs.replace(found, documents=inputs_outputs.documents(answered, started_ns=span.start_ns))
    if _TRACE_USAGE in span.attributes:
        return structs.replace(found, call=structs.replace(_call(span, given, answered), operation=ROLLUP))
    return found


def _with_call(found: Readout, span: Span, given: Side, answered: Side) -> Readout:
    call = _call(span, given, answered)
    asked = as_object(given.value)
    tools = span.attributes.get("mlflow.chat.tools") or asked.get("tools")
    whole = bool(asked.get("model") or asked.get("messages"))
    content = inputs_outputs.of_model(
        given, answered, tools, whole=whole, failed=call.failed, billed=call.usage.visible > 0
    )
    return structs.replace(found, call=bodies.filled(call, content), messages=content.messages)


def _call(span: Span, given: Side, answered: Side) -> LlmCall:
    facts, asked, told = span.attributes, as_object(given.value), bodies.answer(answered.value)
    kind, said = failure(span, facts)
    model = as_text(facts.get("mlflow.llm.model"))
    name = next((each for each in (_USAGE, _TRACE_USAGE) if each in facts), "")
    counts = as_object(facts.get(name)) or told.usage
    place = Source(trace_id=span.trace_id, span_id=span.span_id, field=name) if name else answered.at(".usage")
    provider = as_text(facts.get("mlflow.llm.provider"))
    anthropic = (provider or told.model or model).lower().startswith(("anthropic", "claude"))
    cost = as_decimal(as_object(facts.get("mlflow.llm.cost")).get("total_cost"))
    prompts = as_json(facts.get("mlflow.linkedPrompts"))
    prompt = as_object(prompts[0]) if isinstance(prompts, list) and prompts else {}
    return LlmCall(
        call_id=span.span_id, span_id=span.span_id, response_id=told.response_id,
        provider=provider, request_model=as_text(asked.get("model")) or model,
        response_model="" if kind else told.model or model, started_ns=span.start_ns, ended_ns=span.end_ns,
        parameters=bodies.parameters(asked), finish_reasons=told.finish_reasons, error_type=kind, error_message=said,
        http_status=http_status(facts, kind, said), cost=cost,
        usage=bodies.tokens({key: value for key, value in counts.items() if value is not None}, place, raw=anthropic),
        cost_currency="USD" if cost is not None else "", prompt_name=as_text(prompt.get("name")),
        prompt_version=as_text(prompt.get("version")),
        task_type=as_text(facts.get("trading.task.type")).lower(),
    )  # fmt: skip


def _assessments(span: Span) -> Iterator[Annotation]:
    rows = as_json(span.attributes.get(_ASSESSED))
    for number, row in enumerate(rows if isinstance(rows, list) else ()):
        facts = as_object(row)
        value = as_object(facts.get("feedback") or facts.get("expectation")).get("value")
        score = as_decimal(value)
        source = as_object(facts.get("source"))
        about = as_text(facts.get("span_id"))
        yield Annotation(
            target=span_id(about) or span.trace_id,
            name=as_text(facts.get("assessment_name") or facts.get("name")),
            label="" if score is not None else as_text(value), score=score, explanation=as_text(facts.get("rationale")),
            annotator_kind=_ANNOTATORS.get(as_text(source.get("source_type")).upper(), ""),
            identifier=as_text(source.get("source_id")),
            source=Source(trace_id=span.trace_id, span_id=span.span_id, field=f"{_ASSESSED}[{number}]"),
        )  # fmt: skip
