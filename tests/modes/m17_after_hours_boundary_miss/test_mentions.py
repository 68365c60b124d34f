"""What counts as speaking of a coming event, and where the holding period ends."""

from datetime import date

import pytest

from afterbell.reading.moments.mentions import mention

DAY = date(2026, 1, 28)


@pytest.mark.parametrize(
    ("text", "kind", "title", "named"),
    [
        ("We hold through earnings next week.", "earnings", "", True),
        ("Exit before the Q4 report on Jan 28.", "earnings", "", True),
        ("SYNTHETIC_A reports on 28 January. Earnings could gap.", "earnings", "", True),
        ("Upcoming earnings are a risk; the last earnings beat.", "earnings", "", True),
        ("1月28日公布财报，先减仓", "earnings", "", True),
        ("The last earnings beat guidance.", "earnings", "", False),
        ("Results were strong and earnings grew 12 percent.", "earnings", "", False),
        ("Earnings growth is strong.", "earnings", "", False),
        ("Buy and hold for three weeks.", "earnings", "", False),
        ("Flat into CPI on Wednesday.", "macro", "US CPI (January)", True),
        ("Payrolls tomorrow could move yields.", "macro", "Nonfarm payrolls", True),
        ("Flat into CPI on Wednesday.", "macro", "FOMC rate decision", False),
        ("CPI came in below forecasts.", "macro", "US CPI", False),
        ("", "earnings", "", False),
    ],
)
def test_a_mention_is_of_the_coming_event(text, kind, title, named):
    found = mention(text, kind, title, DAY)
    assert (found is not None) is named
    if found:
        assert text[found[0] : found[1]].strip()


def test_long_text_is_read_in_linear_time():
    assert mention("a" * 200_000 + "earnings", "earnings", "", DAY) is None
    assert mention("1." * 100_000, "earnings", "", DAY) is None
