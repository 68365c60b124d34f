"""AI-Trader's step logs (log.jsonl): what an agent was asked and said in one trading step, one file a step.

`{"signature", "new_messages": [{"role", "content"}], "timestamp"?}`, one object a line; `new_messages` may be one
message. A step becomes a trace: a root for the agent's run, a model call for each answer (and for each prompt that
got none), a tool step for each "Tool results: …" and, when the model answered, a decision as of the step's stamp.

What the format never carries stays visible as not captured: the system prompt, the tools' definitions, which tool
was called with which arguments and under which id, tokens, the model's own name (`signature` names the agent), and
the answers between a prompt and the one that was logged. A call's input is what is new since the call before. An
"assistant" message that only repeats the prompt or the tool results is a fault of the source's logger: the answer is
lost. The ids come from the path and the step (see `aitrader_paths`), else from `signature` and the prompt.

Span times are the step's stamp, which is the trading time and names no zone, read as UTC; spans of a step stand one
nanosecond apart, in the order of their rows. The clock of the machine that ran (`timestamp`, no zone either) is an
attribute.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, BinaryIO

import orjson
from msgspec import Struct

from afterbell.formats import bounded
from afterbell.formats.aitrader_paths import STAMP, account_of, step_of
from afterbell.formats.items import Context, Item, Unit
from afterbell.model.trace import Refusal, Span, span_hex, trace_hex

NAME = "aitrader-steps"
TITLE = "AI-Trader step logs (log.jsonl)"
UNIT = Unit.STREAM
RANK = 40

RESULTS = "Tool results:"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class _Said(Struct, frozen=True, kw_only=True):
    """One message and where it stood."""

    role: str
    content: str
    row: int
    timestamp: str = ""


class _Head(Struct, frozen=True, kw_only=True):
    """What all spans of a step share."""

    raw_trace: str
    account: str
    signature: str
    step: str
    at_ns: int


def recognise(head: bytes, _name: str) -> bool:
    """Tell whether the first line is a row of a step log: an object with `signature` and `new_messages`."""
    line, newline, _ = head.partition(b"\n")
    if not newline and len(head) >= 60_000:  # noqa: PLR2004 - the first row does not fit into the beginning
        return b'"signature"' in line and b'"new_messages"' in line
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    return isinstance(row, dict) and isinstance(row.get("signature"), str) and "new_messages" in row


def read(stream: BinaryIO, context: Context) -> Iterator[Item]:
    """Read one step log into the spans of one trace; rows that cannot be read are refused by number."""
    said: list[_Said] = []
    signature = ""
    held = 0
    for number, (line, whole) in enumerate(bounded.lines(stream), start=1):
        held += len(line)
        if not whole or held > bounded.LARGEST:
            yield Refusal(where=f"line {number}", why=bounded.too_long(bounded.LARGEST if whole else len(line)))
            continue
        if not line.strip():
            continue
        try:
            row = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            cut = "" if line.endswith(b"\n") else " (the file ends inside this line)"
            yield Refusal(where=f"line {number}", why=f"not JSON: {error}{cut}")
            continue
        if not isinstance(row, dict) or "new_messages" not in row:
            yield Refusal(where=f"line {number}", why="no object with new_messages")
            continue
        signature = signature or str(row.get("signature") or "")
        for message in _messages(row, number):
            if isinstance(message, Refusal):
                yield message
            else:
                said.append(message)
    if said:
        yield from _spans(said, _head(said, signature, context.name))


def _messages(row: dict[str, Any], number: int) -> Iterator[_Said | Refusal]:
    value = row["new_messages"]
    stamp = row.get("timestamp")
    for message in value if isinstance(value, list) else [value]:
        content = message.get("content") if isinstance(message, dict) else None
        role = message.get("role") if isinstance(message, dict) else None
        if not isinstance(content, str) or role not in ("user", "assistant", "system"):
            yield Refusal(where=f"line {number}", why="a message without a role (user, assistant, system) or a text")
            continue
        yield _Said(role=role, content=content, row=number, timestamp=stamp if isinstance(stamp, str) else "")


def _head(said: list[_Said], signature: str, name: str) -> _Head:
    account = account_of(name, "log") or signature
    asked = STAMP.search(said[0].content[:400])
    step = step_of(name) or (asked[0] if asked else "")
    return _Head(
        raw_trace=f"{account}/{step or name}", account=account, signature=signature, step=step, at_ns=_ns(step)
    )


def _ns(step: str) -> int:
    try:
        moment = datetime.fromisoformat(step[:10] + " " + step[11:].replace("-", ":") if step[10:] else step)
    except ValueError:
        return 0
    return int((moment.replace(tzinfo=UTC) - _EPOCH).total_seconds()) * 10**9


def _spans(said: list[_Said], head: _Head) -> Iterator[Span]:
    root = span_hex(f"{head.raw_trace}:run")
    new: list[_Said] = []
    prompt, place, answered = "", 0, False
    for message in said:
        place += 1
        results = message.role == "user" and message.content.startswith(RESULTS)
        if message.role == "assistant":
            kept = message.content != prompt and not message.content.startswith(RESULTS)
            answered = answered or kept
            yield _call(head, root, place, new, message if kept else None, ended=True)
            new = []
            continue
        if results:
            yield _tool(head, root, place, message)
        elif new:
            yield _call(head, root, place, new, None, ended=False)
            new = []
        if not results:
            prompt = message.content
        new.append(message)
    if new:
        place += 1
        yield _call(head, root, place, new, None, ended=False)
    if answered:
        yield _span(head, root, place + 1, "trading.decision", said[-1].row, {
            "trading.account.id": head.account, "trading.run.id": head.account,
            **({"trading.decision.data_asof": head.step} if head.step else {}),
        })  # fmt: skip
    facts = {"aitrader.signature": head.signature, "aitrader.step": head.step, "trading.run.id": head.account,
             "trading.account.id": head.account}  # fmt: skip
    # A step whose last message is a question got no answer: it is not known to have ended.
    last = _span(head, "", 0, f"AI-Trader step {head.step}".strip(), said[0].row, facts, ended=not new)
    yield last if last.end_ns == 0 else _until(last, place + 1)


def _until(span: Span, place: int) -> Span:
    return Span(**{name: getattr(span, name) for name in Span.__struct_fields__} | {"end_ns": span.start_ns + place})


def _call(head: _Head, root: str, place: int, new: list[_Said], answer: _Said | None, *, ended: bool) -> Span:
    facts: dict[str, Any] = {"aitrader.input": orjson.dumps([_shown(message) for message in new]).decode()}
    if answer is not None:
        facts["aitrader.output"] = orjson.dumps([_shown(answer)]).decode()
    stamp = answer.timestamp if answer else new[-1].timestamp if new else ""
    if stamp:
        facts["aitrader.timestamp"] = stamp
    facts["aitrader.signature"] = head.signature
    row = answer.row if answer else new[-1].row if new else 0
    return _span(head, root, place, "model call", row, facts, ended=ended)


def _shown(message: _Said) -> dict[str, str]:
    if message.role == "user" and message.content.startswith(RESULTS):
        return {"role": "tool", "content": message.content.removeprefix(RESULTS).lstrip(" ")}
    return {"role": message.role, "content": message.content}


def _tool(head: _Head, root: str, place: int, message: _Said) -> Span:
    facts = {"aitrader.result": message.content.removeprefix(RESULTS).lstrip(" ")}
    if message.timestamp:
        facts["aitrader.timestamp"] = message.timestamp
    return _span(head, root, place, "tool results", message.row, facts)


def _span(
    head: _Head, parent: str, place: int, name: str, row: int, facts: dict[str, Any], *, ended: bool = True
) -> Span:
    start = head.at_ns + place if head.at_ns else 0
    raw = f"{head.raw_trace}:{place}" if parent else f"{head.raw_trace}:run"
    return Span(
        trace_id=trace_hex(head.raw_trace), trace_id_raw=head.raw_trace, span_id=span_hex(raw), span_id_raw=raw,
        parent_span_id=parent, name=name, start_ns=start, end_ns=start if ended else 0, attributes=facts,
        resource={"service.name": "AI-Trader"}, format=NAME, position=row,
    )  # fmt: skip
