"""A trace as a tree of spans for a terminal: calls with their messages, tools, documents, orders and fills.

Plain lines; whoever prints them makes control characters inert. Long texts are cut, and the cut is shown.
"""

from __future__ import annotations

from collections.abc import Iterator

from afterbell.model.calls import Document, LlmCall, MessageRef, ToolCall
from afterbell.model.run import Trace
from afterbell.model.trace import STATUS_ERROR, Span
from afterbell.reading import span_tree

_DEEPEST = 60
_CUT = 200


def lines(trace: Trace, *, full: bool = False) -> Iterator[str]:
    """Yield the lines of the tree; with `full`, texts are not cut."""
    facts = _facts(trace, full=full)
    for node in span_tree.nodes(trace.spans):
        pad = "  " * min(node.depth, _DEEPEST)
        yield f"{pad}{_head(node.span)}" + (f"  ({node.note})" if node.note else "")
        for line in facts.get(node.span.span_id, ()):
            yield f"{pad}    {line}"
    for line in facts.get("", ()):
        yield line


def _head(span: Span) -> str:
    length = f"{(span.end_ns - span.start_ns) / 1e9:.3f} s" if span.end_ns else "never ended"
    error = f"  ERROR {span.status_message}"[:_CUT] if span.status_code == STATUS_ERROR else ""
    return f"{span.span_id}  {span.name or '(no name)'}  {length}{error}"


def _facts(trace: Trace, *, full: bool) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    known = {span.span_id for span in trace.spans}

    def put(span_id: str, text: str) -> None:
        found.setdefault(span_id if span_id in known else "", []).append(text)

    for call in trace.calls:
        for line in _call(trace, call, full=full):
            put(call.span_id, line)
    for tool in trace.tools:
        place = tool.executed_in or next((at.span_id for at in (*tool.asked_in, *tool.fed_back_in)), "")
        put(place, _tool(tool, full=full))
    for document in trace.documents:
        put(document.source.span_id, _document(document, full=full))
    for trade in trace.trades:
        put(trade.source.span_id, trade.said)
    return found


def _short(text: str, *, full: bool) -> str:
    flat = " ".join(text.split())
    return flat if full or len(flat) <= _CUT else f"{flat[:_CUT]}… ({len(flat):,} characters)"


def _count(tokens: int | None) -> str:
    return "?" if tokens is None else f"{tokens:,}"


def _call(trace: Trace, call: LlmCall, *, full: bool) -> Iterator[str]:
    used = call.usage
    tokens = f"{_count(used.input_tokens)} in, {_count(used.output_tokens)} out"
    if used.input_tokens is None and used.output_tokens is None:
        tokens = f"{_count(used.total)} tokens"
    stage = f", {call.stage.value}" if call.stage else ""
    same = f", also on {', '.join(call.duplicates)}" if call.duplicates else ""
    yield f"call {call.response_model or call.request_model or 'model not stated'}{stage}: {tokens}{same}"
    gone = {leg: state.value for leg, state in call.states.items() if state.value != "captured"}
    if gone:
        yield "content: " + ", ".join(f"{leg} {state}" for leg, state in sorted(gone.items()))
    refs: tuple[MessageRef, ...] = (*call.system, *call.input, *call.output)
    for message, part, _source in trace.parts(refs):
        yield f"{message.role} {part.kind.value}{f' {part.name}' if part.name else ''}: {_short(part.text, full=full)}"
    if call.failed:
        yield f"failed: {_short(call.error_type + ' ' + call.error_message, full=full)}"


def _tool(tool: ToolCall, *, full: bool) -> str:
    legs = [
        leg
        for leg, there in (("asked", tool.asked_in), ("executed", tool.executed_in), ("fed back", tool.fed_back_in))
        if there
    ]
    return (
        f"tool {tool.name}({_short(tool.arguments, full=full)}) [{', '.join(legs)}] -> {_short(tool.result, full=full)}"
    )


def _document(document: Document, *, full: bool) -> str:
    dated = f" ({document.published_at})" if document.published_at else ""
    return f"document {document.title or document.url or document.doc_id}{dated}: {_short(document.text, full=full)}"
