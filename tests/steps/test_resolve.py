"""What records cite and a house cannot show is said, and is no verdict."""

import json

import pytest

import afterbell
from afterbell.__main__ import main
from afterbell.disk import git
from afterbell.disk.house import House
from afterbell.steps import init, seal
from afterbell.steps.resolve import unresolved

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def test_evidence_commits_and_traces_are_looked_for(tmp_path, capsys):
    house = House(tmp_path / "desk")
    init.init(house)
    sha = git.start(house.root, "first")
    facts = {"fix": "x", "trace_id": TRACE}
    log = house.postmortems / "log.jsonl"
    afterbell.append(afterbell.Postmortem(fix_commit_sha=sha, **facts), path=log)
    with pytest.raises(ValueError, match="does not hold commit"):
        afterbell.append(afterbell.Postmortem(fix_commit_sha="0" * 40, **facts), path=log)
    seal.seal(house)
    assert [(each.kind, each.name) for each in unresolved(house)] == []
    house.commits.mkdir(parents=True)
    assert [(each.kind, each.name) for each in unresolved(house)] == [("trace", TRACE)]
    assert main(["--house", str(house.root), "verify", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["unresolved"][0]["kind"] == "trace"
