"""Which legs of tool calls are missing: asked for, executed, answered, fed back.

A span without call id is a step of the workflow that nobody had to ask for. An answer must be fed back only where a
later call of the same conversation could have read it. What a provider executed by itself, and what an earlier turn
executed, has no span here; a tool that stands for the decision or the order is executed by that.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from afterbell.model.calls import ROLLUP, LlmCall, PartKind, ToolCall
from afterbell.model.run import Trace
from afterbell.model.scan import Evidence
from afterbell.model.trading import TradeKind
from afterbell.model.vocabulary import ContentState
from afterbell.reading.legs.calls import Leg, at, why

_CITED = 120
_TRADES = re.compile(r"submit|order|trade|decision|decide|final|respond|handoff|transfer_to", re.IGNORECASE)
_IDS = ("gen_ai.tool.call.id", "tool.id", "tool_call.id")
_FEW = 2


def tool_legs(trace: Trace) -> Iterator[Leg]:
    """Yield every missing leg of every tool call of a trace."""
    known = _Known(trace)
    steps = Counter(tool.name for tool in trace.tools if tool.workflow_step)
    for tool in trace.tools:
        if tool.workflow_step:
            yield from _answer(trace, tool)
            continue
        if not tool.asked_in:
            yield Leg(leg="tool call asked for", why="its id stands in no captured output or history", name=tool.name,
                      evidence=_id(trace, tool))  # fmt: skip
        done_elsewhere = known.elsewhere(tool)
        if not tool.executed_in and not done_elsewhere:
            # A span that names the tool but neither its id nor the same spelling of its arguments is its execution.
            if steps[tool.name]:
                steps[tool.name] -= 1
            else:
                yield Leg(leg="tool call executed", why="no span of its execution", name=tool.name,
                          evidence=_ask(trace, tool))  # fmt: skip
        if tool.executed_in or tool.fed_back_in:
            yield from _answer(trace, tool)
        if not tool.fed_back_in and not done_elsewhere and known.later(tool):
            yield Leg(leg="tool result fed back", why="a later prompt does not hold it", name=tool.name,
                      evidence=_ask(trace, tool))  # fmt: skip
    yield from _arguments(trace)


def empty_results(trace: Trace) -> tuple[str, ...]:
    """Return the names of tools that ended well and returned nothing: kept, but worth a look."""
    return tuple(tool.name for tool in trace.tools if not tool.result and not tool.is_error
                 and tool.result_state is ContentState.CAPTURED and (tool.executed_in or tool.fed_back_in))  # fmt: skip


def _span(tool: ToolCall) -> str:
    sources = tool.asked_in or tool.fed_back_in
    return sources[0].span_id if sources else ""


def _id(trace: Trace, tool: ToolCall) -> Evidence:
    """Cite the call's id where its span, or the history that shows its result, states it."""
    span = trace.span(tool.executed_in) if tool.executed_in else None
    field = next((name for name in _IDS if span and span.attributes.get(name) == tool.call_id), "")
    if field or not tool.fed_back_in:
        return at(trace, tool.executed_in or _span(tool), field or _IDS[0], tool.call_id if field else "")
    return at(trace, _span(tool), tool.fed_back_in[0].field)


def _ask(trace: Trace, tool: ToolCall) -> Evidence:
    source = tool.arguments_source
    if source is None:
        return at(trace, tool.executed_in or _span(tool), _IDS[0])
    excerpt = tool.arguments[:_CITED]
    return Evidence(trace_id=source.trace_id, span_id=source.span_id, field=source.field, excerpt=excerpt,
                    end=len(excerpt))  # fmt: skip


def _answer(trace: Trace, tool: ToolCall) -> Iterator[Leg]:
    """Yield a result that is not there; an error's words are the result of a call that failed."""
    failed = tool.is_error and bool(tool.result or tool.error_type)
    if tool.result_state is ContentState.CAPTURED or (failed and tool.result_state is ContentState.NOT_CAPTURED):
        return
    source = tool.result_source
    place = at(trace, tool.executed_in or _span(tool), source.field if source else "gen_ai.tool.call.result")
    if source is not None and tool.result:
        excerpt = tool.result[-_CITED:]
        place = Evidence(trace_id=source.trace_id, span_id=source.span_id, field=source.field, excerpt=excerpt,
                         start=len(tool.result) - len(excerpt), end=len(tool.result))  # fmt: skip
    yield Leg(leg="tool result", why=why(tool.result_state), name=tool.name, evidence=place)


def _arguments(trace: Trace) -> Iterator[Leg]:
    """Yield the arguments where no tool call of the run has any.

    A single call without may take none, unless the format is known to leave out what belongs to tools.
    """
    silent = any(call.states.get("tools") is ContentState.NOT_CAPTURED
                 and call.states.get("input") is ContentState.CAPTURED for call in trace.calls)  # fmt: skip
    if (silent or len(trace.tools) >= _FEW) and not any(tool.arguments_source for tool in trace.tools):
        for tool in trace.tools:
            yield Leg(leg="tool arguments", why="never logged", name=tool.name,
                      evidence=at(trace, tool.executed_in or _span(tool), "gen_ai.tool.call.arguments"))  # fmt: skip


class _Known:
    """What the trace's calls show of tool ids, read once."""

    def __init__(self, trace: Trace) -> None:
        self._calls = [call for call in trace.calls if call.operation != ROLLUP]
        self._readable = [call for call in self._calls if call.states.get("input") is ContentState.CAPTURED]
        self._of_span = {span_id: call for call in self._calls for span_id in (call.span_id, *call.duplicates)}
        self._held: dict[str, set[str]] = {}
        self._by_provider: set[str] = set()
        self._earlier: set[str] = set()
        self._trades = any(trade.kind in {TradeKind.DECISION, TradeKind.ORDER} for trade in trace.trades)
        said: set[str] = set()
        for call in self._calls:
            asked, answered = self._ids(trace, call)
            self._held[call.span_id] = asked
            self._earlier |= (asked & answered) - said - {""}
            for _message, part, _source in trace.parts(call.output):
                if part.kind is PartKind.TOOL_CALL:
                    said.add(part.call_id)
                elif part.kind is PartKind.TOOL_RESULT and part.call_id:
                    self._by_provider.add(part.call_id)

    def _ids(self, trace: Trace, call: LlmCall) -> tuple[set[str], set[str]]:
        asked: set[str] = set()
        answered: set[str] = set()
        for _message, part, _source in trace.parts(call.input):
            if part.kind is PartKind.TOOL_CALL:
                asked.add(part.call_id)
            elif part.kind is PartKind.TOOL_RESULT:
                answered.add(part.call_id)
        return asked, answered

    def elsewhere(self, tool: ToolCall) -> bool:
        """Tell whether the tool was executed where this trace has no span of it.

        That is by the provider, in an earlier turn, or as the decision or order that follows.
        """
        if tool.call_id in self._by_provider or tool.call_id in self._earlier:
            return True
        return self._trades and bool(_TRADES.search(tool.name))

    def later(self, tool: ToolCall) -> bool:
        """Tell whether a later call with a captured prompt should hold the answer.

        It repeats the ask, or the same agent made it after the tool had answered.
        """
        asker = next((self._of_span[each.span_id] for each in tool.asked_in if each.span_id in self._of_span), None)
        after = tool.ended_ns or tool.started_ns
        for call in self._readable:
            if call.started_ns < after or call is asker:
                continue
            if tool.call_id and tool.call_id in self._held[call.span_id]:
                return True
            if asker is not None and (call.agent_name, call.stage) == (asker.agent_name, asker.stage):
                return True
        return False
