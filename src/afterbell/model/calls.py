"""The logical layer: what the spans say about model calls, messages, tools and documents.

One logical call may be two or three physical spans; its usage is counted once. Messages are stored once, by the
SHA-256 of their canonical form, and referenced: each chat span repeats the whole history. Every derived value
names its source, so that a suggestion can cite span and field.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from msgspec import Struct

from afterbell.model.vocabulary import ContentState, Stage, UsageConvention


class Source(Struct, frozen=True, kw_only=True, gc=False):
    """Where a derived value stands: a span and the path of a field in it.

    For example `gen_ai.input.messages[2].parts[0].content`, `llm.input_messages.2.message.content`, `status.message`.
    """

    trace_id: str
    span_id: str
    field: str = ""


ROLLUP: Final = "rollup"
"""The operation of what is only a sum of calls, on the span of an agent or a root; it is never added to them."""


COSTS: Final = ("gen_ai.usage.cost.amount", "gen_ai.usage.cost", "gen_ai.usage.total_cost", "operation.cost",
                "llm.cost.total")  # fmt: skip
"""The attributes in which a span may state what its call cost, the likeliest first."""


class PartKind(StrEnum):
    """What a part of a message is."""

    TEXT = "text"
    REASONING = "reasoning"
    TOOL_CALL = "tool_call"
    TOOL_RESULT = "tool_result"
    OTHER = "other"


class Part(Struct, frozen=True, kw_only=True):
    """One part of a message. `text` is what a reader sees: content, arguments of a tool call, a tool's result."""

    kind: PartKind
    text: str = ""
    call_id: str = ""
    name: str = ""


class Message(Struct, frozen=True, kw_only=True):
    """A message, addressed by content: `sha256` covers role and parts, not the place where it was seen."""

    sha256: str
    role: str
    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """The parts' texts, one after the other."""
        return "\n".join(part.text for part in self.parts if part.text)


class MessageRef(Struct, frozen=True, kw_only=True):
    """A message at one place: which one, and the source of each of its parts (as many as the message has)."""

    sha256: str
    sources: tuple[Source, ...]


class Usage(Struct, frozen=True, kw_only=True):
    """Tokens of one logical call.

    `input_tokens` includes cached input and `output_tokens` includes reasoning, whatever the emitter's convention
    was (kept in `convention`). None = not reported, which is not zero. `stated_total` is the sum where the emitter
    stated only that; it is None where a part is known.
    """

    input_tokens: int | None = None
    output_tokens: int | None = None
    cache_read: int | None = None
    cache_write: int | None = None
    reasoning: int | None = None
    stated_total: int | None = None
    convention: UsageConvention = UsageConvention.INCLUSIVE
    source: Source | None = None

    @property
    def total(self) -> int | None:
        """Inclusive input plus output, else the total as stated, or None when nothing was reported."""
        if self.input_tokens is None and self.output_tokens is None:
            return self.stated_total
        return (self.input_tokens or 0) + (self.output_tokens or 0)

    @property
    def visible(self) -> int:
        """Output without reasoning: above zero, something was said that content should show; 0 where not reported."""
        return (self.output_tokens or 0) - (self.reasoning or 0)


class LlmCall(Struct, frozen=True, kw_only=True):
    """One logical model call. `span_id` is the span it was read from, `duplicates` the other spans of the same call.

    `states` says per leg (system, input, output, tools) whether content is there and, if not, why.
    """

    call_id: str
    span_id: str
    duplicates: tuple[str, ...] = ()
    response_id: str = ""
    provider: str = ""
    request_model: str = ""
    response_model: str = ""
    operation: str = "chat"
    started_ns: int = 0
    ended_ns: int = 0
    parameters: Mapping[str, Any] = {}
    finish_reasons: tuple[str, ...] = ()
    error_type: str = ""
    error_message: str = ""
    http_status: int | None = None
    resend_count: int | None = None
    usage: Usage = Usage()
    cost: Decimal | None = None
    cost_currency: str = ""
    prompt_name: str = ""
    prompt_version: str = ""
    agent_name: str = ""
    stage: Stage | None = None
    task_type: str = ""
    system: tuple[MessageRef, ...] = ()
    input: tuple[MessageRef, ...] = ()
    output: tuple[MessageRef, ...] = ()
    tool_definitions: str = ""
    states: Mapping[str, ContentState] = {}

    @property
    def failed(self) -> bool:
        """Whether the call ended in an error."""
        return bool(self.error_type or self.error_message)


class ToolCall(Struct, frozen=True, kw_only=True):
    """A tool call joined over its three legs: asked for in a model's output, executed, fed back into a prompt.

    An empty leg is a finding of its own. `workflow_step` marks a tool span that no model asked for (no call id).
    """

    call_id: str
    name: str = ""
    arguments: str = ""
    result: str = ""
    is_error: bool = False
    error_type: str = ""
    asked_in: tuple[Source, ...] = ()
    executed_in: str = ""
    fed_back_in: tuple[Source, ...] = ()
    arguments_source: Source | None = None
    result_source: Source | None = None
    result_state: ContentState = ContentState.NOT_CAPTURED
    started_ns: int = 0
    ended_ns: int = 0
    stage: Stage | None = None
    workflow_step: bool = False


class Document(Struct, frozen=True, kw_only=True):
    """A retrieved item: news, filing, transcript. Dates are the emitter's own text; `sha256` is of the content."""

    doc_id: str = ""
    url: str = ""
    title: str = ""
    text: str = ""
    publisher: str = ""
    published_at: str = ""
    retrieved_at: str = ""
    sha256: str = ""
    stated_sha256: str = ""
    rank: int = 0
    score: Decimal | None = None
    metadata: Mapping[str, Any] = {}
    source: Source
    started_ns: int = 0
    stage: Stage | None = None
    state: ContentState = ContentState.CAPTURED


class Annotation(Struct, frozen=True, kw_only=True):
    """What a person, a model or a program said about a span or a trace."""

    target: str
    name: str
    label: str = ""
    score: Decimal | None = None
    explanation: str = ""
    annotator_kind: str = ""
    identifier: str = ""
    source: Source | None = None
