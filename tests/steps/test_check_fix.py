"""A claimed fix becomes a shown one only by a check; what cannot be told stays claimed."""

import json
import shutil
from datetime import date

import pytest
from msgspec import structs

from afterbell.__main__ import main
from afterbell.disk.frozen import FrozenFiles
from afterbell.disk.house import House
from afterbell.errors import StoreError, UsageError
from afterbell.model.checklist import CHECKLIST
from afterbell.model.fix_check import Outcome
from afterbell.model.lifecycle import FixState, fix
from afterbell.model.record import Fix
from afterbell.model.scan import PersonAnswer
from afterbell.model.trace import trace_hex
from afterbell.model.vocabulary import Answer, RecordStatus
from afterbell.render.form import to_markdown
from afterbell.steps import append, check_fix, draft, ingest, init, records

DAY = "2026-01-05"
FIXED = Fix(paragraph="Added max_steps to the config in agents/loop.py.", commit_sha="0a1b2c3d4e5f")


def run(trace, tokens, **more):
    call = {"type": "call", "trace": trace, "id": "c", "parent": "run", "at": f"{DAY}T14:01:00Z", "model": "model-a",
            "until": f"{DAY}T14:02:00Z", "messages": "Summarise.", "output": "Done."}  # fmt: skip
    rows = [
        {"type": "run", "trace": trace, "name": "loop", "at": f"{DAY}T14:00:00Z", "until": f"{DAY}T14:30:00Z",
         "attributes": {"trading.budget.tokens.planned": 100}},
        *([call | ({} if tokens < 0 else {"tokens": {"input": tokens, "output": 0}}) | more] if tokens is not None else []),
    ]  # fmt: skip
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.fixture
def house(tmp_path, monkeypatch):
    monkeypatch.setenv("AFTERBELL_NOW", "2026-01-06T09:00:00Z")
    made = House(tmp_path / "desk")
    init.init(made)
    (tmp_path / "own.jsonl").write_text(run("own", 900), encoding="utf-8")
    list(ingest.ingest(made, [str(tmp_path / "own.jsonl")], jobs=1))
    return made


def filed(house, **facts):
    made = draft.draft(house, trace_hex("own"))
    runaway = PersonAnswer(number=4, mode="token_runaway", answer=Answer.YES, suggested=Answer.YES)
    form = structs.replace(
        made.draft,
        **{"contributing_factors": (), "status": RecordStatus.INCOMPLETE, "reconvene_by": date(2026, 1, 9),
           "fix": FIXED, "answers": (runaway,), **facts},
    )  # fmt: skip
    made.path.write_text(to_markdown(form, checklist=CHECKLIST), encoding="utf-8")
    done = append.append(house, made.path)
    assert done.record is not None, done.findings
    return done.record.id


def case(tmp_path, name, *arguments, **more):
    path = tmp_path / f"{name}.jsonl"
    path.write_text(run(name, *arguments, **more), encoding="utf-8")
    return [str(path)]


def state(house, record):
    return fix(records.find(house, record).view)[0]


def test_a_run_that_is_over_still_fires_and_nothing_is_added(house):
    record = filed(house)
    done = check_fix.check(house, record)
    assert [(each.name, each.answer) for each in done.check.asked] == [("token_runaway", "yes")]
    assert (done.check.outcome, done.addendum, state(house, record)) == (Outcome.FIRES, None, FixState.CLAIMED)


def test_a_fix_of_the_policy_is_shown_over_the_frozen_evidence(house, monkeypatch):
    record = filed(house)
    house.policy_file.write_text("[policy.mode.token_runaway]\nfactor = 20\n", encoding="utf-8")
    shutil.rmtree(house.store)
    dry = check_fix.check(house, record, keep=False)
    assert (dry.check.outcome, dry.addendum, state(house, record)) == (Outcome.SHOWN, None, FixState.CLAIMED)
    done = check_fix.check(house, record)
    assert (done.before, done.after, state(house, record)) == (FixState.CLAIMED, FixState.SHOWN, FixState.SHOWN)
    assert check_fix.check(house, record).addendum is None, "nothing new"
    monkeypatch.setenv("AFTERBELL_NOW", "2026-01-07T09:00:00Z")
    house.policy_file.write_text("", encoding="utf-8")
    again = check_fix.check(house, record)
    assert (again.after, state(house, record)) == (FixState.CLAIMED, FixState.CLAIMED)


def test_a_fix_of_the_agents_is_shown_by_a_replay(house, tmp_path, capsys, monkeypatch):
    record = filed(house)
    assert check_fix.check(house, record, case=case(tmp_path, "worse", 5000)).check.outcome is Outcome.FIRES
    (house.root / "CODEOWNERS").write_text("/agents/ @desk/loop-team @somebody\n", encoding="utf-8")
    done = check_fix.check(house, record, case=case(tmp_path, "replay", 90))
    assert done.check.outcome is Outcome.SHOWN
    assert done.addendum is not None
    assert done.addendum.role == "code owner of loop-team"
    assert all(FrozenFiles(house.frozen).is_whole(sha256) for sha256 in done.check.evidence)
    assert check_fix.check(house, record).after is FixState.SHOWN, "the run that is over says nothing against a replay"
    assert main(["--house", str(house.root), "show", record]) == 0
    page = capsys.readouterr().out
    assert (
        "**Fix shown**: token\\_runaway no longer fires over the case" in page or "**Fix shown**: token_runaway" in page
    )
    assert main(["--house", str(house.root), "show", record, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["fix"] == "shown"
    monkeypatch.setenv("AFTERBELL_NOW", "2026-01-07T09:00:00Z")
    assert check_fix.check(house, record, case=case(tmp_path, "worst", 5000)).after is FixState.CLAIMED


@pytest.mark.parametrize("tokens", [-1, None])
def test_a_case_that_cannot_be_judged_shows_nothing(house, tmp_path, tokens):
    record = filed(house)
    done = check_fix.check(house, record, case=case(tmp_path, "bare", tokens))
    assert (done.check.outcome, state(house, record)) == (Outcome.UNKNOWN, FixState.CLAIMED)


def test_a_trigger_is_asked_where_no_question_was_answered_yes(house, tmp_path):
    record = filed(house, answers=())
    assert [(each.name, each.answer) for each in check_fix.check(house, record).check.asked] == [
        ("token_overrun", "yes")
    ]
    assert check_fix.check(house, record, case=case(tmp_path, "replay", 90)).after is FixState.SHOWN


def test_questions_about_the_days_around_are_unknown_without_those_days(house):
    record = filed(house)
    shutil.rmtree(house.store)
    done = check_fix.check(house, record, names=["research_diary_gap"])
    assert done.check.outcome is Outcome.UNKNOWN


def test_what_is_not_there_is_said(house, tmp_path):
    record = filed(house)
    with pytest.raises(UsageError, match="no mode or trigger"):
        check_fix.check(house, record, names=["haste"])
    (tmp_path / "empty.jsonl").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="holds no trace"):
        check_fix.check(house, record, case=[str(tmp_path / "empty.jsonl")])
    for path in house.frozen.glob("*/*.zst"):
        path.unlink()
    with pytest.raises(StoreError, match="not in the store"):
        check_fix.check(house, record)


def test_without_a_claimed_fix_there_is_nothing_to_check(house):
    record = filed(house, fix=Fix())
    with pytest.raises(UsageError, match="none"):
        check_fix.check(house, record)


def test_exit_codes_are_those_of_the_outcome(house, tmp_path, capsys):
    record, root = filed(house), ["--house", str(house.root)]
    assert main([*root, "check-fix", record, "--json"]) == 1
    shape = json.loads(capsys.readouterr().out)
    assert (shape["outcome"], shape["fix"], shape["addendum"]) == ("fires", "claimed", None)
    assert main([*root, "check-fix", record, "--case", *case(tmp_path, "bare", -1)]) == 2
    assert main([*root, "check-fix", record, "--case", *case(tmp_path, "replay", 90)]) == 0
    assert "addendum" in capsys.readouterr().out
