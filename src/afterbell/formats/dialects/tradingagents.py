"""TradingAgents' runs: the calls, tool results and collected news that `envelopes/tradingagents_runs` spelled out.

Usage is LangChain's: input includes cached tokens. System prompts and tools' definitions are never written, so those
legs are not captured.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from afterbell.formats import retrieved, usage
from afterbell.formats.content import state_of_value
from afterbell.formats.dialects import bodies, inputs_outputs
from afterbell.formats.dialects.inputs_outputs import side
from afterbell.formats.items import Readout
from afterbell.formats.messages import as_object, as_text
from afterbell.model.calls import Document, LlmCall, Source, ToolCall
from afterbell.model.vocabulary import SpanKind, UsageConvention

if TYPE_CHECKING:
    from collections.abc import Iterator

    from afterbell.model.trace import LogRecord, Span

NAME = "tradingagents"
RANK = 21

_P = "tradingagents."
_NEWS = f"{_P}news_report"
_ARTICLE = re.compile(r"^###? Article \d{1,6}[ \t]*\n", re.MULTILINE)
_FIELD = re.compile(r"(Title|Source|Date|Published|URL|Content|Summary):[ \t]*", re.IGNORECASE)
_KEYS = {"title": "title", "source": "source", "date": "date", "published": "date", "url": "url"}


def speaks(span: Span) -> bool:
    """Tell whether the span came from a run of TradingAgents."""
    return any(key.startswith(_P) for key in span.attributes)


def read(span: Span, _logs: tuple[LogRecord, ...]) -> Readout:
    """Read a call, a tool's result, the collected news, an analyst or the run itself."""
    facts = span.attributes
    if f"{_P}output" in facts:
        return _call(span)
    if f"{_P}result" in facts:
        return Readout(kind=SpanKind.TOOL, tool=_result(span))
    if _NEWS in facts:
        return Readout(kind=SpanKind.RETRIEVER, documents=tuple(_documents(span)))
    return Readout(kind=SpanKind.AGENT, agent_name=span.name if f"{_P}agent" in facts else "TradingAgents")


def _result(span: Span) -> ToolCall:
    """Return the step that gave a result; what it was called with, the answer that asked for it says."""
    result = as_text(span.attributes[f"{_P}result"])
    return ToolCall(
        call_id=as_text(span.attributes.get(f"{_P}tool_call_id")), name=as_text(span.attributes.get(f"{_P}tool")),
        result=result, executed_in=span.span_id, result_state=state_of_value(result), started_ns=span.start_ns,
        ended_ns=span.end_ns,
        result_source=Source(trace_id=span.trace_id, span_id=span.span_id, field=f"{_P}result"),
    )  # fmt: skip


def _call(span: Span) -> Readout:
    given, answered = side(span, f"{_P}input"), side(span, f"{_P}output")
    metadata = as_object(span.attributes.get(f"{_P}response_metadata"))
    field = f"{_P}usage_metadata" if f"{_P}usage_metadata" in span.attributes else f"{_P}response_metadata.token_usage"
    counts = as_object(span.attributes.get(f"{_P}usage_metadata")) or as_object(metadata.get("token_usage"))
    place = Source(trace_id=span.trace_id, span_id=span.span_id, field=field)
    reason = as_text(metadata.get("finish_reason"))
    model = as_text(metadata.get("model_name"))
    call = LlmCall(
        call_id=span.span_id, span_id=span.span_id,
        response_id=as_text(metadata.get("id")) or as_text(span.attributes.get(f"{_P}id")), request_model=model,
        response_model=model, started_ns=span.start_ns, ended_ns=span.end_ns,
        finish_reasons=(reason,) if reason else (), usage=usage.of_details(counts, UsageConvention.INCLUSIVE, place),
    )  # fmt: skip
    content = inputs_outputs.of_model(given, answered, None, whole=False, failed=False, billed=call.usage.visible > 0)
    content = bodies.without_prompts(content)
    return Readout(kind=SpanKind.LLM, call=bodies.filled(call, content), messages=content.messages)


def _documents(span: Span) -> Iterator[Document]:
    """Yield the articles of the collected news: a heading each, then lines `Title:`, `Source:`, `Date:`, `URL:`."""
    text = as_text(span.attributes[_NEWS])
    place = Source(trace_id=span.trace_id, span_id=span.span_id, field=_NEWS)
    heads = list(_ARTICLE.finditer(text))
    for rank, head in enumerate(heads):
        end = heads[rank + 1].start() if rank + 1 < len(heads) else len(text)
        entry: dict[str, str] = {}
        body = text[head.end() : end]
        for line in body.splitlines():
            field = _FIELD.match(line)
            if field and (key := field[1].lower()) not in entry:
                entry[_KEYS.get(key, "content")] = line[field.end() :].strip()
        if entry:
            yield retrieved.document(entry, lambda _path: place, rank=rank, started_ns=span.start_ns)
