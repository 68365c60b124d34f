"""A house in which every text is an attack: no script runs, nothing is asked of anybody, the layout holds."""

from __future__ import annotations

from tests.browser import hostile
from tests.browser.conftest import run
from tests.browser.walk import overflow, picture, walk

_HARM = (
    "() => [window.harmed, document.querySelectorAll('img, iframe, object, embed').length, "
    "[...document.querySelectorAll('*')].flatMap(e => [...e.attributes]).filter(a => a.name.startsWith('on')).length, "
    "[...document.querySelectorAll('a[href], form[action]')].map(e => e.getAttribute('href') || e.getAttribute('action'))"
    ".filter(to => !/^[\\/#?]/.test(to) || to.startsWith('//')).length]"
)


def test_no_text_of_a_trace_or_a_record_does_anything(tmp_path, serve, context):
    house = tmp_path / "desk"
    house.mkdir()
    run(house, "init", str(house))
    run(house, "ingest", *map(str, hostile.traces(tmp_path / "in")))
    run(house, "triggers")
    hostile.record(house)
    server = serve(house)
    page = context().new_page()
    faults: list[str] = []
    page.on("console", lambda said: faults.append(f"console: {said.text[:200]}") if said.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(f"script: {str(error)[:200]}"))
    page.on("dialog", lambda dialog: (faults.append("a dialog"), dialog.dismiss()))
    page.on("request", lambda asked: None if asked.url.startswith(server.origin) else faults.append(f"asks {asked.url}"))  # fmt: skip
    page.goto(server.link)
    paths = []
    for path, answer in walk(page, server.origin):
        paths.append(path)
        if answer.status != 200:
            faults.append(f"{path}: {answer.status}")
        harmed = page.evaluate(_HARM)
        if harmed != [None, 0, 0, 0]:
            faults.append(f"{path}: {harmed}")
        if wide := overflow(page):
            faults.append(f"{path}: {wide} pixels too wide")
        picture(page, "hostile " + path, "light")
    assert len(paths) > 10, paths
    assert faults == []
