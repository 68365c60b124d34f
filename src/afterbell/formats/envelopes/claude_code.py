"""Claude Code's session files: one event a line, user turns, a model's answers, results of tools, summaries.

A session becomes a trace: the session, a model call for each answer (an answer written over several lines under one
message id is one call, its usage counted once), a tool step for each result. A call's input is what is new since the
answer before it in the same conversation; side chains are conversations of their own. System prompts and tools'
definitions are never written. A session that was resumed may repeat the lines of another file under its own id.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO

from afterbell.formats import json_rows
from afterbell.formats.items import Context, Item, Unit
from afterbell.formats.messages import as_attribute, as_text
from afterbell.formats.stamps import stamp
from afterbell.model.trace import STATUS_ERROR, STATUS_UNSET, Refusal, Span, span_hex, trace_hex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from afterbell.formats.json_rows import Row

NAME = "claude-code"
TITLE = "Claude Code session files"
UNIT = Unit.STREAM
RANK = 40

PREFIX = "claude_code."
_AROUND = ("cwd", "version", "gitBranch", "userType")


def recognise(head: bytes, _name: str) -> bool:
    """Tell whether events of a session stand in these lines."""
    if not json_rows.begins(head):
        return False
    keys = json_rows.keys(head)
    return {"sessionId", "uuid", "message"} <= keys and bool(keys & {"parentUuid", "isSidechain"})


def read(stream: BinaryIO, _context: Context) -> Iterator[Item]:
    """Read the events into the spans of their sessions, or refusals that say where and why."""
    sessions: dict[str, _Session] = {}
    for position, row in enumerate(json_rows.rows(stream), 1):
        if isinstance(row, Refusal):
            yield row
            continue
        event = row.value
        if not isinstance(event, Mapping) or not isinstance(event.get("type"), str):
            yield Refusal(where=row.where, why="no event: an object with a type is needed")
        elif event["type"] in {"user", "assistant"}:
            yield from _event(event, row, position, sessions)
    for session in sessions.values():
        yield from session.rest()


def _event(event: Mapping[str, Any], row: Row, position: int, sessions: dict[str, _Session]) -> Iterator[Item]:
    message, name = event.get("message"), event.get("sessionId")
    if not isinstance(message, Mapping) or not isinstance(name, str) or not name:
        yield Refusal(where=row.where, why="a turn without a session or a message")
        return
    if name not in sessions:
        sessions[name] = _Session(name)
    session = sessions[name]
    session.met(event, position)
    if event["type"] == "assistant":
        yield from session.answered(event, message, position)
    else:
        yield from session.told(event, message, position)


class _Session:
    """What is open in one session: answers still being written, asks of tools, and what each conversation added."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._root = span_hex(f"{name}:session")
        self._new: dict[str, list[dict[str, Any]]] = {}
        self._open: dict[str, dict[str, Any]] = {}
        self._asks: dict[str, tuple[str, int]] = {}
        self._last: dict[str, int] = {}
        self._facts: dict[str, Any] = {}
        self._seen = (0, 0, 0)

    def met(self, event: Mapping[str, Any], position: int) -> None:
        """Note what an event says of the session."""
        first, _last, begun = self._seen
        at = stamp(event.get("timestamp"))
        self._seen = (first or at, max(at, self._seen[1]), begun or position)
        for key in _AROUND:
            if event.get(key):
                self._facts.setdefault(PREFIX + key, event[key])

    def answered(self, event: Mapping[str, Any], message: Mapping[str, Any], position: int) -> Iterator[Span]:
        """Take a line of an answer; yields the answer before it, which is whole now."""
        chain, at = _chain(event), stamp(event.get("timestamp"))
        own = as_text(message.get("id") or event.get("uuid")) or f"line {position}"
        now = self._open.get(chain)
        if now is None or now["id"] != own:
            if now is not None:
                yield self._call(chain)
            now = self._open[chain] = {
                "id": own, "parts": [], "start": self._last.get(chain) or at, "position": position, "facts": {},
                "input": self._new.pop(chain, []), "failed": bool(event.get("isApiErrorMessage")),
            }  # fmt: skip
        content = message.get("content")
        parts = content if isinstance(content, list) else [{"type": "text", "text": as_text(content)}]
        now["parts"] += parts
        now["end"] = self._last[chain] = at
        for part in parts:
            if isinstance(part, Mapping) and part.get("type") == "tool_use":
                self._asks[as_text(part.get("id"))] = (as_text(part.get("name")), at)
        stated = {"model": message.get("model"), "usage": message.get("usage"), "id": message.get("id"),
                  "stop_reason": message.get("stop_reason"), "request_id": event.get("requestId")}  # fmt: skip
        now["facts"] |= {key: value for key, value in stated.items() if value}

    def told(self, event: Mapping[str, Any], message: Mapping[str, Any], position: int) -> Iterator[Span]:
        """Take a user's turn; yields a step for each result of a tool in it."""
        chain, at = _chain(event), stamp(event.get("timestamp"))
        content = message.get("content")
        self._new.setdefault(chain, []).append({"role": "user", "content": content})
        self._last[chain] = at
        for part in content if isinstance(content, list) else ():
            if isinstance(part, Mapping) and part.get("type") == "tool_result":
                call_id = as_text(part.get("tool_use_id"))
                name, asked = self._asks.pop(call_id, ("", at))
                facts = {"tool_use_id": call_id, "tool": name, "result": as_text(part.get("content"))}
                yield self._span(
                    f"{call_id or position}:result", name or "tool", asked or at, at, facts, position,
                    failed=bool(part.get("is_error")),
                )  # fmt: skip

    def rest(self) -> Iterator[Span]:
        """Yield the answers that are still open, and the session itself."""
        for chain in list(self._open):
            yield self._call(chain)
        start, end, position = self._seen
        yield Span(
            trace_id=trace_hex(self._name), trace_id_raw=self._name, span_id=self._root, name="Claude Code session",
            start_ns=start, end_ns=end, attributes={f"{PREFIX}session": self._name, **self._facts}, format=NAME,
            position=position,
        )  # fmt: skip

    def _call(self, chain: str) -> Span:
        now = self._open.pop(chain)
        # The words of a failed request stand in the answer's place: no model said them.
        answer = [] if now["failed"] else [{"role": "assistant", "content": now["parts"]}]
        facts = {"input": as_text(now["input"]), "output": as_text(answer), "chain": chain, **now["facts"]}
        said = "".join(as_text(part.get("text")) for part in now["parts"] if isinstance(part, Mapping))
        return self._span(
            now["id"], "answer", now["start"], now["end"], facts, now["position"], failed=now["failed"],
            said=said if now["failed"] else "",
        )  # fmt: skip

    def _span(
        self, raw: str, name: str, start: int, end: int, facts: Mapping[str, Any], position: int, *, failed: bool,
        said: str = "",
    ) -> Span:  # fmt: skip
        kept = {PREFIX + key: as_attribute(value) for key, value in facts.items() if value not in (None, "")}
        kept |= {f"{PREFIX}result": ""} if facts.get("result") == "" else {}
        return Span(
            trace_id=trace_hex(self._name), trace_id_raw=self._name, span_id=span_hex(f"{self._name}:{raw}"),
            span_id_raw=raw, parent_span_id=self._root, name=name, start_ns=start, end_ns=end,
            status_code=STATUS_ERROR if failed else STATUS_UNSET, status_message=said, attributes=kept,
            resource={"service.name": "Claude Code"}, format=NAME, position=position,
        )  # fmt: skip


def _chain(event: Mapping[str, Any]) -> str:
    if not event.get("isSidechain"):
        return ""
    return as_text(event.get("agentId")) or "side chain"
