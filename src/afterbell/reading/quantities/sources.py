"""What a run's model could know: documents, results of tools, system and user text; and what of it is gone.

An assistant's or another agent's earlier output is no source: it is cut out of prompts and results that repeat it,
line by line. It gathers texts with their places and does not read figures in them (`text` does).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct, structs

from afterbell.model.calls import ROLLUP, Document, PartKind, Source
from afterbell.model.run import Trace
from afterbell.model.vocabulary import ContentState, Stage
from afterbell.reading import retrievals
from afterbell.reading.quantities import labels, scales

_LEAST_LINE = 20
_PREPARED = re.compile(
    r"\b(?:in accordance with|in conformity with|prepared under)\s(?:\w{1,20}\s){0,4}?(IFRS|U\.?S\.? ?GAAP|GAAP)\b"
)
_XBRL = ("us-gaap", "ifrs-full", "xbrl")


class Told(Struct, frozen=True, kw_only=True):
    """One text that the model was given.

    `scale` is a power of ten that its document states, None where it states none; `standard` are the bases of
    accounting that its document states (see `labels.basis`).
    """

    words: str
    source: Source
    kind: str
    scale: int | None = None
    standard: frozenset[str] = frozenset()


def told(trace: Trace) -> tuple[Told, ...]:
    """Return every text that the run's models were given, each once."""
    said = _Said(trace)
    found: dict[str, Told] = {}
    documents = tuple(_documents(trace))
    stated = [each.words for each in documents if each.scale is not None or each.standard]
    for each in (*documents, *_results(trace, said), *_without(_prompts(trace, said), stated)):
        if each.words.strip() and each.words not in found:
            found[each.words] = each
    return tuple(found.values())


def gone(trace: Trace, stages: Iterable[Stage | None]) -> Iterator[str]:
    """Name what calls of these stages may have read and the trace does not hold; an empty result is held."""
    wanted = set(stages)
    whole = wanted & {None}
    for call in trace.calls:
        if call.operation != ROLLUP and (whole or call.stage in wanted):
            # A format that says nothing of a system prompt had none; one that says "not captured" had one.
            for leg, word, unsaid in (
                ("system", "system prompt", ContentState.CAPTURED), ("input", "prompt", ContentState.NOT_CAPTURED),
            ):  # fmt: skip
                state = call.states.get(leg, unsaid)
                if state is not ContentState.CAPTURED:
                    yield f"{word} of call {call.span_id} ({state.replace('_', ' ')})"
    for tool in trace.tools:
        ran = tool.executed_in or tool.fed_back_in or tool.asked_in
        if (
            ran
            and not tool.is_error
            and tool.result_state is not ContentState.CAPTURED
            and (whole or tool.stage in wanted | {None})
        ):
            yield f"result of tool {tool.name or tool.call_id} ({tool.result_state.replace('_', ' ')})"
    for span in retrievals.empty(trace):
        yield f"documents of retrieval {span.span_id} (not captured)"
    for document in trace.documents:
        if document.state is not ContentState.CAPTURED and (whole or document.stage in wanted | {None}):
            name = document.doc_id or document.title or document.url or "without a name"
            yield f"text of document {name[:60]} ({document.state.replace('_', ' ')})"


class _Said:
    """The lines that models of the run wrote, with the time of the first who wrote each."""

    def __init__(self, trace: Trace) -> None:
        self._since: dict[str, int] = {}
        for call in sorted(trace.calls, key=lambda each: each.started_ns):
            for _message, part, _source in trace.parts(call.output):
                if part.kind is PartKind.TEXT:
                    for line in part.text.splitlines():
                        bare = line.strip()
                        if len(bare) >= _LEAST_LINE:
                            self._since.setdefault(bare, call.started_ns)

    def without(self, text: str, at: int) -> str:
        """Return a text with blanks for the lines that a model had written before `at`; every place stays."""
        if not self._since:
            return text
        lines = []
        for line in text.splitlines(keepends=True):
            since = self._since.get(line.strip())
            ends = line[len(line.rstrip("\r\n")) :]
            lines.append(line if since is None or since >= at else " " * (len(line) - len(ends)) + ends)
        return "".join(lines)


def _documents(trace: Trace) -> Iterator[Told]:
    for document in trace.documents:
        if document.text:
            scale, standard = _stated(document)
            yield Told(words=document.text, source=document.source, kind="document", scale=scale, standard=standard)
        if document.title:
            yield Told(words=document.title, source=document.source, kind="title")


def _without(prompts: Iterable[Told], stated: Sequence[str]) -> Iterator[Told]:
    """Yield prompts with blanks for documents that they repeat and that say more of themselves than their text does."""
    for each in prompts:
        words = each.words
        for text in stated:
            at = words.find(text)
            if at >= 0:
                words = words[:at] + " " * len(text) + words[at + len(text) :]
        yield each if words is each.words else structs.replace(each, words=words)


def _stated(document: Document) -> tuple[int | None, frozenset[str]]:
    units = document.metadata.get("units")
    standard = document.metadata.get("accounting_standard")
    scale = scales.units_scale(units) if isinstance(units, str) else None
    if scale is None and any(mark in document.text[:4000].lower() for mark in _XBRL):
        scale = 0
    if isinstance(standard, str):
        return scale, labels.basis(standard.replace("_", " "))
    prepared = {basis for hit in _PREPARED.finditer(document.text) for basis in labels.basis(hit[1])}
    return scale, frozenset(prepared) if len(prepared) == 1 else frozenset()


def _results(trace: Trace, said: _Said) -> Iterator[Told]:
    for tool in trace.tools:
        if tool.result and tool.result_source:
            scale = 0 if any(mark in tool.result[:4000].lower() for mark in _XBRL) else None
            yield Told(
                words=said.without(tool.result, tool.started_ns or tool.ended_ns),
                source=tool.result_source,
                kind="tool result",
                scale=scale,
            )


def _prompts(trace: Trace, said: _Said) -> Iterator[Told]:
    seen: set[str] = set()
    for call in trace.calls:
        for ref in (*call.system, *call.input):
            message = trace.message(ref)
            if message.role == "assistant" or ref.sha256 in seen:
                continue
            seen.add(ref.sha256)
            for part, source in zip(message.parts, ref.sources, strict=True):
                if part.kind not in {PartKind.TOOL_CALL, PartKind.REASONING}:
                    kind = "tool result" if part.kind is PartKind.TOOL_RESULT else f"{message.role} text"
                    yield Told(words=said.without(part.text, call.started_ns), source=source, kind=kind)
