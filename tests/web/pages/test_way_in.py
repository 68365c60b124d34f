"""Links that let in once, over HTTP."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterbell.disk import audit
from afterbell.model.access import Role
from afterbell.steps.access import form_token
from afterbell.web.pages.way_in import ours


@pytest.fixture
def house(desk):
    return desk()


def test_a_link_lets_one_browser_in_and_leaves_the_address(house):
    token, client = house.rooms.access.link(Role.OPERATOR), house.browser()
    answer = client.get(f"/enter?token={token}")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/"
    assert token not in str(answer.headers)
    assert house.browser().get(f"/enter?token={token}").status_code == 403
    cookie = answer.headers["set-cookie"].lower()
    for flag in ("httponly", "samesite=lax", "path=/", "max-age=43200"):
        assert flag in cookie
    assert "secure" not in cookie
    assert "domain" not in cookie
    assert audit.latest(house.rooms.state, 1)[0].action == "enter by link"


def test_over_tls_the_cookie_is_for_tls_alone_and_for_this_host_alone(house):
    client = house.browser(base_url="https://localhost")
    cookie = client.get(f"/enter?token={house.rooms.access.link(Role.READER)}").headers["set-cookie"]
    assert cookie.startswith("__Host-afterbell=")
    assert "Secure" in cookie


@pytest.mark.parametrize(
    "said", [{"method": "HEAD"}, {"headers": {"sec-purpose": "prefetch"}}, {"headers": {"purpose": "prefetch"}}]
)
def test_a_look_ahead_does_not_use_a_link_up(house, said):
    token = house.rooms.access.link(Role.READER)
    house.browser().request(said.get("method", "GET"), f"/enter?token={token}", headers=said.get("headers"))
    assert house.browser().get(f"/enter?token={token}").status_code == 303


@pytest.mark.parametrize(
    "to",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "javascript:alert(1)",
        "",
        "\\\\evil.example",
        "/\r\nset-cookie: a=b",
    ],
)
def test_nobody_is_led_to_another_site(house, to):
    client = house.browser()
    answer = client.get("/enter", params={"token": house.rooms.access.link(Role.READER), "to": to})
    assert answer.headers["location"] == "/"


@given(st.text(max_size=20) | st.text("/\\\t\n :@.?#%ae", max_size=12).map("/".__add__))
def test_no_browser_reads_another_host_in_what_is_ours(to):
    kept = ours(to)
    read = re.sub(r"[\t\r\n]", "", kept).replace("\\", "/")  # as browsers read addresses (WHATWG URL)
    assert urlsplit(urljoin("http://localhost/enter", read)).netloc == "localhost"
    assert kept.isascii()
    assert kept.isprintable()


def test_one_may_be_led_to_a_page_of_ours(house):
    answer = house.browser().get(
        "/enter", params={"token": house.rooms.access.link(Role.READER), "to": "/meetings/a?x=1"}
    )
    assert answer.headers["location"] == "/meetings/a?x=1"


def test_who_comes_in_again_leaves_no_session_behind(house):
    client = house.browser(Role.READER)
    first = client.cookies["afterbell"]
    client.get(f"/enter?token={house.rooms.access.link(Role.FACILITATOR)}")
    assert house.rooms.access.viewer(first).role is Role.NOBODY


def test_a_secret_that_is_no_session_is_not_taken_over(house):
    client = house.browser()
    client.cookies.set("afterbell", "chosen-by-somebody-else")
    answer = client.get(f"/enter?token={house.rooms.access.link(Role.READER)}")
    assert "chosen-by-somebody-else" not in answer.headers["set-cookie"]
    client.cookies.set("afterbell", "chosen-by-somebody-else")
    assert form_token("chosen-by-somebody-else") not in client.get("/enter").text
    assert house.rooms.access.viewer("chosen-by-somebody-else").role is Role.NOBODY


def test_signing_out_ends_the_session(house):
    client = house.browser(Role.READER)
    secret = client.cookies["afterbell"]
    assert client.post("/leave", data={"csrf": house.token(client)}).headers["location"] == "/enter"
    assert house.rooms.access.viewer(secret).role is Role.NOBODY


def test_a_link_is_made_by_a_facilitator_for_another(house):
    client = house.browser(Role.FACILITATOR, "account:lead")
    shown = client.post("/links", data={"csrf": house.token(client), "role": "operator"}).text
    token = shown.partition("token=")[2].partition('"')[0]
    stranger = house.browser()
    stranger.get(f"/enter?token={token}")
    viewer = house.rooms.access.viewer(stranger.cookies["afterbell"])
    assert viewer.role is Role.OPERATOR
    assert viewer.subject.startswith("account:lead>link:")
    assert client.post("/links", data={"csrf": house.token(client), "role": "root"}).status_code == 400
