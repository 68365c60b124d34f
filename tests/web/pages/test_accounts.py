"""Signing in with a password, and the pages of accounts and audit."""

from __future__ import annotations

import re

import pytest

from afterbell.disk import audit
from afterbell.model.access import Role, Viewer

RIGHT, WRONG = "correct horse battery", "incorrect horse battery"
HOSTILE = "<script>alert(1)</script>\u202e"


@pytest.fixture
def house(desk, monkeypatch):
    monkeypatch.setenv("AFTERBELL_NOW", "2026-01-06T12:00:00Z")
    made = desk()
    made.rooms.accounts.add("ann", Role.OPERATOR, RIGHT)
    return made


def form(text):
    return re.search(r'name="csrf" value="([0-9a-f]{64})"', text)[1]


def tried(client, name="ann", password=RIGHT, **headers):
    token = form(client.get("/enter").text)
    return client.post("/enter", data={"csrf": token, "name": name, "password": password}, headers=headers)


def test_the_form_is_there_when_there_are_accounts(house):
    assert 'type="password"' in house.browser().get("/enter").text
    house.rooms.accounts.remove("ann")
    assert 'type="password"' not in house.browser().get("/enter").text


def test_name_and_password_let_in(house):
    client = house.browser()
    answer = tried(client)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert house.rooms.access.viewer(client.cookies["afterbell"]).subject == "account:ann"
    kept = audit.latest(house.rooms.state, 1)[0]
    assert (kept.subject, kept.action, kept.about, kept.outcome) == (
        "account:ann",
        "sign in",
        {"from": "testclient"},
        200,
    )


def test_after_signing_in_one_is_where_one_wanted_to_be(house):
    for to, then in (("/records?x=1", "/records?x=1"), ("//evil.example", "/"), ("https://evil.example", "/")):
        client = house.browser()
        page = client.get("/enter", params={"to": to}).text
        kept = re.search(r'name="to" value="([^"]*)"', page)[1]
        answer = client.post("/enter", data={"csrf": form(page), "name": "ann", "password": RIGHT, "to": kept})
        assert answer.headers["location"] == then


def test_a_wrong_password_and_a_name_that_is_not_there_are_answered_alike(house):
    first, second = tried(house.browser(), password=WRONG), tried(house.browser(), name="bob")
    plain = re.compile(r'value="[0-9a-f]{64}"')
    assert first.status_code == second.status_code == 403
    assert plain.sub("", first.text) == plain.sub("", second.text)
    assert "afterbell=" not in first.headers["set-cookie"]
    assert [act.subject for act in audit.latest(house.rooms.state, 2)] == ["", "account:ann"]


def test_what_was_typed_for_a_name_is_neither_kept_nor_acted_on(house):
    answer = tried(house.browser(), name=HOSTILE)
    assert answer.status_code == 403
    assert "<script>" not in answer.text
    assert "alert" not in str(audit.latest(house.rooms.state, 5))


def test_who_guesses_is_told_to_wait(house):
    client = house.browser()
    for _ in range(5):
        assert tried(client, password=WRONG).status_code == 403
    answer = tried(client)
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "1"
    assert len(audit.latest(house.rooms.state, 10)) == 5


def test_another_site_signs_nobody_in(house):
    data = {"name": "ann", "password": RIGHT}
    client = house.browser()
    token = form(house.browser().get("/enter").text)
    assert client.post("/enter", data=data).status_code == 403
    assert client.post("/enter", data={**data, "csrf": token}).status_code == 403
    assert tried(client, **{"sec-fetch-site": "cross-site"}).status_code == 403
    assert "afterbell" not in client.cookies


def test_a_name_on_the_proxy_s_side_does_not_help_who_guesses(house):
    for number in range(5):
        tried(house.browser(), password=WRONG, **{"x-forwarded-for": f"192.0.2.{number}"})
    assert tried(house.browser(), **{"x-forwarded-for": "192.0.2.99"}).status_code == 429


def test_a_facilitator_adds_changes_and_removes(house):
    client = house.browser(Role.FACILITATOR, "account:lead")
    token = {"csrf": house.token(client)}
    assert (
        client.post("/accounts", data={**token, "name": "bob", "role": "reader", "password": RIGHT}).status_code == 303
    )
    shown = client.get("/accounts").text
    assert "bob" in shown
    assert RIGHT not in shown
    assert client.post("/accounts/bob/role", data={**token, "role": "operator"}).status_code == 303
    bob = house.browser()
    tried(bob, "bob")
    assert bob.get("/accounts").status_code == 403
    assert client.post("/accounts/bob/password", data={**token, "password": WRONG}).status_code == 303
    assert bob.get("/password", headers={"accept": "text/html"}).headers["location"] == "/enter?to=%2Fpassword"
    assert tried(bob, "bob").status_code == 403
    assert tried(bob, "bob", WRONG).status_code == 303
    assert client.post("/accounts/bob/remove", data=token).status_code == 303
    assert bob.get("/password").headers["location"] == "/enter?to=%2Fpassword"
    acts = [(act.action, act.about) for act in audit.latest(house.rooms.state, 20) if act.subject == "account:lead"]
    assert acts[::-1] == [
        ("POST /accounts", {"name": "bob", "role": "reader"}),
        ("POST /accounts/{name}/role", {"name": "bob", "role": "operator"}),
        ("POST /accounts/{name}/password", {"name": "bob"}),
        ("POST /accounts/{name}/remove", {"name": "bob"}),
    ]
    assert WRONG not in str(audit.latest(house.rooms.state, 20))


@pytest.mark.parametrize(
    "data",
    [
        {"name": "bob", "role": "reader", "password": "short"}, {"name": HOSTILE, "role": "reader", "password": RIGHT},
        {"name": "bob", "role": "nobody", "password": RIGHT}, {"name": "ann", "role": "reader", "password": RIGHT}, {},
    ],
)  # fmt: skip
def test_an_account_that_will_not_do_is_refused(house, data):
    client = house.browser(Role.FACILITATOR)
    answer = client.post("/accounts", data={"csrf": house.token(client), **data})
    assert answer.status_code == 400
    assert len(house.rooms.accounts.all()) == 1
    assert "<script>" not in answer.text


def test_one_changes_ones_own_password(house):
    client, elsewhere = house.browser(), house.browser()
    tried(client)
    tried(elsewhere)
    token = {"csrf": form(client.get("/password").text)}
    assert client.post("/password", data={**token, "password": WRONG, "new": WRONG}).status_code == 403
    assert client.post("/password", data={**token, "password": RIGHT, "new": "short"}).status_code == 400
    assert client.post("/password", data={**token, "password": RIGHT, "new": WRONG}).status_code == 303
    assert client.get("/password").status_code == 200
    assert elsewhere.get("/password").headers["location"] == "/enter?to=%2Fpassword"


def test_who_came_by_a_link_has_no_password(house):
    client = house.browser(Role.FACILITATOR, "link:1")
    assert client.get("/password").status_code == 404
    assert (
        client.post("/password", data={"csrf": house.token(client), "password": RIGHT, "new": WRONG}).status_code == 400
    )


def test_who_is_called_like_an_account_elsewhere_cannot_change_its_password(house):
    client = house.browser()
    secret = house.rooms.access.begin(Viewer(subject="oidc:ann", name="ann", role=Role.FACILITATOR))
    client.cookies.set("afterbell", secret)
    data = {"csrf": house.token(client), "password": RIGHT, "new": WRONG}
    assert client.post("/password", data=data).status_code == 400
    assert tried(house.browser()).status_code == 303


def test_the_audit_shows_who_tried_what_and_nothing_acts(house):
    client = house.browser(Role.FACILITATOR, "account:lead")
    client.post("/accounts/<b>\u202e/remove", data={"csrf": house.token(client)})
    shown = client.get("/audit").text
    assert "POST /accounts/{name}/remove" in shown
    assert "&lt;b&gt;" in shown
    assert "\u202e" not in shown
    assert client.get("/audit?most=0").status_code == 200
    assert client.get("/audit?most=-1&most=x").status_code == 200
