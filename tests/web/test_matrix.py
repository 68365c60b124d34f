"""Who is answered what, route by route and role by role, for every route there is."""

from __future__ import annotations

import pytest
from msgspec import structs
from starlette.responses import Response

from afterbell.model.access import Role, account_subject
from afterbell.steps.access import form_token
from afterbell.web import rooms as web
from afterbell.web import server
from afterbell.web.visit import COOKIE

ALL = web.entries()
PLACES = [f"{entry.method} {entry.path}" for entry in ALL]
FOR_EVERYBODY = {
    "GET /static/{name}", "GET /enter", "POST /enter", "GET /enter/sso", "GET /enter/sso/back",
}  # fmt: skip
GONE = ("nobody", "ended", "removed", "expired")
PASSWORD = "correct horse battery"  # noqa: S105


def inside(_visit):
    return Response("in", media_type="text/plain")


@pytest.fixture
def doors(desk, monkeypatch):
    """The pages with what they do taken out of each: what is left is who may come in."""
    monkeypatch.setenv("AFTERBELL_NOW", "2026-01-06T12:00:00Z")
    return desk([structs.replace(entry, answer=inside) for entry in ALL])


def path(entry):
    return "/" + "/".join("x" if part.startswith("{") else part for part in entry.path[1:].split("/"))


def cookies(doors, monkeypatch):
    """Return the secret of a session for each role, and of those that are none any more."""
    access, accounts = doors.rooms.access, doors.rooms.accounts
    client = {role.name.lower(): doors.browser(role).cookies.get(COOKIE, "") for role in Role}
    client["ended"] = doors.browser(Role.FACILITATOR).cookies[COOKIE]
    access.leave(client["ended"])
    accounts.add("gone", Role.FACILITATOR, PASSWORD)
    client["removed"] = doors.browser(Role.FACILITATOR, account_subject("gone")).cookies[COOKIE]
    accounts.remove("gone")
    monkeypatch.setenv("AFTERBELL_NOW", "2026-01-05T23:59:59Z")
    client["expired"] = doors.browser(Role.FACILITATOR).cookies[COOKIE]
    monkeypatch.setenv("AFTERBELL_NOW", "2026-01-06T12:00:00Z")
    return client


def test_every_route_of_the_pages_is_in_the_table(desk):
    within = web.routes(desk().rooms)
    assert sorted(PLACES) == sorted(f"{next(iter(route.methods - {'HEAD'}))} {route.path}" for route in within)
    assert len(set(PLACES)) == len(PLACES)


def test_what_strangers_may_ask_for_is_a_short_list():
    assert {place for place, entry in zip(PLACES, ALL, strict=True) if entry.role is Role.NOBODY} == FOR_EVERYBODY


def test_what_changes_something_is_asked_for_by_post():
    assert {entry.method for entry in ALL} <= {"GET", "POST"}


def test_each_route_answers_each_role_as_the_table_says(doors, monkeypatch):
    wrong = []
    for who, secret in cookies(doors, monkeypatch).items():
        role = Role.NOBODY if who in GONE else Role[who.upper()]
        client = doors.browser()
        if secret:
            client.cookies.set(COOKIE, secret)
        for place, entry in zip(PLACES, ALL, strict=True):
            for accept in ("text/html", "application/json"):
                token = {"x-afterbell-token": form_token(secret)} if entry.method == "POST" else {}
                answer = client.request(entry.method, path(entry), headers={"accept": accept, **token})
                page = entry.method == "GET" and accept == "text/html"
                if role >= entry.role:
                    expected = 200
                elif role is Role.NOBODY:
                    expected = 303 if page else 401
                else:
                    expected = 403
                told = answer.headers.get("location", "/enter").partition("?")[0] == "/enter"
                if answer.status_code != expected or not told or (expected != 200 and answer.text == "in"):
                    wrong.append((who, place, accept, answer.status_code))
                assert (
                    server.HEADERS.items()
                    <= {name: answer.headers.get(name.lower()) for name in server.HEADERS}.items()
                ), place
    assert wrong == []


def test_no_change_is_made_without_the_token_of_its_own_session(doors):
    mine, other = doors.browser(Role.FACILITATOR), doors.browser(Role.FACILITATOR)
    for entry in ALL:
        if entry.method == "POST" and entry.role > Role.NOBODY:
            for token in ("", "x", doors.token(other), "0" * 64):
                for sent in ({"headers": {"x-afterbell-token": token}}, {"data": {"csrf": token}}):
                    assert mine.post(path(entry), **sent).status_code == 403, entry.path


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_no_route_takes_another_method(doors, method):
    client = doors.browser(Role.FACILITATOR)
    assert {client.request(method, path(entry)).status_code for entry in ALL} == {405}
