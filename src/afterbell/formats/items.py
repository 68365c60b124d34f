"""What an envelope yields, and the contract of the two shelves.

An envelope module has
- `NAME` (the format's name as printed), `TITLE` (one line for people), `UNIT` (LINE or STREAM);
- `recognise(head, name) -> bool`: `head` is up to 64 KiB of the (decompressed) beginning, `name` the path as given,
  a hint only. Must not raise on any bytes;
- UNIT LINE: `read(line: bytes, context) -> Iterator[Item]`, one line without its newline;
  UNIT STREAM: `read(stream: BinaryIO, context) -> Iterator[Item]`, the whole source.
It raises nothing on bad input: what it cannot take is yielded as a `Refusal` with place and reason. It leaves
`evidence` empty and sets `position` to `context.position` (LINE) or to the frame, run or row number (STREAM).

A dialect module has `NAME`, `RANK` (lower speaks first when several do), `speaks(span) -> bool` and
`read(span, logs) -> Readout`, where `logs` are the log records that carry the span's id; and, where facts travel in
log records that need no span, `read_logs(logs, spans) -> Readout` over all log records of a trace.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from afterbell.model.books import BookRow
from afterbell.model.calls import Annotation, Document, LlmCall, Message, ToolCall
from afterbell.model.trace import LogRecord, Refusal, Span
from afterbell.model.trading import Budget, TradeEvent
from afterbell.model.vocabulary import SpanKind

Item = Span | LogRecord | BookRow | Refusal


class Unit(StrEnum):
    """How an envelope is fed."""

    LINE = "line"
    STREAM = "stream"


class Context(Struct, frozen=True, kw_only=True):
    """Where a unit stands: the source's name as the user gave it, and the number of the unit (from 1)."""

    name: str = ""
    position: int = 0
    last: bool = False


class Readout(Struct, frozen=True, kw_only=True):
    """What one dialect understands of one span.

    `call` holds what this span alone says of a model call (`call_id` = the span's id; stage, duplicates and joins
    are assembly's work). `tool` likewise describes the execution leg of a tool call. `messages` holds every message
    that `call` references, by SHA-256.
    """

    kind: SpanKind | None = None
    call: LlmCall | None = None
    tool: ToolCall | None = None
    messages: tuple[Message, ...] = ()
    documents: tuple[Document, ...] = ()
    trades: tuple[TradeEvent, ...] = ()
    budgets: tuple[Budget, ...] = ()
    annotations: tuple[Annotation, ...] = ()
    agent_name: str = ""
    stage: str = ""
