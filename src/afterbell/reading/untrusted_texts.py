"""Gathers everything in a trace that we did not write, each text once, and what was retrieved but not kept.

That is results of tools, documents with title and metadata, tool messages in prompts, error messages. System and user
text is ours and is left out, whatever it quotes. It does not read what the texts say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from msgspec import Struct

from afterbell.model.calls import Document, PartKind, Source, ToolCall
from afterbell.model.run import Trace
from afterbell.model.trace import STATUS_ERROR
from afterbell.model.vocabulary import ContentState
from afterbell.reading import retrievals
from afterbell.reading.json_text import parsed
from afterbell.reading.masks import is_mask

_GONE = frozenset({
    ContentState.REDACTED, ContentState.TRUNCATED, ContentState.EVICTED, ContentState.REF, ContentState.LOST,
})  # fmt: skip
_STATED = "trading.document."


class Untrusted(Struct, frozen=True, kw_only=True):
    """One text from outside: `said` names it for people, `at_ns` is when it was there (0 = not known)."""

    text: str
    source: Source
    said: str
    at_ns: int = 0


class Intake(Struct, frozen=True, kw_only=True):
    """The texts from outside in order, the retrieved things whose text is gone, and whether anything was retrieved."""

    texts: tuple[Untrusted, ...]
    missing: tuple[str, ...]
    retrieved: bool


def untrusted(trace: Trace) -> Intake:
    """Return what a trace took in from outside."""
    kept: dict[str, Untrusted] = {}
    for each in (*_of_tools(trace), *_of_documents(trace), *_of_prompts(trace), *_of_errors(trace)):
        if each.text.strip() and not is_mask(each.text):
            kept.setdefault(each.text, each)
    executed = [tool for tool in trace.tools if tool.executed_in or tool.fed_back_in]
    return Intake(
        texts=tuple(kept.values()),
        missing=tuple(dict.fromkeys((*_missing_tools(executed), *_missing_documents(trace), *_missing_errors(trace)))),
        retrieved=bool(executed or trace.documents or kept or any(map(retrievals.retrieves, trace.spans))),
    )


def _of_tools(trace: Trace) -> Iterator[Untrusted]:
    for tool in trace.tools:
        if tool.result:
            source = tool.result_source or Source(trace_id=trace.trace_id, span_id=tool.executed_in)
            yield Untrusted(text=tool.result, source=source, said=f"the result of {tool.name or 'a tool'}",
                            at_ns=tool.ended_ns or tool.started_ns)  # fmt: skip


def _of_documents(trace: Trace) -> Iterator[Untrusted]:
    listed: dict[tuple[str, str], Any] = {}
    for document in trace.documents:
        name = f"the document {document.title[:60]!r}" if document.title else "a document"
        if document.text:
            yield Untrusted(text=document.text, source=document.source, said=name, at_ns=document.started_ns)
        for key, text in _facts(document):
            yield Untrusted(text=text, source=_place(trace, document, key, listed), said=f"{name}, {key}",
                            at_ns=document.started_ns)  # fmt: skip


def _facts(document: Document) -> Iterator[tuple[str, str]]:
    """Yield what is said beside the text: title, address, publisher and every other fact that is a text."""
    for key, value in document.metadata.items():
        if isinstance(value, str):
            yield str(key), value
        elif isinstance(value, (Mapping, list)):
            yield str(key), _written(value)


def _written(value: Any) -> str:
    try:
        return orjson.dumps(value, default=str).decode()
    except orjson.JSONEncodeError:
        return str(value)


def _place(trace: Trace, document: Document, key: str, listed: dict[tuple[str, str], Any]) -> Source:
    """Return the source of one fact of a document: beside its text, in its metadata, or an attribute of its own.

    `listed` keeps the lists of documents that were parsed, by span and attribute.
    """
    source = document.source
    base, _, last = source.field.rpartition(".")
    if not base or last.endswith("]"):
        base = source.field
    span = trace.span(source.span_id)
    attributes = span.attributes if span else {}
    if f"{_STATED}{key}" in attributes:
        return Source(trace_id=source.trace_id, span_id=source.span_id, field=f"{_STATED}{key}")
    name = base.partition("[")[0]
    if (source.span_id, name) not in listed:
        listed[source.span_id, name] = parsed(attributes.get(name))
    entry = _entry(listed[source.span_id, name], base)
    inner = ("metadata" in entry and key not in entry) or f"{base}.metadata" in attributes
    field = f"{base}.metadata.{key}" if inner and f"{base}.{key}" not in attributes else f"{base}.{key}"
    return Source(trace_id=source.trace_id, span_id=source.span_id, field=field)


def _entry(value: Any, path: str) -> Mapping[str, Any]:
    """Return the entry of a list that a path such as `gen_ai.retrieval.documents[0]` names, or an empty one."""
    index, closed, more = path.partition("[")[2].partition("]")
    if not closed or more or not index.isdigit() or not isinstance(value, list) or int(index) >= len(value):
        return {}
    entry = value[int(index)]
    return entry if isinstance(entry, Mapping) else {}


def _of_prompts(trace: Trace) -> Iterator[Untrusted]:
    for call in trace.calls:
        for message, part, source in trace.parts(call.input):
            if part.kind is PartKind.TOOL_RESULT or (message.role == "tool" and part.kind is not PartKind.TOOL_CALL):
                yield Untrusted(text=part.text, source=source, said=f"a message of {part.name or 'a tool'} in a prompt",
                                at_ns=call.started_ns)  # fmt: skip


def _of_errors(trace: Trace) -> Iterator[Untrusted]:
    for span in trace.spans:
        place = Source(trace_id=trace.trace_id, span_id=span.span_id, field="status.message")
        if span.status_message and span.status_code == STATUS_ERROR:
            yield Untrusted(text=span.status_message, source=place, said=f"the error of {span.name}",
                            at_ns=span.end_ns or span.start_ns)  # fmt: skip
        for number, event in enumerate(span.events):
            text = event.attributes.get("exception.message")
            if isinstance(text, str):
                field = f"events[{number}].exception.message"
                source = Source(trace_id=trace.trace_id, span_id=span.span_id, field=field)
                yield Untrusted(text=text, source=source, said=f"the error of {span.name}", at_ns=event.time_ns)


def _missing_tools(executed: list[ToolCall]) -> Iterator[str]:
    for tool in executed:
        told = tool.result or tool.is_error
        if tool.result_state in _GONE or (tool.result_state is not ContentState.CAPTURED and not told):
            yield f"the result of {tool.name or tool.call_id or 'a tool'} ({tool.result_state})"


def _missing_documents(trace: Trace) -> Iterator[str]:
    for document in trace.documents:
        if document.state in _GONE or not (document.text or document.title):
            yield f"the text of {document.title or document.doc_id or 'a document'} ({document.state})"
    for span in retrievals.empty(trace):
        yield f"the documents of {span.name}"


def _missing_errors(trace: Trace) -> Iterator[str]:
    for error in _of_errors(trace):
        if is_mask(error.text):
            yield f"the message of {error.said} ({ContentState.REDACTED})"
