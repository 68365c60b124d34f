"""Rate-limit degradation: throttled, and then a weaker model, a shorter prompt, a skipped validation or a default.

What it asks
    Did throttling lead the agent to a weaker model, a shortened prompt, a skipped validation or a default action?

Why it matters
    The run ends well, the trade is made, and nothing on the equity curve says that the cheap model made it or that
    nobody checked it. It happens when the market is busy, which is when it matters.

How it looks
    A throttle is a status 429, 503 or 529, an error that says rate limit, overloaded, resources exhausted or quota, a
    fallback recorded for such a reason, or a tool's result that is a limit notice and nothing else; on the model or on
    a data provider. 400, 401, 403, 404, 422, a full context window and a plain 500 are other faults. Yes when in the
    same step, after it, a weaker model answered (`[policy.model_tiers]`, else size and generation within a family);
    the same task was asked with under half of the input; the throttled validation left no verdict before the order, or
    was marked skipped; or a default stood in: a decision after every model call of its step had failed, an event
    `trading.default_action`, an output that says default. A retry that succeeds on the same or a stronger model is no.
    No also when every call shows its status, resend count, HTTP spans, error or rows of the gateway book. Else unknown:
    clients that retry by themselves hide a 429 in a span that looks fine.

What would prevent it
    A queue that waits instead of a chain that downgrades; a gate that refuses orders without a verdict; HTTP spans, or
    the gateway's log, kept beside the trace.
"""

from __future__ import annotations

from collections.abc import Sequence

from afterbell.model.casefile import CaseFile, Need
from afterbell.model.scan import Evidence, Suggestion, na, no, unknown, yes
from afterbell.model.vocabulary import ContentState
from afterbell.reading.legs.calls import unheld
from afterbell.reading.throttles.degradation import followed
from afterbell.reading.throttles.gateway import attempts
from afterbell.reading.throttles.stand_ins import admitted
from afterbell.reading.throttles.step import Effect, Followed
from afterbell.reading.throttles.throttling import model_calls, throttles, untold

NUMBER = 8
SLUG = "rate_limit_degradation"
QUESTION = (
    "Did throttling lead the agent to a weaker model, a shortened prompt, a skipped validation or a default action?"
)
SINCE = "0.1.0"
NEEDS = (Need.SPANS,)
KNOBS: dict[str, int] = {}

_SHOWN = 3
_DEGRADED = frozenset({Effect.WEAKER, Effect.SHORTER, Effect.SKIPPED, Effect.DEFAULT})


def detect(case: CaseFile) -> Suggestion:
    """Return yes with the throttle and what it led to; no when all is told or made good; else unknown."""
    trace = case.trace
    calls = model_calls(trace)
    gateway = attempts(trace, case.books.gateway)
    seen = throttles(trace, gateway)
    behind = unheld(trace)
    if not calls and not trace.tools and not seen and not behind and not gateway:
        return na("No model call and no tool call in this trace: nothing could be throttled.")
    outcomes = followed(trace, seen, case.policy.model_tiers)
    bad = [(throttle.evidence, effect) for throttle, effect in outcomes if effect.effect in _DEGRADED]
    bad += [(effect.evidence[0], effect) for effect in admitted(trace)]
    figures = {"throttles": len(seen), "model_calls": len(calls)}
    if bad:
        return _degraded(bad, figures)
    every = [effect for _throttle, effect in outcomes]
    unclear = tuple(dict.fromkeys(each.missing for each in every if each.effect is Effect.UNTOLD))
    if unclear:
        return unknown("A throttle was followed by another model, and which is the weaker cannot be told.", unclear,
                       figures, tuple(each.evidence for each in seen[:_SHOWN]))  # fmt: skip
    if seen and all(each.effect is Effect.RECOVERED for each in every):
        told = next(each.told for each in every)
        return no(f"{_count(len(seen), 'throttle')} and each was made good: {told}", figures,
                  tuple(each.evidence for each in seen[:_SHOWN]))  # fmt: skip
    hidden = untold(trace, gateway)
    missing = list(behind)
    adrift = sum(each.failed and each.call is None for each in gateway)
    if adrift:
        missing.append(f"the model calls behind {_count(adrift, 'failed attempt')} at the gateway")
    if hidden:
        missing.append(f"HTTP statuses or resend counts of {len(hidden)} of {len(calls)} model calls (spans of the HTTP"
                       " client, or the gateway's log)")  # fmt: skip
    if (
        not missing
        and not calls
        and not seen
        and any(tool.result_state is not ContentState.CAPTURED for tool in trace.tools)
    ):
        missing.append("results of the tool calls")
    if missing:
        what = "A throttle is seen without what became of its step" if seen else "No throttle is seen"
        return unknown(f"{what}, but clients retry in silence.", tuple(missing), figures,
                       tuple(each.evidence for each in seen[:_SHOWN]))  # fmt: skip
    if seen:
        return no(f"{_count(len(seen), 'throttle')}; nothing weaker, shorter, skipped or by default followed.", figures,
                  tuple(each.evidence for each in seen[:_SHOWN]))  # fmt: skip
    if not calls:
        return no(
            f"No result of {_count(len(trace.tools), 'tool call')} is a limit notice; no model was called.", figures
        )
    return no(f"The outcome of {_count(len(calls), 'model call')} is told and none was throttled.", figures)


def _degraded(bad: Sequence[tuple[Evidence, Followed]], figures: dict[str, int]) -> Suggestion:
    reasons = list(dict.fromkeys(effect.told for _proof, effect in bad))
    proof = dict.fromkeys(each for first, effect in bad for each in (first, *effect.evidence))
    effects = ", ".join(dict.fromkeys(str(effect.effect) for _proof, effect in bad))
    return yes(" ".join(reasons[:_SHOWN]), tuple(proof), {**figures, "effects": effects})


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
