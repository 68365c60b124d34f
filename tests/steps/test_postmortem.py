"""The specification's module, as it wrote it, on top of the real log."""

import json
from pathlib import Path

import pytest

import afterbell
from afterbell.disk.journal import Journal
from afterbell.log.verdict import Ruling
from afterbell.steps.lint import MODES

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def whole(**changes):
    stages = ("idea", "idea", "decision", "execution", "outcome")
    facts = {
        "summary": "Position in SYNTHETIC_A was not closed at 15:47 UTC; realized loss 1.4 percent of deployed capital.",
        "timeline": [
            {"at": f"2026-01-05T14:0{n}:00Z", "stage": stage, "event": f"step {n} of the run", "trace_id": TRACE}
            for n, stage in enumerate(stages)
        ],
        "root_cause": "operational",
        "contributing_factors": [
            "No invalidation monitor on open positions",
            "No loss gate",
            "No alert on the position metric",
        ],
        "fix": "The execution service closes positions whose thesis is invalid.",
        "fix_commit_sha": "0a1b2c3d4e5f",
        "prevention": "An alert fires when a position outlives its thesis.",
        "trace_id": TRACE,
        "pr_link": "https://git.example.org/agents/pull/1",
        "answers": dict.fromkeys(MODES, "no"),
    }
    return afterbell.Postmortem(**(facts | changes))


def test_usage_is_mechanical(tmp_path):
    path = tmp_path / "postmortems" / "log.jsonl"
    pm = whole()
    record = afterbell.append(pm, path=path)
    assert record.id == pm.id
    assert record.status == "complete", record.missing
    with pytest.raises(ValueError, match="already exists; use amend"):
        afterbell.append(pm, path=path)
    addendum = afterbell.amend(pm.id, "A replay shows a second factor.", path=path.parent / "amendments.jsonl")
    assert addendum.parent_id == pm.id
    with pytest.raises(ValueError, match="no postmortem"):
        afterbell.amend("nobody", "x", path=path)
    log = Journal(path.parent)
    log.seal("localhost/test")
    assert log.verify().verdict is Ruling.OK
    kept = json.loads((path.parent / "log" / "000000.jsonl").read_text().splitlines()[0])
    assert kept["body"]["summary"] == pm.summary


def test_what_is_lacking_is_listed_and_what_is_wrong_raises(tmp_path):
    path = tmp_path / "log.jsonl"
    empty = afterbell.append(afterbell.Postmortem(), path=path)
    assert empty.status == "incomplete"
    assert {"summary", "timeline", "root_cause", "fix", "prevention"} <= {
        gap.field.partition(".")[0] for gap in empty.missing
    }
    for change, said in (
        ({"root_cause": "human error"}, "root_cause"),
        ({"summary": "word " * 41}, "41 words"),
        ({"timeline": [{"at": "yesterday"}]}, "not a time"),
        ({"timeline": [{"stage": "panic"}]}, "panic"),
        ({"answers": {"vibes": "no"}}, "checklist"),
        ({"references": [{"rumour": "x"}]}, "rumour"),
    ):
        with pytest.raises(ValueError, match=said):
            afterbell.append(whole(**change), path=path)
    assert len(list(Journal(tmp_path).entries())) == 1


def test_the_default_house_is_the_one_of_the_working_directory(tmp_path, monkeypatch):
    (tmp_path / "afterbell.toml").touch()
    (tmp_path / "deep").mkdir()
    monkeypatch.chdir(tmp_path / "deep")
    record = afterbell.append(whole())
    assert (tmp_path / "postmortems" / "pending" / f"{record.id}.json").is_file()
    assert Path.cwd().name == "deep"


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError):
        _ = afterbell.nonsense


def test_a_fixed_copy_under_a_new_id_is_reported(tmp_path):
    path = tmp_path / "log.jsonl"
    first = afterbell.append(whole(event_id="ev-1"), path=path)
    with pytest.warns(UserWarning, match=first.id):
        afterbell.append(whole(event_id="ev-1"), path=path)
    afterbell.append(whole(), path=path)
    afterbell.append(whole(), path=path)
