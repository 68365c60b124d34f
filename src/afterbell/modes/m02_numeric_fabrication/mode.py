"""Numeric fabrication: a figure in the model's output that no source of the run holds.

What it asks
    Did the model state a figure that stands in no document, tool result or prompt it was given, and follows from none?

Why it matters
    A made-up figure looks like any other. It passes every check of form, enters the thesis as a fact, and is repeated
    by each agent downstream until it seems well supported.

How it looks
    Claims are figures of the model's texts, and of the sentences that it files as arguments of a tool.
    Sources are retrieved documents, results of tools, system and user text; what a model of the run wrote earlier is
    none, also where a later prompt repeats it. A figure is grounded when a source holds it in any scale, sign, unit or
    rounding to the digits shown, or when one step over source figures of one kind that belong together gives it: a+b,
    a-b, a/b, a/b-1, a mean, a share, a sum of listed parts. No products, no annualising, no chains. Not claims: prices
    to trade at, sizes, weights, horizons, probabilities, scores, settings of indicators, what could happen, dates, form
    names, list numbers, marks of citation. Yes when more than `allowed` (0) different figures are ungrounded; each is
    listed with its nearest source figure. A figure whose digits are right and whose scale is not is the business of
    question 11. A prompt, result or document of the same stage that was not captured could hold the figure: unknown.
    An error or an empty result was captured, and holds nothing.

What would prevent it
    A gate after the model that looks up every figure of the output in the evidence and returns the ones it cannot find;
    figures passed as fields with the id of their source instead of prose.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from afterbell.model.casefile import CaseFile, Need
from afterbell.model.scan import Suggestion, no, unknown, yes
from afterbell.model.wording import first_of
from afterbell.reading.quantities.outputs import Account, Grounded, account
from afterbell.reading.quantities.sources import gone

NUMBER = 2
SLUG = "numeric_fabrication"
QUESTION = "Did the model output any number that cannot be traced to a verified source document?"
SINCE = "0.1.0"
NEEDS = (Need.SPANS, Need.MODEL_CALLS)
KNOBS = {"allowed": 0}

_SHOWN = 20
_TOLD = 3


def detect(case: CaseFile) -> Suggestion:
    """Return yes with each ungrounded figure, no with the count, unknown when a source or an output is gone."""
    trace = case.trace
    found = account(trace)
    loose = _distinct([each for each in found.claims if not each.grounding.held])
    figures = _figures(found, loose)
    if len(loose) > int(case.knobs.get("allowed", 0)):
        missing = tuple(dict.fromkeys(gone(trace, {each.stage for each in loose})))
        if missing:
            reason = f"{_several(len(loose))} stand in no source that was kept, and part of the sources is gone."
            return unknown(reason, missing, figures, tuple(each.evidence for each in loose[:_SHOWN]))
        return yes(_reason(found, loose), tuple(each.evidence for each in loose[:_SHOWN]), figures, found.lost)
    if found.lost:
        return unknown(f"Part of what the model wrote is gone: {first_of(found.lost)}.", found.lost, figures)
    if not found.claims:
        return no(f"{found.spoken} outputs read: no figure that claims anything about the world.", figures)
    return no(
        f"All {len(found.claims)} figures of the output stand in a source or follow from one in one step.", figures
    )


def _distinct(claims: Sequence[Grounded]) -> list[Grounded]:
    """Return each figure once, where it stands first: reports repeat each other."""
    found: dict[tuple[str, str], Grounded] = {}
    for each in claims:
        found.setdefault((str(abs(each.figure.value.normalize())), each.figure.kind), each)
    return list(found.values())


def _several(count: int) -> str:
    return "One figure of the output does" if count == 1 else f"{count} figures of the output do"


def _reason(found: Account, loose: Sequence[Grounded]) -> str:
    told = []
    for each in loose[:_TOLD]:
        near = _nearest(found, each)
        told.append(f"{_line(each.excerpt)!r}" + (f" (nearest source figure: {near!r})" if near else ""))
    rest = f" and {len(loose) - _TOLD} more" if len(loose) > _TOLD else ""
    verb = "stands" if len(loose) == 1 else "stand"
    return (
        f"{', '.join(told)}{rest} {verb} in no source and follow{'s' if len(loose) == 1 else ''} from none in one step."
    )


def _nearest(found: Account, claim: Grounded) -> str:
    place = found.pool.nearest(abs(float(claim.figure.value)))
    return _line(found.shown(place)) if place is not None else ""


def _line(text: str) -> str:
    return " ".join(text.split())[:40]


def _figures(found: Account, loose: Sequence[Grounded]) -> dict[str, Any]:
    total = len(found.claims)
    held = sum(each.grounding.held for each in found.claims)
    listed = []
    for each in loose[:_SHOWN]:
        place = found.pool.nearest(abs(float(each.figure.value)))
        row = {"figure": _line(each.excerpt), "sentence": _line_long(each.claimed.sentence)}
        if place is not None:
            proof = found.evidence(place)
            row |= {"nearest": _line(proof.excerpt), "nearest_span": proof.span_id, "nearest_field": proof.field}
        listed.append(row)
    return {"grounded": held, "total": total, "ungrounded": len(loose), "sources": len(found.told),
            "source_figures": len(found.pool), "figures": listed}  # fmt: skip


def _line_long(text: str) -> str:
    return " ".join(text.split())[:160]
