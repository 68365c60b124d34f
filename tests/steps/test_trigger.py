"""The events of a house: evidence without times is dated by its receipt, and stays the same event."""

from pathlib import Path
from shutil import rmtree

import pytest

from afterbell.disk.house import House
from afterbell.steps import ingest, init, trigger
from afterbell.steps.store import Store

LOG = """Failed to get prices: Too Many Requests. Rate limited.
Error in LLM call after 3 attempts: invalid json output
Default decision: hold
"""


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setenv("AFTERBELL_NOW", "2026-01-06T09:00:00Z")
    made = House(tmp_path / "desk")
    init.init(made)
    (tmp_path / "run.log").write_text(LOG, encoding="utf-8")
    list(ingest.ingest(made, [str(tmp_path / "run.log")]))
    return made


def test_a_log_without_times_is_dated_by_its_receipt(house: House) -> None:
    (event,) = trigger.fire(Store(house)).events
    assert f"{event.occurred_at:%Y-%m-%dT%H:%M}" == "2026-01-06T09:00"
    assert f"{event.due_by:%Y-%m-%d}" == "2026-01-09"
    assert "received" in event.reason


def test_the_same_log_taken_in_anew_is_the_same_event(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (first,) = trigger.fire(Store(house)).events
    monkeypatch.setenv("AFTERBELL_NOW", "2026-02-01T09:00:00Z")
    list(ingest.ingest(house, [str(tmp_path / "run.log")]))
    assert trigger.fire(Store(house)).events == (first,)
    for place in (house.commits, house.store):
        rmtree(place)
    list(ingest.ingest(house, [str(tmp_path / "run.log")]))
    (later,) = trigger.fire(Store(house)).events
    assert later.event_id == first.event_id
    assert later.occurred_at > first.occurred_at
