"""OpenInference: flattened messages, tools and documents under `llm.*`, `retrieval.*`, `tool.*`.

Where a span speaks OpenTelemetry's words too, this dialect goes first: the other names were derived from
these. Documents of a reranker are the retriever's once more; their source says so
(`reranker.output_documents.`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from msgspec import structs

from afterbell.formats import retrieved, usage
from afterbell.formats.content import absent, state_of_value
from afterbell.formats.dialects.openinference_content import content
from afterbell.formats.failure import failure, http_status
from afterbell.formats.flattened import rows
from afterbell.formats.items import Readout
from afterbell.formats.messages import as_decimal, as_json, as_object, as_text
from afterbell.model.calls import ROLLUP, Annotation, Document, LlmCall, Message, Source, ToolCall
from afterbell.model.vocabulary import ContentState, SpanKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from afterbell.model.trace import LogRecord, Span

NAME = "openinference"
RANK = 20

_KIND = "openinference.span.kind"
_KINDS = {
    "LLM": SpanKind.LLM,
    "EMBEDDING": SpanKind.EMBEDDING,
    "CHAIN": SpanKind.CHAIN,
    "PROMPT": SpanKind.CHAIN,
    "RETRIEVER": SpanKind.RETRIEVER,
    "RERANKER": SpanKind.RERANKER,
    "TOOL": SpanKind.TOOL,
    "AGENT": SpanKind.AGENT,
    "GUARDRAIL": SpanKind.GUARDRAIL,
    "EVALUATOR": SpanKind.EVALUATOR,
    "DECISION": SpanKind.DECISION_MODEL,
}
_ROLLUPS = {SpanKind.AGENT, SpanKind.CHAIN, SpanKind.WORKFLOW}
# A limit on attributes may have evicted the kind itself; these families still tell it.
_GUESSES = (
    (
        ("llm.input_messages.", "llm.output_messages.", "llm.token_count.", "llm.invocation_parameters"),
        SpanKind.LLM,
    ),
    (("retrieval.documents.",), SpanKind.RETRIEVER),
    (("reranker.",), SpanKind.RERANKER),
)
_ANNOTATIONS = tuple(
    f"{scope}{word}s." for scope in ("", "trace.", "session.") for word in ("annotation", "evaluation")
)
_OURS = tuple(prefix for prefixes, _kind in _GUESSES for prefix in prefixes) + _ANNOTATIONS
_DOCUMENTS = ("retrieval.documents.", "reranker.output_documents.")
_NOT_PARAMETERS = {"model", "model_name", "tools", "functions", "messages", "instructions", "input", "system"}
_ANSWER = frozenset({"model", "object", "choices", "usage", "usage_metadata"})
_LISTS = ("documents", "items", "results", "articles", "sources")


def speaks(span: Span) -> bool:
    """Tell whether the span states an OpenInference kind, or carries attributes only that convention has."""
    return _KIND in span.attributes or any(key.startswith(_OURS) for key in span.attributes)


def read(span: Span, _logs: tuple[LogRecord, ...]) -> Readout:
    """Read what the span says; OpenInference keeps nothing in log records."""
    facts = span.attributes
    kind = _kind(facts)
    call: LlmCall | None = None
    messages: tuple[Message, ...] = ()
    if kind is SpanKind.LLM:
        call, messages = _with_content(_call(span), span)
    elif kind in _ROLLUPS and any(key.startswith("llm.token_count.") for key in facts):
        call = structs.replace(_call(span), operation=ROLLUP)
    return Readout(
        kind=kind,
        call=call,
        tool=_tool(span) if kind is SpanKind.TOOL else None,
        messages=messages,
        documents=tuple(_documents(span, kind)),
        annotations=tuple(_annotations(span)),
        agent_name=_agent(span, kind),
        stage=as_text(facts.get("trading.stage")),
    )


def _kind(facts: Mapping[str, Any]) -> SpanKind | None:
    stated = facts.get(_KIND)
    if stated is not None:
        return _KINDS.get(as_text(stated).upper())
    for prefixes, kind in _GUESSES:
        if any(key.startswith(prefixes) for key in facts):
            return kind
    return None


def _agent(span: Span, kind: SpanKind | None) -> str:
    facts = span.attributes
    named = as_text(facts.get("agent.name"))
    if named or kind is not SpanKind.AGENT:
        return named
    return as_text(facts.get("graph.node.id")) or span.name


def _source(span: Span) -> Callable[[str], Source]:
    return lambda field: Source(trace_id=span.trace_id, span_id=span.span_id, field=field)


def _below(at: Callable[[str], Source], prefix: str) -> Callable[[str], Source]:
    return lambda path: at(prefix + path)


def _first(facts: Mapping[str, Any], *names: str) -> str:
    return next((as_text(facts[name]) for name in names if facts.get(name) not in (None, "")), "")


def _response_id(value: Any) -> str:
    """Return the id of a provider's whole answer; a model's own words may be JSON with an id too."""
    whole = as_object(value)
    return _first(whole, "id") if not _ANSWER.isdisjoint(whole) else ""


def _reasons(value: Any) -> tuple[str, ...]:
    parsed = as_json(value)
    listed = parsed if isinstance(parsed, list) else [value]
    return tuple(as_text(reason) for reason in listed if reason)


def _call(span: Span) -> LlmCall:
    facts = span.attributes
    parameters = as_object(facts.get("llm.invocation_parameters"))
    kind, said = failure(span, facts)
    named = as_text(facts.get("llm.model_name"))
    # A failed call names its model only in what it was invoked with.
    wanted = _first(facts, "llm.request.model_name") or _first(parameters, "model", "model_name") or named
    cost = as_decimal(facts.get("llm.cost.total"))
    return LlmCall(
        call_id=span.span_id,
        span_id=span.span_id,
        response_id=_response_id(facts.get("output.value")),
        provider=_first(facts, "llm.provider", "llm.system"),
        request_model=wanted,
        response_model=_first(facts, "llm.response.model_name") or ("" if kind else named),
        started_ns=span.start_ns,
        ended_ns=span.end_ns,
        parameters={key: value for key, value in parameters.items() if key not in _NOT_PARAMETERS},
        finish_reasons=_reasons(facts.get("llm.finish_reason")),
        error_type=kind,
        error_message=said,
        http_status=http_status(facts, kind, said),
        resend_count=usage.tokens(facts.get("http.request.resend_count")),
        usage=usage.of_attributes(facts, _source(span)),
        cost=cost,
        cost_currency="USD" if cost is not None else "",
        prompt_name=_first(facts, "prompt.id", "gen_ai.prompt.name"),
        prompt_version=_first(facts, "llm.prompt_template.version", "gen_ai.prompt.version"),
        agent_name=_first(facts, "agent.name"),
        task_type=as_text(facts.get("trading.task.type")).lower(),
    )


def _with_content(call: LlmCall, span: Span) -> tuple[LlmCall, tuple[Message, ...]]:
    found = content(span, failed=call.failed, billed=call.usage.visible > 0)
    filled = structs.replace(
        call,
        system=found.system,
        input=found.input,
        output=found.output,
        states=found.states,
        tool_definitions=found.tool_definitions,
    )
    return filled, found.messages


def _tool(span: Span) -> ToolCall:
    facts, at = span.attributes, _source(span)
    asked = "input.value" if "input.value" in facts else "tool.parameters"
    arguments = facts.get(asked)
    # `tool.parameters` is documented as the tool's definition; helpers put the call's arguments there.
    if asked == "tool.parameters" and not {"properties", "$schema"}.isdisjoint(as_object(arguments)):
        arguments = None
    result, field, call_id = _result(facts.get("output.value"))
    kind, said = failure(span, facts)
    told = at("status.message") if kind and said else None
    return ToolCall(
        call_id=_first(facts, "tool.id", "tool_call.id") or call_id,
        name=_first(facts, "tool.name") or span.name,
        arguments=as_text(arguments),
        result=as_text(result) if result is not None else said,
        is_error=bool(kind),
        error_type=kind,
        executed_in=span.span_id,
        arguments_source=at(asked) if arguments is not None else None,
        result_source=at(field) if result is not None else told,
        result_state=_result_state(span, result, failed=bool(kind)),
        started_ns=span.start_ns,
        ended_ns=span.end_ns,
    )


def _result_state(span: Span, result: Any, *, failed: bool) -> ContentState:
    if result is not None:
        return state_of_value(result)
    # An error is what the tool gave back: nothing is missing.
    return ContentState.CAPTURED if failed else absent("output.value", span.dropped_attributes, span.attributes)


def _result(value: Any) -> tuple[Any, str, str]:
    """Return a tool's result, its field and its call id; LangChain wraps both in a tool message."""
    if isinstance(value, str) and '"tool_call_id"' in value:
        whole = as_object(value)
        for key in ("data", "kwargs"):
            inner = whole.get(key)
            if isinstance(inner, Mapping) and "content" in inner:
                return inner["content"], f"output.value.{key}.content", _first(inner, "tool_call_id")
        if "content" in whole:
            return whole["content"], "output.value.content", _first(whole, "tool_call_id")
    return value, "output.value", ""


def _documents(span: Span, kind: SpanKind | None) -> Iterator[Document]:
    facts, at = span.attributes, _source(span)
    listed = [
        (f"{prefix}{number}.document", {key.removeprefix("document."): value for key, value in row.items()})
        for prefix, found in rows(facts, *_DOCUMENTS).items()
        for number, row in sorted(found.items())
    ]
    for rank, (place, entry) in enumerate(listed):
        merged = entry if len(listed) > 1 else {**retrieved.stated(facts), **entry}
        document = retrieved.document(merged, _below(at, place), rank=rank, started_ns=span.start_ns)
        gone = document.state is ContentState.NOT_CAPTURED and span.dropped_attributes
        yield structs.replace(document, state=ContentState.EVICTED) if gone else document
    if not listed:
        value, path = _list_of(facts.get("output.value")) if kind is SpanKind.RETRIEVER else (None, "")
        yield from retrieved.on_span(value, facts, at, f"output.value{path}", span.start_ns)


def _list_of(value: Any) -> tuple[Any, str]:
    """Return the list of documents in a retriever's output, and its path."""
    parsed = as_json(value)
    if isinstance(parsed, Mapping):
        key = next((name for name in _LISTS if isinstance(parsed.get(name), list)), "")
        return (parsed[key], f".{key}") if key else (parsed, "")
    if isinstance(parsed, list):
        return parsed, ""
    return ([{"content": value}] if value else None), ""


def _annotations(span: Span) -> Iterator[Annotation]:
    """Yield what was said about the span, its trace or session; a later remark links to what it is about."""
    link = span.links[0] if span.links else None
    for prefix, found in rows(span.attributes, *_ANNOTATIONS).items():
        word = prefix.rpartition("s.")[0].rpartition(".")[2]
        target = link.span_id if link else span.span_id
        if prefix.startswith("trace."):
            target = link.trace_id if link else span.trace_id
        elif prefix.startswith("session."):
            target = as_text(span.attributes.get("session.id"))
        for number, row in sorted(found.items()):
            facts = {key.removeprefix(f"{word}."): value for key, value in row.items()}
            yield Annotation(
                target=target,
                name=_first(facts, "name"),
                label=_first(facts, "label"),
                score=as_decimal(facts.get("score")),
                explanation=_first(facts, "explanation"),
                annotator_kind=_first(facts, "annotator_kind").upper(),
                identifier=_first(facts, "identifier"),
                source=Source(trace_id=span.trace_id, span_id=span.span_id, field=f"{prefix}{number}.{word}"),
            )
