"""The list of events: page by page, and the page on which one event stands."""

from __future__ import annotations

from datetime import timedelta

from afterbell.model.access import Role
from afterbell.model.event import event
from afterbell.model.vocabulary import TriggerName
from afterbell.steps import trigger
from afterbell.steps.event_list import SIZE
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
