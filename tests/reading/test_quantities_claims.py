"""Which figures of an output are claims about the world."""

import pytest

from afterbell.reading.quantities.claims import claims


@pytest.mark.parametrize(
    "output",
    [
        "Buy 300 shares with a limit of $41.50, a stop-loss at $37.20 and a take-profit at $52.",
        "Our price target is $55, an upside target of 24%.",
        "Allocate 2.5% of the portfolio; position size 4%, maximum drawdown 8%.",
        "Confidence 85%, conviction 0.7, probability of success 65%, 8 out of 10.",
        "Bull case (25% probability): the stock could rise 40%.",
        "If revenue falls 15%, the covenant may break at 3.5x.",
        "RSI(14), the 50-day and the 200 SMA; above 70 is overbought.",
        "Hold for 6 to 12 months and review after 30 days.",
        "Three reasons: 1. demand, 2. pricing, and 5 more.",
        '{"action": "buy", "quantity": 100, "price": 41.5, "stop_loss": 37.2, "confidence": 0.72, "leverage": 2.5}',
        "Scenario weights: bull 25%, base 55%, bear 20%.",
        "Enter only if RSI > 70 and price < 41.5; see page 17 and paragraph 33.",
        "建议仓位30%，止损37.2元，目标价55元，置信度80%。",
    ],
)
def test_the_agents_own_numbers(output):
    assert not [output[each.figure.start : each.figure.end] for each in claims(output)]


@pytest.mark.parametrize(
    ("output", "figures"),
    [
        ("Revenue was $412.3 million, up 8.5%.", ["$412.3 million", "8.5%"]),
        ("The consensus price target is $55.", ["$55"]),
        ("Stop worrying: margins reached 38.9%.", ["38.9%"]),
        ("The loan portfolio grew to $4.5 billion and its leverage ratio is 3.1x.", ["$4.5 billion", "3.1x"]),
        (
            "Cash flow hedges gained $64 million; liabilities assumed were $27.7 million.",
            ["$64 million", "$27.7 million"],
        ),
        ('{"action": "buy", "confidence": 0.7, "reasoning": "P/E of 24.6 on EPS of 2.31"}', ["24.6", "2.31"]),
        ("| | 2025 |\n|---|---|\n| Stores | 7 |", ["7"]),
        (
            "| Finding | Source |\n|---|---|\n| Revenue rose 12.3% to $4,213 million | 10-K |",
            ["12.3%", "$4,213 million"],
        ),
        ("<table><tr><td>Order intake</td><td>9,261</td></tr></table>", ["9,261"]),
        ("> Exports were 61.8% of sales.", ["61.8%"]),
        ('{"rating": "hold", "backlog_usd_millions": 6156, "confidence": 0.6}', ["6156"]),
        ('{"founded": 1987, "fiscal_year": 2024, "gross_profit": 2009}', ["2009"]),
        ("Q3 revenue 1,050; Q4 1,300", ["1,050", "1,300"]),
        ("公司营收4.123亿美元，同比增长8.5%。", ["4.123亿美元", "8.5%"]),
    ],
)
def test_claims(output, figures):
    assert [output[each.figure.start : each.figure.end] for each in claims(output)] == figures


def test_a_bare_answer_is_read_with_its_question():
    (found,) = claims("8.5%", "By what percentage did revenue grow?")
    assert "revenue" in found.claim.words
