"""Links that let in once and sessions, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from afterbell.disk.sessions import LINKS, SESSIONS, Pass, Sessions

LINK = Pass(subject="link:1", role=3, ends=100)
SESSION = Pass(subject="account:desk", name="desk", role=2, ends=100)


def test_a_link_lets_in_once(state):
    sessions = Sessions(state)
    sessions.offer("a", LINK)
    assert sessions.trade("b", "t", 10, 60) is None
    assert sessions.trade("a", "t", 10, 60) == Pass(subject="link:1", role=3, ends=70)
    assert sessions.find("t", at=69) == Pass(subject="link:1", role=3, ends=70)
    assert sessions.trade("a", "u", 10, 60) is None
    assert sessions.find("u", at=10) is None


def test_a_link_that_has_ended_lets_nobody_in_and_is_gone(state):
    sessions = Sessions(state)
    sessions.offer("a", LINK)
    sessions.offer("b", LINK)
    assert sessions.trade("a", "t", 100, 60) is None
    with state.read(LINKS) as connection:
        assert connection.execute(select(LINKS)).all() == []


def test_of_many_who_hold_a_link_one_comes_in(state):
    sessions = Sessions(state)
    sessions.offer("a", LINK)
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda number: sessions.trade("a", f"s{number}", 10, 60), range(16)))
    assert taken.count(None) == 15
    assert [sessions.find(f"s{number}", at=20) for number in range(16)] == taken


def test_a_session_is_found_until_it_ends(state):
    sessions = Sessions(state)
    sessions.begin("s", SESSION, at=10)
    assert sessions.find("s", at=99) == SESSION
    assert sessions.find("s", at=100) is None
    assert sessions.find("t", at=99) is None
    sessions.begin("t", SESSION, at=100)
    with state.read(SESSIONS) as connection:
        assert len(connection.execute(select(SESSIONS)).all()) == 1


def test_a_session_ends_alone_and_those_of_an_account_together(state):
    sessions = Sessions(state)
    for secret in "abc":
        sessions.begin(secret, SESSION, at=10)
    sessions.begin("other", LINK, at=10)
    sessions.end("a")
    assert [sessions.find(secret, at=20) for secret in "abc"] == [None, SESSION, SESSION]
    sessions.end_all("account:desk")
    assert [sessions.find(secret, at=20) for secret in "abc"] == [None, None, None]
    assert sessions.find("other", at=20) is not None


def test_with_an_account_goes_what_came_of_its_links(state):
    sessions = Sessions(state)
    for secret, subject in {
        "a": "account:desk>link:1",
        "b": "account:desk>link:1>link:2",
        "c": "account:desk2",
    }.items():
        sessions.begin(secret, Pass(subject=subject, role=1, ends=100), at=10)
        sessions.offer(secret, Pass(subject=subject + ">link:9", role=1, ends=100))
    sessions.end_all("account:desk")
    assert [sessions.find(secret, at=20) is None for secret in "abc"] == [True, True, False]
    assert [sessions.trade(secret, secret * 2, 20, 60) is None for secret in "abc"] == [True, True, False]


def test_no_secret_stands_in_the_database(state):
    sessions = Sessions(state)
    sessions.offer("a-secret-of-a-link", LINK)
    sessions.begin("a-secret-of-a-session", SESSION, at=10)
    with state.read(LINKS, SESSIONS) as connection:
        held = [*connection.execute(select(LINKS)).all(), *connection.execute(select(SESSIONS)).all()]
    assert "secret" not in str(held)
