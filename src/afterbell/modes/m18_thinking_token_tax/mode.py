"""Thinking token tax: reasoning tokens spent on work that needs none.

What it asks
    Did the agent spend extended-thinking tokens on extraction, summary, classification or sentiment?

Why it matters
    Reasoning is billed as output, the dearest kind of token. On a task that copies or sorts it buys nothing, and it is
    spent on every headline of every day.

How it looks
    Yes when the simple calls of the trace (`trading.task.type` extraction, summary, classification or sentiment, on
    the call or a span above it; else told from the orders in the prompt) sum to at least `min_tokens` (256) reasoning
    tokens. Each logical call counts once, whatever number of spans describe it. A reported zero is no. Reasoning that
    a simple call does not report: unknown, unless what others report is enough. Reasoning that is reported on a task
    nobody can tell: unknown, unless all of it together is below the limit. No model call: not applicable.
    Tokens are reported; their price is not known here.

What would prevent it
    A model or an effort setting chosen by type of task; an alert on reasoning tokens per task type.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from afterbell.model.calls import ROLLUP, LlmCall
from afterbell.model.casefile import CaseFile, Need
from afterbell.model.run import Trace
from afterbell.model.scan import Evidence, Suggestion, na, no, unknown, yes
from afterbell.model.trace import Span
from afterbell.reading.tasks.reasoning_tokens import reasoning_of
from afterbell.reading.tasks.types import Task, task_of

NUMBER = 18
SLUG = "thinking_token_tax"
QUESTION = "Did the agent spend extended-thinking tokens on a task that did not require them?"
SINCE = "0.1.0"
NEEDS = (Need.SPANS, Need.MODEL_CALLS)
KNOBS = {"min_tokens": 256}

_NO_TEXT = frozenset({"embeddings", "embedding", "rerank"})
_SHOWN = 5


class _Spent(Struct, frozen=True, kw_only=True):
    """One call: its task and what it reports."""

    call: LlmCall
    task: Task
    tokens: int | None
    proof: Evidence | None


def detect(case: CaseFile) -> Suggestion:
    """Return yes with the calls that thought most about simple work; no when all report too little; else unknown."""
    trace, limit = case.trace, int({**KNOBS, **case.knobs}["min_tokens"])
    spans = {span.span_id: span for span in trace.spans}
    spent = [_spent(trace, call, spans) for call in trace.calls if call.operation.lower() not in _NO_TEXT]
    spent = [each for each in spent if each.tokens is not None or not each.call.failed]  # a failed call has no usage
    if not spent:
        return na("No model call of this trace ended with an answer.")
    simple = [each for each in spent if each.task.simple]
    total = sum(each.tokens or 0 for each in simple)
    figures = _figures(simple, total, limit)
    if simple and total >= limit:
        return _taxed(simple, total, limit, figures)
    open_ = [each for each in spent if not each.task.kind]
    thought = sum(each.tokens or 0 for each in open_)
    missing = []
    if any(each.tokens is None for each in simple):
        silent = sum(1 for each in simple if each.tokens is None)
        missing.append(f"reasoning tokens of {silent} of {len(simple)} simple calls")
    if total + thought >= limit and thought:
        untold = sum(1 for each in open_ if each.tokens)
        missing.append(f"the task of {untold} calls that report {thought} reasoning tokens (trading.task.type)")
    unseen = [each for each in open_ if each.tokens is None]
    if unseen:
        missing.append(f"the task and the reasoning tokens of {len(unseen)} calls (trading.task.type)")
    if missing:
        return unknown("Reasoning on simple tasks cannot be told.", tuple(missing), figures)
    if not simple and not open_:
        return no(f"No model call of {len(spent)} was on a simple task.", figures)
    whose = f"{_count(len(simple), 'call')} on simple tasks" + (" and those whose task nobody states" if open_ else "")
    told = f"Reasoning of {whose}: {total + thought} tokens (limit {limit})."
    return no(told, figures, tuple(each.proof for each in simple[:_SHOWN] if each.proof))


def _spent(trace: Trace, call: LlmCall, spans: Mapping[str, Span]) -> _Spent:
    tokens, proof = reasoning_of(call, spans)
    task = Task() if call.operation == ROLLUP else task_of(trace, call, spans)  # a sum of calls has no one task
    return _Spent(call=call, task=task, tokens=tokens, proof=proof)


def _figures(simple: Sequence[_Spent], total: int, limit: int) -> dict[str, Any]:
    kinds = Counter[str]()
    for each in simple:
        kinds[each.task.kind] += each.tokens or 0
    return {"reasoning_tokens": total, "limit": limit, "simple_calls": len(simple), "by_task": dict(kinds)}


def _taxed(simple: Sequence[_Spent], total: int, limit: int, figures: dict[str, Any]) -> Suggestion:
    worst = sorted((each for each in simple if each.tokens), key=lambda each: -(each.tokens or 0))
    proof: list[Evidence] = []
    for each in worst[:_SHOWN]:
        proof += [where for where in (each.proof, each.task.evidence) if where is not None]
    kinds = ", ".join(dict.fromkeys(each.task.kind for each in worst))
    silent = sum(1 for each in simple if each.tokens is None)
    missing = (f"reasoning tokens of {silent} of {len(simple)} simple calls",) if silent else ()
    told = f"{_count(len(worst), 'call')} on simple tasks ({kinds}) spent {total} reasoning tokens (limit {limit})."
    return yes(told, tuple(proof), figures, missing)


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
