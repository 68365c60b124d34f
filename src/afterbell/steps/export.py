"""Export: the log in other forms, for others to read, check or host. Nothing is written over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
from msgspec import Struct

from afterbell.disk import files
from afterbell.disk.house import House
from afterbell.disk.journal import Journal
from afterbell.disk.log_files import Stored
from afterbell.errors import LogError, UsageError
from afterbell.log import checkpoint as checkpoints
from afterbell.log import proof as proofs
from afterbell.log import tiles, tree
from afterbell.log.entry import EntryType, encode
from afterbell.model.body import addendum_from_body, from_body
from afterbell.model.record import Record, ReferenceKind
from afterbell.render import markdown
from afterbell.steps import paper
from afterbell.steps.records import filed, find, journal


class Written(Struct, frozen=True, kw_only=True):
    """How many files were written, and where."""

    files: int
    directory: Path


def export(house: House, form: str, directory: Path) -> Written:
    """Write the log in a form (`jsonl`, `seed`, `markdown`, `pdf`, `tiles`) into a new directory.

    `seed` is the specification's two files. Raises UsageError when the directory holds something already.
    """
    if directory.exists() and any(directory.iterdir()):
        raise UsageError(f"{directory} is not empty", "give a new directory: nothing of yours is written over")
    made = _FORMS.get(form)
    if made is None:
        raise UsageError(f"no form {form!r}", f"known: {', '.join(_FORMS)}")
    count = 0
    for name, data in made(house):
        path = directory / name
        files.make_dirs(path.parent)
        files.write_once(path, data)
        count += 1
    return Written(files=count, directory=directory)


def proof(house: House, record_id: str) -> bytes:
    """Return the offline proof (C2SP tlog-proof) that a sealed record is in the log as its checkpoint says.

    Raises LogError when the record is not sealed.
    """
    return proof_of(journal(house), find(house, record_id).stored)


def proof_of(log: Journal, stored: Stored) -> bytes:
    """Return the offline proof of an entry. Raises LogError when it is not sealed."""
    current = log.checkpoint()
    if stored.index is None or current is None or stored.index >= current.head.size:
        raise LogError(f"record {stored.entry.id} is not sealed yet", "seal first")
    leaves = list(log.leaves())[: current.head.size]
    made = proofs.Proof(index=stored.index, hashes=tree.inclusion_proof(leaves, stored.index), checkpoint=current)
    return proofs.encode(made)


def _jsonl(house: House) -> Iterator[tuple[str, bytes]]:
    lines = [encode(stored.entry) for stored in journal(house).entries()]
    yield "entries.jsonl", b"".join(line + b"\n" for line in lines)


def _seed(house: House) -> Iterator[tuple[str, bytes]]:
    """Yield the specification's `log.jsonl` and `amendments.jsonl`."""
    records, amendments = [], []
    for stored in journal(house).entries():
        if stored.entry.type is EntryType.POSTMORTEM:
            records.append(_line(_ten_fields(from_body(stored.entry.body))))
        elif stored.entry.type is EntryType.AMENDMENT:
            addendum = addendum_from_body(stored.entry.body)
            note = addendum.note or "(a replacement or completion: see the full log)"
            at = addendum.created.isoformat()
            amendments.append(_line({"parent_id": addendum.parent_id, "amended_utc": at, "note": note}))
    yield "log.jsonl", b"".join(records)
    yield "amendments.jsonl", b"".join(amendments)


def _ten_fields(record: Record) -> dict[str, Any]:
    links = {reference.kind: reference.value for reference in reversed(record.references)}
    return {
        "id": record.id,
        "created_utc": record.created.isoformat(),
        "summary": record.summary,
        "timeline": [
            {
                "at": row.at.isoformat() if row.at else None,
                "stage": row.stage.value if row.stage else None,
                "event": row.event,
                "trace_id": row.trace_id,
            }
            for row in record.timeline
        ],
        "root_cause": record.root_cause.value if record.root_cause else "",
        "contributing_factors": [factor.text for factor in record.contributing_factors],
        "fix_commit_sha": record.fix.commit_sha or "",
        "prevention": record.prevention,
        "trace_id": record.trace_ids[0] if record.trace_ids else links.get(ReferenceKind.TRACE, ""),
        "pr_link": links.get(ReferenceKind.PR, ""),
    }


def _line(value: dict[str, Any]) -> bytes:
    return orjson.dumps(value) + b"\n"


def _markdown(house: House) -> Iterator[tuple[str, bytes]]:
    for each in filed(house):
        yield f"{each.record.created:%Y-%m-%d}-{each.record.id}.md", markdown.as_amended(each.view).encode()


def _pdf(house: House) -> Iterator[tuple[str, bytes]]:
    for each in filed(house):
        yield f"{each.record.created:%Y-%m-%d}-{each.record.id}.pdf", paper.pdf_of(house, each)


def _tiles(house: House) -> Iterator[tuple[str, bytes]]:
    log = journal(house)
    current = log.checkpoint()
    if current is None:
        raise UsageError("the log has no head yet", "seal it first")
    yield "checkpoint", checkpoints.encode(current)
    yield from tiles.hash_tiles(list(log.leaves())[: current.head.size])
    yield from log.bundles()


_FORMS: dict[str, Callable[[House], Iterator[tuple[str, bytes]]]] = {
    "jsonl": _jsonl,
    "seed": _seed,
    "markdown": _markdown,
    "pdf": _pdf,
    "tiles": _tiles,
}
