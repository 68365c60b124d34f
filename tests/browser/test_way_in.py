"""Signing in by keyboard, and what a page of another site can do to somebody who is signed in."""

from __future__ import annotations

import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
from tests.browser.conftest import surroundings
from tests.browser.keyboard import Keyboard
from tests.browser.walk import barriers, overflow, picture

PASSWORD = "correct horse battery"  # noqa: S105


@pytest.fixture
def team(house, serve):
    """A server of a house with an account."""
    subprocess.run(
        [sys.executable, "-m", "afterbell", "--house", str(house), "account", "add", "desk-lead", "--role", "facilitator"],
        input=PASSWORD + "\n", text=True, check=True, capture_output=True, env=surroundings(house.parent / "home"),
    )  # fmt: skip
    return serve(house)


def sign_in(page, password=PASSWORD):
    keys = Keyboard(page)
    keys.press("Tab", "Tab")  # past the link to the content
    assert page.evaluate("document.activeElement.id") == "name"
    keys.type("desk-lead")
    keys.press("Tab")
    keys.type(password)
    keys.enter()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_one_signs_in_by_keyboard_and_changes_the_password(team, context, scheme):
    within = context(color_scheme=scheme)
    page = within.new_page()
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{team.origin}/audit")
    assert urlsplit(page.url).path == "/enter"
    faults += [*barriers(page), *([f"{overflow(page)} too wide"] if overflow(page) else [])]
    picture(page, "/enter", scheme)
    sign_in(page, "something else entirely")
    assert page.get_by_role("alert").is_visible()
    faults += barriers(page)
    sign_in(page)
    assert urlsplit(page.url).path == "/audit"
    assert "sign in" in page.content()
    picture(page, "/audit", scheme)
    (cookie,) = [each for each in within.cookies() if each["name"].startswith("afterbell")]
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax")
    for path in ("/password", "/accounts"):
        page.goto(team.origin + path)
        faults += barriers(page)
        picture(page, path, scheme)
        page.set_viewport_size({"width": 400, "height": 800})
        faults += [f"{path}: {overflow(page)} too wide"] if overflow(page) else []
        page.set_viewport_size({"width": 1280, "height": 900})
    assert faults == []


@pytest.fixture
def elsewhere(team):
    """Another site, with a link to a page and a form that would make a link: `localhost` is not `127.0.0.1`."""
    target = team.origin

    class Evil(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(
                f"<a href='{target}/records'>go</a><form action='{target}/leave' method='post'><button>do</button></form>"
                f"<form action='{target}/enter' method='post'><input name='name' value='desk-lead'><button>enter</button>"
                f"</form><iframe src='{target}/records'></iframe>".encode()
            )

        def log_message(self, *_arguments):
            """Say nothing."""

    site = ThreadingHTTPServer(("127.0.0.1", 0), Evil)
    thread = threading.Thread(target=site.serve_forever)
    thread.start()
    yield f"http://localhost:{site.server_port}/"
    site.shutdown()
    thread.join()
    site.server_close()


def test_another_site_leads_to_our_pages_and_changes_nothing(team, elsewhere, context):
    page = context().new_page()
    page.goto(f"{team.origin}/")
    sign_in(page)
    page.goto(elsewhere)
    page.wait_for_load_state("load")
    assert "Records" not in "".join(frame.content() for frame in page.frames[1:])
    page.get_by_role("link", name="go").click()
    assert urlsplit(page.url).path == "/records"
    for button in ("do", "enter"):
        page.goto(elsewhere)
        with page.expect_response(lambda answer: answer.request.method == "POST") as told:
            page.get_by_role("button", name=button).click()
        assert told.value.status in {401, 403}
    page.goto(f"{team.origin}/records")
    assert urlsplit(page.url).path == "/records"
