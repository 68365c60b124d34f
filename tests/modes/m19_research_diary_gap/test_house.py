"""The days around a run in a house of many: found by aggregates, without loading the other traces."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest

from afterbell.disk.house import House
from afterbell.model.casefile import CaseFile
from afterbell.model.trace import trace_hex
from afterbell.model.vocabulary import Answer
from afterbell.modes.m19_research_diary_gap import mode
from afterbell.steps import ingest
from afterbell.steps.around import Around
from afterbell.steps.scan import scan_all, scan_trace
from afterbell.steps.store import Store, casefile

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)
ASKED = frozenset({"research_diary_gap"})
TAKEN = {"idea_id": "IDEA-0", "trace_id": "r0", "symbol": "SYNTHETIC_A", "status": "accepted",
         "decided_at": "2026-01-15T12:10:00Z", "written_at": "2026-01-15T12:11:00Z"}  # fmt: skip


def run(number, *, days=0.0, action="", **more):
    at = NOON + timedelta(days=days, minutes=number)
    facts = {"trace": f"r{number}", "at": at.isoformat(), "until": (at + timedelta(minutes=1)).isoformat()}
    rows = [
        {"type": "run", "id": "run", "idea": f"IDEA-{number}", **facts, **more},
        {"type": "call", "id": "c", "parent": "run", "model": "m", "messages": "Study it.", "output": "Done.", **facts},
    ]
    return rows + ([{"type": "decision", "id": "d", "parent": "run", "action": action, **facts}] if action else [])


@pytest.fixture
def house(tmp_path):
    def filled(*runs, diary=(TAKEN,)):
        root, folder = tmp_path / "house", tmp_path / "in"
        root.mkdir()
        folder.mkdir()
        (folder / "runs.jsonl").write_bytes(b"".join(orjson.dumps(row) + b"\n" for rows in runs for row in rows))
        (folder / "diary.jsonl").write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in diary))
        list(ingest.ingest(House(root), [str(folder)], jobs=1))
        return House(root)

    return filled


def answers(found):
    return {each.trace_id: each.answers[0].suggestion for shard in scan_all(found, ASKED, jobs=1) for each in shard}


def test_ideas_of_other_traces_that_left_no_record(house):
    found = house(run(0, action="buy"), *(run(number, days=number / 2) for number in range(1, 5)))
    (one,) = scan_trace(Store(found), trace_hex("r0"), ASKED).answers
    assert (one.suggestion.answer, one.suggestion.figures["unrecorded"]) == (Answer.YES, 4)
    assert answers(found)[trace_hex("r0")] == one.suggestion


def test_no_other_trace_is_loaded_for_it(house, monkeypatch):
    found = house(run(0, action="buy"), *(run(number) for number in range(1, 30)))
    loaded = []
    real = Store.traces

    def traces(self, ids):
        ids = list(ids)
        loaded.extend(ids)
        return real(self, ids)

    monkeypatch.setattr(Store, "traces", traces)
    (one,) = scan_trace(Store(found), trace_hex("r0"), ASKED).answers
    assert one.suggestion.figures["unrecorded"] == 29
    assert loaded == [trace_hex("r0")]


@pytest.mark.parametrize(
    ("other", "answer"),
    [
        (run(1, days=6.9, action="skip"), Answer.NO),
        (run(1, days=-6.9, action="HOLD"), Answer.NO),
        (run(1, days=7.5, action="skip"), Answer.YES),
        (run(1, days=2, action="buy", mode="paper"), Answer.NO),
        (run(1, days=2, action="buy"), Answer.YES),
    ],
)
def test_the_window_ends_on_its_days_and_paper_is_no_trade(house, other, answer):
    found = house(run(0, action="buy"), run(2, days=1), other)
    assert answers(found)[trace_hex("r0")].answer is answer


def test_the_window_is_the_policys(house):
    found = house(run(0, action="buy"), run(2, days=0.2), run(1, days=2, action="skip"))
    (found.root / "afterbell.toml").write_text('[policy.mode.research_diary_gap]\nwindow = "P1D"\n')
    assert answers(found)[trace_hex("r0")].answer is Answer.YES


def test_all_researched_ideas_were_traded(house):
    rows = [{**TAKEN, "idea_id": f"IDEA-{number}", "trace_id": f"r{number}"} for number in range(3)]
    found = house(*(run(number, action="buy") for number in range(3)), diary=rows)
    assert answers(found)[trace_hex("r1")].answer is Answer.NO


def test_aggregates_say_what_the_traces_say_themselves(house):
    counted = {"trading.decision.rejected_ideas.count": 3}
    runs = [run(0, action="buy"), run(1), run(2, action="skip", mode="live"), run(3, action="buy", mode="paper"),
            run(4, action="close"), run(5, days=9, action="buy"), run(6, days=-3, action="sell")]  # fmt: skip
    runs[4][-1] |= counted
    runs[1][0].pop("idea")
    store = Store(house(*runs))
    every = store.traces(trace_hex(f"r{number}") for number in range(len(runs)))
    for trace_id, trace in every.items():
        alone = casefile(store, trace_id)
        kin = tuple(each for each in every.values() if each is not trace)
        by_sql = mode._look(Around(store).complete(alone))
        by_kin = mode._look(CaseFile(trace=trace, kin=kin, books=alone.books, policy=alone.policy))
        assert by_sql.researched == by_kin.researched
        assert (by_sql.passed, by_sql.accepted, by_sql.dropped_count) == (by_kin.passed, by_kin.accepted, 3 * (
            trace_id != trace_hex("r5")))  # fmt: skip
