"""A record is found and amended, and a trade reviewed blind, by keyboard alone."""

from __future__ import annotations

from tests.browser.keyboard import Keyboard

_MOST_TABS = 120


def test_a_record_is_searched_opened_and_amended(house, serve, context):
    server = serve(house)
    page = context().new_page()
    page.goto(server.link)
    keys = Keyboard(page, _MOST_TABS)
    keys.to("#seek")
    keys.type("prompt")
    keys.enter()
    assert page.locator("mark").count() > 0
    keys.to(".hits a")
    keys.enter()
    record = page.url
    keys.to("#at")
    keys.press("ArrowDown", "ArrowDown", "ArrowDown")
    keys.to("#amend button")
    keys.enter()
    assert page.url.endswith("what=note&field=root_cause")
    page.wait_for_selector("#note:focus")
    keys.type("The replay shows the same gap in a second prompt template.")
    keys.to("button.main")
    keys.enter()
    assert "No rule stands in the way" in page.content()
    assert page.wait_for_selector("button:focus").text_content() == "Add it to the log"
    keys.enter()
    assert page.url.startswith(f"{record}#addendum-")
    section = page.locator("#root_cause").inner_text()
    assert "The replay shows the same gap in a second prompt template." in section


def test_a_trade_is_reviewed_and_its_outcome_told_only_then(house, serve, context):
    server = serve(house)
    page = context().new_page()
    page.goto(server.link)
    keys = Keyboard(page, _MOST_TABS)
    keys.to('a[href="/reviews"]')
    keys.enter()
    keys.to("button.main")
    keys.enter()
    review = page.url
    assert "Would you have approved this trade?" in page.content()
    keys.to("#a-approve")
    keys.press("Space", "ArrowDown")
    assert page.is_checked("#a-decline")
    keys.to("#reason")
    keys.type("One source, copied three times.")
    keys.to("button.main")
    keys.enter()
    assert page.url == f"{review}/outcome"
    assert "What came of the trade" in page.content()
    page.goto(review)
    assert page.url == f"{review}/outcome", "an answer is final"
