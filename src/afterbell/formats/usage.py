"""Token counts under every spelling seen, in one convention: cache inside input, reasoning inside output.

OpenTelemetry, OpenInference and OpenAI report inclusive figures; Anthropic's raw API and Langfuse leave
cached input out. Where the figures themselves prove the other convention, they win over what the caller
expects. A figure that is not there stays None: not reported is not zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from afterbell.model.calls import Usage
from afterbell.model.vocabulary import UsageConvention

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from afterbell.model.calls import Source

_CACHE_SHAPES = ("{}.input_tokens", "{}_input_tokens", "{}_tokens", "{}.tokens")
_READ = ("cache_read", "cached", "input_cached")
_WRITE = ("cache_write", "cache_creation")


def _spell(prefix: str, stems: Iterable[str]) -> tuple[str, ...]:
    return tuple(prefix + shape.format(stem) for stem in stems for shape in _CACHE_SHAPES)


INPUT = (
    "gen_ai.usage.input_tokens",
    "gen_ai.usage.prompt_tokens",
    "llm.token_count.prompt",
    "llm.usage.prompt_tokens",
    "llm.usage.input_tokens",
)
OUTPUT = (
    "gen_ai.usage.output_tokens",
    "gen_ai.usage.completion_tokens",
    "llm.token_count.completion",
    "llm.usage.completion_tokens",
    "llm.usage.output_tokens",
)
CACHE_READ = (
    *_spell("gen_ai.usage.", _READ),
    "llm.token_count.prompt_details.cache_read",
    "llm.token_count.prompt_details.cache_input",
    *_spell("llm.usage.", _READ),
    "gen_ai.usage.details.cache_read_tokens",
    "gen_ai.usage.details.cached_tokens",
    "gen_ai.usage.details.cache_read_input_tokens",
)
CACHE_WRITE = (
    *_spell("gen_ai.usage.", _WRITE),
    "llm.token_count.prompt_details.cache_write",
    *_spell("llm.usage.", _WRITE),
    "gen_ai.usage.details.cache_write_tokens",
    "gen_ai.usage.details.cache_creation_input_tokens",
)
REASONING = (
    "gen_ai.usage.reasoning.output_tokens",
    "gen_ai.usage.reasoning_tokens",
    "gen_ai.usage.output_tokens.reasoning",
    "llm.token_count.completion_details.reasoning",
    "llm.usage.reasoning_tokens",
    "gen_ai.usage.details.reasoning_tokens",
)
TOTAL = ("gen_ai.usage.total_tokens", "llm.token_count.total", "llm.usage.total_tokens")

_DETAILS = {
    "input": (
        ("input_tokens",),
        ("prompt_tokens",),
        ("input",),
        ("promptTokens",),
        ("inputTokens",),
        ("prompt",),
        ("prompt_token_count",),
        ("promptTokenCount",),
    ),
    "output": (
        ("output_tokens",),
        ("completion_tokens",),
        ("output",),
        ("completionTokens",),
        ("outputTokens",),
        ("completion",),
        ("candidates_token_count",),
        ("candidatesTokenCount",),
    ),
    "cache_read": (
        ("cache_read_input_tokens",),
        ("input_cache_read",),
        ("input_cached_tokens",),
        ("cached_tokens",),
        ("prompt_tokens_details", "cached_tokens"),
        ("input_tokens_details", "cached_tokens"),
        ("input_token_details", "cache_read"),
        ("prompt_token_details", "cache_read"),
        ("cacheReadInputTokens",),
        ("cachedInputTokens",),
        ("cached_content_token_count",),
        ("input_cache_read_tokens",),
    ),
    "cache_write": (
        ("cache_creation_input_tokens",),
        ("cache_write_input_tokens",),
        ("input_cache_creation",),
        ("input_token_details", "cache_creation"),
        ("prompt_token_details", "cache_creation"),
        ("cacheWriteInputTokens",),
        ("cacheCreationInputTokens",),
    ),
    "reasoning": (
        ("completion_tokens_details", "reasoning_tokens"),
        ("output_tokens_details", "reasoning_tokens"),
        ("output_token_details", "reasoning"),
        ("completion_token_details", "reasoning"),
        ("output_reasoning_tokens",),
        ("output_reasoning",),
        ("reasoning_tokens",),
        ("reasoningTokens",),
        ("thoughts_token_count",),
    ),
    "total": (("total_tokens",), ("total",), ("totalTokens",), ("total_token_count",)),
}


class Counts(Struct, frozen=True, kw_only=True):
    """Tokens as one source states them, in its own convention; None = not stated."""

    input: int | None = None
    output: int | None = None
    cache_read: int | None = None
    cache_write: int | None = None
    reasoning: int | None = None
    total: int | None = None


def tokens(value: Any) -> int | None:
    """Return a token count from a number or its text (also 12.0); None for anything else."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        number = float(value) if not isinstance(value, int) else value
        whole = int(number)
    except (TypeError, ValueError, OverflowError):
        return None
    return whole if whole == number and whole >= 0 else None


def of_attributes(attributes: Mapping[str, Any], at: Callable[[str], Source]) -> Usage:
    """Return the usage that span attributes report under any known name; `at` makes the source of a key."""
    found: dict[str, int] = {}
    place = ""
    for leg, names in _BY_LEG:
        for name in names:
            if name in attributes:
                count = tokens(attributes[name])
                if count is not None:
                    found[leg] = count
                    place = place or name
                    break
    if not found:
        return Usage()
    return inclusive(Counts(**found), UsageConvention.INCLUSIVE, at(place))


_BY_LEG = (
    ("input", INPUT),
    ("output", OUTPUT),
    ("cache_read", CACHE_READ),
    ("cache_write", CACHE_WRITE),
    ("reasoning", REASONING),
    ("total", TOTAL),
)


def of_details(details: Mapping[str, Any], convention: UsageConvention, source: Source | None = None) -> Usage:
    """Return the usage of a usage object (OpenAI, Anthropic, Gemini, Langfuse, LangChain and their like).

    `convention` is what that object is documented to mean.
    """
    found: dict[str, int] = {}
    for leg, paths in _DETAILS.items():
        for path in paths:
            value: Any = details
            for key in path:
                value = value.get(key) if isinstance(value, Mapping) else None
            count = tokens(value)
            if count is not None:
                found[leg] = count
                break
    return inclusive(Counts(**found), convention, source) if found else Usage()


def inclusive(counts: Counts, convention: UsageConvention, source: Source | None = None) -> Usage:
    """Return counts with cached tokens inside input and reasoning inside output; `convention` is theirs.

    Proof beats documentation: cached tokens that exceed the input cannot lie inside it, nor reasoning
    inside a smaller output. A total without one of its parts supplies the missing part.
    """
    cached = (counts.cache_read or 0) + (counts.cache_write or 0)
    entered, left = counts.input, counts.output
    if entered is not None and cached > entered:
        convention = UsageConvention.EXCLUSIVE
    outside = convention is UsageConvention.EXCLUSIVE
    if outside and entered is not None:
        entered += cached
    if left is not None and counts.reasoning is not None and counts.reasoning > left:
        left += counts.reasoning
    if counts.total is not None:
        if entered is None and left is not None and counts.total >= left:
            entered = counts.total - left
        elif left is None and entered is not None and counts.total >= entered:
            left = counts.total - entered
    return Usage(
        input_tokens=entered,
        output_tokens=left,
        cache_read=counts.cache_read,
        cache_write=counts.cache_write,
        reasoning=counts.reasoning,
        stated_total=counts.total if entered is None and left is None else None,
        convention=convention,
        source=source,
    )
