"""The list of events: page by page, the page on which one event stands, and a crowd that looks at the traces."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import timedelta
from threading import Event

from afterbell.model.access import Role
from afterbell.model.event import event
from afterbell.model.vocabulary import TriggerName
from afterbell.steps import trigger
from afterbell.steps.event_list import CROWD, SIZE
from afterbell.web.pages import events


def test_many_events_come_page_by_page_and_a_link_finds_the_page_of_its_event(desk, sound):
    house = desk(events.ENTRIES)
    house.rooms.house.make_store()
    made = [
        event(TriggerName.DRAWDOWN, subject=f"account:ACC-{number}", occurred_at=sound.event.occurred_at
              + timedelta(hours=number), due_hours=72, measured="1.4", limit="1.0", unit="percent", reason="a loss")
        for number in range(SIZE + 3)
    ]  # fmt: skip
    for each in made:
        trigger.seen(house.rooms.house).add(each)
    client = house.browser(Role.READER)
    first, last = (client.get(f"/events?page={page}").text for page in (1, 2))
    assert (first.count("<li id="), last.count("<li id=")) == (SIZE, 3)
    assert f"page 1 of 2, events 1 to {SIZE} of {SIZE + 3}" in " ".join(first.split())
    assert f'id="{made[-1].event_id}"' in first
    for each, page in ((made[0], last), (made[-1], first)):
        assert client.get(f"/events?event={each.event_id}").text == page
    assert client.get("/events?event=ev-0000&page=9").text == last


def test_a_crowd_that_looks_at_the_traces_leaves_threads_for_the_other_pages(desk, monkeypatch):
    house = desk(events.ENTRIES)
    house.rooms.house.make_store()
    go = Event()

    def slow(_store):
        assert go.wait(60)
        return trigger.Fired(events=(), notes=())

    monkeypatch.setattr(trigger, "fire", slow)
    with ThreadPoolExecutor(CROWD + 3) as pool:
        clients = [house.browser(Role.READER) for _each in range(CROWD + 3)]
        asked = [pool.submit(lambda client: client.get("/events?look=1").status_code, each) for each in clients]
        for refused, each in enumerate(as_completed(asked, 60), 1):
            assert each.result() == 503
            if refused == 3:
                break
        assert clients[0].get("/events").status_code == 200
        go.set()
    assert sorted(each.result() for each in asked) == [200] * CROWD + [503] * 3
