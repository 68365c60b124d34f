"""A tool call joined over its legs by call id: asked for in an output, executed in a span, fed back into a prompt.

Clients without call ids are joined by what there is: an execution by name and arguments, a result by name and order.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import structs

from afterbell.formats.content import state_of_value
from afterbell.formats.messages import canonical_arguments
from afterbell.model.calls import LlmCall, Message, MessageRef, Part, PartKind, Source, ToolCall
from afterbell.model.vocabulary import ContentState, Stage

_NOT_KEPT = ContentState.NOT_CAPTURED


def fill(first: ToolCall, second: ToolCall) -> ToolCall:
    """Return `first` with its empty fields taken from `second`, and the result that is kept whole."""
    changes = {name: getattr(second, name) for name in ToolCall.__struct_fields__
               if not name.startswith("result") and not getattr(first, name) and getattr(second, name)}  # fmt: skip
    better = _whole(second) and not _whole(first)
    if better or (first.result_state is _NOT_KEPT and (second.result or second.result_state is not _NOT_KEPT)):
        changes |= {"result": second.result or first.result, "result_state": second.result_state,
                    "result_source": second.result_source or first.result_source}  # fmt: skip
    return structs.replace(first, **changes)


def join(
    calls: Sequence[LlmCall], executed: Sequence[ToolCall], messages: Mapping[str, Message],
    stage_of: Callable[[str], Stage | None],
) -> tuple[ToolCall, ...]:  # fmt: skip
    """Return every tool call once, in order of time.

    An executed span without a call id is matched to an unanswered ask of the same name and arguments; what stays
    unmatched is a step of the workflow that no model asked for.
    """
    found: dict[str, ToolCall] = {}
    nameless = _Nameless()
    for call in calls:
        nameless.next_prompt()
        for part, source in _parts(call.input, messages):
            if part.kind is PartKind.TOOL_CALL and part.call_id:
                _asked(found, part.call_id, part, source, call)
            elif part.kind is PartKind.TOOL_RESULT:
                _fed_back(found, part.call_id or nameless.answered_by(part), part, source, call)
        for part, source in _parts(call.output, messages):
            if part.kind is PartKind.TOOL_CALL:
                key = part.call_id or f"{source.span_id} {source.field}"
                if not part.call_id:
                    nameless.asked(part.name, key)
                _asked(found, key, part, source, call)
    steps: list[ToolCall] = []
    waiting = _waiting(found)
    for tool in sorted(executed, key=lambda each: each.started_ns):
        key = tool.call_id or _match(found, waiting, tool)
        if not key:
            steps.append(structs.replace(tool, workflow_step=True))
        else:
            found[key] = _run(found.get(key, ToolCall(call_id=tool.call_id)), tool)
    every = [*found.values(), *steps]
    return tuple(sorted(
        (structs.replace(tool, stage=tool.stage or stage_of(_place(tool))) for tool in every),
        key=lambda tool: tool.started_ns,
    ))  # fmt: skip


def _parts(refs: Sequence[MessageRef], messages: Mapping[str, Message]) -> Iterator[tuple[Part, Source]]:
    for ref in refs:
        yield from zip(messages[ref.sha256].parts, ref.sources, strict=True)


def _whole(tool: ToolCall) -> bool:
    return tool.result_state is ContentState.CAPTURED


def _asked(found: dict[str, ToolCall], key: str, part: Part, source: Source, call: LlmCall) -> None:
    known = found.get(key, ToolCall(call_id=part.call_id, started_ns=call.ended_ns or call.started_ns))
    found[key] = structs.replace(
        known, name=known.name or part.name, arguments=known.arguments or part.text,
        arguments_source=known.arguments_source or source, asked_in=(*known.asked_in, source),
    )  # fmt: skip


def _fed_back(found: dict[str, ToolCall], key: str, part: Part, source: Source, call: LlmCall) -> None:
    if not key:
        return
    # A result that is there and empty was captured: the tool had nothing to say.
    told = ToolCall(
        call_id=part.call_id, name=part.name, result=part.text, result_source=source,
        result_state=state_of_value(part.text), started_ns=call.started_ns,
    )  # fmt: skip
    known = found.get(key)
    joined = fill(known, told) if known else told
    found[key] = structs.replace(joined, fed_back_in=(*joined.fed_back_in, source))


class _Nameless:
    """Asks without a call id, and which of them a result without one answers.

    A prompt repeats the history, so the same result of the same tool is the same answer again, each once per prompt;
    a new one answers the first ask of its name that is still open.
    """

    def __init__(self) -> None:
        self._open: dict[str, deque[str]] = {}
        self._told: dict[tuple[str, str], list[str]] = {}
        self._answered: set[str] = set()
        self._seen: dict[tuple[str, str], int] = {}

    def next_prompt(self) -> None:
        """Begin a prompt: its results start with the history."""
        self._seen = {}

    def asked(self, name: str, key: str) -> None:
        """Add an ask; a result that names no tool may answer it too."""
        for word in {name, ""}:
            self._open.setdefault(word, deque()).append(key)

    def answered_by(self, part: Part) -> str:
        """Return the key of the ask that this result answers, or an empty text."""
        which = (part.name, part.text)
        told, number = self._told.setdefault(which, []), self._seen.get(which, 0)
        self._seen[which] = number + 1
        if number < len(told):
            return told[number]
        waiting = self._open.get(part.name, deque())
        while waiting and waiting[0] in self._answered:
            waiting.popleft()
        if not waiting:
            return ""
        told.append(waiting[0])
        self._answered.add(waiting[0])
        return waiting.popleft()


def _run(known: ToolCall, tool: ToolCall) -> ToolCall:
    """Lay an execution over what is known; of several spans of one call the first holds, the others fill gaps."""
    if known.executed_in:
        return fill(known, tool)
    ran = structs.replace(
        known, executed_in=tool.executed_in, started_ns=tool.started_ns, ended_ns=tool.ended_ns,
        is_error=tool.is_error or known.is_error,
    )  # fmt: skip
    if (tool.result or tool.result_source) and (_whole(tool) or not _whole(known)):
        ran = structs.replace(
            ran, result=tool.result, result_source=tool.result_source,
            result_state=tool.result_state,
        )  # fmt: skip
    return fill(ran, tool)


def _waiting(found: Mapping[str, ToolCall]) -> dict[tuple[str, str], list[str]]:
    """Return the asks by name and arguments, first ask first."""
    waiting: dict[tuple[str, str], list[str]] = {}
    for key, asked in found.items():
        if asked.asked_in:
            waiting.setdefault((asked.name, canonical_arguments(asked.arguments)), []).append(key)
    return waiting


def _match(found: Mapping[str, ToolCall], waiting: Mapping[tuple[str, str], list[str]], tool: ToolCall) -> str:
    asks = waiting.get((tool.name, canonical_arguments(tool.arguments)), ())
    return next((key for key in asks if not found[key].executed_in), "")


def _place(tool: ToolCall) -> str:
    if tool.executed_in:
        return tool.executed_in
    sources = tool.asked_in or tool.fed_back_in
    return sources[0].span_id if sources else ""
