"""Provider cascade: an outage or a rate limit led to a weaker model, a shorter prompt, no validation or a default.

As question 8 of the checklist, with outages beside throttles: a status 429, 503 or 529, any other 5xx, an error that
says rate limit, overloaded, exhausted, quota, a lost or refused connection, a timeout; on a model, on a data provider,
in the rows of the gateway book or in a line of a log. A bad request, a refused key and a full context are other faults.

It fires when, after it and in the same step, a weaker model answered (`[policy.model_tiers]`, else size and generation
within a family), the same task was asked with under half of the input, the validation that met it left no verdict
before the order or was marked skipped, or a default stood in (a decision after every model call of its step had failed,
an event `trading.default_action`, an output or a log line that says default). A retry that succeeds on the same or a
stronger model fires nothing, and neither does a hold that a model reasoned.

One event per trace, at the first outage or limit that led to less; the figure is how many degraded steps it had (what
several failures led to counts once).
Clients retry in silence, so a trace whose calls show neither statuses, resend counts, HTTP spans, errors nor rows of a
gateway is a note that says unknown. There is no limit in the policy: one degraded step is enough.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from afterbell.model.casefile import CaseFile
from afterbell.model.docket import Docket, RunFacts
from afterbell.model.event import Event, event
from afterbell.model.policy import Policy
from afterbell.model.run import Trace
from afterbell.model.scan import Evidence
from afterbell.model.vocabulary import ContentState, TriggerName
from afterbell.reading.legs.calls import unheld
from afterbell.reading.throttles.degradation import followed
from afterbell.reading.throttles.gateway import Attempt, attempts
from afterbell.reading.throttles.stand_ins import admitted
from afterbell.reading.throttles.step import Effect, Followed
from afterbell.reading.throttles.throttling import model_calls, throttles, untold
from afterbell.reading.times import stated

NAME = "provider_cascade"
TITLE = "An outage or a rate limit led to a weaker model, a shorter prompt or a skipped validation"
UNIT = "degraded steps"

STATUSES = "HTTP statuses or resend counts of model calls (spans of the HTTP client, or the gateway book)"
BEHIND = "the model calls behind a sum or an agent's run, one by one"
LOGGED = "the model calls behind the log, with their statuses"
_DEGRADED = frozenset({Effect.WEAKER, Effect.SHORTER, Effect.SKIPPED, Effect.DEFAULT})
_MOST, _LISTED, _TOLD = 8, 5, 3
_EXCERPT = 300


class Degraded(Struct, frozen=True, kw_only=True):
    """One step that went on with less: when its provider failed, what followed in words, and both places."""

    at_ns: int
    told: str
    effect: str
    evidence: tuple[Evidence, ...]


class Cascade(Struct, frozen=True, kw_only=True):
    """What is kept of one trace: its degraded steps (the first few, and how many), and what could not be told."""

    steps: tuple[Degraded, ...] = ()
    count: int = 0
    missing: tuple[str, ...] = ()


def gather(case: CaseFile) -> Cascade | None:
    """Return the degraded steps of a trace and what is missing; None where nothing can have failed or all is told."""
    trace = case.trace
    gateway = attempts(trace, case.books.gateway)
    seen = throttles(trace, gateway, outages=True)
    outcomes = followed(trace, seen, case.policy.model_tiers)
    found: dict[object, Degraded] = {}
    for struck, effect in outcomes:
        if effect.effect in _DEGRADED:
            step = Degraded(at_ns=struck.at_ns, told=effect.told, effect=str(effect.effect),
                            evidence=_short((struck.evidence, *effect.evidence)))  # fmt: skip
            found.setdefault((effect.effect, effect.evidence or struck.evidence), step)
    steps = list(found.values())
    known = {proof for step in steps for proof in step.evidence}
    steps += [
        Degraded(at_ns=trace.started_ns, told=effect.told, effect=str(effect.effect), evidence=_short(effect.evidence))
        for effect in admitted(trace, outages=True) if not known.intersection(_short(effect.evidence))
    ]  # fmt: skip
    if steps:
        steps.sort(key=lambda each: each.at_ns)
        return Cascade(steps=tuple(steps[:_MOST]), count=len(steps))
    missing = _missing(trace, gateway, [effect for _struck, effect in outcomes])
    return Cascade(missing=missing) if missing else None


def _short(proofs: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Return each place once, with an excerpt of bounded length."""
    return tuple(dict.fromkeys(
        proof if len(proof.excerpt) <= _EXCERPT else Evidence(
            trace_id=proof.trace_id, span_id=proof.span_id, field=proof.field, excerpt=proof.excerpt[:_EXCERPT],
            start=proof.start, end=proof.start + _EXCERPT)
        for proof in proofs
    ))  # fmt: skip


def _missing(trace: Trace, gateway: Sequence[Attempt], outcomes: Sequence[Followed]) -> tuple[str, ...]:
    unclear = tuple(dict.fromkeys(effect.missing for effect in outcomes if effect.effect is Effect.UNTOLD))
    if unclear:
        return unclear
    if outcomes and all(effect.effect is Effect.RECOVERED for effect in outcomes):
        return ()
    missing = [BEHIND] if unheld(trace) else []
    if untold(trace, gateway):
        missing.append(STATUSES)
    if missing or model_calls(trace) or outcomes:
        return tuple(missing)
    if any(tool.result_state is not ContentState.CAPTURED for tool in trace.tools):
        return ("results of tool calls",)
    return (LOGGED,) if trace.logs and not trace.tools and not trace.trades else ()


def fire(docket: Docket) -> tuple[Event, ...]:
    """Return an event for each trace that had a degraded step."""
    return tuple(_event(run, found, docket.policy) for run, found in _found(docket) if found.steps)


def notes(docket: Docket) -> tuple[str, ...]:
    """Return a sentence for each thing that is missing, with the traces it is missing from."""
    by_reason: dict[str, list[str]] = {}
    for run, found in _found(docket):
        for missing in found.missing:
            by_reason.setdefault(missing, []).append(f"trace:{run.trace_id}")
    return tuple(f"{NAME}, {_listed(names)}: unknown, {missing} missing" for missing, names in by_reason.items())


def _found(docket: Docket) -> list[tuple[RunFacts, Cascade]]:
    every = ((run, run.gathered.get(NAME)) for run in docket.runs)
    return [(run, found) for run, found in every if isinstance(found, Cascade)]


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return ", ".join(names[:_LISTED]) + more


def _event(run: RunFacts, found: Cascade, policy: Policy) -> Event:
    first = found.steps[0]
    told = " ".join(dict.fromkeys(step.told for step in found.steps[:_TOLD]))
    more = f" {found.count} degraded steps in all." if found.count > 1 else ""
    limits = policy.of(next((name for name in run.strategy_ids if name in policy.strategies), ""))
    return event(
        TriggerName.PROVIDER_CASCADE,
        subject=f"trace:{run.trace_id}",
        occurred_at=stated(first.at_ns) or stated(run.started_ns),
        received_at=run.received_at,
        due_hours=limits.meeting_due_hours,
        measured=str(found.count),
        limit="0",
        unit=UNIT,
        reason=f"{told}{more} ({_effects(found.steps)})",
        trace_ids=(run.trace_id,),
        evidence=tuple(dict.fromkeys(proof for step in found.steps for proof in step.evidence)),
    )


def _effects(steps: Sequence[Degraded]) -> str:
    counts: dict[str, int] = {}
    for step in steps:
        counts[step.effect] = counts.get(step.effect, 0) + 1
    return ", ".join(f"{effect} {count}x" if count > 1 else effect for effect, count in counts.items())
