"""A record is found and amended, and a trade reviewed blind, by keyboard alone."""

from __future__ import annotations

from typing import Any

_MOST_TABS = 120


def tab_to(page: Any, selector: str) -> None:
    """Press Tab until an element has the focus; it fails where the keyboard does not reach it."""
    for _ in range(_MOST_TABS):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {selector} on {page.url}")


def enter(page: Any) -> None:
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_record_is_searched_opened_and_amended(house, serve, context):
    server = serve(house)
    page = context().new_page()
    page.goto(server.link)
    tab_to(page, "#seek")
    page.keyboard.type("prompt")
    enter(page)
    assert page.locator("mark").count() > 0
    tab_to(page, ".hits a")
    enter(page)
    record = page.url
    tab_to(page, "#at")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    tab_to(page, "#amend button")
    enter(page)
    assert page.url.endswith("what=note&field=root_cause")
    page.wait_for_selector("#note:focus")
    page.keyboard.type("The replay shows the same gap in a second prompt template.")
    tab_to(page, "button.main")
    enter(page)
    assert "No rule stands in the way" in page.content()
    assert page.wait_for_selector("button:focus").text_content() == "Add it to the log"
    enter(page)
    assert page.url.startswith(f"{record}#addendum-")
    section = page.locator("#root_cause").inner_text()
    assert "The replay shows the same gap in a second prompt template." in section


def test_a_trade_is_reviewed_and_its_outcome_told_only_then(house, serve, context):
    server = serve(house)
    page = context().new_page()
    page.goto(server.link)
    tab_to(page, 'a[href="/reviews"]')
    enter(page)
    tab_to(page, "button.main")
    enter(page)
    review = page.url
    assert "Would you have approved this trade?" in page.content()
    tab_to(page, "#a-approve")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    assert page.is_checked("#a-decline")
    tab_to(page, "#reason")
    page.keyboard.type("One source, copied three times.")
    tab_to(page, "button.main")
    enter(page)
    assert page.url == f"{review}/outcome"
    assert "What came of the trade" in page.content()
    page.goto(review)
    assert page.url == f"{review}/outcome", "an answer is final"
