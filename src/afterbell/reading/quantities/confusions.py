"""What is wrong with a grounded claim although its digits are right: its scale, its sign, or the basis it names.

Takes claims with their grounds and says what each mixes up, and which claims cannot be told for want of a stated scale.
It does not look for grounds (`grounding`), and a claim without any is not its business.
"""

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
from afterbell.reading.quantities.quantity import Kind


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


_GAINS = "income profit earning ebitda ebit eps flow margin result return gain surplus net 利润 现金"
_RESULTS: Final = frozenset(_GAINS.split())
_CHARGES = "loss losse deficit expense cost charge outflow used decrease payment paid tax allowance depreciation"
_LOSSES: Final = frozenset(_CHARGES.split())
_MINUS = re.compile(
    r"loss|lost|negative|deficit|declin|decreas|\bfell|\bfall|drop|\bdown\b|lower|outflow|\bused\b|reduc|shr[aiu]nk"
    r"|minus|burn|contract|worsen|expens|\bcosts?\b|shortfall|slip|slump|\bunder|less than|below|\bcut\b"
    r"|亏|降|负|跌|减",
    re.IGNORECASE,
)
_FRACTIONS: Final = frozenset({"margin", "growth", "roe", "roa", "roic"})
_CONTAINERS: Final = frozenset(
    {"statement", "data", "item", "record", "row", "entry", "response", "result", "financial", "report", "payload"}
)
_FRACTION_PAIRS: Final = (
    frozenset({"return", "asset"}), frozenset({"return", "equity"}), frozenset({"return", "capital"}),
    frozenset({"tax", "rate"}),
)  # fmt: skip
_IN_ONES = 10**10  # read as thousands it would be more than any company has
_LOSS_OF = re.compile(r"\b(?:net |operating )?loss(?:es)?\b[\w\s]{0,20}\Z|\blost\b[\w\s]{0,12}\Z", re.IGNORECASE)
_ANNUALISED = re.compile(
    r"run[- ]?rate|annuali[sz]ed|sum of|trailing|ttm|combined|year[- ]over[- ]year|\byoy\b|year[- ]to[- ]date"
    r"|\bytd\b|half",
    re.IGNORECASE,
)
_RECAST = re.compile(
    r"\b(?:recast|restated|converted|reconcil\w{1,6}|like[- ]for[- ]like|adjusted for the (?:change|standard)"
    r"|on (?:the same|a comparable) basis)\b",
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
_ENOUGH, _PAIR = 3, 2


def confusions(found: Account) -> tuple[Confusion, ...]:
    """Return every confusion of a run's claims in order, and the claims whose scale cannot be told."""
    result = []
    for claim in found.claims:
        if claim.grounding.held:
            one = _scale(found, claim) or _sign(found, claim) or _basis(found, claim)
            if one is not None:
                result.append(one)
    return (*result, *_side_by_side(found))


def _scale(found: Account, claim: Grounded) -> Confusion | None:
    grounding, figure = claim.grounding, claim.figure
    asserts = figure.scale_from in {"word", "header"} and figure.kind is not Kind.PERCENT
    if grounding.unscaled and asserts:
        return Confusion(slip=Slip.UNSTATED, claim=claim, places=grounding.places, what="no source states the scale")
    if asserts and not grounding.shift and _is_bare(found, claim):
        return Confusion(slip=Slip.UNSTATED, claim=claim, places=grounding.places, what="no source states the scale")
    if _is_fraction(found, claim):
        return Confusion(
            slip=Slip.SCALE,
            claim=claim,
            places=grounding.places,
            what="too small by a hundred: a fraction read as a percentage",
        )
    if not grounding.shift or (figure.significant < _ENOUGH and not _outright(found, claim)):
        return None
    if not asserts and not figure.currency and figure.kind is not Kind.PERCENT and _as_written(found, claim):
        return None
    size = abs(grounding.shift)
    side = "large" if grounding.shift > 0 else "small"
    return Confusion(
        slip=Slip.SCALE, claim=claim, places=grounding.places, what=f"too {side} by {_STEPS.get(size, f'10^{size}')}"
    )


def _is_bare(found: Account, claim: Grounded) -> bool:
    """Tell whether amounts of money stand in data that states no scale, and are too small to be in ones for sure."""
    sources = [found.pool.held[place].figure for place in claim.grounding.places]
    amount = claim.figure.kind is Kind.MONEY or bool(claim.figure.currency)
    return amount and all(
        not each.scale_from and not each.per_share and each.kind in {Kind.PLAIN, Kind.MONEY}
        and abs(each.value) < _IN_ONES for each in sources
    )  # fmt: skip


def _is_fraction(found: Account, claim: Grounded) -> bool:
    """Tell whether a percentage has the digits of a fraction below one in data whose name is that of a rate."""
    if claim.figure.kind is not Kind.PERCENT or claim.grounding.shift or claim.grounding.step is not None:
        return False
    other = found.pool.held[claim.grounding.places[0]].figure
    bare = other.kind is Kind.PLAIN and not other.scale_from and 0 < abs(other.value) < 1
    named = other.row_label
    rate = not named.isdisjoint(_FRACTIONS) or any(each <= named for each in _FRACTION_PAIRS)
    return bare and abs(other.value) == abs(claim.figure.value) and rate


def _outright(found: Account, claim: Grounded) -> bool:
    """Tell whether the claim's words name the source figure by most of its label."""
    own = found.pool.held[claim.grounding.places[0]].figure.row_label
    own -= labels.years(own) | _CONTAINERS
    return bool(own) and len(own & claim.claimed.claim.words) * 2 > len(own)


def _as_written(found: Account, claim: Grounded) -> bool:
    """Tell whether the claim repeats the source's own digits: a table copied without its header."""
    return any(
        abs(found.pool.held[place].figure.digits) == abs(claim.figure.digits) for place in claim.grounding.places
    )


def _matches(found: Account, claim: Grounded) -> tuple[int, ...]:
    """Return the places of all source figures that hold the claim as it is and share a word with it."""
    size = abs(float(claim.figure.value))
    below, above = slack(claim.figure)
    words = claim.claimed.claim.words
    words -= labels.years(words)
    sized = found.pool.sized((size - below) * (1 - 1e-9), (size + above) * (1 + 1e-9)) if words else ()
    return tuple(place for place in sized if not words.isdisjoint(found.pool.held[place].figure.label))


def _sign(found: Account, claim: Grounded) -> Confusion | None:
    figure, grounding = claim.figure, claim.grounding
    if grounding.step is not None or grounding.shift or figure.kind is Kind.TIME:
        return None
    matches = [found.pool.held[place].figure for place in _matches(found, claim)]
    if not matches or not all(each.row_label & _RESULTS for each in matches):
        return None
    said = figure.value < 0 or bool(_MINUS.search(claim.claimed.sentence))
    if figure.value > 0 and not said and all(each.value < 0 for each in matches):
        return Confusion(slip=Slip.SIGN, claim=claim, places=grounding.places, what="its source is negative")
    before = claim.words[max(0, figure.start - 40) : figure.start].rstrip("$€£¥ ")
    profits = all(each.value > 0 and not each.row_label.isdisjoint({"income", "profit", "earning"}) for each in matches)
    if figure.value > 0 and profits and _LOSS_OF.search(before):
        return Confusion(slip=Slip.SIGN, claim=claim, places=grounding.places, what="its source is positive")
    if figure.value < 0 and all(each.value > 0 and not each.label & _LOSSES for each in matches):
        return Confusion(slip=Slip.SIGN, claim=claim, places=grounding.places, what="its source is positive")
    return None


def _basis(found: Account, claim: Grounded) -> Confusion | None:
    grounding = claim.grounding
    if grounding.shift or _RECAST.search(claim.claimed.sentence):
        return None
    if grounding.step is None:
        return _named_basis(found, claim)
    if grounding.step in {Step.GROWTH, Step.DIFFERENCE}:
        return _mixed_basis(found, claim)
    return None


def _named_basis(found: Account, claim: Grounded) -> Confusion | None:
    own = claim.figure.basis
    matches = [_of(found, place) for place in _matches(found, claim)] if own else []
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
            slip=Slip.BASIS, claim=claim, places=claim.grounding.places, what=f"called {name}, its source is {other}"
        )
    return None


def _of(found: Account, place: int) -> frozenset[str]:
    """Return the basis of a source figure: its own words, and its document's standard where they name none."""
    held = found.pool.held[place]
    return held.figure.basis | (frozenset() if held.figure.basis & _STANDARDS else found.told[held.text].standard)


def _mixed_basis(found: Account, claim: Grounded) -> Confusion | None:
    bases = [_of(found, place) for place in claim.grounding.places]
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


def _side_by_side(found: Account) -> Iterable[Confusion]:
    """Yield sentences that compare two figures as they stand, one of each standard."""
    sentences: dict[tuple[int, str], list[Grounded]] = {}
    for each in found.claims:
        if each.grounding.held and each.grounding.step is None and not each.grounding.shift:
            for group in each.figure.groups:
                if group[0] == "s":
                    sentences.setdefault((id(each.words), group), []).append(each)
    for claims in sentences.values():
        last = claims[-1]
        if len(claims) < _PAIR or Step.GROWTH not in last.claimed.claim.steps or _RECAST.search(last.claimed.sentence):
            continue
        sides = {side for each in claims for side in _of(found, each.grounding.places[0]) & _STANDARDS}
        if len(sides) == _PAIR and not labels.basis(last.claimed.sentence) >= _STANDARDS:
            yield Confusion(
                slip=Slip.BASIS,
                claim=last,
                places=tuple(each.grounding.places[0] for each in claims),
                what="compares GAAP with IFRS",
            )


def of_slip(found: Iterable[Confusion], *slips: Slip) -> tuple[Confusion, ...]:
    """Return the confusions of some kinds."""
    return tuple(each for each in found if each.slip in slips)
