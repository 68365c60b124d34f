"""Times of sources: with a zone, without one, as a number, or none."""

from typing import Any

import pytest

from afterbell.formats.stamps import stamp

NOON = 1_767_614_400 * 10**9  # 2026-01-05T12:00:00Z


@pytest.mark.parametrize(("value", "at"), [
    ("2026-01-05T12:00:00Z", NOON), ("2026-01-05T13:00:00+01:00", NOON), (" 2026-01-05 12:00:00 ", NOON),
    (1_767_614_400, NOON), (1_767_614_400.5, NOON + 500_000_000), ("1767614400000", NOON),
    ("", 0), ("noon", 0), (None, 0), (True, 0), ([], 0), ("9" * 5000, 0),
])  # fmt: skip
def test_a_time_is_an_instant_in_utc_or_none(value: Any, at: int) -> None:
    assert stamp(value) == at
