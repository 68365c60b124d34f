"""LangSmith runs: model calls, tools, retrievers, and steps whose model calls an export left out.

A step that reports tokens stands for the calls inside it (operation `rollup`). LangSmith sums every total over all
runs below, so the total of a run is the truth for what lies under it: see `call_join.RUN_TOTAL`. A plan is read from
an exporter's comparison of its total with a target.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from msgspec import structs

from afterbell.formats import usage
from afterbell.formats.call_join import RUN_TOTAL
from afterbell.formats.dialects import bodies, inputs_outputs, langsmith_usage
from afterbell.formats.dialects.inputs_outputs import Content, Side, side
from afterbell.formats.failure import UNNAMED, http_status
from afterbell.formats.items import Readout
from afterbell.formats.langsmith_run import COMPARED
from afterbell.formats.messages import as_decimal, as_object, as_text
from afterbell.model.calls import Annotation, LlmCall, Source, ToolCall, Usage
from afterbell.model.trace import STATUS_ERROR
from afterbell.model.trading import Budget, BudgetScope
from afterbell.model.vocabulary import SpanKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from afterbell.model.trace import LogRecord, Span

NAME = "langsmith"
RANK = 40

_P = "langsmith."
_INPUTS = ("langsmith.inputs", "langsmith.inputs_summary")
_OUTPUTS = ("langsmith.outputs", "langsmith.outputs_summary")
_KINDS = {
    "llm": SpanKind.LLM,
    "chain": SpanKind.CHAIN,
    "prompt": SpanKind.CHAIN,
    "parser": SpanKind.CHAIN,
    "tool": SpanKind.TOOL,
    "retriever": SpanKind.RETRIEVER,
    "embedding": SpanKind.EMBEDDING,
}
_ERROR_CLASS = re.compile(r"\s{0,9}((?:[A-Za-z_]\w{0,79}\.){0,9}[A-Z]\w{0,79})(?=[(:]|\s{0,9}\Z)")
# What only a model's client raises: such a step made a call, although it was never billed.
_PROVIDER_ERROR = re.compile(
    r"API(?:\w{0,40})Error\Z|RateLimit|Overloaded|InternalServerError\Z|ServiceUnavailable|ResourceExhausted"
)
_NOT_PARAMETERS = {"model", "model_name", "messages", "input", "prompt", "prompts", "tools", "functions", "_type"}
_LS_PARAMETERS = ("ls_temperature", "ls_max_tokens", "ls_stop")
_PERCENT = 100
_NEAR = 1e-6
_EXACT = 2**53


def speaks(span: Span) -> bool:
    """Tell whether the span was a LangSmith run."""
    return f"{_P}run_type" in span.attributes or any(name in span.attributes for name in (*_INPUTS, *_OUTPUTS))


def read(span: Span, _logs: tuple[LogRecord, ...]) -> Readout:
    """Read what the run says; LangSmith keeps nothing in log records."""
    kind = _KINDS.get(_text(span, "run_type").lower(), SpanKind.CHAIN)
    given, answered = side(span, *_INPUTS), side(span, *_OUTPUTS)
    found = Readout(
        kind=kind, agent_name=span.name if kind is SpanKind.CHAIN else "", budgets=tuple(_budgets(span)),
        annotations=tuple(_feedback(span)),
    )  # fmt: skip
    call: LlmCall | None = None
    content = Content()
    if kind is SpanKind.LLM:
        call, content = _model_call(span, given, answered)
    elif kind is SpanKind.CHAIN:
        call, content = _step(span, given, answered)
    elif kind is SpanKind.TOOL:
        found = structs.replace(found, tool=_tool(span, given, answered))
    elif kind is SpanKind.RETRIEVER:
        found = structs.replace(found, documents=inputs_outputs.documents(answered, started_ns=span.start_ns))
    return structs.replace(found, call=call, messages=content.messages)


def _text(span: Span, key: str) -> str:
    return as_text(span.attributes.get(_P + key))


def _at(span: Span, key: str) -> Source:
    return Source(trace_id=span.trace_id, span_id=span.span_id, field=_P + key)


def _metadata(span: Span) -> Mapping[str, Any]:
    return as_object(as_object(span.attributes.get(f"{_P}extra")).get("metadata"))


def _failure(span: Span) -> tuple[str, str]:
    """Return class and text of the error: LangSmith writes `Class('words')Traceback …` into one field."""
    if span.status_code != STATUS_ERROR:
        return "", ""
    hit = _ERROR_CLASS.match(span.status_message)
    return (hit[1] if hit else UNNAMED), span.status_message


def _first(*values: Any) -> str:
    return next((as_text(value) for value in values if value not in (None, "")), "")


def _model_call(span: Span, given: Side, answered: Side) -> tuple[LlmCall, Content]:
    metadata, extra = _metadata(span), as_object(span.attributes.get(f"{_P}extra"))
    out, asked = as_object(answered.value), as_object(given.value)
    inner = as_object(out.get("llm_output"))
    replies = list(langsmith_usage.replies(out))
    meta = as_object(replies[-1].get("response_metadata")) if replies else {}
    invoked = as_object(extra.get("invocation_params")) or as_object(metadata.get("ls_invocation_params"))
    kind, said = _failure(span)
    cost = as_decimal(span.attributes.get(f"{_P}total_cost"))
    counted = langsmith_usage.of_call(span, out, metadata, replies, answered)
    call = LlmCall(
        call_id=span.span_id, span_id=span.span_id,
        response_id=_first(out.get("id"), meta.get("id"), inner.get("id")),
        provider=_first(metadata.get("ls_provider"), meta.get("model_provider")),
        request_model=_first(
            metadata.get("ls_model_name"), invoked.get("model"), invoked.get("model_name"), asked.get("model")
        ),
        response_model=_first(
            out.get("model"), meta.get("model_name"), meta.get("model"), inner.get("model_name"), inner.get("model")
        ),
        started_ns=span.start_ns, ended_ns=span.end_ns, parameters=_parameters(asked, invoked, metadata),
        finish_reasons=tuple(_reasons(out)), error_type=kind, error_message=said,
        http_status=http_status({}, kind, said), usage=counted, cost=cost,
        cost_currency="USD" if cost is not None else "", prompt_name=_first(metadata.get("lc_hub_repo")),
        prompt_version=_first(metadata.get("lc_hub_commit_hash")),
        task_type=as_text(span.attributes.get("trading.task.type")).lower(),
    )  # fmt: skip
    tools = invoked.get("tools") or asked.get("tools") or invoked.get("functions")
    whole = bool(invoked) or "model" in asked
    billed = counted.visible > 0
    content = inputs_outputs.of_model(given, answered, tools, whole=whole, failed=call.failed, billed=billed)
    return bodies.filled(call, content), content


def _parameters(asked: Mapping[str, Any], invoked: Mapping[str, Any], metadata: Mapping[str, Any]) -> dict[str, Any]:
    named = {key.removeprefix("ls_"): metadata[key] for key in _LS_PARAMETERS if key in metadata}
    # Only a request written out whole has its model beside its messages; other inputs are no parameters.
    own = asked if "model" in asked else {}
    return named | {key: value for row in (own, invoked) for key, value in row.items() if key not in _NOT_PARAMETERS}


def _reasons(value: Any, depth: int = 0) -> Iterator[str]:
    if isinstance(value, Mapping):
        reason = value.get("finish_reason") or value.get("stop_reason")
        if reason and isinstance(reason, str):
            yield reason
            return
        items: Any = value.values()
    else:
        items = value if isinstance(value, list) else ()
    for item in items if depth < 8 else ():  # noqa: PLR2004 - the reason stands near the top
        found = tuple(_reasons(item, depth + 1))
        if found:
            yield from found
            return


def _step(span: Span, given: Side, answered: Side) -> tuple[LlmCall | None, Content]:
    """Return the calls inside a step as one, if it reports tokens or a model's provider failed in it."""
    counted = langsmith_usage.stated(span)
    kind, said = _failure(span)
    if not counted.total and not _PROVIDER_ERROR.search(kind):
        return None, Content()
    replies = [reply for reply in langsmith_usage.replies(answered.value) if as_object(reply.get("response_metadata"))]
    models = {_first(as_object(reply["response_metadata"]).get("model_name")) for reply in replies} - {""}
    content = inputs_outputs.of_node(given, answered, failed=bool(kind), billed=bool(counted.total))
    call = LlmCall(
        call_id=span.span_id, span_id=span.span_id, operation=RUN_TOTAL, started_ns=span.start_ns,
        ended_ns=span.end_ns, response_model=models.pop() if len(models) == 1 and not kind else "",
        error_type=kind, error_message=said, http_status=http_status({}, kind, said), agent_name=span.name,
        usage=langsmith_usage.detailed(counted, replies, answered) if counted.total else Usage(),
        task_type=as_text(span.attributes.get("trading.task.type")).lower(),
    )  # fmt: skip
    return bodies.filled(call, content), content


def _tool(span: Span, given: Side, answered: Side) -> ToolCall:
    metadata = _metadata(span)
    arguments, asked_at = inputs_outputs.arguments(given)
    result, told_at = _unwrapped(answered.value, "output")
    call_id = _first(as_object(answered.value).get("tool_call_id"), as_object(given.value).get("tool_call_id"),
                     metadata.get("tool_call_id"))  # fmt: skip
    for wrap in ("", ".kwargs", ".data"):
        inner = as_object(as_object(result).get(wrap[1:])) if wrap else as_object(result)
        if "content" in inner and ("tool_call_id" in inner or inner.get("type") == "tool"):
            result, told_at = inner["content"], f"{told_at}{wrap}.content"
            call_id = call_id or _first(inner.get("tool_call_id"))
            break
    kind, said = _failure(span)
    have = result is not None
    return ToolCall(
        call_id=call_id, name=span.name, arguments=inputs_outputs.shown(given, arguments, asked_at),
        result=inputs_outputs.shown(answered, result, told_at) if have else said,
        is_error=bool(kind), error_type=kind, executed_in=span.span_id,
        arguments_source=given.at(asked_at) if arguments is not None else None,
        result_source=answered.at(told_at) if have
        else Source(trace_id=span.trace_id, span_id=span.span_id, field="status.message") if said else None,
        result_state=inputs_outputs.result_state(answered, result, failed=bool(kind)),
        started_ns=span.start_ns, ended_ns=span.end_ns,
    )  # fmt: skip


def _unwrapped(value: Any, key: str) -> tuple[Any, str]:
    """Return what a traced function got or gave; a lone value stands under one key of LangSmith's."""
    if isinstance(value, Mapping) and set(value) == {key}:
        return value[key], f".{key}"
    return value, ""


def _feedback(span: Span) -> Iterator[Annotation]:
    for name, row in as_object(span.attributes.get(f"{_P}feedback_stats")).items():
        facts = as_object(row)
        if facts:
            yield Annotation(
                target=span.span_id, name=as_text(name), score=as_decimal(facts.get("avg")),
                explanation=as_text(facts.get("comments")), source=_at(span, f"feedback_stats.{name}"),
            )  # fmt: skip


def _budgets(span: Span) -> Iterator[Budget]:
    """Yield the plan behind an exporter's comparison: total tokens as a percentage of the target."""
    value = span.attributes.get(COMPARED)
    total = usage.tokens(span.attributes.get(f"{_P}total_tokens"))
    if not total or total > _EXACT or isinstance(value, bool) or not isinstance(value, (int, float)) or not value > 0:
        return
    target = total * _PERCENT / value
    if 1 <= target <= _EXACT and abs(target - round(target)) <= _NEAR * target:
        yield Budget(
            scope=BudgetScope.TRACE, span_id=span.span_id, tokens_planned=round(target),
            source=Source(trace_id=span.trace_id, span_id=span.span_id, field=COMPARED),
        )  # fmt: skip
