"""A tool call joined over its legs by call id: asked for in an output, executed in a span, fed back into a prompt."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec import structs

from afterbell.formats.messages import canonical_arguments
from afterbell.model.calls import LlmCall, Message, MessageRef, Part, PartKind, Source, ToolCall
from afterbell.model.vocabulary import ContentState, Stage


def fill(first: ToolCall, second: ToolCall) -> ToolCall:
    """Return `first` with its empty fields taken from `second`."""
    changes = {name: getattr(second, name) for name in ToolCall.__struct_fields__
               if not getattr(first, name) and getattr(second, name)}  # fmt: skip
    if ContentState.CAPTURED in {first.result_state, second.result_state}:
        changes["result_state"] = ContentState.CAPTURED
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
    for call in calls:
        for refs in (call.output, call.input):
            for _message, part, source in _parts(refs, messages):
                if part.kind is PartKind.TOOL_CALL and part.call_id:
                    _asked(found, part, source, call)
                elif part.kind is PartKind.TOOL_RESULT and part.call_id and refs is call.input:
                    _fed_back(found, part, source, call)
    steps: list[ToolCall] = []
    for tool in executed:
        key = tool.call_id or _match(found, tool)
        if not key:
            steps.append(structs.replace(tool, workflow_step=True))
        elif key in found and found[key].executed_in:
            found[key] = fill(found[key], tool)
        else:
            known = found.get(key, ToolCall(call_id=key))
            found[key] = fill(structs.replace(
                known, executed_in=tool.executed_in, started_ns=tool.started_ns, ended_ns=tool.ended_ns,
                result=tool.result or known.result, result_source=tool.result_source or known.result_source,
                is_error=tool.is_error or known.is_error,
            ), tool)  # fmt: skip
    every = [*found.values(), *steps]
    return tuple(sorted(
        (structs.replace(tool, stage=tool.stage or stage_of(_place(tool))) for tool in every),
        key=lambda tool: tool.started_ns,
    ))  # fmt: skip


def _parts(refs: Sequence[MessageRef], messages: Mapping[str, Message]) -> list[tuple[Message, Part, Source]]:
    return [
        (messages[ref.sha256], part, source)
        for ref in refs
        for part, source in zip(messages[ref.sha256].parts, ref.sources, strict=True)
    ]


def _asked(found: dict[str, ToolCall], part: Part, source: Source, call: LlmCall) -> None:
    known = found.get(part.call_id, ToolCall(call_id=part.call_id, started_ns=call.ended_ns or call.started_ns))
    found[part.call_id] = structs.replace(
        known, name=known.name or part.name, arguments=known.arguments or part.text,
        arguments_source=known.arguments_source or source, asked_in=(*known.asked_in, source),
    )  # fmt: skip


def _fed_back(found: dict[str, ToolCall], part: Part, source: Source, call: LlmCall) -> None:
    known = found.get(part.call_id, ToolCall(call_id=part.call_id, started_ns=call.started_ns))
    captured = ContentState.CAPTURED if part.text else known.result_state
    found[part.call_id] = structs.replace(
        known, name=known.name or part.name, result=known.result or part.text,
        result_source=known.result_source or source, result_state=captured,
        fed_back_in=(*known.fed_back_in, source),
    )  # fmt: skip


def _match(found: Mapping[str, ToolCall], tool: ToolCall) -> str:
    wanted = canonical_arguments(tool.arguments)
    return next(
        (key for key, asked in found.items() if asked.asked_in and not asked.executed_in
         and asked.name == tool.name and canonical_arguments(asked.arguments) == wanted),
        "",
    )  # fmt: skip


def _place(tool: ToolCall) -> str:
    if tool.executed_in:
        return tool.executed_in
    sources = tool.asked_in or tool.fed_back_in
    return sources[0].span_id if sources else ""
