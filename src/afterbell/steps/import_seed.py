"""Import: takes in the specification's two files, which protected nothing before, as entries of the real log."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from msgspec import Struct

from afterbell import canon, clock
from afterbell.disk import files
from afterbell.disk.house import House
from afterbell.errors import AfterbellError, CanonError, LogError, UsageError
from afterbell.model.trace import Refusal
from afterbell.steps.postmortem import Postmortem, amend, file_away
from afterbell.steps.records import journal

IMPORTED = "imported"
LARGEST = 64 * 1024 * 1024
_FIELDS = frozenset(Postmortem.__dataclass_fields__)


class Imported(Struct, frozen=True, kw_only=True):
    """How many records and addenda came in, how many were here already, and what was refused and why."""

    records: int = 0
    addenda: int = 0
    known: int = 0
    refused: tuple[Refusal, ...] = ()


def take_in(house: House, path: Path) -> Imported:
    """Import `log.jsonl` or `amendments.jsonl` (told apart by their keys). What is here already changes nothing.

    Raises UsageError when the file is not there.
    """
    data = files.read(path, LARGEST + 1)
    if data is None or len(data) > LARGEST:
        raise UsageError(f"no file {path} of at most {LARGEST // 2**20} MiB", "give log.jsonl or amendments.jsonl")
    place = house.postmortems / "log.jsonl"
    counts = {"records": 0, "addenda": 0, "known": 0}
    refused = []
    for number, line in enumerate(data.split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            counts[_take(house, place, _parse(line))] += 1
        except (AfterbellError, ValueError, TypeError) as error:
            refused.append(Refusal(where=f"{path}:{number}", why=str(error)[:300]))
    return Imported(**counts, refused=tuple(refused))


def _parse(line: bytes) -> dict[str, Any]:
    try:
        value = canon.loads(line)
    except CanonError as error:
        raise ValueError(error.message) from None
    if not isinstance(value, dict):
        raise TypeError("the line is not an object")
    return value


def _take(house: House, place: Path, row: dict[str, Any]) -> str:
    """File one row and return what it was."""
    if "parent_id" in row and "note" in row:
        note = f"{row['note']} (imported; its own date was {row.get('amended_utc', 'not stated')})"
        if _has_note(house, str(row["parent_id"]), note):
            return "known"
        amend(str(row["parent_id"]), note, path=place)
        return "addenda"
    if "id" not in row:
        raise ValueError("neither a postmortem (id) nor an amendment (parent_id)")
    if journal(house).find(str(row["id"])) is not None:
        return "known"
    lost = sorted(set(row) - _FIELDS)
    if lost:
        raise ValueError(f"fields that a postmortem does not have: {', '.join(lost)[:200]}")
    file_away(Postmortem(**row), place, {IMPORTED: f"unprotected before {clock.now():%Y-%m-%dT%H:%M:%SZ}"})
    return "records"


def _has_note(house: House, parent: str, note: str) -> bool:
    try:
        return any(
            stored.entry.parent is not None
            and stored.entry.parent.id == parent
            and stored.entry.body.get("note") == note
            for stored in journal(house).entries()
        )
    except LogError as error:
        raise ValueError(error.message) from None
