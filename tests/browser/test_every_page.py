"""Every page that links lead to: no error, nothing from elsewhere, no serious barrier, not wider than its window."""

from __future__ import annotations

import pytest
from tests.browser.walk import barriers, overflow, picture, walk


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_answers_and_can_be_used_by_everybody(scheme, house, serve, context):
    server = serve(house)
    page = context(color_scheme=scheme).new_page()
    faults: list[str] = []
    page.on("console", lambda said: faults.append(f"console: {said.text}") if said.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(f"script: {error}"))
    page.on("request", lambda asked: None if asked.url.startswith(server.origin) else faults.append(f"asks {asked.url}"))  # fmt: skip
    page.goto(server.link)
    assert "token" not in page.url
    paths = []
    for path, answer in walk(page, server.origin):
        paths.append(path)
        if answer.status != 200:
            faults.append(f"{path}: {answer.status}")
        faults += [f"{path}: {each}" for each in barriers(page)]
        if wide := overflow(page):
            faults.append(f"{path}: {wide} pixels too wide")
        picture(page, path, scheme)
        page.set_viewport_size({"width": 400, "height": 800})
        if wide := overflow(page):
            faults.append(f"{path}: {wide} pixels too wide on a small window")
        page.set_viewport_size({"width": 1280, "height": 900})
    assert len(paths) > 12, paths
    assert faults == []
