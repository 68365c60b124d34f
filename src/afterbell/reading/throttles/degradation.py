"""What throttles led to in the same step: a weaker model, a shorter prompt, no validation, a default, or nothing.

It reads one trace and does not say what was never recorded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from afterbell.model.run import Trace
from afterbell.reading.throttles.retried import call_again, tool_again
from afterbell.reading.throttles.stand_ins import defaulted, skipped
from afterbell.reading.throttles.step import Effect, Followed, StepFacts
from afterbell.reading.throttles.throttling import Throttle


def followed(
    trace: Trace, throttles: Sequence[Throttle], tiers: Mapping[str, int]
) -> tuple[tuple[Throttle, Followed], ...]:
    """Return each throttle with what followed it in the same step; `tiers` are the policy's tiers of models."""
    facts = StepFacts(trace)
    return tuple((throttle, effect) for throttle in throttles for effect in _effects(facts, throttle, tiers))


def _effects(facts: StepFacts, throttle: Throttle, tiers: Mapping[str, int]) -> tuple[Followed, ...]:
    tool = throttle.tool
    first = call_again(facts, throttle, tiers) if tool is None else tool_again(facts.trace, tool, throttle)
    if first.effect is not Effect.NOTHING:
        return (first,)
    found = (*skipped(facts, throttle), *defaulted(facts, throttle))
    return found or (first,)
