"""Whether a text speaks of a release that is still to come."""

from __future__ import annotations

from datetime import date

import pytest

from afterbell.reading.moments.mentions import mention

DAY = date(2025, 3, 12)


@pytest.mark.parametrize(
    "text",
    [
        "Hold through the coming earnings release with half of the size.",
        "We go into the print with half size.",
        "Trim into numbers, add back after.",
        "Exit prior to the Q1 call.",
        "If guidance disappoints on 12 March, leave at once.",
        "Sell calls against the position before the company reports.",
        "Interim results are published on 12/03/2025; keep a stop.",
        "Est. report date: Mar. 12, after market.",
        '{"event": "earnings", "date": "2025-03-12", "plan": "halve"}',
        "Remain invested across the quarterly report, stop suspended overnight.",
        "Vor den Quartalszahlen wird die Position halbiert.",
        "Die Quartalszahlen kommen am 12. März, davor wird glattgestellt.",
        "Die Zahlen zum Quartal stehen an, der Bericht ist abzuwarten.",
        "Avant les résultats trimestriels du 12 mars, réduire de moitié.",
        "Antes de los resultados trimestrales, reducir.",
        "3月12日の決算前に半分にする。",
        "财报公布前减仓",
    ],
)
def test_a_release_ahead_is_mentioned(text: str) -> None:
    assert mention(text, "earnings", "SYNTHETIC_A results", DAY) is not None


@pytest.mark.parametrize(
    "text",
    [
        "Last quarter's earnings were well received, so the drift should go on.",
        "After the results of the spring the shares lagged.",
        "Nach den letzten Quartalszahlen fiel der Kurs; kaufen.",
        "Earnings quality is high and the next plant opens soon.",
        "The stock trades at ten times next year's earnings.",
        "Price over earnings is 12.",
        "Backtest results are due to be filed.",
        "The thesis results from cheaper inputs and will play out over two years.",
        "They report to the audit committee before the summer.",
        "Guidance was cut in the spring.",
    ],
)
def test_what_a_company_earned_or_a_test_found_is_no_mention(text: str) -> None:
    assert mention(text, "earnings", "SYNTHETIC_A results", DAY) is None


def test_the_mention_is_the_whole_sentence_though_a_date_holds_a_point() -> None:
    text = "Buy. Quartalszahlen am 12. März: vorher halbieren. Review weekly."
    found = mention(text, "earnings", "", DAY)
    assert found is not None
    assert text[slice(*found)] == "Quartalszahlen am 12. März: vorher halbieren"
