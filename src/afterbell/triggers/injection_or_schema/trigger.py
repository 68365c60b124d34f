"""Injection or schema: retrieved text reached for the agent's tools, or an output that failed its schema went on.

Both are security events, whether or not a trade was touched; each fires once per trace and never for a limit of the
policy: one is enough.

Injection. Everything we did not write is read: results of tools, error messages, documents with title and metadata,
tool messages in prompts. It fires on text that coerces tools, orders or data out, or that asks an agent for a rating or
an order. Promotion for human readers, manuals and reported speech do not. The reason says whether the text was only
present or was obeyed: a later tool call, order or answer does what it asked and our own prompts had not.

Schema. It fires when a validator denied an output (`trading.validation`, a risk check called `output_schema`), or an
output departs from its declared schema (response format, submit tool, the decision's output schema), and an order or a
decision to trade rests on that output. A denial followed by a valid retry, or by a hold, is no bypass. A lenient allow
does not clear a failing output; a strict one does. The order may stand in another trace of the idea, or in the fills.

A retrieved text that was not kept, and a trace that holds neither retrieved text nor any validation, are notes that say
unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from afterbell.model.casefile import CaseFile
from afterbell.model.docket import Docket, RunFacts
from afterbell.model.event import Event, event
from afterbell.model.run import Trace
from afterbell.model.scan import Evidence
from afterbell.model.trading import TradeEvent, TradeKind
from afterbell.model.vocabulary import TriggerName
from afterbell.reading.answers.bypass import IDLE, Fault, outputs
from afterbell.reading.followed import Followed, followed
from afterbell.reading.instructions import Finding, find
from afterbell.reading.instructions.coercion import coerces, reach
from afterbell.reading.results.holdings import ns
from afterbell.reading.results.owners import cited
from afterbell.reading.times import stated
from afterbell.reading.untrusted_texts import Untrusted, untrusted

NAME = "injection_or_schema"
TITLE = "A retrieved text coerced the agent, or an output that failed its schema was used"

NOTHING = "retrieved texts, and any validation of outputs"
_MOST, _JUDGED, _LISTED, _SHOWN = 5, 10, 5, 3
_EXCERPT, _WORDS, _SAME = 300, 120, 40
_TRADES = (TradeKind.ORDER, TradeKind.DECISION)


class Attempt(Struct, frozen=True, kw_only=True):
    """Attempts to coerce, in one trace: how many, when and where the first ones stand, and what obeyed them."""

    at_ns: int
    count: int
    told: str
    obeyed: str = ""
    evidence: tuple[Evidence, ...] = ()


class Kept(Struct, frozen=True, kw_only=True):
    """What is kept of one trace: attempts, faulty outputs (the first few), and what could not be told."""

    attempt: Attempt | None = None
    faults: tuple[Fault, ...] = ()
    missing: tuple[str, ...] = ()


def gather(case: CaseFile) -> Kept | None:
    """Return the attempts and the faulty outputs of a trace, and what is missing; None where all is in order."""
    trace = case.trace
    intake, made = untrusted(trace), outputs(trace)
    hits = [(text, finding) for text in intake.texts for finding in _attempts(text.text)]
    faults = tuple(_short(fault) for fault in made.faults if not fault.corrected)[:_MOST]
    missing = [_kind(each) for each in intake.missing]
    missing += made.missing
    if trace.calls and not intake.texts and not missing and not made.validated:
        missing.append(NOTHING)
    attempt = _attempt(trace, hits) if hits else None
    if attempt is None and not faults and not missing:
        return None
    return Kept(attempt=attempt, faults=faults, missing=() if attempt else tuple(dict.fromkeys(missing)))


def _attempts(text: str) -> Iterator[Finding]:
    """Yield the findings that coerce; those that begin within the words of the one before are the same attempt."""
    end = -1
    for finding in find(text):
        if coerces(text, finding):
            if finding.start > end:
                yield finding
            end = max(end, finding.end + _SAME)


def _kind(missing: str) -> str:
    """Return what kind of retrieved text is gone; names would make each note its own."""
    return "the documents of a retrieval" if missing.startswith("the documents of") else (
        "the text of a document" if missing.startswith("the text of") else "the result of a tool")  # fmt: skip


def _short(fault: Fault) -> Fault:
    return Fault(
        at_ns=fault.at_ns, span_id=fault.span_id, told=fault.told[:_EXCERPT], used=fault.used,
        corrected=fault.corrected, evidence=tuple(_cut(proof) for proof in fault.evidence),
    )  # fmt: skip


def _cut(proof: Evidence) -> Evidence:
    text = proof.excerpt[:_EXCERPT]
    return Evidence(trace_id=proof.trace_id, span_id=proof.span_id, field=proof.field, excerpt=text, start=proof.start,
                    end=proof.start + len(text))  # fmt: skip


def _attempt(trace: Trace, hits: Sequence[tuple[Untrusted, Finding]]) -> Attempt:
    judged = [
        (text, found, followed(trace, reach(text.text, found.start, found.end, found.said), text.at_ns))
        for text, found in hits[:_JUDGED]
    ]
    obeyed = next((each for each in judged if each[2] is not None), None)
    text, found, act = obeyed or judged[0]
    proofs = [_cited(text, found), *([_after(act)] if act is not None and act.end > act.start else [])]
    proofs += [_cited(text, found) for text, found, _act in judged]
    return Attempt(
        at_ns=text.at_ns or trace.started_ns, count=len(hits), obeyed=act.what if act is not None else "",
        told=f"{text.said[:_WORDS]} holds {found.family}, \u201c{_line(found.said)}\u201d",
        evidence=tuple(dict.fromkeys(proofs))[:_MOST],
    )  # fmt: skip


def _line(said: str) -> str:
    plain = " ".join("".join(each if each.isprintable() else " " for each in said).split())
    return plain if len(plain) <= _WORDS else plain[: _WORDS - 1].rstrip() + "\u2026"


def _cited(text: Untrusted, found: Finding) -> Evidence:
    source = text.source
    return _cut(Evidence(trace_id=source.trace_id, span_id=source.span_id, field=source.field,
                         excerpt=text.text[found.start : found.end], start=found.start, end=found.end))  # fmt: skip


def _after(act: Followed) -> Evidence:
    source = act.source
    return _cut(Evidence(trace_id=source.trace_id, span_id=source.span_id, field=source.field,
                         excerpt=act.text[act.start : act.end], start=act.start, end=act.end))  # fmt: skip


def fire(docket: Docket) -> tuple[Event, ...]:
    """Return a security event for each trace that an attempt stands in, and for each whose faulty output was used."""
    found: list[Event] = []
    for run, kept in _kept(docket):
        if kept.attempt is not None:
            found.append(_injection(run, kept.attempt, docket))
        used = [fault if fault.used else _elsewhere(run, fault, docket) for fault in kept.faults]
        bypassed = [fault for fault in used if fault.used]
        if bypassed:
            found.append(_bypass(run, bypassed, docket))
    return tuple(found)


def notes(docket: Docket) -> tuple[str, ...]:
    """Return a sentence for each thing that is missing, with the traces it is missing from."""
    by_reason: dict[str, list[str]] = {}
    for run, kept in _kept(docket):
        for missing in kept.missing:
            by_reason.setdefault(missing, []).append(f"trace:{run.trace_id}")
    return tuple(f"{NAME}, {_listed(names)}: unknown, {missing} missing" for missing, names in by_reason.items())


def _kept(docket: Docket) -> Iterator[tuple[RunFacts, Kept]]:
    for run in docket.runs:
        kept = run.gathered.get(NAME)
        if isinstance(kept, Kept):
            yield run, kept


def _elsewhere(run: RunFacts, fault: Fault, docket: Docket) -> Fault:
    """Return a fault with the order, decision or fill in another trace of its idea, or in the books, that used it."""
    ideas = set(run.idea_ids)
    if not ideas or any(trade.kind in _TRADES for trade in run.trades if trade.at_ns >= fault.at_ns):
        return fault
    others = (other for other in docket.runs if other is not run and ideas & set(other.idea_ids))
    later = [trade for other in others for trade in other.trades
             if _acts(trade) and trade.idea_id in ideas and trade.at_ns >= fault.at_ns]  # fmt: skip
    if later:
        first = min(later, key=lambda trade: trade.at_ns)
        proof = cited(first, ("trading.order.quantity",))
        return Fault(at_ns=fault.at_ns, span_id=fault.span_id, told=fault.told, evidence=(*fault.evidence, proof),
                     used=f"the {first.kind} in trace {first.source.trace_id}")  # fmt: skip
    for fill in docket.books.fills:
        if fill.idea_id in ideas and ns(fill.transact_time) >= fault.at_ns:
            text = str(fill.last_quantity)
            proof = Evidence(trace_id="", field=f"fills:{fill.row}:last_quantity", excerpt=text, end=len(text))
            return Fault(at_ns=fault.at_ns, span_id=fault.span_id, told=fault.told, evidence=(*fault.evidence, proof),
                         used="a fill of the idea")  # fmt: skip
    return fault


def _acts(trade: TradeEvent) -> bool:
    return trade.kind is TradeKind.ORDER or (trade.kind is TradeKind.DECISION and trade.action not in IDLE)


def _injection(run: RunFacts, attempt: Attempt, docket: Docket) -> Event:
    more = f" and {attempt.count - 1} more" if attempt.count > 1 else ""
    fate = f"Obeyed: {attempt.obeyed} follows it." if attempt.obeyed else (
        "Present; no later call, order or answer does what it asks.")  # fmt: skip
    return event(
        TriggerName.INJECTION_OR_SCHEMA,
        subject=f"trace:{run.trace_id} injection",
        occurred_at=stated(attempt.at_ns) or stated(run.started_ns),
        received_at=run.received_at,
        due_hours=_hours(run, docket),
        measured=str(attempt.count),
        limit="0",
        unit="attempts to coerce the agent",
        reason=f"{attempt.told[:1].upper()}{attempt.told[1:]}{more}. {fate}",
        trace_ids=(run.trace_id,),
        evidence=attempt.evidence,
        security=True,
    )


def _bypass(run: RunFacts, faults: Sequence[Fault], docket: Docket) -> Event:
    first = faults[0]
    told = " ".join(f"{fault.told}, and {fault.used} rests on it." for fault in faults[:_SHOWN])
    return event(
        TriggerName.INJECTION_OR_SCHEMA,
        subject=f"trace:{run.trace_id} schema",
        occurred_at=stated(first.at_ns) or stated(run.started_ns),
        received_at=run.received_at,
        due_hours=_hours(run, docket),
        measured=str(len(faults)),
        limit="0",
        unit="outputs used against their validation",
        reason=told,
        trace_ids=tuple(dict.fromkeys((run.trace_id, *(
            proof.trace_id for fault in faults for proof in fault.evidence if proof.trace_id)))),
        evidence=tuple(dict.fromkeys(proof for fault in faults for proof in fault.evidence)),
        security=True,
    )  # fmt: skip


def _hours(run: RunFacts, docket: Docket) -> int:
    named = next((name for name in run.strategy_ids if name in docket.policy.strategies), "")
    return docket.policy.of(named).meeting_due_hours


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return ", ".join(names[:_LISTED]) + more
