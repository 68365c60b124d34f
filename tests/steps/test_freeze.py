"""Evidence of an incident is pinned beside the record: what belongs to it, once, by hash; and verify checks it."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from filelock import FileLock
from msgspec import structs

from afterbell.__main__ import main
from afterbell.disk import evidence
from afterbell.disk.frozen import FrozenFiles
from afterbell.disk.house import House
from afterbell.errors import StoreError
from afterbell.model.checklist import CHECKLIST
from afterbell.model.trace import trace_hex
from afterbell.model.vocabulary import RecordStatus
from afterbell.render.form import to_markdown
from afterbell.steps import append, draft, freeze, ingest, init, seal
from afterbell.steps.store import Store

DAY = "2026-01-05"


def rows(trace, **more):
    run = {"type": "run", "trace": trace, "name": "loop", "at": f"{DAY}T14:00:00Z", "until": f"{DAY}T14:30:00Z",
           "attributes": {"trading.budget.tokens.planned": 100}} | more  # fmt: skip
    call = {"type": "call", "trace": trace, "id": "c", "parent": "run", "at": f"{DAY}T14:01:00Z", "model": "model-a",
            "until": f"{DAY}T14:02:00Z", "messages": "Summarise.", "output": "Done.", "tokens": {"input": 900, "output": 1}}  # fmt: skip
    idea = {
        "type": "idea",
        "trace": trace,
        "id": "i",
        "parent": "run",
        "idea": more.get("idea", trace),
        "at": f"{DAY}T14:00:00Z",
    }
    return "".join(json.dumps(each) + "\n" for each in (run, call, idea))


@pytest.fixture
def house(tmp_path, monkeypatch):
    monkeypatch.setenv("AFTERBELL_NOW", "2026-01-06T09:00:00Z")
    made = House(tmp_path / "desk")
    init.init(made)
    source = tmp_path / "in"
    source.mkdir()
    for name, idea in (("own", "IDEA-1"), ("kin", "IDEA-1"), ("stranger", "IDEA-2")):
        (source / f"{name}.jsonl").write_text(rows(name, idea=idea), encoding="utf-8")
    (source / "fills.csv").write_text(
        f"transact_time,symbol,side,last_quantity,last_price,idea_id\n{DAY}T15:00:00Z,SYNTHETIC_A,buy,1,2,IDEA-1\n",
        encoding="utf-8",
    )
    list(ingest.ingest(made, [str(source)], jobs=1))
    return made


def pinned(froze):
    return {Path(each.name).name: each.holds for each in froze.frozen.pinned}


def test_own_traces_kin_and_books_are_pinned_and_strangers_are_not(house):
    froze = freeze.freeze(Store(house), "ev-1", [trace_hex("own")])
    assert pinned(froze) == {"own.jsonl": ("trace",), "kin.jsonl": ("kin",), "fills.csv": ("book",)}
    assert froze.frozen.kin == (trace_hex("kin"),)
    files = FrozenFiles(house.frozen)
    assert all(files.is_whole(each.sha256) for each in froze.frozen.pinned)
    assert files.find(froze.sha256) == froze.frozen
    assert froze.new == 3


def test_again_adds_nothing_and_what_came_in_since_makes_another_list(house, tmp_path):
    first = freeze.freeze(Store(house), "ev-1", [trace_hex("own")])
    before = sorted(house.frozen.rglob("*"))
    again = freeze.freeze(Store(house), "ev-1", [trace_hex("own")])
    assert (again.sha256, again.new, sorted(house.frozen.rglob("*"))) == (first.sha256, 0, before)
    (tmp_path / "late.jsonl").write_text(rows("late", idea="IDEA-1"), encoding="utf-8")
    list(ingest.ingest(house, [str(tmp_path / "late.jsonl")], jobs=1))
    later = freeze.freeze(Store(house), "ev-1", [trace_hex("own")])
    assert later.new == 1
    assert FrozenFiles(house.frozen).find(first.sha256) == first.frozen


def test_what_a_killed_freeze_left_is_swept(house):
    froze = freeze.freeze(Store(house), "ev-1", [trace_hex("own")])
    torn = evidence.place(house.frozen, froze.frozen.pinned[0].sha256).with_name(".tmp-0123")
    torn.write_bytes(b"half")
    again = freeze.freeze(Store(house), "ev-1", [trace_hex("own")])
    assert (again.sha256, torn.exists()) == (froze.sha256, False)


def test_what_outlives_the_store_is_the_copy(house):
    froze = freeze.freeze(Store(house), "ev-1", [trace_hex("own")])
    shutil.rmtree(house.evidence)
    again = freeze.freeze(Store(house), "ev-1", [trace_hex("own")])
    assert again.sha256 == froze.sha256
    lost = freeze.freeze(Store(house), "ev-2", [trace_hex("stranger")])
    assert [len(sha256) for sha256 in lost.frozen.lost] == [64]


def test_the_run_that_wrote_what_was_read_is_pinned_too(house, tmp_path):
    def touch(trace, name, more):
        row = {"type": "span", "trace": trace, "id": "m", "parent": "run", "kind": "tool", "name": name,
               "at": f"{DAY}T14:03:00Z", "until": f"{DAY}T14:03:01Z", "trading.cache.key": "K"} | more  # fmt: skip
        return rows(trace) + json.dumps(row) + "\n"

    written = touch("writer", "cache write", {"trading.cache.hit": False, "output.value": "kept"})
    read = touch("reader", "cache read", {"trading.cache.hit": True, "trading.cache.written_by_run": trace_hex("writer"),
                                          "output.value": "kept"})  # fmt: skip
    for name, text in (("writer", written), ("reader", read)):
        (tmp_path / f"{name}.jsonl").write_text(text, encoding="utf-8")
        list(ingest.ingest(house, [str(tmp_path / f"{name}.jsonl")], jobs=1))
    froze = freeze.freeze(Store(house), "ev-3", [trace_hex("reader")])
    assert pinned(froze)["writer.jsonl"] == ("writer",)


def test_triggers_freeze_new_events_once(house, capsys):
    root = ["--house", str(house.root)]
    assert main([*root, "triggers", "--no-freeze"]) == 0
    assert not house.frozen.exists()
    assert main([*root, "triggers", "--json"]) == 0
    events = [json.loads(line)["event_id"] for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    lists = sorted(path.name.partition(".")[0] for path in (house.frozen / "lists").iterdir())
    assert lists == sorted(events)
    assert len(events) >= 3
    main([*root, "triggers", "--json"])
    assert "frozen" not in capsys.readouterr().err


@pytest.fixture
def filed(house):
    """A house with a record that cites the frozen evidence of its event."""
    made = draft.draft(house, trace_hex("own"))
    form = structs.replace(
        made.draft, contributing_factors=(), status=RecordStatus.INCOMPLETE, reconvene_by=date(2026, 1, 9)
    )  # fmt: skip
    made.path.write_text(to_markdown(form, checklist=CHECKLIST), encoding="utf-8")
    done = append.append(house, made.path)
    assert done.record is not None, done.findings
    seal.seal(house)
    return house, done.record


def verified(house, capsys, code):
    capsys.readouterr()
    assert main(["--house", str(house.root), "verify", "--json"]) == code
    found = json.loads(capsys.readouterr().out)["unresolved"]
    return [(each["name"], each["changed"]) for each in found if each["kind"] == "evidence"]


def test_verify_checks_what_a_record_cites(filed, capsys):
    house, record = filed
    assert verified(house, capsys, 0) == []
    shutil.rmtree(house.store)
    assert verified(house, capsys, 0) == [], "a clone without the store can check too"
    files = FrozenFiles(house.frozen)
    kin = next(each.sha256 for each in files.find(record.evidence[0]).pinned if "kin" in each.holds)
    path = evidence.place(house.frozen, kin)
    whole = path.read_bytes()
    path.write_bytes(evidence.compress(b"another story\n"))
    assert verified(house, capsys, 1) == [(kin, True)]
    path.write_bytes(whole[:-3])
    assert verified(house, capsys, 1) == [(kin, True)]
    path.unlink()
    assert verified(house, capsys, 0) == [(kin, False)]


def test_a_changed_list_of_evidence_is_found(filed, capsys):
    house, record = filed
    (path,) = (house.frozen / "lists").glob(f"*.{record.evidence[0]}.json")
    path.write_bytes(path.read_bytes().replace(b"kin", b"kit"))
    assert verified(house, capsys, 1) == [(record.evidence[0], True)]
    path.unlink()
    assert verified(house, capsys, 0) == [(record.evidence[0], False)]


def test_ingesting_the_house_itself_does_not_take_the_copies_for_new_evidence(house, tmp_path):
    token = "sk-" + "a1B2c3D4e5F6g7H8i9J0" * 2
    (tmp_path / "in" / "secret.jsonl").write_text(rows("secret", name=f"loop {token}"), encoding="utf-8")
    list(ingest.ingest(house, [str(tmp_path / "in")], jobs=1))
    froze = freeze.freeze(Store(house), "ev-1", [trace_hex("secret")])
    assert froze.new
    reports = list(ingest.ingest(house, [str(house.root)], jobs=1))
    assert [report.path for report in reports if report.outcome == ingest.KEPT] == []
    assert not any("postmortems" in report.path for report in reports)


def test_evidence_that_another_pins_for_too_long_is_told_as_a_fault_of_the_world(house, monkeypatch):
    monkeypatch.setattr(freeze, "_LOCK_SECONDS", 0)
    with FileLock(house.store / "freeze.lock"), pytest.raises(StoreError, match="has pinned evidence"):
        freeze.freeze(Store(house), trace_hex("own"), [trace_hex("own")])
