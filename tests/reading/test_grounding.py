"""What grounds a claim, and what does not although arithmetic could."""

import pytest

from afterbell.reading.quantities import text
from afterbell.reading.quantities.claims import claims
from afterbell.reading.quantities.derivations import Step
from afterbell.reading.quantities.grounding import ground
from afterbell.reading.quantities.pool import Pool

TABLE = """(in thousands)

| | 2025 | 2024 | 2023 |
|---|---|---|---|
| Revenue | 412,300 | 380,000 | 351,200 |
| Cost of revenue | 247,380 | 239,400 | 221,000 |
| Operating income | 74,214 | 64,600 | 60,100 |
| Shares outstanding | 26,770 | 26,900 | 27,050 |
| Tax rate | 21.5% | 22.0% | 19.5% |
"""


def of(claim, *sources):
    pool = Pool(text.read(each) for each in sources or (TABLE,))
    (found,) = claims(claim)
    return ground(pool, found.claim)


@pytest.mark.parametrize(
    ("claim", "step"),
    [
        ("Revenue was $412.3 million.", None),
        ("Revenue was about $410 million.", None),
        ("Revenue was over $400 million.", None),
        ("Revenue came to 412,300 thousand.", None),
        ("Revenue grew 8.5% in 2025 from 2024.", Step.GROWTH),
        ("Revenue rose by $32.3 million.", Step.DIFFERENCE),
        ("The operating margin was 18.0%.", Step.RATIO),
        ("Gross margin stood at 40.0% of revenue.", Step.GROWTH),
        ("Average revenue was $381.2 million over 2023 to 2025.", Step.MEAN),
        ("Total revenue of the three years was $1,143.5 million.", Step.SUM),
        ("The tax rate fell 50 bps.", Step.DIFFERENCE),
    ],
)
def test_grounded(claim, step):
    found = of(claim)
    assert found.held
    assert (found.step, found.shift, found.unscaled) == (step, 0, False)


@pytest.mark.parametrize(
    "claim",
    [
        "Revenue was $413.3 million.",
        "Revenue grew 9.5% in 2025.",
        "The operating margin was 23.0%.",
        "Free cash flow was $91.7 million.",
        "Annualised revenue was $1,649.2 million.",
        "Revenue times the tax rate is $88.6 million.",
    ],
)
def test_not_grounded(claim):
    assert not of(claim).held


@pytest.mark.parametrize(
    ("claim", "source", "shift"),
    [
        ("Revenue was $412.3 billion.", TABLE, 3),
        ("Revenue was $412,300.", TABLE, -3),
        ("The tax rate was 2150%.", TABLE, 2),
        ("Revenue rose by $32.3 billion from 2024 to 2025.", TABLE, 3),
        ("营业收入为41,230亿元", "（单位：万元）\n| 项目 | 2025 |\n|---|---|\n| 营业收入 | 41,230 |", 4),
    ],
)
def test_right_digits_at_another_power_of_ten(claim, source, shift):
    found = of(claim, source)
    assert found.held
    assert found.shift == shift


def test_digits_of_a_source_without_scale():
    found = of("Revenue was $412.3 million.", "| | 2025 |\n|---|---|\n| Revenue | 412.3 |")
    assert found.held
    assert found.unscaled


def test_other_money_does_not_ground():
    assert not of("Revenue was €412.3 million.", "Revenue was $412.3 million.").held
    assert of("Revenue was 412.3 million.", "Revenue was $412.3 million.").held


def test_growth_does_not_run_from_one_item_to_another():
    assert not of("Revenue grew 456%.", TABLE).held


def test_a_claims_years_bound_the_operands():
    assert of("Revenue grew 8.2% from 2023 to 2024.").held
    assert not of("Revenue grew 8.2% from 2024 to 2025.").held


def test_many_figures_are_searched():
    rows = "\n".join(f"2025-01-{day % 28 + 1:02d},{day * 7 % 1013}.{day % 97:02d},{day * 31}" for day in range(4000))
    pool = Pool([text.read(f"Date,Close,Volume\n{rows}")])
    for found in claims("It closed at $9,999,999.17, a gain of 7.7731%, then at 1,234,567.89 after 4,321,987.65."):
        ground(pool, found.claim)
    assert len(pool) > 7900
