"""One run of a Lumibot agent as spans: what its trace files, its detail tables and its summaries share.

`run` has the shape of a trace file: `agent`, `model`, `request` (prompts, context, tools), `events` (thinking, text,
tool_call, tool_result, usage, in order), `usage`, `timing`, `warnings`, `summary`, `execution_outcome`. It becomes an
agent's span, a model call for each turn (what comes before a usage event, or before results), a span for each tool
that gave a result, and an order for each that was submitted. Names are OpenTelemetry GenAI's: no dialect is needed.

A run is known by the name of its trace file, wherever it is told of; so it counts once. Events without a time of their
own have that of the one before. Call ids that the provider did not give are made of the tool's name and its number.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from typing import Any

from afterbell.formats.messages import as_attribute, as_attributes, as_decimal, as_object, as_text
from afterbell.formats.stamps import stamp
from afterbell.model.trace import STATUS_ERROR, STATUS_UNSET, Span, span_hex, trace_hex

_P = "lumibot."
_KEPT = ("summary", "warnings", "execution_outcome", "usage", "duckdb_metrics", "mode", "cache_hit", "deployment_id",
         "run_id", "warning_messages", "operation_outcomes", "tool_calls")  # fmt: skip
_ASKED = ("context", "runtime_context", "memory_state", "memory_notes", "reasoning_effort", "user_system_prompt")
_INPUT = ("prompt_token_count", "prompt_tokens", "input_tokens")
_OUTPUT = ("candidates_token_count", "completion_tokens", "output_tokens")
_REASONING = ("thoughts_token_count", "reasoning_tokens", "thinking_tokens")
_READ = ("cached_content_token_count", "cached_input_tokens", "cache_read_input_tokens", "cached_tokens")
_WRITTEN = ("cache_creation_input_tokens", "cache_write_input_tokens")
_TOTAL = ("total_token_count", "total_tokens")
_FOLDERS = re.compile(r"[/\\]")
_SUBMIT = re.compile(r"(?:^|_)submit_(?:multileg_)?order\Z")


def raw_id(trace_path: str) -> str:
    """Return the name by which a run is known: that of its trace file, without folders and ending."""
    name = _FOLDERS.split(trace_path)[-1]
    return f"lumibot/{name.removesuffix('.json')}"


def raw_id_of(row: Mapping[str, Any]) -> str:
    """Return the name by which the run of a table's row is known; one answered from the replay cache has its own."""
    path = as_text(row.get("trace_path"))
    if path and row.get("cache_hit") is not True:
        return raw_id(path)
    return f"lumibot/{as_text(row.get('agent_name'))}/{as_text(row.get('timestamp'))}"


def spans(run: Mapping[str, Any], raw: str, position: int, form: str) -> Iterator[Span]:
    """Yield the spans of a run known as `raw`; `form` is the format's name."""
    yield from _Run(run, raw, position, form).spans()


class _Run:
    """A run, and the turn under way."""

    def __init__(self, run: Mapping[str, Any], raw: str, position: int, form: str) -> None:
        self._run, self._raw, self._position, self._form = run, raw, position, form
        self._request = as_object(run.get("request"))
        self._agent = as_text(run.get("agent") or run.get("agent_name"))
        timing = as_object(run.get("timing"))
        self._began = stamp(timing.get("call_started_at")) or stamp(run.get("timestamp"))
        self._ended = stamp(timing.get("call_ended_at")) or stamp(run.get("timestamp"))
        self._now = self._turn_began = self._began
        self._new: list[dict[str, Any]] = []
        self._parts: list[dict[str, Any]] = []
        self._called: dict[str, dict[str, Any]] = {}
        self._waiting: defaultdict[str, deque[str]] = defaultdict(deque)
        self._turns = self._tools = 0
        self._counted = False

    def spans(self) -> Iterator[Span]:
        """Yield the agent's span last: only then is it known who counts the tokens."""
        asked = [as_text(self._request.get("task_prompt")), as_text(self._request.get("context") or "")]
        texts = [{"type": "text", "content": text} for text in asked if text]
        self._new = [{"role": "user", "parts": texts}] if texts else []
        listed = self._run.get("events")
        for event in listed if isinstance(listed, list) else ():
            if isinstance(event, Mapping):
                yield from self._event(event)
        yield from self._turn({})
        yield self._root()

    def _event(self, event: Mapping[str, Any]) -> Iterator[Span]:
        self._now = stamp(event.get("timestamp")) or self._now
        kind, payload = as_text(event.get("kind")), event.get("payload")
        if kind == "usage":
            yield from self._turn(as_object(payload))
        elif kind == "tool_call":
            self._tools += 1
            name = as_text(event.get("tool_name"))
            call = {"type": "tool_call", "id": as_text(event.get("call_id")) or f"{name} {self._tools}", "name": name,
                    "arguments": payload if payload is not None else {}}  # fmt: skip
            self._called[call["id"]] = call | {"at": self._now}
            self._waiting[name].append(call["id"])
            self._parts.append(call)
        elif kind == "tool_result":
            yield from self._turn({})
            yield from self._result(event)
        # A text under the name of a tool says its result again.
        elif kind in {"text", "thinking"} and event.get("text") and not event.get("tool_name"):
            part = "reasoning" if kind == "thinking" else "text"
            self._parts.append({"type": part, "content": as_text(event["text"])})

    def _turn(self, usage: Mapping[str, Any]) -> Iterator[Span]:
        """Yield the call that ends here, if there is one: it said something, or was billed."""
        if not self._parts and not usage:
            return
        self._turns += 1
        self._counted = self._counted or bool(usage)
        system = as_text(self._request.get("effective_system_prompt") or self._request.get("base_system_prompt"))
        tools = self._request.get("tool_surface")
        facts: dict[str, Any] = {
            "gen_ai.operation.name": "chat", "gen_ai.request.model": as_text(self._run.get("model")),
            "gen_ai.output.messages": as_text([{"role": "assistant", "parts": self._parts}]),
        }  # fmt: skip
        facts |= {"gen_ai.input.messages": as_text(self._new)} if self._new else {}
        facts |= {"gen_ai.system_instructions": as_text([{"type": "text", "content": system}])} if system else {}
        facts |= {"gen_ai.tool.definitions": as_text(tools)} if isinstance(tools, list) else {}
        yield self._span(f"call {self._turns}", f"chat {facts['gen_ai.request.model']}", facts | _counts(usage),
                         self._turn_began, self._now)  # fmt: skip
        self._new, self._parts, self._turn_began = [], [], self._now

    def _result(self, event: Mapping[str, Any]) -> Iterator[Span]:
        name, given = as_text(event.get("tool_name")), as_text(event.get("call_id"))
        call = self._called.pop(given or self._next(name), None)
        key = given or (call["id"] if call else name)
        result = event.get("payload") if event.get("payload") is not None else as_text(event.get("text"))
        self._new.append({"role": "tool", "parts": [{"type": "tool_call_response", "id": key, "response": result}]})
        facts = {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": name, "gen_ai.tool.call.id": key,
                 "gen_ai.tool.call.result": as_text(result)}  # fmt: skip
        facts |= {"gen_ai.tool.call.arguments": as_text(call["arguments"])} if call else {}
        started = call["at"] if call else self._now
        failed = as_text(as_object(as_object(result).get("error")).get("message"))
        yield self._span(f"tool {key}", f"execute_tool {name}", facts, started, self._now, error=failed)
        if _SUBMIT.search(name):
            yield from self._order(key, as_object(call["arguments"]) if call else {}, as_object(result), started)
        self._turn_began = self._now

    def _next(self, name: str) -> str:
        """Return the id of the first call of a tool that has no result yet, or an empty text."""
        waiting = self._waiting[name]
        while waiting and self._called.get(waiting[0], {}).get("name") != name:
            waiting.popleft()
        return waiting[0] if waiting else ""

    def _order(
        self, key: str, asked: Mapping[str, Any], result: Mapping[str, Any], at: int
    ) -> Iterator[Span]:  # fmt: skip
        made = as_object(result.get("order"))
        symbol = as_text(as_object(made.get("asset")).get("symbol") or asked.get("symbol"))
        error = as_text(as_object(result.get("error")).get("message"))
        told = {
            "id": made.get("identifier"), "side": made.get("side") or asked.get("side"),
            "type": made.get("order_type") or asked.get("order_type"), "quantity": _figure(made, asked, "quantity"),
            "price": _figure(made, asked, "limit_price"), "stop_price": _figure(made, asked, "stop_price"),
            "time_in_force": made.get("time_in_force") or asked.get("time_in_force"),
            "status": "rejected" if error else made.get("status"), "reject_reason": error, "text": asked.get("reason"),
        }  # fmt: skip
        facts = {"trading.symbol": symbol} if symbol else {}
        yield self._span(
            f"order {key}", "trading.order.submit", facts | as_attributes("trading.order.", told), at, self._now,
            parent=f"tool {key}",
        )  # fmt: skip

    def _root(self) -> Span:
        outcome = as_object(self._run.get("execution_outcome"))
        error = as_text(outcome.get("error_category"))
        facts: dict[str, Any] = {
            "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": self._agent,
            "gen_ai.request.model": as_text(self._run.get("model")),
            **as_attributes(_P, {key: self._run.get(key) for key in _KEPT}),
            **as_attributes(_P, {key: self._request.get(key) for key in _ASKED}),
        }  # fmt: skip
        if self._run.get("cache_hit") is True:
            facts |= {"trading.cache.hit": True, "trading.cache.key": as_attribute(self._run.get("cache_key"))}
        elif not self._counted:
            facts |= _counts(as_object(self._run.get("usage")))
        return self._span(
            "run", f"invoke_agent {self._agent}", facts, self._began, max(self._ended, self._now) if self._ended else 0,
            parent="", error=error,
        )  # fmt: skip

    def _span(
        self, key: str, name: str, facts: dict[str, Any], start: int, end: int, *, parent: str = "run", error: str = ""
    ) -> Span:  # fmt: skip
        return Span(
            trace_id=trace_hex(self._raw), trace_id_raw=self._raw, span_id=span_hex(f"{self._raw}:{key}"),
            span_id_raw=f"{self._raw}:{key}", parent_span_id=span_hex(f"{self._raw}:{parent}") if parent else "",
            name=name, start_ns=start, end_ns=end, status_code=STATUS_ERROR if error else STATUS_UNSET,
            status_message=error, attributes=facts, resource={"service.name": "Lumibot"}, format=self._form,
            position=self._position,
        )  # fmt: skip


def _figure(made: Mapping[str, Any], asked: Mapping[str, Any], key: str) -> str:
    value = made.get(key) if made.get(key) is not None else asked.get(key)
    return str(value) if as_decimal(value) is not None else ""


def _counts(usage: Mapping[str, Any]) -> dict[str, Any]:
    """Return the tokens under OpenTelemetry's names. Thinking is output: it is added where the total shows it apart."""
    asked, said, thought = (_first(usage, names) for names in (_INPUT, _OUTPUT, _REASONING))
    total, inside = _first(usage, _TOTAL), _first(usage, ("tool_use_prompt_token_count", "tool_use_input_tokens")) or 0
    found: dict[str, Any] = {}
    if asked is not None:
        found["gen_ai.usage.input_tokens"] = asked + inside
    if said is not None:
        apart = bool(thought) and total == (asked or 0) + inside + said + (thought or 0)
        found["gen_ai.usage.output_tokens"] = said + (thought or 0) if apart else said
    for name, value in (("reasoning.output_tokens", thought), ("cache_read.input_tokens", _first(usage, _READ)),
                        ("cache_write.input_tokens", _first(usage, _WRITTEN))):  # fmt: skip
        if value is not None:
            found[f"gen_ai.usage.{name}"] = value
    return found


def _first(usage: Mapping[str, Any], names: tuple[str, ...]) -> int | None:
    return next((usage[name] for name in names if type(usage.get(name)) is int), None)
