"""Counts of records: as they read now, and nothing left out."""

import pytest

import afterbell
from afterbell.disk.house import House
from afterbell.steps import init, stats


@pytest.fixture
def house(tmp_path, monkeypatch):
    monkeypatch.setenv("AFTERBELL_NOW", "2026-02-03T12:00:00Z")
    made = House(tmp_path / "desk")
    init.init(made)
    return made


def test_every_record_is_counted_once_in_each_table(house):
    for cause in ("cost", "cost", "security", ""):
        afterbell.append(afterbell.Postmortem(summary="Loss.", root_cause=cause), path=house.postmortems / "log.jsonl")
    found = stats.stats(house)
    assert (found.records, found.incomplete) == (4, 4)
    assert {line.name: line.total for line in found.causes.lines if line.total} == {"cost": 2, "security": 1, "not stated": 1}  # fmt: skip
    assert sum(line.total for line in found.triggers.lines) == 4
    assert found.modes.lines == ()
    shapes = list(stats.as_json(found))
    assert shapes[0] == {"by": "all", "name": "records", "total": 4, "incomplete": 4}
    (cost,) = [each for each in shapes if each["name"] == "cost"]
    assert (cost["by"], cost["total"], cost["months"]["2026-02"], len(cost["months"])) == ("root_cause", 2, 2, 12)
