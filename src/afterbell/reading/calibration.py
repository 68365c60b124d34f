"""Calibration statistics of probability forecasts with outcomes, in plain mathematics.

Brier score; Spiegelhalter's z (Spiegelhalter 1986, Statistics in Medicine 5); Cox's slope and intercept (Cox 1958: the
logistic regression of outcomes on the log odds of the forecasts; calibrated = slope 1, intercept 0); the expected
calibration error over ten equal buckets. p values are two-sided normal tails. Which pairs belong together, and at what
p a difference counts, is for the modes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

BUCKETS: Final = 10
_EDGE: Final = 0.01  # stated certainty has no log odds, and one that is missed would decide a slope alone
_ROUNDS, _ENOUGH = 60, 1e-10
_STEP: Final = 4.0
_LEAST_IN_BUCKET: Final = 10  # pairs on each side, below which a normal tail says nothing

Pairs = Sequence[tuple[float, int]]
"""Forecast probability (0 to 1) and outcome (0 or 1)."""


class Cox(Struct, frozen=True, kw_only=True):
    """The fit of outcomes on log odds: slope and intercept with standard errors and their covariance."""

    slope: float
    intercept: float
    slope_error: float
    intercept_error: float
    covariance: float


class Bucket(Struct, frozen=True, kw_only=True):
    """Forecasts from `low` up to `high`: how many, their mean, and the rate of outcomes."""

    low: float
    high: float
    count: int
    forecast: float
    outcome: float


def p_value(z: float) -> float:
    """Return the two-sided tail of the standard normal distribution beyond |z|."""
    return math.erfc(abs(z) / math.sqrt(2))


def brier(pairs: Pairs) -> float:
    """Return the mean squared difference of forecast and outcome."""
    return sum((p - y) ** 2 for p, y in pairs) / len(pairs)


def spiegelhalter(pairs: Pairs) -> float:
    """Return Spiegelhalter's z: standard normal when the forecasts are calibrated; 0 where they have no variance."""
    score = sum((y - p) * (1 - 2 * p) for p, y in pairs)
    variance = sum((1 - 2 * p) ** 2 * p * (1 - p) for p, _y in pairs)
    return score / math.sqrt(variance) if variance > 0 else 0.0


def spiegelhalter_change(before: Pairs, after: Pairs) -> float:
    """Return z of the difference between the mean Spiegelhalter terms of two samples (variances as observed)."""
    means, spread = [], 0.0
    for pairs in (before, after):
        terms = [(y - p) * (1 - 2 * p) for p, y in pairs]
        mean = sum(terms) / len(terms)
        means.append(mean)
        spread += sum((each - mean) ** 2 for each in terms) / max(1, len(terms) - 1) / len(terms)
    return (means[1] - means[0]) / math.sqrt(spread) if spread > 0 else 0.0


def cox(pairs: Pairs) -> Cox | None:
    """Fit the logistic regression by Newton's method; None where it has no finite answer (one outcome, no spread)."""
    odds = [(_logit(p), y) for p, y in pairs]
    if len({x for x, _y in odds}) < 2 or len({y for _x, y in odds}) < 2:  # noqa: PLR2004 - a line needs two points
        return None
    intercept, slope = 0.0, 0.0
    for _round in range(_ROUNDS):
        down = across = square = pull = tilt = 0.0
        for x, y in odds:
            p = _expit(intercept + slope * x)
            weight = p * (1 - p)
            down, across, square = down + weight, across + weight * x, square + weight * x * x
            pull, tilt = pull + y - p, tilt + (y - p) * x
        whole = down * square - across * across
        if whole <= 1e-12 * max(1.0, down * square):
            return None  # perfectly separated, or nothing left to fit
        steps = (square * pull - across * tilt) / whole, (down * tilt - across * pull) / whole
        intercept += max(-_STEP, min(_STEP, steps[0]))
        slope += max(-_STEP, min(_STEP, steps[1]))
        if max(map(abs, steps)) < _ENOUGH:
            return Cox(slope=slope, intercept=intercept, slope_error=math.sqrt(down / whole),
                       intercept_error=math.sqrt(square / whole), covariance=-across / whole)  # fmt: skip
    return None


def cox_change(before: Cox, after: Cox) -> float:
    """Return p of the joint Wald test that slope and intercept are equal (chi-square, two degrees of freedom)."""
    first, second = after.intercept - before.intercept, after.slope - before.slope
    one = before.intercept_error**2 + after.intercept_error**2
    other = before.slope_error**2 + after.slope_error**2
    both = before.covariance + after.covariance
    whole = one * other - both * both
    if whole <= 0:
        return 1.0
    return math.exp(-(other * first * first - 2 * both * first * second + one * second * second) / whole / 2)


def buckets(pairs: Pairs) -> tuple[Bucket, ...]:
    """Return the filled ones of ten buckets of equal width, from low to high; 1.0 falls into the last."""
    found: dict[int, list[tuple[float, int]]] = {}
    for p, y in pairs:
        found.setdefault(min(BUCKETS - 1, int(p * BUCKETS + 1e-9)), []).append((p, y))
    return tuple(
        Bucket(low=place / BUCKETS, high=(place + 1) / BUCKETS, count=len(mine),
               forecast=sum(p for p, _y in mine) / len(mine), outcome=sum(y for _p, y in mine) / len(mine))
        for place, mine in sorted(found.items())
    )  # fmt: skip


def expected_error(pairs: Pairs) -> float:
    """Return the expected calibration error: |rate - mean forecast| per bucket, weighted by its pairs."""
    return sum(each.count * abs(each.outcome - each.forecast) for each in buckets(pairs)) / len(pairs)


def bucket_change(before: Pairs, after: Pairs) -> tuple[float, Bucket | None]:
    """Return the smallest p, multiplied by the buckets tested (Bonferroni), that a bucket's error is unchanged.

    With it the bucket as it is after. Buckets with fewer than ten pairs on a side are not tested.
    """
    old = {each.low: each for each in buckets(before)}
    tested = [(old[each.low], each) for each in buckets(after) if each.low in old
              and min(each.count, old[each.low].count) >= _LEAST_IN_BUCKET]  # fmt: skip
    best: tuple[float, Bucket | None] = (1.0, None)
    for was, now in tested:
        rate = (was.outcome * was.count + now.outcome * now.count) / (was.count + now.count)
        spread = rate * (1 - rate) * (1 / was.count + 1 / now.count)
        change = (now.outcome - now.forecast) - (was.outcome - was.forecast)
        p = min(1.0, p_value(change / math.sqrt(spread)) * len(tested)) if spread > 0 else 1.0
        if p < best[0]:
            best = (p, now)
    return best


def flat(fit: Cox, p: float) -> bool:
    """Tell whether reliability is flat: the slope differs from 1 at `p`, and from 0 (upwards) it does not.

    Forecasts without spread have a slope so uncertain that neither can be said, and are not flat.
    """
    below = p_value((1 - fit.slope) / fit.slope_error) < p and fit.slope < 1
    return below and not (fit.slope > 0 and p_value(fit.slope / fit.slope_error) < p)


def _logit(p: float) -> float:
    kept = min(1 - _EDGE, max(_EDGE, p))
    return math.log(kept / (1 - kept))


def _expit(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))
