"""Unit or GAAP confusion: the digits are right, the scale, the sign or the accounting basis is not.

What it asks
    Did the agent read thousands as units or millions as thousands, lose the brackets of a negative, or mix accounting
    standards or bases (GAAP, IFRS, non-GAAP; diluted, basic; quarter, year)?

Why it matters
    A table says once, in small print, that it is in thousands. A model that misses the line is wrong by a factor of a
    thousand with every digit right, and a check that compares digits passes it.

How it looks
    Claims of the output are held against the sources of question 2. The scale of a source comes from the header of
    its table (also "$m", 000s, 万元), the units of its document, a units or scale key in JSON, or XBRL, which is in
    ones, in that order; where no source states it, from the registrant's company facts. Yes when a claim's digits
    are a source's at another power of ten (10^3, 10^6, 10^9; 10^2 and 10^4 between percent, fraction and basis
    points; 万 and 亿), when a negative result is claimed as positive or the reverse, when a claim names a basis and
    its source states the other of the pair, or when a growth or difference compares two bases or standards without
    saying that they were recast. Non-GAAP called non-GAAP, stated run rates and sums of quarters are no confusion; nor
    is a table copied without its header as long as no scale is asserted. A claim that asserts a scale while no source
    states one: unknown, unless the amount can only be in ones (from 10^10). No figures: not applicable.

What would prevent it
    Tools that return values in ones with unit, basis and period as fields; a gate that compares magnitudes of claims
    with those of the facts they cite.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from afterbell.model.casefile import CaseFile, Need
from afterbell.model.scan import Evidence, Suggestion, na, no, unknown, yes
from afterbell.model.wording import first_of
from afterbell.reading.company_accounts import scaled
from afterbell.reading.quantities.confusions import Confusion, Slip, confusions, of_slip
from afterbell.reading.quantities.outputs import Account, account
from afterbell.reading.quantities.sources import gone

NUMBER = 11
SLUG = "unit_or_gaap_confusion"
QUESTION = (
    "Did the agent misread thousands as units, millions as thousands, or mix accounting standards across reporting "
    "periods?"
)
SINCE = "0.1.0"
NEEDS = (Need.SPANS, Need.MODEL_CALLS)
KNOBS: dict[str, Any] = {}

_SHOWN = 12
_TOLD = 3


def detect(case: CaseFile) -> Suggestion:
    """Return yes with claim and source side by side, no, na without figures, unknown without a stated scale."""
    trace = case.trace
    found = account(trace)
    if not found.claims:
        if found.lost:
            return unknown(f"What the model wrote is gone: {first_of(found.lost)}.", found.lost)
        return na("The outputs hold no figure that claims anything about the world.")
    slips = confusions(found)
    wrong = of_slip(slips, Slip.SCALE, Slip.SIGN, Slip.BASIS)
    unstated = of_slip(slips, Slip.UNSTATED)
    figures = _figures(found, wrong, unstated)
    if wrong:
        return yes(_reason(found, wrong), _evidence(found, wrong), figures, found.lost)
    told = scaled.held(trace, case.books.facts)
    misread = [each for each in told if each.shift and not _is_held(found, each)]
    if misread:
        return yes(_misread(misread), _cells(misread), figures, found.lost)
    settled = {(each.use.evidence.span_id, each.use.evidence.excerpt) for each in told}
    unstated = tuple(
        each for each in unstated if (each.claim.evidence.span_id, each.claim.evidence.excerpt) not in settled
    )
    if unstated:
        reason = f"{_count(len(unstated))} a scale that no source states, first {_line(unstated[0].claim.excerpt)!r}."
        return unknown(reason, ("the scale of the source figures",), figures, _evidence(found, unstated))
    held = sum(each.grounding.held for each in found.claims)
    if held < len(found.claims):
        loose = {each.stage for each in found.claims if not each.grounding.held}
        missing = tuple(dict.fromkeys((*gone(trace, loose), *found.lost)))
        if missing:
            return unknown(
                "Part of the sources is gone, so that not every figure can be held against its source.",
                missing,
                figures,
            )
        if not len(found.pool) and not told:
            return unknown("No source of the run holds a figure to compare with.", ("sources with figures",), figures)
    return no(f"{held} of {len(found.claims)} figures have a source; scale, sign and basis agree.", figures)


def _count(count: int) -> str:
    return "One figure asserts" if count == 1 else f"{count} figures assert"


def _reason(found: Account, wrong: Sequence[Confusion]) -> str:
    told = [
        f"{_line(each.claim.excerpt)!r} is {each.what} ({_line(found.shown(each.places[0]))!r})"
        if each.slip is Slip.SCALE
        else f"{_line(each.claim.excerpt)!r}: {each.what} ({_line(found.shown(each.places[0]))!r})"
        for each in wrong[:_TOLD]
    ]
    rest = f"; and {len(wrong) - _TOLD} more" if len(wrong) > _TOLD else ""
    return f"{'; '.join(told)}{rest}."


def _is_held(found: Account, misread: scaled.Held) -> bool:
    """Tell whether a source of the run holds the claim as it is, with a scale that it states."""
    mine = misread.use.evidence
    return any(
        each.grounding.held and not each.grounding.shift and not each.grounding.unscaled
        and each.evidence.span_id == mine.span_id and each.evidence.start == mine.start
        and all(found.pool.held[place].figure.scale_from for place in each.grounding.places)
        for each in found.claims
    )  # fmt: skip


def _misread(found: Sequence[scaled.Held]) -> str:
    first = found[0]
    side = "large" if first.shift > 0 else "small"
    rest = f"; and {len(found) - 1} more" if len(found) > 1 else ""
    return (
        f"{_line(first.use.evidence.excerpt)!r} is too {side} by 10^{abs(first.shift)}: the registrant reported"
        f" {first.report.value} to {first.report.end}{rest}."
    )


def _cells(found: Sequence[scaled.Held]) -> tuple[Evidence, ...]:
    """Return each claim with the cell of the company facts that it is held against."""
    shown = []
    for each in found[:_SHOWN]:
        value = str(each.report.value)
        cell = Evidence(trace_id="", field=f"facts:{each.report.row}:val", excerpt=value, end=len(value))
        shown += [each.use.evidence, cell]
    return tuple(shown)


def _evidence(found: Account, slips: Sequence[Confusion]) -> tuple[Any, ...]:
    """Return each claim with the source figures it is held against, one after the other."""
    shown = []
    for each in slips[:_SHOWN]:
        shown += [each.claim.evidence, *(found.evidence(place) for place in each.places[:2])]
    return tuple(shown)


def _figures(found: Account, wrong: Sequence[Confusion], unstated: Sequence[Confusion]) -> dict[str, Any]:
    kinds = Counter(str(each.slip) for each in wrong)
    listed = [
        {
            "figure": _line(each.claim.excerpt),
            "kind": str(each.slip),
            "what": each.what,
            "source": _line(found.shown(each.places[0])),
        }
        for each in (*wrong, *unstated)[:_SHOWN]
    ]
    held = sum(each.grounding.held for each in found.claims)
    return {"total": len(found.claims), "grounded": held, "scale": kinds["scale"], "sign": kinds["sign"],
            "basis": kinds["basis"], "unstated": len(unstated), "figures": listed}  # fmt: skip


def _line(text: str) -> str:
    return " ".join(text.split())[:40]
