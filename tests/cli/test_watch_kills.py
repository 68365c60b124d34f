"""A day of events of every trigger through `afterbell watch`, with kills in between: the same events, once each.

The kills are real (SIGKILL to a process of its own) and come after a line that the process wrote, so they meet it while
it takes in, fires, freezes or says; nothing here waits for a time to pass.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from afterbell.catalog import shelves
from afterbell.disk.frozen import FrozenFiles
from afterbell.disk.house import House
from afterbell.steps import init, trigger

PIECES = 3
KILLS = (1, 2, 1, 3, 1, 2, 4, 1, 2)


def day(folder: Path) -> list[list[tuple[Path, str]]]:
    """Return the files of a day in the order they come in: one firing example of every trigger, apart from the others.

    Ids are made the example's own, so that no example touches another; each comes in pieces, some lines at a time.
    """
    drops: list[list[tuple[Path, str]]] = []
    for number, (name, found) in enumerate(shelves.triggers().items()):
        case = next(case for case in found.cases if case.fires and not case.policy)
        rows = [json.dumps(row) for row in case.given]
        books = {book: "".join(json.dumps(row) + "\n" for row in lines) for book, lines in case.books.items()}
        traces = {str(row["trace"]) for row in case.given} | {
            str(row["trace_id"]) for lines in case.books.values() for row in lines if row.get("trace_id")
        }  # fmt: skip

        def own(text: str, number: int = number, traces: frozenset[str] = frozenset(traces)) -> str:
            for trace in traces:
                text = text.replace(trace, f"{number:02x}{trace[2:]}")
            return text.replace("ACC-1", f"ACC-{number}x").replace("IDEA-1", f"IDEA-{number}x")

        for place in range(0, len(rows), PIECES):
            text = own("".join(row + "\n" for row in rows[place : place + PIECES]))
            drops.append([(folder / f"{name}-{place}.jsonl", text)])
        drops.append([(folder / f"{name}-{book}" / f"{book}.jsonl", own(text)) for book, text in books.items()])
    return [drop for drop in drops if drop]


def command(house: House, inbox: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "afterbell", "--house", str(house.root), "watch", str(inbox), "--settle", "0", "--json",
            *more]  # fmt: skip


def drop(files: list[tuple[Path, str]]) -> None:
    """Put finished files into the inbox, each at once."""
    for path, text in files:
        path.parent.mkdir(parents=True, exist_ok=True)
        written = path.with_name(f".{path.name}")
        written.write_text(text, encoding="utf-8")
        written.replace(path)


def to_the_end(house: House, inbox: Path) -> list[dict[str, Any]]:
    done = subprocess.run(command(house, inbox, "--once"), capture_output=True, text=True, check=True, env=ENV)
    return [json.loads(line) for line in done.stdout.splitlines()]


def killed(house: House, inbox: Path, after: int) -> list[dict[str, Any]]:
    """Start a watch that would go on for ever, read its first lines, and kill it."""
    with subprocess.Popen(
        command(house, inbox, "--interval", "60"), stdout=subprocess.PIPE, text=True, env=ENV
    ) as process:
        assert process.stdout
        read = [line for _place, line in zip(range(after), process.stdout, strict=False)]
        process.kill()
    assert process.returncode == -signal.SIGKILL
    return [json.loads(line) for line in read]


ENV = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src"), "AFTERBELL_NOW": "2026-03-01T09:00:00Z"}


def fired(lines: list[dict[str, Any]]) -> list[str]:
    return [line["event_id"] for line in lines if line["did"] == "fired"]


@pytest.fixture
def houses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[House, Path]]:
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setitem(ENV, name, os.environ[name])
    made = []
    for name in ("quiet", "killed"):
        house = House(tmp_path / name / "desk")
        init.init(house)
        (tmp_path / name / "in").mkdir()
        made.append((house, tmp_path / name / "in"))
    return made


def test_a_day_replayed_with_kills_gives_the_same_events_once_each(houses: list[tuple[House, Path]]) -> None:
    (quiet, calm), (house, inbox) = houses
    for files in day(calm):
        drop(files)
    said = fired(to_the_end(quiet, calm))
    written = trigger.seen(quiet).all()
    assert sorted(said) == sorted(event.event_id for event in written)
    assert {event.trigger.value for event in written} == set(shelves.triggers())
    assert fired(to_the_end(quiet, calm)) == []

    lines: list[list[dict[str, Any]]] = []
    drops = day(inbox)
    share = -(-len(drops) // len(KILLS))
    for place, after in enumerate(KILLS):
        came = drops[place * share : (place + 1) * share]
        for files in came:
            drop(files)
        lines.append(killed(house, inbox, min(after, sum(map(len, came)))))  # each file that came in makes a line
    lines.append(to_the_end(house, inbox))
    survived = trigger.seen(house).all()
    assert [event.event_id for event in survived] == [event.event_id for event in written]
    assert [event.subject for event in survived] == [event.subject for event in written]

    told = [name for each in lines for name in fired(each)]
    ids = {event.event_id for event in survived}
    assert trigger.seen(house).passed_on() == ids
    assert set(told) <= ids
    assert set(told) >= set(fired(lines[-1]))
    for each in lines:
        assert len(set(fired(each))) == len(fired(each))
    again = [line["event_id"] for each in lines for line in each if line["did"] == "fired" and line["again"]]
    assert len(told) - len(set(told)) <= len(again), "said twice only where a kill came while it was said"
    pinned = FrozenFiles(house.frozen)
    assert all(pinned.is_listed(event.event_id) for event in survived)

    for files in day(inbox / "once more"):
        drop(files)
    replayed = to_the_end(house, inbox)
    assert fired(replayed) == []
    assert trigger.seen(house).all() == survived
