"""Where a LangSmith run states tokens: its counters, the answer's usage, or what LangSmith took from the answer.

Not a dialect of its own; `langsmith` asks it. Input includes cached tokens and output includes reasoning, as LangChain
documents `usage_metadata`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from afterbell.formats import usage
from afterbell.formats.messages import as_json, as_object
from afterbell.model.calls import Source, Usage
from afterbell.model.vocabulary import UsageConvention

if TYPE_CHECKING:
    from collections.abc import Iterator

    from afterbell.formats.dialects.inputs_outputs import Side
    from afterbell.model.trace import Span

_COUNTS = ("prompt_tokens", "completion_tokens", "total_tokens", "prompt_token_details", "completion_token_details")
_LEGS = ("input_tokens", "output_tokens", "cache_read", "cache_write", "reasoning")
_ANTHROPIC = ("cache_read_input_tokens", "cache_creation_input_tokens")
_DEEPEST = 12  # no client nests answers as deep


def stated(span: Span) -> Usage:
    """Return the usage that the run's own counters state; of a step, LangSmith's sum over all runs below."""
    counts = {key: as_json(span.attributes.get(f"langsmith.{key}")) for key in _COUNTS}
    return usage.of_details(counts, UsageConvention.INCLUSIVE, _at(span, "total_tokens"))


def replies(value: Any, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    """Yield the answers of models in an output: objects that carry a reply's own metadata, wherever they are."""
    if depth > _DEEPEST:
        return
    if isinstance(value, Mapping):
        if "response_metadata" in value or "usage_metadata" in value:
            yield value
        for inner in value.values():
            yield from replies(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from replies(inner, depth + 1)


def of_call(
    span: Span, out: Mapping[str, Any], metadata: Mapping[str, Any],
    answers: list[Mapping[str, Any]], answered: Side,
) -> Usage:  # fmt: skip
    """Return the usage from the place that says most: the answer, what LangSmith took from it, the run's counters."""
    inner = as_object(out.get("llm_output"))
    places = [(out.get("usage_metadata"), answered.at(".usage_metadata"))]
    places += [(reply.get("usage_metadata"), answered.at("")) for reply in answers]
    places += [
        (metadata.get("usage_metadata"), _at(span, "extra.metadata.usage_metadata")),
        (inner.get("token_usage") or inner.get("usage"), answered.at(".llm_output")),
        (out.get("usage"), answered.at(".usage")),
    ]
    for value, place in places:
        counts = as_object(value)
        # Anthropic's own usage leaves cached input out; only it has these names.
        raw = any(name in counts for name in _ANTHROPIC)
        convention = UsageConvention.EXCLUSIVE if raw else UsageConvention.INCLUSIVE
        found = usage.of_details(counts, convention, place)
        if found.total is not None:
            return found
    return stated(span)


def detailed(counted: Usage, answers: list[Mapping[str, Any]], answered: Side) -> Usage:
    """Return the answers' own usage where it adds up to the stated total exactly, else the stated one."""
    parts = [usage.of_details(as_object(reply.get("usage_metadata")), UsageConvention.INCLUSIVE) for reply in answers]
    if counted.input_tokens is not None or not parts or sum(part.total or 0 for part in parts) != counted.total:
        return counted
    summed = {
        leg: sum(getattr(part, leg) for part in parts)
        for leg in _LEGS
        if all(getattr(part, leg) is not None for part in parts)
    }
    return Usage(**summed, source=answered.at("")) if {"input_tokens", "output_tokens"} <= set(summed) else counted


def _at(span: Span, key: str) -> Source:
    return Source(trace_id=span.trace_id, span_id=span.span_id, field=f"langsmith.{key}")
