"""The shapes of a loop that makes no progress: one call repeated, one document fetched again, two messages in turn.

It says how often each shape occurs and where; how often is too often is the caller's policy.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import orjson
from msgspec import Struct

from afterbell.model.calls import Document, LlmCall, Message, PartKind, ToolCall
from afterbell.model.run import Trace
from afterbell.model.scan import Evidence
from afterbell.model.vocabulary import ContentState
from afterbell.reading.news.near_duplicates import canonical_url

CITED = 160
_LONG_RESULT = 200  # characters from which an equal result is a document rather than a short notice
_TELLING = 20  # characters from which a text that stands in the next prompt was handed on
_SHOWN = 6
_LOOK_BACK = 3  # messages at the end of a prompt among which another agent's words would stand
_PAIR = 2
_NESTED = 20  # spans between a tool's own span and the one of the client around it
_SPACES = re.compile(r"\s{1,200}")


class Repeat(Struct, frozen=True, kw_only=True):
    """A shape: what repeats, how often (calls, fetches or rounds), and where it stands."""

    what: str
    times: int
    evidence: tuple[Evidence, ...] = ()


def repeated_call(trace: Trace) -> tuple[Repeat | None, Repeat | None]:
    """Return the tool call most often made with equal name, arguments and result (or error).

    The second is the one most often made among those whose results were not kept, so that they cannot be compared.
    None where there is no call whose arguments are known.
    """
    known: dict[tuple[str, str, str], list[ToolCall]] = {}
    blind: dict[tuple[str, str], list[ToolCall]] = {}
    for tool in _outermost(trace):
        if tool.arguments_source is None:
            continue
        arguments = _arguments(tool.arguments)
        answer = f"{tool.error_type}:{tool.result}"
        if tool.result or tool.error_type or tool.result_state is ContentState.CAPTURED:
            known.setdefault((tool.name, arguments, answer), []).append(tool)
        else:
            blind.setdefault((tool.name, arguments), []).append(tool)
    return _most(list(known.values())), _most(list(blind.values()))


def fetched_again(trace: Trace) -> Repeat | None:
    """Return the document that most often came back as the only thing in a result, nothing new between the fetches."""
    best: Repeat | None = None
    runs: dict[str, list[Evidence]] = {}
    seen: set[str] = set()
    names: dict[str, str] = {}
    for keys, shown, evidence in _fetches(trace):
        fresh = keys - seen
        seen |= keys
        if fresh:
            runs = {}
        if len(keys) != 1:
            continue
        key = next(iter(keys))
        names.setdefault(key, shown)
        runs.setdefault(key, []).append(evidence)
        if best is None or len(runs[key]) > best.times:
            best = Repeat(what=names[key], times=len(runs[key]), evidence=tuple(runs[key][:_SHOWN]))
    return best


def alternation(trace: Trace) -> Repeat | None:
    """Return the longest run of two messages in turn (times = rounds of both), in a history or from call to call."""
    found = [_longest(list(_history(trace, call))) for call in _fullest(trace.calls)]
    found += [_longest(turns) for turns in _handed_on(trace)]
    told = [each for each in found if each is not None]
    return max(told, key=lambda each: each.times, default=None)


def _outermost(trace: Trace) -> Iterator[ToolCall]:
    """Yield tool calls but those inside another's span with its name and arguments: one call under two tracers."""
    parents = {span.span_id: span.parent_span_id for span in trace.spans}
    made = {tool.executed_in: (tool.name, _arguments(tool.arguments)) for tool in trace.tools if tool.executed_in}
    for tool in trace.tools:
        up, depth = parents.get(tool.executed_in, ""), 0
        while up and depth < _NESTED and up not in made:
            up, depth = parents.get(up, ""), depth + 1
        if not tool.executed_in or made.get(up) != made[tool.executed_in]:
            yield tool


def _arguments(text: str) -> str:
    """Return tool arguments with keys sorted and spaces gone, so that equal calls compare equal."""
    try:
        return orjson.dumps(orjson.loads(text), option=orjson.OPT_SORT_KEYS).decode()
    except orjson.JSONDecodeError:
        return text.strip()


def _most(groups: list[list[ToolCall]]) -> Repeat | None:
    group = max(groups, key=len, default=None)
    if group is None:
        return None
    proof = []
    for tool in group[:_SHOWN]:
        source = tool.arguments_source
        if source is not None:
            excerpt = tool.arguments[:CITED]
            proof.append(Evidence(trace_id=source.trace_id, span_id=source.span_id, field=source.field,
                                  excerpt=excerpt, start=0, end=len(excerpt)))  # fmt: skip
    return Repeat(what=group[0].name or "a tool", times=len(group), evidence=tuple(proof))


def _fetches(trace: Trace) -> Iterator[tuple[set[str], str, Evidence]]:
    """Yield, in order of time, what each retrieval or tool brought: keys of its documents, a name, a citation."""
    events: list[tuple[int, set[str], str, Evidence]] = []
    by_span: dict[str, list[Document]] = {}
    for document in trace.documents:
        named = document.url or document.doc_id or document.text
        if named and not document.source.field.startswith("reranker."):
            by_span.setdefault(document.source.span_id, []).append(document)
    for documents in by_span.values():
        first = documents[0]
        excerpt = first.text[:CITED]
        proof = Evidence(trace_id=first.source.trace_id, span_id=first.source.span_id, field=first.source.field,
                         excerpt=excerpt, start=0, end=len(excerpt))  # fmt: skip
        events.append((first.started_ns, {_key(each) for each in documents}, _name(first), proof))
    holders = set(by_span)
    parents = {span.span_id: span.parent_span_id for span in trace.spans}
    holders |= {parents.get(span_id, "") for span_id in by_span}
    for tool in _outermost(trace):
        source = tool.result_source
        if not tool.result or tool.is_error or source is None or tool.executed_in in holders:
            continue
        key = f"result:{tool.name}:{tool.result}" if len(tool.result) >= _LONG_RESULT else f"short:{tool.result}"
        excerpt = tool.result[:CITED]
        proof = Evidence(trace_id=source.trace_id, span_id=source.span_id, field=source.field, excerpt=excerpt, start=0,
                         end=len(excerpt))  # fmt: skip
        told = {key} if key.startswith("result:") else {key, "short"}
        events.append((tool.started_ns, told, tool.result[:80], proof))
    for _at, keys, shown, proof in sorted(events, key=lambda event: event[0]):
        yield keys, shown, proof


def _key(document: Document) -> str:
    return f"{canonical_url(document.url) or document.doc_id}:{document.text}"


def _name(document: Document) -> str:
    return (document.title or document.url or document.doc_id or document.text)[:80]


def _fullest(calls: Sequence[LlmCall]) -> list[LlmCall]:
    """Return the calls whose history no later call repeats: the longest of each beginning message."""
    longest: dict[str, LlmCall] = {}
    for call in calls:
        if call.input:
            first = call.input[0].sha256
            if first not in longest or len(call.input) >= len(longest[first].input):
                longest[first] = call
    return list(longest.values())


def _said(message: Message) -> str:
    """Return what a message says, without call ids, case and spacing."""
    told = "\n".join(f"{part.name}{part.text}" for part in message.parts)
    return _SPACES.sub(" ", told).strip().casefold()


def _history(trace: Trace, call: LlmCall) -> Iterator[tuple[str, Evidence]]:
    """Yield the spoken messages of one call's conversation in order; a use of a tool ends a stretch of talk."""
    for ref in (*call.input, *call.output):
        message = trace.message(ref)
        text = _said(message)
        if not text:
            continue
        part, source = message.parts[0], ref.sources[0]
        talk = all(each.kind is PartKind.TEXT for each in message.parts)
        excerpt = part.text[:CITED]
        yield text if talk else "", Evidence(
            trace_id=source.trace_id, span_id=source.span_id, field=source.field, excerpt=excerpt, start=0,
            end=len(excerpt),
        )  # fmt: skip


def _handed_on(trace: Trace) -> Iterator[list[tuple[str, Evidence]]]:
    """Yield stretches of outputs in which each output stands in the prompt of the next call."""
    turns: list[tuple[str, Evidence]] = []
    before = ""
    for call in trace.calls:
        output = [each for each in trace.parts(call.output) if each[1].kind is PartKind.TEXT and each[1].text.strip()]
        last = [part.text.strip() for message, part, _ in trace.parts(call.input[-_LOOK_BACK:])
                if message.role != "assistant"]  # fmt: skip
        linked = before in last or (len(before) >= _TELLING and any(before in text for text in last))
        if turns and not linked:
            yield turns
            turns = []
        if not output:
            continue
        _message, part, source = output[0]
        before = part.text.strip()
        excerpt = part.text[:CITED]
        proof = Evidence(trace_id=source.trace_id, span_id=source.span_id, field=source.field, excerpt=excerpt, start=0,
                         end=len(excerpt))  # fmt: skip
        turns.append((_SPACES.sub(" ", before).casefold(), proof))
    yield turns


def _longest(turns: list[tuple[str, Evidence]]) -> Repeat | None:
    """Return the longest stretch in which two different texts take turns."""
    best = (0, 0)
    start = 0
    for at in range(1, len(turns) + 1):
        if at < len(turns) and _alternates(turns, start, at):
            continue
        best = max(best, (at - start, start))
        apart = at < len(turns) and turns[at][0] != turns[at - 1][0] and turns[at - 1][0]
        start = at - 1 if apart and turns[at][0] else at
    length, start = best
    if length < 2 * _PAIR:
        return None
    proof = tuple(evidence for _text, evidence in turns[start : start + min(length, _SHOWN)])
    return Repeat(what=proof[0].excerpt[:80], times=length // _PAIR, evidence=proof)


def _alternates(turns: list[tuple[str, Evidence]], start: int, at: int) -> bool:
    here, before = turns[at][0], turns[at - 1][0]
    if not here or not before or here == before:
        return False
    return at - start < _PAIR or here == turns[at - _PAIR][0]
