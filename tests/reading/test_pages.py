"""The date that a text carries of itself, and dates that it only tells about."""

import pytest

from afterbell.reading.moments.pages import own_date


@pytest.mark.parametrize(
    ("text", "stamp"),
    [
        ("Plant opens\nPublished: 2025-12-11 07:15 UTC\nThe firm said so.", "2025-12-11 07:15 UTC"),
        ("# Plant opens\n**Published:** 11 Dec 2025 07:15 UTC\n", "11 Dec 2025 07:15 UTC"),
        ("Plant opens\nPublished on 2025-12-11T07:15:00Z.\n", "2025-12-11T07:15:00Z"),
        (
            '<script type="application/ld+json">{"datePublished":"2025-12-11T07:15:00Z"}</script>',
            "2025-12-11T07:15:00Z",
        ),
        ('<meta property="article:published_time" content="2025-12-11T07:15:00Z"/>', "2025-12-11T07:15:00Z"),
        ("<meta content='2025-12-11T07:15:00Z' itemprop='datePublished'>", "2025-12-11T07:15:00Z"),
        ('<time itemprop="datePublished" datetime="2025-12-11">two days ago</time>', "2025-12-11"),
        ('<time datetime="1998-03-01">1 March 1998</time> the firm was founded.', ""),
        ("The firm was founded on 1 March 1998 and published its first report in 1999.", ""),
        ("Published by the firm itself", ""),
    ],
)
def test_a_text_dates_itself(text, stamp):
    found = own_date(text, 0)
    assert (found[0] if found else "") == stamp
