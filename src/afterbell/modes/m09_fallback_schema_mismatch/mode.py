"""Fallback schema mismatch: a fallback answered in another structure and nothing strict stood between.

What it asks
    If a fallback provider was invoked, did its response have the structure of the primary's, or did what came after
    accept a degraded one?

Why it matters
    A fallback is tried on the worst day. If it answers in prose, under other keys or with a confidence in words, a
    lenient parser fills the holes with defaults, and a default is then traded as if it were a decision.

How it looks
    A fallback is recorded (`trading.llm.fallback.*`), or the answering model is not the requested one, or a failed call
    is followed by the same prompt on another model, or the gateway book shows attempts at several. Its answer is held
    against the declared schema (response format, parameters of the submit tool, the decision's output schema), else
    against what the primary's answers to the same prompt share, in this trace or its kin. Top-level kind, required
    keys, types, declared enums and nesting count; key order, list length, absent optional keys, keys of an open map,
    white space and code fences do not. Prose, an error body, text that does not parse or that the length limit cut is a
    mismatch. Yes when a decision, an order or a later call used a mismatching answer without a strict pass in between.
    No when it matches, when a validator rejected it and nothing used it, or when a conforming answer came before the
    use. No fallback: not applicable. An answer that was not kept, no schema and no answer of the primary to compare, or
    no trace of what used it: unknown. Of a plain log without recorded calls the lines are read in order: yes when an
    answer failed the parser or validator, no later try mended it, a default, a stub or its raw text stood in for it,
    and the run is called completed or the decision kept, sent or executed. No when what stood in was then refused. The
    default of a setting, and a fault in a file or in a data provider's reply, stand in for no answer. Else unknown when
    the log speaks of model calls.

What would prevent it
    One strict schema for every provider, checked before anything reads the answer, and a hold when none conforms.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from afterbell.model.calls import LlmCall
from afterbell.model.casefile import CaseFile, Need
from afterbell.model.run import Trace
from afterbell.model.scan import Evidence, Suggestion, na, no, unknown, yes
from afterbell.model.vocabulary import Answer, ContentState
from afterbell.reading.answers.fallbacks import Fallback, fallbacks
from afterbell.reading.answers.schemas import DeclaredSchema, declared, of
from afterbell.reading.answers.structures import Answer as Given
from afterbell.reading.answers.structures import Structure, answer, departures, structure
from afterbell.reading.answers.use import Passage, passage
from afterbell.reading.legs.calls import behind, summed
from afterbell.reading.log_lines.replaced import replaced
from afterbell.reading.model_names import same_model
from afterbell.reading.needs import uncalled
from afterbell.reading.prompts.calls import Prompt, prompts
from afterbell.reading.prompts.changes import Outcome, compare
from afterbell.reading.throttles.gateway import attempts

NUMBER = 9
SLUG = "fallback_schema_mismatch"
QUESTION = (
    "If a fallback provider was invoked, did its response schema differ from the primary's, with validators downstream"
    " that silently accepted the degraded structure?"
)
SINCE = "0.1.0"
NEEDS = (Need.SPANS,)
KNOBS: dict[str, Any] = {}

_MOST_SAMPLES, _NEAREST, _MOST_FALLBACKS = 20, 12, 16


class _Calls(Struct, frozen=True, kw_only=True):
    """The calls of the trace and of its kin, with their prompts."""

    mine: tuple[Prompt, ...]
    every: tuple[tuple[Trace, Prompt], ...]


def detect(case: CaseFile) -> Suggestion:
    """Return yes with the answer and what it lacks, no, na without a fallback, unknown where it cannot be compared."""
    trace = case.trace
    if not trace.calls:
        return _logged(trace)
    found = fallbacks(trace, attempts(trace, case.books.gateway))
    hidden = behind(summed(trace)) if not found else ()
    if hidden:
        return unknown("Model calls ran that are recorded only as a sum: no fallback among them can be seen.", hidden)
    if not found:
        return na("No fallback: no model was replaced by another on the same prompt.")
    mine = prompts(trace)
    others = tuple((run, prompt) for run in case.kin for prompt in prompts(run))
    calls = _Calls(mine=mine, every=(*((trace, each) for each in mine), *others))
    judged = [_judge(case, each, found, calls) for each in found[:_MOST_FALLBACKS]]
    for wanted in (Answer.YES, Answer.UNKNOWN, Answer.NO):
        told = next((each for each in judged if each.answer is wanted), None)
        if told is not None:
            return told
    return judged[0]


def _logged(trace: Trace) -> Suggestion:
    """Answer for a run of which no call is recorded, by what the lines of its log say of faulty answers."""
    found = replaced(trace)
    figures = {"replaced": len(found), "accepted": sum(each.accepted is not None for each in found)}
    for each in found:
        proof = tuple(place for place in (each.fault, each.stood_in, each.accepted) if place is not None)
        if each.accepted is not None:
            told = (f"By the log an answer failed its parser or validator ({each.fault.excerpt}), a stand-in took its"
                    f" place ({each.stood_in.excerpt}) and was accepted ({each.accepted.excerpt}).")  # fmt: skip
            return yes(told, proof, figures)
    unsure = next((each for each in found if each.refused is None), None)
    if unsure is not None:
        return unknown("By the log a stand-in took the place of a faulty answer; what used it is not told.",
                       ("the decision, order or call that used the stand-in",), figures,
                       (unsure.fault, unsure.stood_in))  # fmt: skip
    if found:
        refused = tuple(each.refused for each in found if each.refused is not None)
        return no("By the log each stand-in for a faulty answer was refused.", figures, (found[0].stood_in, *refused))
    return uncalled(trace)


def _judge(case: CaseFile, fallback: Fallback, others: tuple[Fallback, ...], calls: _Calls) -> Suggestion:
    trace, call = case.trace, fallback.call
    figures: dict[str, Any] = {"primary": fallback.primary, "fallback": fallback.model}
    what = f"The fallback from {fallback.primary or 'the primary'} to {fallback.model or 'another model'}"
    if call is None:
        return unknown(f"{what} is recorded, its call is not.", ("the fallback's model call",), figures,
                       fallback.evidence)  # fmt: skip
    way = passage(case, call, ())
    stopped = way.validation == "rejected" and not way.used
    if stopped or way.validation == "strict pass":
        did = "rejected, and nothing used it" if stopped else "passed strictly"
        return no(f"{what} gave an answer that a validator {did}.", figures | {"validation": way.validation},
                  (*way.evidence, *fallback.evidence))  # fmt: skip
    given = answer(trace, call)
    if given.state is not ContentState.CAPTURED:
        return unknown(f"{what} gave an answer that was not kept.", (f"output of call {call.span_id} ({given.state})",),
                       figures, fallback.evidence)  # fmt: skip
    wanted = _structure(case, fallback, others, calls)
    if wanted is None:
        return unknown(f"{what} cannot be held against a structure.",
                       ("a declared output schema, or an answer of the primary model to the same prompt",), figures,
                       fallback.evidence)  # fmt: skip
    wrong = departures(call, given, wanted)
    against = "the declared schema" if wanted.declared else "the primary's answers"
    if not wrong:
        fits = "matches" if wrong is not None else "only called tools within"
        return no(f"{what} {fits} {against}.", figures, fallback.evidence)
    proof = (*((given.proof,) if given.proof else ()), *fallback.evidence)
    figures |= {"departures": list(wrong)}
    return _passed(passage(case, call, _conforming(case, call, wanted, calls)), f"{what} departs from {against}:"
                   f" {'; '.join(wrong[:3])}", figures, proof)  # fmt: skip


def _passed(way: Passage, told: str, figures: dict[str, Any], proof: tuple[Evidence, ...]) -> Suggestion:
    """Answer by what stood between the answer and its use."""
    figures |= {"validation": way.validation}
    if way.corrected:
        return no(f"{told}; a conforming answer came before anything used it.", figures, (*proof, *way.evidence))
    if way.used:
        return yes(f"{told}; {way.used} used it, validation: {way.validation}.", (*proof, *way.evidence), figures)
    return unknown(f"{told}; what used it is not recorded.", ("the decision, order or call that used the answer",),
                   figures, proof)  # fmt: skip


def _structure(case: CaseFile, fallback: Fallback, others: tuple[Fallback, ...], calls: _Calls) -> Structure | None:
    """Return what the primary's answer would look like: as its calls declare it, else as its answers show it."""
    call = fallback.call
    me = next((each for each in calls.mine if each.call is call), None)
    if call is None or me is None:
        return None
    fell = {each.call.span_id for each in others if each.call}
    primary = [(run, each) for run, each in _peers(me, calls, fallback)
               if not (run is case.trace and each.call.span_id in fell)][:_MOST_SAMPLES]  # fmt: skip
    samples: list[Given] = [given for run, each in primary if not each.call.failed
                            for given in (answer(run, each.call),) if given.state is ContentState.CAPTURED]  # fmt: skip
    declarations = [_declared(run, each.call) for run, each in primary] + [_declared(case.trace, call)]
    schema = next((each for each in declarations if each is not None), None) or _of_decision(case.trace, me, calls)
    return structure(schema, samples)


def _peers(me: Prompt, calls: _Calls, fallback: Fallback) -> Iterator[tuple[Trace, Prompt]]:
    """Yield the primary's calls of the same prompt: all of the same text, and of other texts the nearest in time."""
    others = [(run, each) for run, each in calls.every if each.call is not me.call and _of_primary(each.call, fallback)]
    yield from ((run, each) for run, each in others if _asked_alike(me, each) and _same_prompt(me, each))
    rest = [(run, each) for run, each in others if not _asked_alike(me, each)]
    rest.sort(key=lambda pair: abs(pair[1].call.started_ns - me.call.started_ns))
    yield from ((run, each) for run, each in rest[:_NEAREST] if _same_prompt(me, each))


def _asked_alike(one: Prompt, other: Prompt) -> bool:
    """Tell whether two prompts are quickly compared: under one name, or word for word the same."""
    return bool(one.name and other.name) or one.text == other.text


def _same_prompt(one: Prompt, other: Prompt) -> bool:
    if one.name and other.name:
        return one.name == other.name
    if one.agent and other.agent and one.agent != other.agent:
        return False
    return compare(one, other, versions=False).outcome is Outcome.SAME


def _of_primary(call: LlmCall, fallback: Fallback) -> bool:
    name = call.response_model or call.request_model
    if fallback.primary:
        return same_model(name, fallback.primary)
    return not same_model(name, fallback.model)


def _declared(run: Trace, call: LlmCall) -> DeclaredSchema | None:
    return of(run, call, {span.span_id: span for span in run.spans})


def _of_decision(trace: Trace, me: Prompt, calls: _Calls) -> DeclaredSchema | None:
    """Return the schema that the decision declares, when the call, or one that asks it again, is the last before it."""
    later = [each for each in calls.mine if each.call.started_ns > me.call.started_ns and not each.call.failed]
    if not all(_mends(me, each) or _same_prompt(me, each) for each in later):
        return None
    found = [each for each in declared(trace) if each.span_id not in {one.span_id for one in trace.calls}]
    return found[-1] if found else None


def _conforming(case: CaseFile, call: LlmCall, wanted: Structure, calls: _Calls) -> Iterator[LlmCall]:
    """Yield later answers to the same prompt that have the structure."""
    me = next(each for each in calls.mine if each.call is call)
    after = [each for each in calls.mine if each.call.started_ns > call.started_ns and not each.call.failed]
    for each in after[:_NEAREST]:
        given = answer(case.trace, each.call)
        fits = given.state is ContentState.CAPTURED and departures(each.call, given, wanted) == ()
        if fits and (_mends(me, each) or _same_prompt(me, each)):
            yield each.call


def _mends(me: Prompt, later: Prompt) -> bool:
    """Tell whether a later call asks again with other words: as the same agent, or under the same system prompt."""
    if (me.name or later.name) and me.name != later.name:
        return False
    told = [[text for text, _source in each.system] for each in (me, later)]
    return bool(me.agent and me.agent == later.agent) or bool(told[0] and told[0] == told[1])
