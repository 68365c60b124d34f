"""The clock: UTC, and frozen when it is told to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from afterbell import clock
from afterbell.errors import UsageError


def test_it_tells_utc(monkeypatch):
    monkeypatch.delenv("AFTERBELL_NOW", raising=False)
    before = datetime.now(UTC)
    now = clock.now()
    assert before <= now <= datetime.now(UTC)
    assert now.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "frozen", ["2026-01-05T14:00:00Z", "2026-01-05T14:00:00+00:00", "2026-01-05T15:00:00+01:00", "20260105T140000Z"]
)
def test_it_stands_still(monkeypatch, frozen):
    monkeypatch.setenv("AFTERBELL_NOW", frozen)
    assert clock.now() == clock.now() == datetime(2026, 1, 5, 14, tzinfo=UTC)
    assert clock.now().utcoffset() == timedelta(0)


def test_an_empty_setting_is_none(monkeypatch):
    monkeypatch.setenv("AFTERBELL_NOW", "")
    assert clock.now().year >= 2026


@pytest.mark.parametrize(
    "frozen",
    ["now", "2026-13-01T00:00:00Z", "2026-01-05T14:00:00", "2026-01-05", "1767621600", "0001-01-01T00:00:00+01:00"],
)
def test_what_is_no_moment_is_refused(monkeypatch, frozen):
    monkeypatch.setenv("AFTERBELL_NOW", frozen)
    with pytest.raises(UsageError, match="AFTERBELL_NOW"):
        clock.now()
