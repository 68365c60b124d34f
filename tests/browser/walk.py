"""Walks through every page that links lead to, a few of each kind, and tells what is wrong with each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

from tests.browser.conftest import SCREENS

_VALUE = re.compile(r"=[^&]*")
_ID = re.compile(r"[0-9a-f]{8,}[0-9a-f-]*|[a-z]{2,3}-[0-9a-f]{8,}|\d+")
_OF_A_KIND = 2
_GRAVE = ("serious", "critical")


def walk(page: Any, origin: str, first: str = "/", most: int = 80) -> Iterator[tuple[str, Any]]:
    """Yield the path of each page and its answer, the page standing open in `page`."""
    waiting, seen, kinds = [first], {first}, Counter()
    while waiting and most:
        path = waiting.pop(0)
        kind = _VALUE.sub("=", _ID.sub("*", path))
        if kinds[kind] >= _OF_A_KIND:
            continue
        kinds[kind] += 1
        most -= 1
        answer = page.goto(origin + path, wait_until="load")
        if answer is None or "text/html" not in answer.headers.get("content-type", ""):
            continue
        yield path, answer
        for href in page.eval_on_selector_all("a[href]", "found => found.map(each => each.getAttribute('href'))"):
            target = urlsplit(urljoin(origin + path, href))
            link = target.path + (f"?{target.query}" if target.query else "")
            if f"{target.scheme}://{target.netloc}" == origin and link not in seen and not _downloads(target.path):
                seen.add(link)
                waiting.append(link)


def _downloads(path: str) -> bool:
    return bool(re.search(r"\.(json|md|pdf|tlog-proof|proof|ics|txt)$|/(proof|raw|json|pdf|markdown)$", path))


def overflow(page: Any) -> int:
    """Return by how many pixels the page is wider than the window."""
    wide: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wide


def barriers(page: Any) -> list[str]:
    """Return what axe calls serious or critical, with the first place of each."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in found if each["impact"] in _GRAVE]


def picture(page: Any, path: str, scheme: str) -> None:
    """Keep a screenshot of the whole page."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^a-z0-9]+", "-", _ID.sub("x", path.lower())).strip("-") or "overview"
    page.screenshot(path=str(SCREENS / f"{name[:80]}.{scheme}.png"), full_page=True)
