"""The same facts give the same events, whatever is ingested again and in whichever order."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from afterbell.catalog import shelves
from afterbell.disk.house import House
from afterbell.model.case import TriggerCase
from afterbell.steps import ingest, trigger
from afterbell.steps.store import Store

THREE = ("thesis_not_exited", "provider_cascade", "injection_or_schema")
CASES = [(name, case) for name in THREE for case in shelves.triggers()[name].cases if case.fires and not case.policy]


def put(folder: Path, case: TriggerCase) -> list[str]:
    folder.mkdir(parents=True)
    files = {"runs.jsonl": case.given} | {f"{name}.jsonl": rows for name, rows in case.books.items()}
    for name, rows in files.items():
        if rows:
            (folder / name).write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
    return sorted(str(path) for path in folder.iterdir())


def fired(house: House, name: str) -> list[tuple[str, str, str]]:
    return [(event.event_id, event.subject, event.measured) for event in trigger.fire(Store(house)).events
            if event.trigger.value == name]  # fmt: skip


@pytest.mark.parametrize(("name", "case"), CASES, ids=[f"{name}-{case.name}" for name, case in CASES])
def test_ingested_twice_and_backwards(tmp_path: Path, name: str, case: TriggerCase) -> None:
    first, second = House(tmp_path / "a"), House(tmp_path / "b")
    for root in (first.root, second.root):
        root.mkdir()
    paths, copies = put(tmp_path / "in", case), put(tmp_path / "copy", case)
    list(ingest.ingest(first, paths, jobs=1))
    once = fired(first, name)
    assert sorted((subject, measured) for _id, subject, measured in once) == sorted(case.fires)
    list(ingest.ingest(first, copies, jobs=1))
    for path in copies:
        Path(path).write_bytes(Path(path).read_bytes() + b"\n")  # the same rows in a file of other bytes
    list(ingest.ingest(first, copies, jobs=1))
    assert fired(first, name) == once
    for path in reversed(paths):
        list(ingest.ingest(second, [path], jobs=1))
    assert fired(second, name) == once
