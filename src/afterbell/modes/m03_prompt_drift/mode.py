"""Prompt drift: what the idea was researched with is not what it was executed with.

What it asks
    Did the system prompt, the tool schema, the retrieval template or the model version change between the research run
    and the execution run of one idea?

Why it matters
    A thesis is only as good as the prompt it came from. When a deployment between research and execution changes a
    rule, a tool or the model, the trade is made by a system that nobody evaluated.

How it looks
    Runs belong together by `trading.idea.id`; the execution run holds a decision or an order. Prompts are compared
    like with like: by prompt name, else by agent, else the only system prompt of each run (of several that nothing
    names, those that read alike; not two in wholly other words). Different roles never drift against each other, and
    prompts of one run that nothing names are those of different agents. Yes when, under one role, the
    template hash or the version differs (also where no text was kept); the recorded template differs in any word or
    figure; the system prompts differ once numbers, times, symbols, company names, declared variables and retrieved
    documents are masked; a tool's name, description, parameters, enums or required names differ as parsed JSON; the
    answering model is another (a dated snapshot of the same alias is the same model; another snapshot is not). Also
    when the recorded retrieval template differs. White space, key order and sampling parameters are no drift. Without
    an idea id, without the other run, with texts redacted, cut or not kept and neither hash nor version, or where an
    alias was asked and no call says which model answered: unknown. A skipped idea, or no model call: not applicable.

What would prevent it
    Prompts, tools and model pinned by hash when the research is accepted, and an execution that refuses to start under
    other hashes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct

from afterbell.model.casefile import CaseFile, Need
from afterbell.model.run import Trace
from afterbell.model.scan import Evidence, Suggestion, na, no, unknown, yes
from afterbell.model.vocabulary import Stage
from afterbell.reading.prompts.calls import prompts
from afterbell.reading.prompts.changes import Compared, Outcome, alike, compare, nearness
from afterbell.reading.prompts.idea_runs import idea_runs, ideas
from afterbell.reading.prompts.roles import Role, paired, within
from afterbell.reading.prompts.sides import models, tools

NUMBER = 3
SLUG = "prompt_drift"
QUESTION = (
    "Did the system prompt, tool schema, retrieval template or model version change between the research run and the"
    " execution run of the idea?"
)
SINCE = "0.1.0"
NEEDS = (Need.SPANS, Need.MODEL_CALLS)
KNOBS: dict[str, Any] = {}

_RETRIEVAL = "trading.retrieval.template"
_NAMES = "gen_ai.prompt.name or gen_ai.agent.name, to tell which prompts of the two runs belong together"
_ONE_PROMPT = 0.8  # likeness from which two unnamed texts are versions of one prompt
_EXCERPT = 160
_TOLD = 3


class _Drift(Struct, frozen=True, kw_only=True):
    aspect: str
    what: str
    evidence: tuple[Evidence, ...]


def detect(case: CaseFile) -> Suggestion:
    """Return yes with both sides, no when like prompts read alike, na for a skipped idea, else unknown."""
    if not ideas(case.trace):
        return unknown("Nothing says which idea the run belongs to, so its other run cannot be told.",
                       ("trading.idea.id on the research run and on the execution run",))  # fmt: skip
    runs = idea_runs(case)
    if runs.skipped:
        return na("The idea was skipped: there was no execution.")
    if not runs.execution:
        return unknown("No run of the idea holds a decision or an order.", ("the execution run of the idea",))
    if runs.single:
        whole = runs.execution[0]
        roles = within(prompts(whole))
        if not roles and not _researched(whole):
            return unknown("The run that researched the idea is not here.", ("the research run of the idea",))
        drifts, missing = _judged(roles, (), ())
    else:
        early = [prompt for run in runs.research for prompt in prompts(run)]
        late = [prompt for run in runs.execution for prompt in prompts(run)]
        if not early or not late:
            side = "research" if not early else "execution"
            return na(f"The {side} run of the idea makes no model call.")
        roles = paired(early, late)
        drifts, missing = _judged(roles, runs.research, runs.execution)
    figures = {"runs": len(runs.research) + len(runs.execution), "roles": len(roles),
               "changed": list(dict.fromkeys(each.aspect for each in drifts))}  # fmt: skip
    if drifts:
        proof = tuple(dict.fromkeys(each for drift in drifts for each in drift.evidence))
        told = list(dict.fromkeys(each.what for each in drifts))
        more = f"; and {len(told) - _TOLD} more" if len(told) > _TOLD else ""
        return yes(f"Between research and execution: {'; '.join(told[:_TOLD])}{more}.", proof, figures,
                   tuple(missing))  # fmt: skip
    if missing:
        return unknown("What the runs of the idea kept shows no change, but not all of it can be compared.",
                       tuple(missing), figures)  # fmt: skip
    return no(_same(roles, single=runs.single), figures)


def _researched(trace: Trace) -> bool:
    """Tell whether a run that executed also made the research."""
    return any(call.stage is Stage.RESEARCH for call in trace.calls)


def _same(roles: Sequence[Role], *, single: bool) -> str:
    if not roles:
        one = "One run researched and executed the idea" if single else "The two runs share no prompt"
        return f"{one}: no role has two prompts to drift apart."
    names = ", ".join(dict.fromkeys(each.label for each in roles))[:80]
    return f"What both sides share is the same, with rendered variables masked: {names}."


def _judged(
    roles: Sequence[Role], research: Sequence[Trace], execution: Sequence[Trace]
) -> tuple[list[_Drift], list[str]]:
    """Return every change found, and what could not be compared."""
    drifts: list[_Drift] = []
    missing: dict[str, None] = {}
    for role in roles:
        for aspect, found in (("prompt", _prompts(role)), ("tools", tools(role)), ("model", models(role))):
            if found.outcome is Outcome.CHANGED:
                drifts.append(_Drift(aspect=aspect, what=f"{found.what} ({role.label})", evidence=found.evidence))
            elif found.outcome is Outcome.UNDECIDED:
                missing |= dict.fromkeys(found.missing)
    drifts += _retrieval(research, execution)
    return drifts, list(missing)


def _prompts(role: Role) -> Compared:
    """Compare the prompts of a role: each of the later ones must read like one of the earlier."""
    undecided: Compared | None = None
    for late in role.late:
        found = [(early, compare(early, late)) for early in role.early]
        if any(each.outcome is Outcome.SAME for _early, each in found):
            continue
        changed = [(early, each) for early, each in found if each.outcome is Outcome.CHANGED]
        if role.loose:
            changed = [(early, each) for early, each in changed if nearness(early, late) >= _ONE_PROMPT]
            undecided = Compared(outcome=Outcome.UNDECIDED, missing=(_NAMES,))
        elif not role.named:
            # An agent may have several prompts: a new one beside the old is no change of the old.
            gone = not any(compare(early, other).outcome is Outcome.SAME for early in role.early for other in role.late)
            changed = [(early, each) for early, each in changed if gone or alike(early, late)]
        if changed:
            return max(changed, key=lambda each: nearness(each[0], late))[1]
        undecided = next((each for _early, each in found if each.outcome is Outcome.UNDECIDED), undecided)
    return undecided or Compared(outcome=Outcome.SAME)


def _retrieval(research: Sequence[Trace], execution: Sequence[Trace]) -> Iterator[_Drift]:
    """Yield recorded retrieval templates that differ: by the span's name, else the only one of each side."""
    early, late = dict(_templates(research)), dict(_templates(execution))
    shared = [(name, name) for name in late if name in early]
    if not shared and len(early) == len(late) == 1:
        shared = [(next(iter(early)), next(iter(late)))]
    for one, other in shared:
        first, second = early[one], late[other]
        if not first.keys() & second.keys():
            yield _Drift(aspect="retrieval", what="the retrieval template differs",
                         evidence=(next(iter(first.values())), next(iter(second.values()))))  # fmt: skip


def _templates(runs: Sequence[Trace]) -> Iterator[tuple[str, dict[str, Evidence]]]:
    found: dict[str, dict[str, Evidence]] = {}
    for run in runs:
        for span in run.spans:
            text = span.attributes.get(_RETRIEVAL)
            if isinstance(text, str) and text.strip():
                excerpt = text[:_EXCERPT]
                found.setdefault(span.name, {}).setdefault(
                    " ".join(text.split()),
                    Evidence(trace_id=run.trace_id, span_id=span.span_id, field=_RETRIEVAL, excerpt=excerpt,
                             end=len(excerpt)),
                )  # fmt: skip
    yield from found.items()
