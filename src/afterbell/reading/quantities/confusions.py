"""What is wrong with a grounded claim although its digits are right: its scale, its sign, or the basis it names.

Takes claims with their grounds and says what each mixes up, and which claims cannot be told for want of a stated scale.
It does not look for grounds (`grounding`), and a claim without any is not its business.
"""

# ruff: noqa: RUF001 - Chinese words are what is read here

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from msgspec import Struct

from afterbell.reading.quantities import labels
from afterbell.reading.quantities.derivations import Step
from afterbell.reading.quantities.grounding import slack
from afterbell.reading.quantities.outputs import Account, Grounded
from afterbell.reading.quantities.quantity import Kind, Quantity


class Slip(StrEnum):
    """The kinds of confusion; the last is none, but a claim whose scale nobody states."""

    SCALE = "scale"
    SIGN = "sign"
    BASIS = "basis"
    UNSTATED = "unstated"


class Confusion(Struct, frozen=True, kw_only=True):
    """One claim and what it mixes up, in words; `places` are the figures of the pool it is held against."""

    slip: Slip
    claim: Grounded
    places: tuple[int, ...]
    what: str


_RESULTS: Final = frozenset(
    "income profit earning ebitda ebit eps flow margin result return gain surplus net 利润 净利润 现金流".split()
)
_LOSSES: Final = frozenset(
    "loss losse deficit expense cost charge outflow used decrease payment paid tax allowance depreciation".split()
)
_MINUS = re.compile(
    r"loss|lost|negative|deficit|declin|decreas|\bfell|\bfall|drop|\bdown\b|lower|outflow|\bused\b|reduc|shr[aiu]nk|minus|burn"
    r"|contract|worsen|expens|\bcosts?\b|shortfall|slip|slump|\bunder|less than|below|\bcut\b|亏|降|负|跌|减",
    re.IGNORECASE,
)
_ANNUALISED = re.compile(
    r"run[- ]?rate|annuali[sz]ed|sum of|trailing|ttm|combined|year[- ]over[- ]year|\byoy\b|year[- ]to[- ]date|\bytd\b|half",
    re.IGNORECASE,
)
_RECAST = re.compile(
    r"\b(?:recast|restated|converted|reconcil\w{1,6}|like[- ]for[- ]like|adjusted for the (?:change|standard)|on (?:the same|a comparable) basis)\b",
    re.IGNORECASE,
)
_NAMES: Final = {
    "gaap": "GAAP",
    "non-gaap": "non-GAAP",
    "ifrs": "IFRS",
    "diluted": "diluted",
    "basic": "basic",
    "quarter": "a quarter",
    "year": "a year",
}
_STANDARDS: Final = frozenset({"gaap", "ifrs"})
_STEPS = {2: "a hundred", 3: "a thousand", 4: "ten thousand", 6: "a million", 8: "a hundred million", 9: "a billion"}
_ENOUGH = 3


def confusions(found: Account) -> tuple[Confusion, ...]:
    """Return every confusion of a run's claims in order, and the claims whose scale cannot be told."""
    result = []
    for claim in found.claims:
        if claim.grounding.held:
            one = _scale(found, claim) or _sign(found, claim) or _basis(found, claim)
            if one is not None:
                result.append(one)
    return tuple(result)


def _scale(found: Account, claim: Grounded) -> Confusion | None:
    grounding, figure = claim.grounding, claim.figure
    asserts = figure.scale_from in {"word", "header"} and figure.kind is not Kind.PERCENT
    if grounding.unscaled and asserts:
        return Confusion(slip=Slip.UNSTATED, claim=claim, places=grounding.places, what="no source states the scale")
    if not grounding.shift or (figure.significant < _ENOUGH and not _outright(found, claim)):
        return None
    if not asserts and not figure.currency and figure.kind is not Kind.PERCENT and _as_written(found, claim):
        return None
    size = abs(grounding.shift)
    side = "large" if grounding.shift > 0 else "small"
    return Confusion(
        slip=Slip.SCALE, claim=claim, places=grounding.places, what=f"too {side} by {_STEPS.get(size, f'10^{size}')}"
    )


def _outright(found: Account, claim: Grounded) -> bool:
    """Tell whether the claim's words name the source figure by most of its label."""
    own = found.pool.held[claim.grounding.places[0]].figure.row_label
    own -= labels.years(own)
    return bool(own) and len(own & claim.claimed.claim.words) * 2 > len(own)


def _as_written(found: Account, claim: Grounded) -> bool:
    """Tell whether the claim repeats the source's own digits and asserts no scale: a table copied without its header."""
    return any(
        abs(found.pool.held[place].figure.digits) == abs(claim.figure.digits) for place in claim.grounding.places
    )


def _matches(found: Account, claim: Grounded) -> tuple[Quantity, ...]:
    """Return all source figures that hold the claim as it is and share a word with it."""
    size = abs(float(claim.figure.value))
    below, above = slack(claim.figure)
    words = claim.claimed.claim.words
    return tuple(
        figure
        for place in found.pool.sized((size - below) * (1 - 1e-9), (size + above) * (1 + 1e-9))
        if (figure := found.pool.held[place].figure).label & (words - labels.years(words))
    )


def _sign(found: Account, claim: Grounded) -> Confusion | None:
    figure, grounding = claim.figure, claim.grounding
    if grounding.step is not None or grounding.shift or figure.kind is Kind.TIME:
        return None
    matches = _matches(found, claim)
    if not matches or not all(each.row_label & _RESULTS for each in matches):
        return None
    said = figure.value < 0 or bool(_MINUS.search(claim.claimed.sentence))
    if figure.value > 0 and not said and all(each.value < 0 for each in matches):
        return Confusion(slip=Slip.SIGN, claim=claim, places=grounding.places, what="its source is negative")
    if figure.value < 0 and all(each.value > 0 and not each.label & _LOSSES for each in matches):
        return Confusion(slip=Slip.SIGN, claim=claim, places=grounding.places, what="its source is positive")
    return None


def _basis(found: Account, claim: Grounded) -> Confusion | None:
    grounding = claim.grounding
    if grounding.shift:
        return None
    if grounding.step is None:
        return _named_basis(found, claim)
    if grounding.step in {Step.GROWTH, Step.DIFFERENCE}:
        return _mixed_basis(found, claim)
    return None


def _named_basis(found: Account, claim: Grounded) -> Confusion | None:
    own = claim.figure.basis
    matches = [_of(found, figure) for figure in _matches(found, claim)] if own else []
    for pair in labels.CLASSES:
        stated = own & pair
        others = [basis & pair for basis in matches]
        if len(stated) != 1 or not others or not all(len(each) == 1 and each != stated for each in others):
            continue
        if "quarter" in pair and (_ANNUALISED.search(claim.claimed.sentence) or claim.figure.kind is Kind.PERCENT):
            continue
        if "diluted" in pair and not claim.claimed.claim.words & {
            "eps",
            "earning",
            "share",
            "income",
            "diluted",
            "basic",
        }:
            continue
        name, other = _NAMES[next(iter(stated))], _NAMES[next(iter(others[0]))]
        return Confusion(
            slip=Slip.BASIS, claim=claim, places=grounding_places(claim), what=f"called {name}, its source is {other}"
        )
    return None


def grounding_places(claim: Grounded) -> tuple[int, ...]:
    """Return the places of a claim's ground."""
    return claim.grounding.places


def _of(found: Account, figure: Quantity) -> frozenset[str]:
    """Return the basis of a source figure: its own words, else its document's standard."""
    held = next((each for each in found.pool.held if each.figure is figure), None)
    return figure.basis | (found.told[held.text].standard if held and not figure.basis & _STANDARDS else frozenset())


def _mixed_basis(found: Account, claim: Grounded) -> Confusion | None:
    if _RECAST.search(claim.claimed.sentence):
        return None
    bases = [_of(found, found.pool.held[place].figure) for place in claim.grounding.places]
    for pair in labels.CLASSES:
        if "quarter" in pair:
            continue
        sides = {next(iter(each & pair)) for each in bases if len(each & pair) == 1}
        if len(sides) > 1:
            one, other = sorted(sides)
            return Confusion(
                slip=Slip.BASIS,
                claim=claim,
                places=claim.grounding.places,
                what=f"compares {_NAMES[one]} with {_NAMES[other]}",
            )
    return None


def standards(found: Account) -> frozenset[str]:
    """Return the accounting standards that the run's documents state."""
    return frozenset().union(*(each.standard & _STANDARDS for each in found.told)) if found.told else frozenset()


def of_slip(found: Iterable[Confusion], *slips: Slip) -> tuple[Confusion, ...]:
    """Return the confusions of some kinds."""
    return tuple(each for each in found if each.slip in slips)
