"""Calibration drift: probabilities shifted after a change of model and the calibrator was not trained again.

What it asks
    Did the model change after its calibrator was trained, or do the outcomes say that its probabilities no longer mean
    what they say?

Why it matters
    Sizing rests on probabilities. Another version of a model says 0.7 on other occasions than the one before it; the
    calibrator that turned the old 0.7 into a true rate now bends the new one out of shape, and nothing looks different.

How it looks
    Clause one, without outcomes: the model that answered the call which gave the probability is not the one that the
    calibrator was trained for (`trading.decision.calibrator.model` and `.trained_at`, else the calibrators book by
    version; the alias of a dated snapshot is the same model, unless the forecasts book or other traces of the house
    show that another snapshot answered then). A calibrator trained after the change clears this clause only. Clause
    two, with outcomes (forecasts book): with at least `pairs` (50) resolved forecasts on each side of the change, the
    Spiegelhalter terms or Cox's slope and intercept differ at p < `p` (0.01), or a bucket's error does after
    Bonferroni; or, with at least `pairs` resolved forecasts of this model, reliability is flat: outcomes do not rise
    with the forecasts (Cox slope below 1 at p, and not above 0). Fewer pairs: unknown. No probability anywhere: not
    applicable. The sample size is in the reason.

What would prevent it
    A calibrator bound to a model version and refused for any other; a retraining step in the upgrade; a weekly
    reliability table.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from msgspec import Struct

from afterbell.model.books import Calibrator, Forecast
from afterbell.model.calls import ROLLUP, LlmCall
from afterbell.model.casefile import CaseFile, Need
from afterbell.model.run import Trace
from afterbell.model.scan import Evidence, Suggestion, na, no, unknown, yes
from afterbell.model.trading import TradeEvent, TradeKind
from afterbell.model.vocabulary import ContentState
from afterbell.reading.calibration import (
    Bucket,
    Pairs,
    brier,
    bucket_change,
    cox,
    cox_change,
    expected_error,
    flat,
    p_value,
    spiegelhalter,
    spiegelhalter_change,
)
from afterbell.reading.legs.calls import behind, summed
from afterbell.reading.loops.belief import belief, probability
from afterbell.reading.model_names import plain_name, same_model
from afterbell.reading.times import from_ns, to_utc

NUMBER = 15
SLUG = "calibration_drift"
QUESTION = (
    "Did probability estimates shift systematically after a model upgrade, without the calibrator being retrained?"
)
SINCE = "0.1.0"
NEEDS = (Need.SPANS, Need.MODEL_CALLS)
KNOBS = {"pairs": 50, "p": 0.01}

_P = "trading.decision."
_STATED = (f"{_P}calibrated_probability", f"{_P}probability", f"{_P}confidence", "trading.research.posterior")
_VERSION, _TRAINED, _MODEL = f"{_P}calibrator.version", f"{_P}calibrator.trained_at", f"{_P}calibrator.model"
_CALIBRATOR = frozenset({_VERSION, _TRAINED, _MODEL})


class _Given(Struct, frozen=True, kw_only=True):
    """The probability that the trace gives: the call that gave it, when, and where it stands."""

    call: LlmCall
    at: datetime | None
    decision: TradeEvent | None
    proof: Evidence

    @property
    def model(self) -> str:
        """The model that answered."""
        return self.call.response_model or self.call.request_model


class _Clause(Struct, frozen=True, kw_only=True):
    """What one clause says: a fault, something missing, or neither."""

    fault: str = ""
    clean: str = ""
    missing: str = ""
    evidence: tuple[Evidence, ...] = ()
    figures: tuple[tuple[str, Any], ...] = ()


def detect(case: CaseFile) -> Suggestion:
    """Return yes with the change or the statistics; no when both clauses are clean; na without a probability."""
    given = _given(case)
    if given is None:
        calls = [call for call in case.trace.calls if not call.failed and call.operation != ROLLUP]
        if any(call.states.get("output") not in {None, ContentState.CAPTURED} for call in calls):
            return unknown("Outputs were not kept, so that a probability in them cannot be seen.",
                           ("the model's output, or trading.decision.calibrated_probability",))  # fmt: skip
        if hidden := behind(summed(case.trace)):
            return unknown("Model calls ran that are recorded only as a sum: a probability in them cannot be seen.",
                           hidden)  # fmt: skip
        return na("No probability is stated in this trace or in the forecasts book for its model.")
    knobs = {**KNOBS, **case.knobs}
    first, changed = _trained(case, given)
    second = _outcomes(case, given, changed, int(knobs["pairs"]), float(knobs["p"]))
    figures = dict((*first.figures, *second.figures))
    faults = [each for each in (first, second) if each.fault]
    missing = tuple(each.missing for each in (first, second) if each.missing)
    if faults:
        proof = tuple(proof for each in faults for proof in each.evidence)
        return yes(" ".join(each.fault for each in faults), proof, figures, missing)
    if missing:
        told = " ".join(each.clean for each in (first, second) if each.clean)
        return unknown(told or "Whether the probability is still calibrated cannot be told.", missing, figures,
                       (given.proof,))  # fmt: skip
    return no(f"{first.clean} {second.clean}".strip(), figures, (given.proof,))


def _cite(trace: Trace, span_id: str, field: str, value: Any) -> Evidence:
    text = str(value)
    return Evidence(trace_id=trace.trace_id, span_id=span_id, field=field, excerpt=text, end=len(text))


def _given(case: CaseFile) -> _Given | None:
    """Find the probability: on a decision, else in a call's output, else in the forecasts book for the model."""
    trace = case.trace
    calls = [call for call in trace.calls if not call.failed and call.operation != ROLLUP]
    if not calls:
        return None
    said: list[tuple[LlmCall, Evidence]] = []
    for call in calls:
        for _message, part, source in trace.parts(call.output):
            found = belief(part.text) if part.text else None
            if found is not None and found.probability is not None:
                start, end = found.probability_at
                said.append((call, Evidence(trace_id=source.trace_id, span_id=source.span_id, field=source.field,
                                            excerpt=part.text[start:end], start=start, end=end)))  # fmt: skip
    decisions = trace.of_kind(TradeKind.DECISION)
    # The probability may stand on a step of research, and its calibrator on the decision that it led to.
    decision = next((each for each in decisions if _CALIBRATOR & set(each.attributes)), next(iter(decisions), None))
    for event in trace.of_kind(TradeKind.DECISION, TradeKind.RESEARCH):
        name = next((name for name in _STATED if probability(event.attributes.get(name)) is not None), "")
        calibrated = bool(_CALIBRATOR & set(event.attributes))
        if name or calibrated:
            name = name or next(key for key in (_VERSION, _TRAINED, _MODEL) if key in event.attributes)
            call = _of_event(trace, event, [call for call, _proof in said] or calls, calls)
            span = trace.span(event.source.span_id)
            value = span.attributes[name] if span is not None and name in span.attributes else event.attributes[name]
            return _Given(call=call, at=from_ns(event.at_ns) if event.at_ns else _time(call),
                          decision=event if calibrated or event.kind is TradeKind.DECISION else decision,
                          proof=_cite(trace, event.source.span_id, name, value))  # fmt: skip
    if said:
        call, proof = said[-1]
        return _Given(call=call, at=_time(call), decision=decision, proof=proof)
    for call in reversed(calls):
        model = call.response_model or call.request_model
        row = next((row for row in case.books.forecasts if row.model and same_model(row.model, model)), None)
        if row is not None:
            return _Given(call=call, at=_time(call), decision=decision, proof=_of_book(trace, row))
    return None


def _of_book(trace: Trace, row: Forecast, column: str = "probability") -> Evidence:
    return _cite(trace, "", f"forecasts:{row.row}:{column}", getattr(row, column))


def _of_event(trace: Trace, event: TradeEvent, likely: Sequence[LlmCall], calls: Sequence[LlmCall]) -> LlmCall:
    """Return the call that gave a decision's probability: the last below its span, else the last before its end."""
    parents = {span.span_id: span.parent_span_id for span in trace.spans}
    for pool in (likely, calls):
        below = [call for call in pool if parents.get(call.span_id) == event.source.span_id]
        if below:
            return below[-1]
    span = trace.span(event.source.span_id)
    ends = max(span.end_ns, span.start_ns) if span is not None else event.at_ns
    before = [call for call in likely if not ends or call.started_ns <= ends]
    return (before or list(likely))[-1]


def _time(call: LlmCall) -> datetime | None:
    return from_ns(call.started_ns) if call.started_ns else None


def _trained(case: CaseFile, given: _Given) -> tuple[_Clause, datetime | None]:
    """Judge clause one, and say when the model changed as far as the forecasts tell."""
    stated = given.decision.attributes if given.decision is not None else {}
    version, trained_on = str(stated.get(_VERSION) or ""), str(stated.get(_MODEL) or "")
    trained = to_utc(str(stated[_TRAINED])) if stated.get(_TRAINED) else None
    row = _calibrator(case.books.calibrators, version, given)
    if row is not None:
        trained, trained_on = trained or row.trained_at, trained_on or row.model
    mine = [each for each in case.books.forecasts if each.made_at is not None and each.model]
    changed = min((each.made_at for each in mine if each.made_at and same_model(each.model, given.model)), default=None)
    if trained is None and not trained_on:
        return _Clause(missing=f"when and for which model the calibrator was trained ({_TRAINED}, {_MODEL}, or the"
                               " calibrators book)"), changed  # fmt: skip
    if not given.model:
        return _Clause(missing="the name of the model that gave the probability (gen_ai.response.model)"), changed
    then = _then(case, mine, trained, trained_on)
    if not then:
        return _Clause(missing=f"the model that the calibrator was trained for ({_MODEL})"), changed
    if trained is None and same_model(then, given.model):
        return _Clause(clean=f"The calibrator was trained for {then}, which answered."), changed
    figures = (("trained_for", then), ("answered", given.model), ("trained_at", trained.isoformat() if trained else ""))
    if same_model(then, given.model):
        return _Clause(clean=f"The calibrator was trained for {then}, which answered.", figures=figures), changed
    if trained is not None and given.at is not None and trained > given.at:
        return _Clause(missing="the calibrator that was in use: the one stated was trained after the call"), changed
    proof = [_cite(case.trace, given.call.span_id, field, value) for field, value in _names(case.trace, given.call)]
    if given.decision is not None:
        names = [name for name in (_VERSION, _TRAINED, _MODEL) if stated.get(name)]
        proof += [_cite(case.trace, given.decision.source.span_id, name, stated[name]) for name in names]
    if row is not None:
        proof.append(_cite(case.trace, "", f"calibrators:{row.row}:trained_at", row.trained_at.isoformat()))
    when = f" on {trained:%Y-%m-%d}" if trained else ""
    told = f"The calibrator was trained{when} for {then}, and {given.model} gave the probability."
    return _Clause(fault=told, evidence=tuple(proof), figures=figures), changed


def _names(trace: Trace, call: LlmCall) -> list[tuple[str, str]]:
    span = trace.span(call.span_id)
    attributes = span.attributes if span is not None else {}
    wanted = call.response_model or call.request_model
    found = [(key, str(value)) for key, value in attributes.items() if isinstance(value, str) and value == wanted]
    return found[:1]


def _calibrator(rows: Sequence[Calibrator], version: str, given: _Given) -> Calibrator | None:
    """Return the calibrator by the stated version, else the last one trained before the call."""
    if version:
        rows = [row for row in rows if row.calibrator_version == version]
    before = [row for row in rows if given.at is None or row.trained_at <= given.at] or (list(rows) if version else [])
    return max(before, key=lambda row: row.trained_at, default=None)


def _then(case: CaseFile, forecasts: Sequence[Forecast], trained: datetime | None, stated: str) -> str:
    """Return the model of the calibrator's training: as stated, made exact by what answered just before it."""
    if trained is None:
        return stated
    answers = [(row.made_at, row.model) for row in forecasts if row.made_at is not None and row.made_at <= trained]
    answers += [(at, each.model) for each in case.around.answered
                if (at := from_ns(each.at_ns)) is not None and at <= trained]  # fmt: skip
    for run in case.kin:
        answers += [(at, call.response_model) for call in run.calls
                    if call.response_model and (at := _time(call)) is not None and at <= trained]  # fmt: skip
    fits = [each for each in answers if not stated or same_model(each[1], stated)]
    last = max(fits, key=lambda each: each[0], default=None)
    return (
        last[1] if last is not None and (not stated or len(plain_name(last[1])) > len(plain_name(stated))) else stated
    )


def _outcomes(case: CaseFile, given: _Given, changed: datetime | None, least: int, alpha: float) -> _Clause:
    """Judge clause two on the resolved forecasts: before and after the change, and flat reliability."""
    rows = [row for row in case.books.forecasts if row.outcome is not None]
    after = [row for row in rows if not row.model or same_model(row.model, given.model)]
    before = [row for row in rows if row.model and not same_model(row.model, given.model)
              and (changed is None or row.made_at is None or row.made_at < changed)]  # fmt: skip
    if not rows:
        return _Clause(missing="forecasts with outcomes (the forecasts book)", figures=(("pairs", 0),))
    now, old = _pairs(after), _pairs(before)
    figures: list[tuple[str, Any]] = [("pairs", len(now)), ("pairs_before", len(old))]
    if len(now) >= least:
        figures += _shown(now)
    if len(now) >= least and len(old) >= least:
        changes, bucket = _changes(old, now, alpha)
        if changes:
            told = (
                f"Calibration changed with the model ({len(old)} resolved pairs before, {len(now)} after): {changes}."
            )
            rows = [row for row in after if bucket and bucket.low <= row.probability <= bucket.high] or after
            return _Clause(fault=told, evidence=_shown_rows(case.trace, rows), figures=tuple(figures))
    fit = cox(now) if len(now) >= least else None
    if fit is not None and flat(fit, alpha):
        told = (f"Reliability is flat over {len(now)} resolved pairs: outcomes do not rise with the forecasts"
                f" (Cox slope {fit.slope:.2f}, standard error {fit.slope_error:.2f}).")  # fmt: skip
        return _Clause(fault=told, evidence=_shown_rows(case.trace, after), figures=tuple(figures))
    if len(now) < least:
        whose = given.model or "the model"
        return _Clause(missing=f"resolved forecasts of {whose}: {len(now)} pairs, {least} are needed",
                       figures=tuple(figures))  # fmt: skip
    if old and len(old) < least:
        return _Clause(missing=f"resolved forecasts before the change of model: {len(old)} pairs, {least} are needed",
                       figures=tuple(figures))  # fmt: skip
    if fit is None:
        return _Clause(missing=f"forecasts that differ, with both outcomes: {len(now)} pairs have no spread",
                       figures=tuple(figures))  # fmt: skip
    same = f" and as it was over the {len(old)} before" if old else ""
    told = f"Over {len(now)} resolved pairs reliability is not flat (Cox slope {fit.slope:.2f}){same}."
    return _Clause(clean=told, figures=tuple(figures))


def _pairs(rows: Sequence[Forecast]) -> Pairs:
    return [(float(row.probability), row.outcome) for row in rows if row.outcome is not None]


def _changes(old: Pairs, now: Pairs, alpha: float) -> tuple[str, Bucket | None]:
    """Return what differs between two samples, in words, and the bucket that does, if one does."""
    found = []
    p = p_value(spiegelhalter_change(old, now))
    if p < alpha:
        found.append(f"Spiegelhalter z {spiegelhalter(old):.1f} to {spiegelhalter(now):.1f} (p {p:.1g})")
    fits = cox(old), cox(now)
    if fits[0] is not None and fits[1] is not None and (p := cox_change(fits[0], fits[1])) < alpha:
        found.append(f"Cox slope {fits[0].slope:.2f} to {fits[1].slope:.2f}, intercept {fits[0].intercept:.2f} to"
                     f" {fits[1].intercept:.2f} (p {p:.1g})")  # fmt: skip
    p, bucket = bucket_change(old, now)
    if bucket is None or p >= alpha:
        return "; ".join(found), None
    found.append(f"forecasts of {bucket.low:.1f} to {bucket.high:.1f} now come true in {bucket.outcome:.0%}"
                 f" (p {p:.1g} after Bonferroni)")  # fmt: skip
    return "; ".join(found), bucket


def _shown(pairs: Pairs) -> list[tuple[str, Any]]:
    fit = cox(pairs)
    found: list[tuple[str, Any]] = [
        ("brier", f"{brier(pairs):.4f}"), ("expected_calibration_error", f"{expected_error(pairs):.4f}"),
        ("spiegelhalter_z", f"{spiegelhalter(pairs):.2f}"),
    ]  # fmt: skip
    return found + ([("cox_slope", f"{fit.slope:.2f}"), ("cox_intercept", f"{fit.intercept:.2f}")] if fit else [])


def _shown_rows(trace: Trace, rows: Sequence[Forecast]) -> tuple[Evidence, ...]:
    """Cite the forecasts that were furthest from what came."""
    worst = sorted(rows, key=lambda row: -abs(row.probability - Decimal(row.outcome or 0)))[:3]
    return tuple(proof for row in worst for proof in (_of_book(trace, row), _of_book(trace, row, "outcome")))
