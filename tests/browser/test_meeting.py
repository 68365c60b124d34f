"""A whole meeting by keyboard, from an event to a sealed record; and two browsers on one sheet, one of them killed."""

from __future__ import annotations

import json
import re
import signal
import subprocess
from importlib import resources
from pathlib import Path

import pytest
from tests.browser.conftest import run
from tests.browser.keyboard import Keyboard
from tests.browser.walk import SCREENS, barriers, overflow, picture

SAVED = "#meeting[data-line=saved]"
PULL = "https://git.example.org/agents/pull/312"


def _git(house: Path, *command: str) -> str:
    who = ("-c", "user.name=desk", "-c", "user.email=desk@example.org")
    done = subprocess.run(["git", "-C", str(house), *who, *command], check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def eventful(tmp_path):
    """A house in a git repository, with the demo's traces, an event about a loss, and a commit since."""
    house = tmp_path / "desk"
    house.mkdir()
    _git(house, "init", "-q")
    run(house, "init", str(house))
    policy = house / "afterbell.toml"
    named = policy.read_text("utf-8").replace("[house]", '[house]\norigin = "example.org/desk/postmortems"')
    policy.write_text(named, "utf-8")
    run(house, "key", "new")
    run(house, "ingest", str(resources.files("afterbell.steps.demo") / "data"))
    _git(house, "add", "-A")
    _git(house, "commit", "-q", "-m", "Retrieved items pass the instruction filter")
    events = [json.loads(line) for line in run(house, "triggers", "--json").stdout.splitlines()]
    (event,) = [each["event_id"] for each in events if each["trigger"] == "drawdown" and each["measured"] == "1.4"]
    return house, event


def expect(locator):
    """Wait for what a locator shall show, as playwright does."""
    from playwright.sync_api import expect as waits

    return waits(locator)


def _in(context, server, **options):
    page = context(**options).new_page()
    page.faults = []
    page.on("console", lambda said: page.faults.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.goto(server.link)
    page.wait_for_selector(SAVED)
    return page


def test_a_meeting_from_event_to_sealed_record_by_keyboard_alone(eventful, serve, context):
    house, event = eventful
    page = _in(context, serve(house, "meet", event))
    keys = Keyboard(page)

    keys.to("#begin")
    keys.press("Enter")
    _who_and_what(page, keys)
    _why(page, keys)
    _what_now(keys)
    keys.part("verdict")
    keys.to("input[name=verdict]")
    keys.press("Space")
    page.wait_for_selector("#count.none", timeout=20_000)
    assert barriers(page) == []
    keys.to("#file-complete")
    keys.press("Enter")
    page.wait_for_selector("#ended:not([hidden])", timeout=20_000)

    assert "complete" in page.inner_text("#ended-text")
    (record,) = [json.loads(line) for line in run(house, "log", "--json").stdout.splitlines()]
    assert (record["status"], record["root_cause"], record["trigger"]) == ("complete", "security", "drawdown")
    shown = json.loads(run(house, "show", record["id"], "--json").stdout)
    assert (shown["index"], shown["record"]["roles"]) == (0, ["system operator", "code owner"])
    assert shown["record"]["fix"]["commit_sha"] == _git(house, "rev-parse", "HEAD")
    assert json.loads(run(house, "verify", "--json").stdout)["verdict"] == "ok"
    keys.to("#ended-link")
    keys.press("Enter")
    page.wait_for_url(f"**/records/{record['id']}")
    assert page.faults == []


def _who_and_what(page, keys):
    keys.part("roles")
    for number in (1, 2):
        keys.to(f"[id='role.{number}.present']")
        keys.press("Space")

    keys.part("answers")
    for _question in range(20):
        keys.press("c")
    expect(page.locator("#answered")).to_have_text("20")
    for number in page.eval_on_selector_all(
        ".question",
        "all => all.filter(each => each.dataset.machine === 'unknown').map(each => each.dataset.number).reverse()",
    ):
        keys.to(f"#question-{number}", key="ArrowUp")
        keys.press("e")
        if not page.evaluate("document.activeElement.value"):
            keys.type("the exporter does not send it yet")
        keys.press("Escape")

    keys.part("summary")
    keys.press("e")
    keys.type("Position in SYNTHETIC_B opened at 14:05 UTC on a steered article was closed at 19:54 UTC; "
              "realized loss 1.4 percent of deployed capital.")  # fmt: skip
    keys.part("timeline")
    keys.press("A")


def _why(page, keys):
    keys.part("root_cause")
    keys.to("input[name=root_cause]")
    keys.to("input[value=security]", key="ArrowDown")

    keys.part("contributing_factors")
    keys.press("A")
    while page.locator("#uncited [data-add-for]").count():
        keys.to("#uncited [data-add-for]")
        keys.press("Enter")
        keys.write("Retrieved articles entered the prompt without an instruction filter")
        keys.press("Escape")
    for text in ("No invalidation monitor watched open positions after 15:47 UTC",
                 "The retriever did not count copies of one wire story as one source"):  # fmt: skip
        keys.part("contributing_factors")
        keys.press("+")
        keys.type(text)


def _what_now(keys):
    keys.part("fix")
    keys.to("input[name='fix.changed']")
    keys.press("Space")
    keys.to("[data-commit]")
    keys.press("Enter")
    keys.to("[data-key='fix.paragraph']", key="Shift+Tab")
    keys.write("The news retriever now passes every item through the instruction filter before the prompt is built.")
    keys.part("prevention")
    keys.press("e")
    keys.type(
        "A test feeds the retriever with steering articles on every change, and a metric counts what the filter holds."
    )

    keys.part("references")
    keys.press("A", "+")
    keys.type(PULL)
    keys.press("Shift+Tab", "p")


def test_two_browsers_are_in_step_and_one_that_is_killed_loses_nothing(eventful, serve, context):
    house, event = eventful
    server = serve(house, "meet", event)
    first = _in(context, server)
    opened = context()
    invited = first.evaluate(
        """async () => {
          const token = document.querySelector('meta[name=csrf]').content;
          const answer = await fetch('/links', {method: 'POST', headers: {'x-afterbell-token': token, accept: 'text/html',
            'content-type': 'application/x-www-form-urlencoded'}, body: 'role=operator'});
          return (await answer.text()).match(/value="(http[^"]*token=[^"]*)"/)[1];
        }"""
    )
    second = opened.new_page()
    second.goto(invited.replace("&amp;", "&"))
    second.goto(first.url)
    second.wait_for_selector(SAVED)
    for page in (first, second):
        keys = Keyboard(page)
        keys.part("summary")
        keys.press("e")
    first.keyboard.type("Closed late.")
    expect(second.locator("#summary")).to_have_value("Closed late.")
    second.keyboard.press("Home")
    for left, right in zip("Position ", " by 3 h", strict=False):
        second.keyboard.type(left)
        first.keyboard.type(right)
    for page in (first, second):
        page.wait_for_selector(SAVED)
    texts = [page.input_value("#summary") for page in (first, second)]
    assert texts[0] == texts[1]
    assert sorted(texts[0]) == sorted("Closed late." + "Position "[:7] + " by 3 h")

    # No connection: what is typed is kept; the tab is killed and opened again, and the rest arrives.
    opened.set_offline(True)
    second.keyboard.press("End")
    second.keyboard.type(" Kept.")
    second.wait_for_selector("#meeting[data-line=bad]")
    address = second.url
    second.evaluate("() => new Promise(done => setTimeout(done, 50))")
    second.close(run_before_unload=False)
    opened.set_offline(False)
    again = opened.new_page()
    again.goto(address)
    again.wait_for_selector(SAVED)
    expect(first.locator("#summary")).to_have_value(re.compile("Kept"))
    assert again.input_value("#summary") == first.input_value("#summary")

    # The server is killed; the same meeting goes on with all of it.
    server.end(signal.SIGKILL)
    first.keyboard.type("!")
    first.wait_for_selector("#meeting[data-line=bad]")
    resumed = serve(house, "meet", event)
    other = _in(context, resumed)
    assert "Kept." in other.input_value("#summary")


def test_nothing_is_said_to_hold_before_the_rules_are_judged(eventful, serve, context):
    house, event = eventful
    server = serve(house, "meet", event)
    page = context().new_page()
    page.route("**/stream*", lambda asked: asked.abort())
    page.goto(server.link)
    page.wait_for_selector("#meeting[data-line=bad]")
    told = "getComputedStyle(document.querySelector('[data-faults=prevention]'), '::before').content"
    assert (page.inner_text("#count"), page.evaluate(told)) == ("-", "none")
    page.unroute("**/stream*")
    page.reload()
    page.wait_for_selector(SAVED)
    page.wait_for_selector("#count.some")
    page.evaluate("document.querySelector('[data-faults=prevention]').replaceChildren()")
    assert page.evaluate(told) == '"Nothing fails here."'


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_field_of_a_meeting_can_be_used_by_everybody(scheme, eventful, serve, context):
    house, event = eventful
    page = _in(context, serve(house, "meet", event), color_scheme=scheme)
    faults = []
    for part in page.eval_on_selector_all(".part", "all => all.map(each => each.dataset.part)"):
        Keyboard(page).part(part)
        faults += [f"{part}: {each}" for each in barriers(page)]
        for width in (1280, 400):
            page.set_viewport_size({"width": width, "height": 900})
            if wide := overflow(page):
                faults.append(f"{part}: {wide} pixels too wide at {width}")
        page.set_viewport_size({"width": 1280, "height": 900})
        picture(page, f"meeting {part.replace('_', ' ')}", scheme)
        if part == "answers":  # in the light, this is docs/images/meeting.png
            page.set_viewport_size({"width": 1280, "height": 760})
            page.evaluate("window.scrollTo(0, 0)")
            page.screenshot(path=str(SCREENS / f"meeting-window.{scheme}.png"))
    page.goto(page.url.partition("#")[0] + "?view=projector")
    page.wait_for_selector(SAVED)
    faults += [f"projector: {each}" for each in barriers(page)]
    picture(page, "meeting projector", scheme)
    assert (faults, page.faults) == ([], [])
