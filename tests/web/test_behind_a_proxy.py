"""The pages in a process of their own: what they say on their streams, and whom they believe about a proxy."""

from __future__ import annotations

import http.client
import re

import pytest


def ask(door, path, **headers):
    connection = http.client.HTTPConnection(door.url.removeprefix("http://"), timeout=60)
    try:
        connection.request(
            "GET",
            path,
            headers={"accept": "text/html", **{name.replace("_", "-"): value for name, value in headers.items()}},
        )
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def link(door):
    """Return the path of the link that was printed, and the address before it."""
    for line in door.process.stdout:
        if found := re.fullmatch(r"open (\S+?)(/enter\?token=\S+)\n", line):
            return found[1], found[2]
    raise AssertionError


def test_no_secret_stands_on_the_streams_after_the_link(opened):
    door = opened()
    _address, path = link(door)
    status, headers, _body = ask(door, path)
    assert status == 303
    secret = re.search(r"afterbell-\d+=([^;]+)", headers["set-cookie"])[1]
    for asked in (path, "/nothing", "/traces/%00", "/static/../../etc/passwd", "/enter?token=wrong"):
        assert ask(door, asked, cookie=f"afterbell-{door.url.rpartition(':')[2]}={secret}")[0] in {403, 404}
    door.process.terminate()
    assert door.process.communicate(timeout=120) == ("", "")


@pytest.mark.parametrize("options", [(), ("--behind-proxy", "192.0.2.7")])
def test_a_header_of_nobody_in_particular_is_not_believed(opened, options):
    door = opened(*options)
    _address, path = link(door)
    cookie = ask(door, path, x_forwarded_proto="https")[1]["set-cookie"]
    assert "Secure" not in cookie


def test_behind_a_proxy_cookies_are_for_tls_alone(opened):
    door = opened("--behind-proxy", "127.0.0.1", "--host-name", "pages.example.com")
    address, path = link(door)
    assert address == "https://pages.example.com"
    cookie = ask(door, path, host="pages.example.com", x_forwarded_proto="https")[1]["set-cookie"]
    assert cookie.startswith("__Host-afterbell=")
    assert "Secure" in cookie
    assert ask(door, "/enter", host="elsewhere.example.com")[0] == 421


def test_where_nothing_may_be_printed_no_link_is(opened):
    door = opened("--no-link")
    assert ask(door, "/enter")[0] == 200
    door.process.terminate()
    said = door.process.communicate(timeout=120)[0]
    assert "token=" not in said
    assert "open " not in said
