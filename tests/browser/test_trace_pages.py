"""The pages of a trace by keyboard and without scripts: everything that a mouse reaches, and everything a script adds."""

from __future__ import annotations

import pytest

_TRACES = "a[href^='/traces/']"


@pytest.fixture
def opened(house, serve, context):
    """A function that comes in with a browser and opens a page."""
    server = serve(house)
    links = [server.link]

    def come(path="/traces", **options):
        page = context(**options).new_page()
        page.set_default_timeout(120_000)  # the first answers of a process compile their patterns
        if links:
            page.goto(links.pop())
            come.cookies = page.context.cookies()
        else:
            page.context.add_cookies(come.cookies)
        page.goto(server.origin + path)
        return page

    return come


def focused(page):
    """Return the text of what has the focus."""
    return page.evaluate("document.activeElement.innerText")


def trace_of(page):
    """Return where the first trace of the list is."""
    return page.get_attribute(_TRACES, "href")


def test_the_keyboard_walks_the_waterfall_and_opens_a_span(opened):
    page = opened()
    page.goto(page.url.removesuffix("/traces") + trace_of(page) + "/answers")  # so that nothing is put in place later
    page.click("text=Waterfall")
    rows = page.locator("a.row").all_inner_texts()
    page.keyboard.press("j")
    assert focused(page) == rows[0]
    page.keyboard.press("j")
    assert focused(page) == rows[1]
    page.keyboard.press("k")
    assert focused(page) == rows[0]
    page.keyboard.press("Enter")
    page.wait_for_selector("#panel table.raw")
    assert rows[0] in page.inner_text("#panel h2")
    page.keyboard.press("Escape")
    assert page.is_hidden("#panel")
    assert focused(page) == rows[0]


def test_keys_that_are_typed_stay_where_they_are_typed(opened):
    page = opened()
    page.focus("input[name=text]")
    page.keyboard.type("jk")
    assert page.input_value("input[name=text]") == "jk"


def test_a_replay_goes_on_and_back_by_keyboard(opened):
    page = opened()
    page.goto(page.url.removesuffix("/traces") + trace_of(page) + "/conversation?step=2")
    assert page.locator("li.step").count() == 2
    page.keyboard.press("j")
    page.wait_for_url("**step=3**")
    assert page.locator("li.step").count() == 3
    assert page.locator("li.step.now").get_attribute("id") == "step-3"
    page.keyboard.press("k")
    page.wait_for_url("**step=2**")
    assert page.locator("li.step").count() == 2


def test_answers_come_after_the_page_and_mark_it(opened):
    page = opened()
    page.goto(page.url.removesuffix("/traces") + trace_of(page) + "/conversation")
    page.wait_for_selector("[data-answers]", state="detached")
    assert page.locator("li.step").count() > 1
    page.locator("li.step details").first.locator("summary").click()
    page.wait_for_selector("li.step details table.raw")


def test_what_a_reader_has_open_stays_when_the_answers_come(opened):
    page = opened()
    page.goto(page.url.removesuffix("/traces") + trace_of(page))
    page.evaluate("document.querySelector('#panel').hidden = false")
    page.wait_for_selector("text=Show what they found")
    assert page.is_visible("#panel")


def test_without_scripts_links_lead_to_the_same(opened):
    page = opened()
    trace = trace_of(page)
    plain = opened(trace, java_script_enabled=False)
    plain.locator("a.row").first.click()
    assert plain.locator("table.raw tr").count() > 3
    plain.click("text=next span")
    plain.click("text=Back to the waterfall")
    plain.click("text=Ask them")
    assert plain.locator("section.answer").count() >= 20
    plain.click("nav >> text=Conversation")
    plain.click("text=Replay step by step")
    plain.click("a[rel=next]")
    assert plain.locator("li.step").count() == 2
    plain.click("nav >> text=Raw fields")
    assert plain.locator("details.one").count() >= 1
    events = opened("/events", java_script_enabled=False)
    events.click("text=Look at the traces as they are now")
    assert events.locator("ul.events > li").count() >= 1
