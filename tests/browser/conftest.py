"""A real browser (Debian's chromium) against real servers; run by `make test-browser`, passed over elsewhere."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
CHROMIUM = os.environ.get("AFTERBELL_CHROMIUM", "")
SCREENS = ROOT / "build" / "screens"
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
          "--disable-component-update", "--disable-sync")  # fmt: skip

if not CHROMIUM:
    collect_ignore_glob = ["test_*.py"]


def surroundings(home: Path) -> dict[str, str]:
    """Return the environment of a program: keys and memory under `home`, not the user's own."""
    kept = {name: str(home / name) for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")}
    told = {"PYTHONPATH": str(ROOT / "src"), "AFTERBELL_TOKEN": "of-the-tests", "GIT_CONFIG_GLOBAL": os.devnull}
    return {**os.environ, **kept, **told}


def run(house: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a house, with keys beside it, and return what it said; it must succeed."""
    return subprocess.run(
        [sys.executable, "-m", "afterbell", "--house", str(house), *command], check=True, capture_output=True, text=True,
        env=surroundings(house.parent / "home"), cwd=house,
    )  # fmt: skip


class Server:
    """`afterbell serve` (or another command that serves) in a process; `link` lets one browser in."""

    def __init__(self, house: Path, *command: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "afterbell", "--house", str(house), *command, "--port", "0"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=surroundings(house.parent / "home"),
        )  # fmt: skip
        assert self.process.stdout
        self.link = ""
        for line in self.process.stdout:
            if line.startswith("open "):
                self.link = line.removeprefix("open ").strip()
                break
        assert self.link, self.process.communicate()[1]
        self.origin = self.link.partition("/enter")[0]

    def end(self, number: int = signal.SIGTERM) -> None:
        """End it, with all that waits at it."""
        self.process.send_signal(number)
        try:
            self.process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()


@pytest.fixture(scope="session")
def driver() -> Iterator[Any]:
    """What drives browsers; there can be only one at a time."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(driver: Any) -> Iterator[Any]:
    """A browser; every test opens contexts of its own."""
    browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
    yield browser
    browser.close()


@pytest.fixture
def context(chromium: Any) -> Iterator[Callable[..., Any]]:
    """Open browser contexts: each has cookies of its own, as another person's browser."""
    opened: list[Any] = []

    def start(**options: Any) -> Any:
        opened.append(chromium.new_context(viewport={"width": 1280, "height": 900}, **options))
        return opened[-1]

    yield start
    for each in opened:
        each.close()


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The house of the demo: traces, events, sealed records, an amendment. Copied by who changes it."""
    place = tmp_path_factory.mktemp("told") / "desk"
    command = [sys.executable, "-m", "afterbell", "demo", str(place)]
    subprocess.run(command, check=True, capture_output=True, env=surroundings(place.parent / "home"))
    return place


@pytest.fixture
def house(told: Path, tmp_path: Path) -> Path:
    """A copy of the demo's house."""
    return Path(shutil.copytree(told, tmp_path / "desk", symlinks=True))


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    """Start servers of a house; all end with the test."""
    started: list[Server] = []

    def start(house: Path, *command: str) -> Server:
        started.append(Server(house, *(command or ("serve",))))
        return started[-1]

    yield start
    for each in started:
        if each.process.poll() is None:
            each.end()
