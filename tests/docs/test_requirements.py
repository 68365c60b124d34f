"""The pinned requirements cover what `pyproject.toml` asks for, with hashes and without naming a place to fetch from."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[\s\[<>=!~;]", name, maxsplit=1)[0]).lower()


def pinned(which: str) -> set[str]:
    text = (ROOT / "requirements" / f"{which}.txt").read_text(encoding="utf-8")
    return {plain(line) for line in text.splitlines() if re.match(r"[A-Za-z0-9][\w.-]*==", line)}


def test_what_runs_and_what_checks_is_pinned() -> None:
    runs = {plain(each) for each in PROJECT["project"]["dependencies"]}
    checks = {plain(each) for each in PROJECT["dependency-groups"]["dev"]}
    assert runs <= pinned("run"), "run: make lock"
    assert runs | checks | pinned("run") <= pinned("dev"), "run: make lock"


@pytest.mark.parametrize("which", ["run", "dev", "nlp"])
def test_every_pin_has_its_hashes_and_no_line_names_a_place(which: str) -> None:
    text = (ROOT / "requirements" / f"{which}.txt").read_text(encoding="utf-8")
    pins = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    assert all("--hash=sha256:" in pin for pin in pins)
    assert not re.search(r"://|--(?:index|extra-index|find-links|trusted-host)|^-[if]\b|/\w+/\w+", text, re.MULTILINE)


def test_every_package_that_the_program_imports_is_pinned_or_an_extra() -> None:
    names = set()
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.partition(".")[0])
    extras = PROJECT["project"].get("optional-dependencies", {}).values()
    runs = pinned("run") | {plain(each) for extra in extras for each in extra}
    known = packages_distributions()
    foreign = names - set(sys.stdlib_module_names) - {"afterbell"}
    assert {name for name in foreign if not runs & {plain(each) for each in known.get(name, (name,))}} == set()
