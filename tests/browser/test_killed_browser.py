"""A browser that is killed as a whole, without a connection, has kept what was typed in it."""

from __future__ import annotations

import json
import os
import signal
from contextlib import suppress
from pathlib import Path

from tests.browser.conftest import CHROMIUM, QUIET, run

SAVED = "#meeting[data-line=saved]"
WAITS = """async words => {
  const asked = request => new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
  const base = await asked(indexedDB.open("afterbell-meetings", 1));
  for (;;) {
    const copies = await asked(base.transaction("copies").objectStore("copies").getAll());
    if (JSON.stringify(copies).includes(words)) return base.close();
    await new Promise(requestAnimationFrame);
  }
}"""


def _kill(profile: Path) -> None:
    """Kill every process of the browser that has this profile."""
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if str(profile) in place.read_text("utf-8", "replace"):
                os.kill(int(place.parent.name), signal.SIGKILL)


def test_what_was_typed_without_a_connection_outlives_the_browser(house, serve, driver, tmp_path):
    from playwright.sync_api import Error

    events = [json.loads(line) for line in run(house, "triggers", "--json").stdout.splitlines()]
    server = serve(house, "meet", next(each["event_id"] for each in events if each["trigger"] == "thesis_not_exited"))
    profile = tmp_path / "profile"
    window = driver.chromium.launch_persistent_context(profile, executable_path=CHROMIUM, args=list(QUIET))
    page = window.new_page()
    page.goto(server.link)
    page.wait_for_selector(SAVED)
    address, cookies = page.url.partition("#")[0], window.cookies()
    page.goto(f"{address}#part-prevention")
    page.wait_for_selector(SAVED)
    page.focus("#prevention")
    window.set_offline(True)
    page.keyboard.press("Control+End")
    page.keyboard.type(" Typed on the way.")
    page.evaluate(WAITS, "Typed on the way.")
    _kill(profile)
    with suppress(Error):
        window.close()

    for lock in profile.glob("Singleton*"):
        lock.unlink()
    window = driver.chromium.launch_persistent_context(profile, executable_path=CHROMIUM, args=list(QUIET))
    window.add_cookies(cookies)
    page = window.new_page()
    page.goto(f"{address}#part-prevention")
    page.wait_for_selector(SAVED)
    assert page.input_value("#prevention").count("Typed on the way.") == 1
    page.reload()
    page.wait_for_selector(SAVED)
    assert page.input_value("#prevention").count("Typed on the way.") == 1
    window.close()
