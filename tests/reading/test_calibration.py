"""Calibration statistics against closed forms and values computed with SciPy."""

from __future__ import annotations

import math
import random

import pytest

from afterbell.reading.calibration import (
    brier,
    bucket_change,
    buckets,
    cox,
    cox_change,
    expected_error,
    flat,
    p_value,
    spiegelhalter,
    spiegelhalter_change,
)


def grouped(**rates: tuple[int, int]) -> list[tuple[float, int]]:
    """Pairs from p20=(hits, number)."""
    return [(int(name[1:]) / 100, int(each < hits)) for name, (hits, number) in rates.items() for each in range(number)]


def drawn(seed: int, number: int, bend: float) -> list[tuple[float, int]]:
    """Forecasts whose true log odds are `bend` times the stated ones."""
    source = random.Random(seed)  # noqa: S311 - a sample, not a secret
    found = []
    for _each in range(number):
        p = source.uniform(0.05, 0.95)
        true = 1 / (1 + math.exp(-bend * math.log(p / (1 - p))))
        found.append((p, int(source.random() < true)))
    return found


def test_two_points_have_a_closed_form() -> None:
    fit = cox(grouped(p20=(30, 100), p80=(60, 100)))
    assert fit is not None
    low, high = math.log(0.3 / 0.7), math.log(0.6 / 0.4)
    apart = 2 * math.log(4)
    assert fit.slope == pytest.approx((high - low) / apart)
    assert fit.intercept == pytest.approx((high + low) / 2)
    assert fit.slope_error == pytest.approx(math.sqrt(1 / 21 + 1 / 24) / apart)
    assert fit.intercept_error == pytest.approx(math.sqrt(1 / 21 + 1 / 24) / 2)


def test_simple_figures() -> None:
    pairs = grouped(p20=(1, 4), p80=(2, 4))
    assert brier(pairs) == pytest.approx((0.64 + 3 * 0.04 + 2 * 0.04 + 2 * 0.64) / 8)
    assert expected_error(pairs) == pytest.approx(0.5 * 0.05 + 0.5 * 0.3)
    score = (0.8 - 0.6) * 0.6 + (0.4 - 1.6) * -0.6
    assert spiegelhalter(pairs) == pytest.approx(score / math.sqrt(8 * 0.36 * 0.16))
    assert [each.count for each in buckets([(0.0, 0), (0.3, 1), (1.0, 1)])] == [1, 1, 1]
    assert p_value(1.959963984540054) == pytest.approx(0.05)
    assert p_value(-2.5758293035489004) == pytest.approx(0.01)


@pytest.mark.parametrize(
    "pairs", [grouped(p50=(5, 10)), grouped(p20=(0, 5), p80=(0, 5)), grouped(p20=(0, 9), p80=(9, 9))]
)
def test_no_fit_without_spread_with_one_outcome_or_perfectly_separated(pairs: list[tuple[float, int]]) -> None:
    assert cox(pairs) is None


def test_a_bend_is_seen_and_sameness_is_not_taken_for_one() -> None:
    old, same, bent = drawn(1, 2000, 1.0), drawn(2, 2000, 1.0), drawn(3, 2000, 0.6)
    fits = [cox(each) for each in (old, same, bent)]
    assert all(fits)
    assert cox_change(fits[0], fits[1]) > 0.01
    assert cox_change(fits[0], fits[2]) < 1e-6
    assert p_value(spiegelhalter_change(old, same)) > 0.01
    assert p_value(spiegelhalter_change(old, bent)) < 1e-6
    assert bucket_change(old, same)[0] > 0.01
    assert bucket_change(old, bent)[0] < 0.01
    assert abs(spiegelhalter(old)) < 3
    assert spiegelhalter(bent) > 5


def test_chance_rarely_looks_like_a_change() -> None:
    false = 0
    for seed in range(100):
        old, now = drawn(1000 + seed, 60, 1.0), drawn(5000 + seed, 60, 1.0)
        fits = cox(old), cox(now)
        tests = [p_value(spiegelhalter_change(old, now)), bucket_change(old, now)[0]]
        tests += [cox_change(*fits)] if fits[0] and fits[1] else []
        false += min(tests) < 0.01
    assert false <= 6


def test_flat_needs_a_slope_that_is_not_one_and_not_above_zero() -> None:
    fits = {bend: cox(drawn(7, 400, bend)) for bend in (0.0, 0.5, 1.0)}
    assert all(fits.values())
    assert [flat(fits[bend], 0.01) for bend in (0.0, 0.5, 1.0)] == [True, False, False]
    narrow = cox([(0.5 + 0.01 * (each % 2), each // 2 % 2) for each in range(60)])
    assert narrow is not None
    assert not flat(narrow, 0.01)
