"""The overview: what is due, what has no record, what verify says; figures that are made once for each state."""

from __future__ import annotations

import re

import pytest

import afterbell
from afterbell.model.access import Role
from afterbell.model.event import event
from afterbell.model.vocabulary import TriggerName
from afterbell.steps import init, overview, seal, trigger
from afterbell.web.pages import home


@pytest.fixture
def house(desk, monkeypatch):
    monkeypatch.setenv("AFTERBELL_NOW", "2026-02-03T12:00:00Z")
    made = desk(home.ENTRIES)
    init.init(made.rooms.house)
    made.rooms.house.make_store()
    return made


def words(text):
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def fired(sound, reason="loss over the limit", subject="account:ACC-1"):
    return event(TriggerName.DRAWDOWN, subject=subject, occurred_at=sound.event.occurred_at, due_hours=72,
                 measured="1.4", limit="1.0", unit="percent", reason=reason)  # fmt: skip


def keep(house, *events):
    for each in events:
        trigger.seen(house.rooms.house).add(each)


def file(house, summary="Loss.", **facts):
    return afterbell.append(afterbell.Postmortem(summary=summary, **facts), path=house.rooms.house.postmortems / "log.jsonl").id  # fmt: skip


def test_an_empty_house_has_an_overview(house):
    page = house.browser(Role.READER).get("/")
    assert page.status_code == 200
    assert "Nothing is due." in words(page.text)


def test_what_is_overdue_and_how_many_of_what_stand_there(house, sound):
    file(house, root_cause="cost")
    file(house, root_cause="security")
    seal.seal(house.rooms.house)
    keep(house, fired(sound))
    shown = words(house.browser(Role.READER).get("/").text)
    for said in ("Records 2", "The log ok, L1", "overdue", "Events without a record 1", "loss over the limit"):
        assert said in shown, said
    assert "1 of 3 due" in shown or "1 of 1 due" in shown


def test_hostile_events_change_nothing_of_the_page_but_its_text(house, sound, hostile):
    pages = []
    for text in ("plain", f"{hostile}<script>alert(1)</script>"):
        for old in house.rooms.house.events.glob("*"):
            old.unlink()
        keep(house, fired(sound, text, text))
        for _ in range(50):
            page = house.browser(Role.READER).get("/").text
            if text[:5] in page:
                break
        pages.append(re.findall(r"<(\w+)", page))
        assert not set(page) & set("\0\u202e")
    assert pages[0] == pages[1]


def test_a_log_that_does_not_hold_is_said_at_the_top(house):
    file(house, "A loss in SYNTHETIC_A.")
    seal.seal(house.rooms.house)
    client = house.browser(Role.READER)
    assert "The log does not hold" not in client.get("/").text
    segment = house.rooms.house.postmortems / "log" / "000000.jsonl"
    segment.write_bytes(segment.read_bytes().replace(b"A loss", b"A gain"))
    for _ in range(50):  # the older figures are shown until the new ones are there
        page = client.get("/")
        if "The log does not hold" in page.text:
            break
    assert "The log does not hold" in page.text
    segment.write_bytes(b"{}\n")
    assert client.get("/").status_code == 200


def test_figures_are_made_once_for_each_state(house, monkeypatch):
    made = []
    real = overview.overview
    monkeypatch.setattr(overview, "overview", lambda *given: made.append(1) or real(*given))
    client = house.browser(Role.READER)
    client.get("/")
    client.get("/")
    assert len(made) == 1
    file(house)
    for _ in range(50):
        if "Records 1" in words(client.get("/").text):
            break
    assert len(made) == 2
