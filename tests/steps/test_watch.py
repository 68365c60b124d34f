"""Watching: each event once, whatever comes in and when, and however often one starts again."""

import json
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from afterbell.__main__ import main
from afterbell.disk import files
from afterbell.disk.frozen import FrozenFiles
from afterbell.disk.house import House
from afterbell.errors import UsageError
from afterbell.model.trace import trace_hex
from afterbell.steps import draft, init, trigger
from afterbell.steps.store import Store
from afterbell.steps.watch import Said, TookIn, Waiting, Watcher

DAY = "2026-01-05"


def run(trace, *calls):
    """A run planned at 100 tokens; calls are (minute, tokens)."""
    rows = [{"type": "run", "trace": trace, "name": "loop", "at": f"{DAY}T14:00:00Z", "until": f"{DAY}T14:59:00Z",
             "attributes": {"trading.budget.tokens.planned": 100}}]  # fmt: skip
    rows += [{"type": "call", "trace": trace, "id": f"c{minute}", "parent": "run", "at": f"{DAY}T14:{minute:02d}:00Z",
              "until": f"{DAY}T14:{minute:02d}:30Z", "model": "model-a", "messages": "Go on.", "output": "Done.",
              "tokens": {"input": tokens, "output": 0}} for minute, tokens in calls]  # fmt: skip
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.fixture
def house(tmp_path, monkeypatch):
    monkeypatch.setenv("AFTERBELL_NOW", "2026-01-06T09:00:00Z")
    made = House(tmp_path / "desk")
    init.init(made)
    return made


@pytest.fixture
def inbox(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    return folder


def overruns(did):
    return [each.event for each in did if isinstance(each, Said) and each.event.trigger.value == "token_overrun"]


def test_a_new_event_is_frozen_written_and_said_once(house, inbox):
    watcher = Watcher(house, [str(inbox)])
    assert list(watcher.round()) == []
    (inbox / "one.jsonl").write_text(run("one", (1, 900)), encoding="utf-8")
    first = list(watcher.round())
    assert [each.report.outcome for each in first if isinstance(each, TookIn)] == ["kept"]
    (event,) = overruns(first)
    assert FrozenFiles(house.frozen).is_listed(event.event_id)
    assert event in trigger.seen(house).all()
    assert list(watcher.round()) == []
    assert list(Watcher(house, [str(inbox)]).round()) == [], "a restart says nothing again"


def test_what_another_ingest_brings_is_seen_without_a_path(house, inbox):
    watcher = Watcher(house, [])
    assert list(watcher.round()) == []
    (inbox / "one.jsonl").write_text(run("one", (1, 900)), encoding="utf-8")
    assert main(["--house", str(house.root), "ingest", str(inbox)]) == 0
    assert len(overruns(watcher.round())) == 1


def test_a_changed_policy_is_looked_at(house, inbox):
    (inbox / "one.jsonl").write_text(run("one", (1, 300)), encoding="utf-8")
    watcher = Watcher(house, [str(inbox)])
    assert overruns(watcher.round()) == []
    house.policy_file.write_text("[policy]\ntoken_overrun_factor = 3\n", encoding="utf-8")
    assert len(overruns(watcher.round())) == 1


def test_an_event_that_was_not_said_is_said_after_a_kill(house, inbox):
    (inbox / "one.jsonl").write_text(run("one", (1, 900)), encoding="utf-8")
    halted = Watcher(house, [str(inbox)]).round()
    event = next(each.event for each in halted if isinstance(each, Said))
    halted.close()
    later = [each for each in Watcher(house, [str(inbox)]).round() if isinstance(each, Said)]
    assert (later[0].event, later[0].again) == (event, True)
    assert list(Watcher(house, [str(inbox)]).round()) == []


class Cut(BaseException):
    """The machine stops here."""


def test_a_cut_at_any_write_loses_and_doubles_nothing(house, inbox, monkeypatch, tmp_path):
    (inbox / "one.jsonl").write_text(run("one", (1, 900)) + run("two", (1, 900)), encoding="utf-8")
    calm = Watcher(house, [str(inbox)])
    wanted = {event.event_id for event in overruns(calm.round())}
    assert len(wanted) == 2
    real = {name: getattr(files, name) for name in ("write_once", "replace", "settle", "settle_data", "sync_names")}
    cuts = 0
    while True:
        made = House(tmp_path / f"cut-{cuts}")
        init.init(made)
        left = [cuts]

        def cutting(function, left=left):
            def call(*arguments, **more):
                left[0] -= 1
                if left[0] < 0:
                    raise Cut
                return function(*arguments, **more)

            return call

        for name, function in real.items():
            monkeypatch.setattr(files, name, cutting(function))
        said = []
        try:
            for did in Watcher(made, [str(inbox)]).round():
                said += overruns([did])
        except Cut:
            pass
        for name, function in real.items():
            monkeypatch.setattr(files, name, function)
        said += overruns(Watcher(made, [str(inbox)]).round())
        assert {event.event_id for event in said} == wanted
        assert {event.event_id for event in trigger.seen(made).all()} == wanted
        assert len(said) <= len(wanted) + 1, "at most the one that was being said is said again"
        assert list(Watcher(made, [str(inbox)]).round()) == []
        if left[0] >= 0:
            break
        cuts += 1
    assert cuts > 10


def test_late_data_that_moves_an_event_makes_no_second_one(house, inbox):
    (inbox / "late.jsonl").write_text(run("one", (40, 900)), encoding="utf-8")
    watcher = Watcher(house, [str(inbox)])
    (event,) = overruns(watcher.round())
    (inbox / "early.jsonl").write_text(run("one", (5, 800)), encoding="utf-8")
    assert overruns(watcher.round()) == []
    moved = next(each for each in trigger.fire(Store(house)).events if each.trigger is event.trigger)
    assert moved.event_id != event.event_id
    drafted, _left = draft.drafted(Store(house), event.event_id)
    assert drafted.event_id == moved.event_id, "the id that was said still leads to the event"


def test_a_file_that_is_being_written_waits(house, inbox, monkeypatch):
    monkeypatch.delenv("AFTERBELL_NOW")
    path = inbox / "one.jsonl"
    path.write_text(run("one", (1, 900)), encoding="utf-8")
    watcher = Watcher(house, [str(inbox)], settle=timedelta(days=1))
    assert list(watcher.round()) == [Waiting(count=1)]
    assert overruns(Watcher(house, [str(inbox)], settle=timedelta(0)).round())


def test_an_answer_of_a_review_becomes_an_event(house, inbox):
    (inbox / "one.jsonl").write_text(run("one", (1, 10)), encoding="utf-8")
    row = {"review_id": "RV-1", "trace_id": trace_hex("one"), "reviewer_role": "reviewer", "answer": "decline",
           "answered_at": "2026-01-06T08:00:00Z", "model_quantity": "1"}  # fmt: skip
    house.reviews.mkdir()
    (house.reviews / "RV-1.answer.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    said = [each.event.trigger.value for each in Watcher(house, [str(inbox)]).round() if isinstance(each, Said)]
    assert said == ["operator_would_not_approve"]


def test_two_watches_do_not_work_in_one_house(house):
    with Watcher(house, []).alone(), pytest.raises(UsageError, match="another watch"), Watcher(house, []).alone():
        pass


def test_once_with_fail_is_for_scheduled_jobs(house, inbox, capsys):
    root = ["--house", str(house.root), "watch", str(inbox), "--once", "--fail"]
    assert main(root) == 0
    (inbox / "one.jsonl").write_text(run("one", (1, 900)), encoding="utf-8")
    (inbox / "notes.txt").write_text("no telemetry\n", encoding="utf-8")
    assert main(root) == 1
    said = capsys.readouterr().out
    assert "kept" in said
    assert "refused" in said
    assert "next: afterbell draft ev-" in said
    assert main(root) == 0
    assert main(["--house", str(house.root), "watch", "-", "--once"]) == 2


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
def test_a_notice_that_is_not_taken_is_sent_again(house, inbox, capsys):
    taken, codes = [], [500, 200]

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(codes[len(taken) - 1])
            self.end_headers()

        def log_message(self, *_arguments):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        (inbox / "one.jsonl").write_text(run("one", (1, 900)), encoding="utf-8")
        root = ["--house", str(house.root), "watch", str(inbox), "--once", "--json", "--notify",
                f"json://127.0.0.1:{server.server_port}/hook"]  # fmt: skip
        assert main(root) == 2
        capsys.readouterr()
        assert main(root) == 0
        (line,) = [json.loads(each) for each in capsys.readouterr().out.splitlines()]
        assert (line["did"], line["again"]) == ("fired", True)
        assert main(root) == 0
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert [notice["title"] for notice in taken] == ["afterbell: token_overrun"] * 2
