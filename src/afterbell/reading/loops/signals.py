"""The signal of a research loop, step by step: stated posteriors, else what each step's output says it believes.

One series per idea and per role: the steps of one loop, not of a pipeline of different agents. Execution, risk and
monitoring calls, retries and simple work on single items are no steps. Whether the loop stopped well is not said here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct

from afterbell.model.calls import ROLLUP, LlmCall, PartKind
from afterbell.model.run import Trace
from afterbell.model.scan import Evidence
from afterbell.model.trace import Span
from afterbell.model.vocabulary import Stage
from afterbell.reading.ancestors import upwards
from afterbell.reading.loops.belief import belief, probability
from afterbell.reading.model_names import same_model
from afterbell.reading.tasks.types import task_of

POSTERIOR, STEP = "trading.research.posterior", "trading.research.step"
_IDEA, _SECURITY = "trading.idea.id", "trading.symbol"
_NOT_STEPS = frozenset({Stage.EXECUTION, Stage.RISK})
_NO_STEP = frozenset({ROLLUP, "embeddings", "embedding", "rerank"})
_MONITOR = re.compile(r"\btrading\.(?:monitor|order|risk_check|validation)\b")
_WATCHER = re.compile(r"monitor|watchdog|validat|guardrail", re.IGNORECASE)
_FIGURE = re.compile(r"\d{1,20}")
_WORD = re.compile(r"\w{2,40}")
_SYMBOL = re.compile(r"\b[A-Z][A-Z0-9_.]{1,20}\b")
_PLAIN = frozenset({"JSON", "BUY", "SELL", "HOLD", "EPS", "USD", "US", "AND", "OR", "NOT", "ONLY", "MUST", "YOU", "THE",
                    "Q1", "Q2", "Q3", "Q4", "SEC", "GAAP", "IFRS", "AI", "CEO", "CFO", "PE", "ETF", "RSI", "MACD",
                    "IMPORTANT", "NO", "YES", "DCF", "FCF", "EBITDA", "UTC"})  # fmt: skip
_DEEPEST, _OPENING, _HANDED = 40, 2000, 20
_ALIKE = 0.5


class Step(Struct, frozen=True, kw_only=True):
    """One step: its probability (0..1) or None, its leaning or empty, and where they stand."""

    span_id: str
    at_ns: int = 0
    probability: Decimal | None = None
    leaning: str = ""
    evidence: tuple[Evidence, ...] = ()
    silent: bool = False


class Series(Struct, frozen=True, kw_only=True):
    """The steps of one loop in order. `stated`: the posteriors stand on the spans; else they were read in outputs."""

    idea_id: str
    role: str = ""
    steps: tuple[Step, ...] = ()
    stated: bool = False

    @property
    def probabilities(self) -> tuple[Step, ...]:
        """The steps that say a probability."""
        return tuple(step for step in self.steps if step.probability is not None)

    @property
    def leanings(self) -> tuple[Step, ...]:
        """The steps that say a leaning."""
        return tuple(step for step in self.steps if step.leaning)


def series_of(trace: Trace, kin: Sequence[Trace] = ()) -> tuple[Series, ...]:
    """Return the loops of a trace, and of the other traces of its ideas: stated posteriors first, else outputs.

    A loop has at least two steps; what ran once is no loop and is left out.
    """
    ideas = set(trace.idea_ids)
    runs = (trace, *(each for each in kin if ideas.intersection(each.idea_ids)))
    stated = tuple(each for each in _stated(runs, ideas) if len(each.steps) > 1)
    told = [each for run in runs for each in _told(run)
            if len(each.steps) > 1 and (each.idea_id in ideas or run is trace)]  # fmt: skip
    signalled = {each.idea_id for each in told if each.probabilities or each.leanings}
    # Numbered steps without any posterior say no more than their outputs do.
    stated = tuple(each for each in stated if each.probabilities or each.idea_id not in signalled)
    covered = {each.idea_id for each in stated}
    return (*stated, *(each for each in told if each.idea_id not in covered))


def steps_of(trace: Trace) -> tuple[LlmCall, ...]:
    """Return the calls that can be steps of a research loop."""
    spans = {span.span_id: span for span in trace.spans}
    return tuple(call for call in trace.calls if _is_step(trace, call, spans))


def _stated(runs: Sequence[Trace], ideas: set[str]) -> Iterator[Series]:
    """Yield the posteriors that spans state, by idea, in order of their step or time; a numbered step may have none."""
    found: dict[str, list[tuple[tuple[int, int], Step]]] = {}
    for run in runs:
        spans = {span.span_id: span for span in run.spans}
        for span in run.spans:
            value = probability(span.attributes.get(POSTERIOR))
            if value is None and STEP not in span.attributes:
                continue
            text = str(span.attributes.get(POSTERIOR, ""))
            idea = _idea(span.span_id, spans) or (run.idea_ids[0] if len(run.idea_ids) == 1 else "")
            if run is not runs[0] and idea not in ideas:
                continue
            number = span.attributes.get(STEP)
            order = number if isinstance(number, int) and not isinstance(number, bool) else 0
            proof = Evidence(trace_id=run.trace_id, span_id=span.span_id, field=POSTERIOR, excerpt=text, end=len(text))
            step = Step(span_id=span.span_id, at_ns=span.start_ns, probability=value, silent=value is None,
                        evidence=(proof,) if value is not None else ())  # fmt: skip
            found.setdefault(idea, []).append(((order, span.start_ns), step))
    for idea, steps in found.items():
        ordered = tuple(step for _order, step in sorted(steps, key=lambda each: each[0]))
        yield Series(idea_id=idea, steps=ordered, stated=True)


def _idea(span_id: str, spans: Mapping[str, Span], key: str = _IDEA) -> str:
    found = (span.attributes.get(key) for span in upwards(span_id, spans, _DEEPEST))
    return next((str(value) for value in found if value), "")


def _is_step(trace: Trace, call: LlmCall, spans: Mapping[str, Span]) -> bool:
    if call.failed or call.operation.lower() in _NO_STEP or call.stage in _NOT_STEPS:
        return False
    if _WATCHER.search(call.agent_name) or _WATCHER.search(call.prompt_name):
        return False
    if any(_MONITOR.search(span.name) for span in upwards(call.span_id, spans, _DEEPEST)):
        return False
    return not task_of(trace, call, spans).simple


def _told(trace: Trace) -> Iterator[Series]:
    """Yield the loops of a trace with what each step's output says."""
    spans = {span.span_id: span for span in trace.spans}
    only = trace.idea_ids[0] if len(trace.idea_ids) == 1 else ""
    groups: dict[tuple[str, str, str], list[LlmCall]] = {}
    for call in steps_of(trace):
        role = call.prompt_name or call.agent_name or (call.system[0].sha256 if call.system else "")
        key = (_idea(call.span_id, spans) or only, _idea(call.span_id, spans, _SECURITY), role)
        groups.setdefault(key, []).append(call)
    for (idea, _symbol, role), calls in groups.items():
        for loop in _loops(trace, calls, spans):
            steps = tuple(_step(trace, call) for call in loop)
            yield Series(idea_id=idea, role=role, steps=steps)


def _loops(trace: Trace, calls: Sequence[LlmCall], spans: Mapping[str, Span]) -> Iterator[list[LlmCall]]:
    """Yield runs of calls in which each takes up the one before: the same question, its history, or its answer."""
    loop: list[LlmCall] = []
    for call in calls:
        if loop and not _takes_up(trace, loop[-1], call, spans):
            yield loop
            loop = []
        loop.append(call)
    if loop:
        yield loop


def _takes_up(trace: Trace, before: LlmCall, call: LlmCall, spans: Mapping[str, Span]) -> bool:
    if before.ended_ns and call.started_ns < before.ended_ns:
        return False  # side by side is no sequence
    if _turns(before) == _turns(call) != () and not same_model(before.request_model, call.request_model):
        return False  # the same question to another model is a second opinion or a fallback, not a step
    if before.input and call.input and before.input[0].sha256 == call.input[0].sha256:
        return True
    if any(STEP in span.attributes for span in upwards(call.span_id, spans, _DEEPEST)):
        return True
    said = [part.text.strip() for _m, part, _s in trace.parts(before.output) if len(part.text.strip()) >= _HANDED]
    asked = "\n".join(part.text for _m, part, _s in trace.parts(call.input))
    if any(text in asked for text in said):
        return True
    if not before.input or not call.input:
        return True  # nothing shows that they are about different things
    one, other = _opening(trace, before), _opening(trace, call)
    mine, its = set(_SYMBOL.findall(one)) - _PLAIN, set(_SYMBOL.findall(other)) - _PLAIN
    if mine and its and not mine & its:
        return False  # the same question about another security
    return _alike(_words(one), _words(other))


def _turns(call: LlmCall) -> tuple[str, ...]:
    return tuple(ref.sha256 for ref in call.input)


def _opening(trace: Trace, call: LlmCall) -> str:
    turns = [part.text for _m, part, _s in trace.parts(call.input[-1:]) if part.kind is PartKind.TEXT]
    return " ".join(turns)[:_OPENING]


def _words(text: str) -> set[str]:
    """Return the words of a prompt without figures, which a template fills in anew at each step."""
    return set(_WORD.findall(_FIGURE.sub("", text).casefold()))


def _alike(one: set[str], other: set[str]) -> bool:
    return bool(one | other) and len(one & other) >= _ALIKE * len(one | other)


def _step(trace: Trace, call: LlmCall) -> Step:
    probability_, leaning, proof = None, "", []
    said = False
    for _message, part, source in trace.parts(call.output):
        said = said or bool(part.text)
        if part.kind is not PartKind.TEXT:
            continue
        found = belief(part.text)
        for value, (start, end) in ((found.probability, found.probability_at), (found.leaning, found.leaning_at)):
            if value not in {None, ""}:
                proof.append(Evidence(trace_id=source.trace_id, span_id=source.span_id, field=source.field,
                                      excerpt=part.text[start:end], start=start, end=end))  # fmt: skip
        probability_ = found.probability if found.probability is not None else probability_
        leaning = found.leaning or leaning
    return Step(span_id=call.span_id, at_ns=call.started_ns, probability=probability_, leaning=leaning,
                evidence=tuple(proof), silent=not said)  # fmt: skip
