"""Runs commands in this process, as a person would, with a frozen clock and a house of its own."""

import os
import re
from pathlib import Path

import pytest

from afterbell.__main__ import main

_UUID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}\b")
_HASH = re.compile(r"\b[0-9a-f]{64}\b")


class Session:
    """One person at one terminal. `text` is everything typed and seen, with random ids by order of appearance."""

    def __init__(self, capsys):
        self._capsys = capsys
        self._said = []
        self._names = {}

    def __call__(self, *arguments, code=0):
        self._capsys.readouterr()
        got = main([str(argument) for argument in arguments])
        seen = self._capsys.readouterr()
        shown = seen.out + seen.err
        tail = f"[exit {got}]\n" if got else ""
        self._said.append(f"$ afterbell {' '.join(map(str, arguments))}\n{shown}{tail}\n")
        assert got == code, shown
        return seen.out

    def note(self, text):
        """Say what happens between two commands."""
        self._said.append(f"# {text}\n\n")

    @property
    def text(self):
        """The transcript."""
        whole = "".join(self._said).replace(str(Path.cwd()), "HOUSE")
        for pattern, name in ((_UUID, "ID"), (_HASH, "HASH")):
            for found in dict.fromkeys(pattern.findall(whole)):
                whole = whole.replace(found, f"<{name}-{len(self._names) + 1}>")
                self._names[found] = name
        return "\n".join(line.rstrip() for line in whole.split("\n"))


@pytest.fixture
def at_desk(tmp_path, monkeypatch, capsys):
    """A session in an empty directory on 6 January 2026, 09:00 UTC."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AFTERBELL_NOW", "2026-01-06T09:00:00Z")
    monkeypatch.setenv("COLUMNS", "120")
    return Session(capsys)


@pytest.fixture
def golden():
    """Compare a text with a file beside the test; AFTERBELL_WRITE_GOLDEN=1 writes the file instead."""

    def compare(name, text):
        path = Path(__file__).parent / name
        if os.environ.get("AFTERBELL_WRITE_GOLDEN"):
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")

    return compare
