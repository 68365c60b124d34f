"""The list and the search: filters, pages, what was found in its context; hostile words and texts."""

from __future__ import annotations

import html
import re
import sys
from array import array
from concurrent.futures import ThreadPoolExecutor, as_completed
from html import unescape
from html.parser import HTMLParser
from threading import Event

import pytest
from msgspec.structs import replace

import afterbell
from afterbell.engines import embedder
from afterbell.model.access import Role
from afterbell.query.meaning import Embedder
from afterbell.steps import init, similar, trigger
from afterbell.web.pages import home, records, reviews, search


class Tags(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found, self.marks, self._marked = [], [], False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, tuple(name for name, _value in attrs)))
        self._marked = tag == "mark"

    def handle_endtag(self, _tag):
        self._marked = False

    def handle_data(self, data):
        if self._marked:
            self.marks.append(data)


@pytest.fixture
def house(desk):
    made = desk((*home.ENTRIES, *records.ENTRIES, *reviews.ENTRIES, *search.ENTRIES))
    init.init(made.rooms.house)
    made.rooms.house.make_store()
    return made


def file(house, summary, **facts):
    log = house.rooms.house.postmortems / "log.jsonl"
    return afterbell.append(afterbell.Postmortem(summary=summary, **facts), path=log).id


def ids(page):
    return list(dict.fromkeys(re.findall(r'href="/records/([0-9a-f-]{36})"', page.text)))


def test_filters_hold_in_the_list_and_in_the_search(house):
    cost = file(house, "Loss in SYNTHETIC_A after a stale quote.", root_cause="cost")
    other = file(house, "Loss in SYNTHETIC_B after a stale quote.", root_cause="security")
    client = house.browser(Role.READER)
    assert sorted(ids(client.get("/records"))) == sorted([cost, other])
    for query, found in (
        ("cause=cost", [cost]), ("ticker=synthetic_b", [other]), ("since=2100-01-01", []), ("status=complete", []),
        ("cause=cost&ticker=SYNTHETIC_B", []), ("trigger=drawdown", []), ("mode=prompt_drift", []), ("cause=zzz", []),
    ):  # fmt: skip
        assert ids(client.get(f"/records?{query}")) == found, query
        assert ids(client.get(f"/search?q=stale&{query}")) == found, query
    assert ids(client.get("/search?q=nothing+of+it")) == []
    wrong = client.get("/records?since=yesterday")
    assert (wrong.status_code, "is not a day" in wrong.text) == (200, True)


def test_a_filter_stays_chosen_whatever_it_is(house):
    client = house.browser(Role.READER)
    for value in ("prompt_drift", "a_mode_of_somebody", "<script>"):
        page = client.get("/records", params={"mode": value}).text
        chosen = re.findall(r'<option value="([^"]*)" selected>', page)
        assert [unescape(each) for each in chosen] == [value]


def test_long_lists_are_paged_and_keep_their_filters(house):
    made = [file(house, f"Loss number {number} of many.", root_cause="cost") for number in range(60)]
    client = house.browser(Role.READER)
    for path, size in (("/records?cause=cost", 50), ("/search?q=loss&cause=cost", 25)):
        first, second = client.get(path), client.get(f"{path}&page=2")
        assert (len(ids(first)), len(ids(second))) == (size, min(size, 60 - size))
        assert not set(ids(first)) & set(ids(second))
        assert "60 records" in first.text
        assert re.search(r'href="[^"]*cause=cost&amp;page=2"', first.text)
        last = client.get(f"{path}&page=99999")
        assert ids(last) == ids(client.get(f"{path}&page={-(-60 // size)}"))
    assert set(made) == set(ids(client.get("/records?page=1"))) | set(ids(client.get("/records?page=2")))


def test_what_was_asked_for_is_marked_where_it_stands(house):
    file(house, "The retriever counted <b>three</b> copies of one article.")
    page = house.browser(Role.READER).get("/search", params={"q": 'copies "three'})
    assert Tags(page.text).marks == ["three", "copies"]
    assert "&lt;b&gt;<mark>three</mark>&lt;/b&gt;" in page.text


@pytest.mark.parametrize(
    "words",
    ["<script>alert(1)</script>", '"><img src=x>', "a\0b", "\u202e", "x" * 5000, '" OR 1', "' --", "NEAR(a b)", "*"],
)
def test_hostile_words_find_nothing_and_change_nothing_of_the_page(house, words):
    file(house, "Loss in SYNTHETIC_A.")
    client = house.browser(Role.READER)
    plain, page = (client.get("/search", params={"q": asked}) for asked in ("absent", words))
    assert page.status_code == 200
    assert Tags(page.text).found == Tags(plain.text).found
    assert not set(page.text) & set("\0\u202e")


def test_a_word_counts_once_and_very_many_are_not_looked_for(house):
    file(house, "The account had a bad hour.")
    client = house.browser(Role.READER)
    again = client.get("/search", params={"q": "a* " * 300})
    assert (again.status_code, "bad hour" in " ".join(again.text.split())) == (200, True)
    many = client.get("/search", params={"q": " ".join(f"a{number}" for number in range(33))})
    assert (many.status_code, "at most 32 words" in many.text) == (200, True)
    most = client.get("/search", params={"q": " ".join(f"a{number}" for number in range(32))})
    assert "at most 32 words" not in most.text


def test_hostile_texts_change_nothing_of_the_list(house, hostile):
    client = house.browser(Role.READER)
    file(house, "plain found text")
    before = Tags(client.get("/search?q=found").text).found, Tags(client.get("/records").text).found
    for each in (house.rooms.house.postmortems / "pending").iterdir():
        each.unlink()
    file(house, f"{hostile} found {hostile}"[:200])
    assert (Tags(client.get("/search?q=found").text).found, Tags(client.get("/records").text).found) == before


def test_strangers_see_none_of_it(house):
    record = file(house, "Loss in SYNTHETIC_A.")
    for path in ("/", "/records", "/search?q=loss", f"/records/{record}", f"/records/{record}/json", "/reviews"):
        answer = house.browser().get(path)
        assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/enter"), path


def test_records_like_a_record_or_an_event_are_led_to(house, sound):
    first = file(house, "The retriever counted copies of one article in SYNTHETIC_A.", root_cause="cost")
    near = file(house, "Copies of one article misled the retriever.", root_cause="cost")
    file(house, "Nothing of the kind.")
    trigger.seen(house.rooms.house).add(replace(sound.event, reason="the retriever counted an article twice"))
    client = house.browser(Role.READER)
    page = client.get(f"/similar/{first}")
    assert ids(page)[:2] == [first, near]
    assert "the root cause" in page.text
    assert set(ids(client.get(f"/similar/{sound.event.event_id}"))[:2]) == {first, near}
    assert client.get("/similar/ev-nobody").status_code == 404


def test_the_meaning_is_compared_only_where_it_is_asked_for(house, monkeypatch):
    first = file(house, "listen")
    near = file(house, "silent")

    def vectors(texts):
        for text in texts:
            yield array("f", [float("s" in text), float("z" in text)]).tobytes()

    client = house.browser(Role.READER)
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    embedder.embedder.cache_clear()
    by_words = client.get(f"/similar/{first}")
    assert ids(by_words) == [first]
    assert 'href="?by=meaning"' not in by_words.text
    assert "afterbell[embeddings]" in html.unescape(by_words.text)
    refused = client.get(f"/similar/{first}?by=meaning")
    assert (refused.status_code, "afterbell[embeddings]" in refused.text) == (409, True)
    monkeypatch.setattr(similar, "embedder", lambda: Embedder(model="letters", vectors=vectors))
    monkeypatch.setattr(similar, "installed", lambda: True)
    assert 'href="?by=meaning"' in client.get(f"/similar/{first}").text
    assert ids(client.get(f"/similar/{first}?by=meaning")) == [first, near]
    assert ids(client.get(f"/similar/{first}?by=anything")) == [first]


def test_a_crowd_that_compares_by_meaning_leaves_threads_for_the_other_pages(house, monkeypatch):
    first, go = file(house, "listen"), Event()

    def vectors(texts):
        assert go.wait(60)
        for _text in texts:
            yield array("f", [1.0]).tobytes()

    monkeypatch.setattr(similar, "embedder", lambda: Embedder(model="letters", vectors=vectors))
    clients = [house.browser(Role.READER) for _each in range(search.CROWD + 3)]
    with ThreadPoolExecutor(len(clients)) as pool:
        asked = [pool.submit(lambda client: client.get(f"/similar/{first}?by=meaning").status_code, each)
                 for each in clients]  # fmt: skip
        try:
            for refused, each in enumerate(as_completed(asked, 60), 1):
                assert each.result() == 503
                if refused == 3:
                    break
            assert clients[0].get(f"/similar/{first}").status_code == 200
        finally:
            go.set()
    assert sorted(each.result() for each in asked) == [200] * search.CROWD + [503] * 3
