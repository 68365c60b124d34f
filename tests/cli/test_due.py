"""What is due from an event to a shown fix: the list, its exit code, calendars and notices."""

import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import icalendar
import pytest

_APPRISE = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

EQUITY = (
    "session_date,account_id,exchange,currency,deployed_capital,realized_pnl\n"
    "2026-01-02,ACC-1,XNYS,USD,100000,-3500.00\n2026-01-05,ACC-1,XNYS,USD,100000,-2500.00\n"
)


@pytest.fixture
def house(at_desk):
    Path("equity.csv").write_text(EQUITY, encoding="utf-8")
    at_desk("init")
    at_desk("ingest", "equity.csv")
    return at_desk


def listed(house, *more, code=0):
    return [json.loads(line) for line in house("due", "--json", *more, code=code).splitlines()]


def test_an_overdue_meeting_fails_a_job(house, monkeypatch):
    first, *_rest = listed(house, "--fail", code=1)
    assert (first["step"], first["state"], first["overdue"]) == ("meeting", "due", True)
    assert first["roles"] == ["system operator", "code owner"]
    monkeypatch.setenv("AFTERBELL_NOW", "2026-01-03T00:00:00Z")
    assert not any(each["overdue"] for each in listed(house, "--fail"))


def test_calendars_hold_the_agenda_once_for_each_meeting(house):
    due = listed(house, "--ics", "calendars")
    made = sorted(Path("calendars").glob("*.ics"))
    assert [path.stem for path in made] == sorted(each["subject"] for each in due)
    (event,) = icalendar.Calendar.from_ical(made[0].read_bytes()).walk("VEVENT")
    by = next(each["due_by"] for each in due if each["subject"] == made[0].stem)
    assert event["UID"] == f"{made[0].stem}@afterbell"
    assert f"{event['DTEND'].dt:%Y-%m-%dT%H:%M:%SZ}" == by
    assert (event["DTEND"].dt - event["DTSTART"].dt).total_seconds() == 1800
    for words in ("30 minutes", "system operator, code owner", "1. Summary", "6. Prevention", "afterbell draft ev-"):
        assert words in event["DESCRIPTION"]
    assert "ATTENDEE" not in event


def test_a_calendar_drops_what_is_no_longer_due_and_leaves_other_files(house):
    Path("calendars").mkdir()
    Path("calendars/mine.ics").write_text("BEGIN:VCALENDAR\nPRODID:-//example//EN\nEND:VCALENDAR\n", encoding="utf-8")
    listed(house, "--ics", "calendars")
    old = Path("calendars/ev-0000.ics")
    old.write_bytes(next(Path("calendars").glob("ev-*.ics")).read_bytes())
    listed(house, "--ics", "calendars")
    assert not old.exists()
    assert Path("calendars/mine.ics").exists()
    listed(house, "--ics", "all.ics")
    events = icalendar.Calendar.from_ical(Path("all.ics").read_bytes()).walk("VEVENT")
    assert len(events) == len(list(Path("calendars").glob("ev-*.ics")))


def test_a_held_meeting_that_filed_nothing_is_to_be_filed(house):
    event = listed(house)[0]["subject"]
    house("draft", event, "-o", "postmortems/drafts/form.md")
    form = Path("postmortems/drafts/form.md")
    assert listed(house)[0]["step"] == "meeting"
    text = form.read_text(encoding="utf-8")
    assert "roles: [fill in]" in text
    form.write_text(text.replace("roles: [fill in]", "roles: system operator, code owner", 1), encoding="utf-8")
    assert next(each["step"] for each in listed(house) if each["subject"] == event) == "file"


class Service:
    """A service that takes notices on this machine's own address."""

    def __init__(self):
        taken = self.taken = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_arguments):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"json://127.0.0.1:{self.server.server_port}/hook"


@pytest.fixture
def service():
    made = Service()
    thread = Thread(target=made.server.serve_forever)
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


@_APPRISE
def test_what_is_overdue_is_sent_and_only_then(house, service, monkeypatch):
    house("due", "--notify", service.address)
    (notice,) = service.taken
    assert "overdue" in notice["title"]
    assert "Postmortem meeting: drawdown (system operator, code owner)" in notice["message"]
    monkeypatch.setenv("AFTERBELL_NOW", "2026-01-03T00:00:00Z")
    house("due", "--notify", service.address)
    assert len(service.taken) == 1


@_APPRISE
def test_an_address_that_is_none_is_not_printed(house, capsys):
    house("due", "--notify", "nonsense://s3cret-word", code=2)
    assert "s3cret-word" not in capsys.readouterr().err


def test_without_the_extra_one_line_says_how_to_install_it(house, monkeypatch):
    monkeypatch.setitem(sys.modules, "apprise", None)
    house("due", "--notify", "json://127.0.0.1:9/hook", code=2)
    assert "pip install 'afterbell[notify]'" in house.text
