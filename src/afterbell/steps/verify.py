"""Verify: whether anything in the log was edited, deleted, reordered, cut, rolled back or rewritten.

How far that can be judged rests on what lies outside the repository: pinned keys, a remembered head, witnesses.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from afterbell import clock
from afterbell.disk import files, keys, memory
from afterbell.disk.house import House
from afterbell.disk.memory import Memory
from afterbell.errors import LogError, UsageError
from afterbell.log import checkpoint as checkpoints
from afterbell.log import note, quorum
from afterbell.log.checkpoint import Checkpoint
from afterbell.log.outside import Outside, Remembered, TimeStamp, highest
from afterbell.log.stamp import MAX_BYTES, claimed
from afterbell.log.verdict import Level, Ruling, Verdict
from afterbell.model.report import LogState
from afterbell.steps.records import journal
from afterbell.steps.stamp import place

MAX_AGE_SECONDS = 7 * 86_400


class Given(Struct, frozen=True, kw_only=True):
    """What the caller brings: pinned keys as text, a checkpoint file, a witness policy file, the level wanted.

    `authority` is a file with the root certificates (PEM) of a time-stamping authority.
    """

    pins: Sequence[str] = ()
    since: Path | None = None
    policy: Path | None = None
    level: Level | None = None
    max_age_seconds: int = MAX_AGE_SECONDS
    authority: Path | None = None


class Verified(Struct, frozen=True, kw_only=True):
    """The verdict, what was compared, and where both heads were kept when something was wrong."""

    verdict: Verdict
    compared: tuple[str, ...]
    kept: Path | None = None


def verify(house: House, given: Given | None = None, *, remember: bool = True) -> Verified:
    """Judge the house's log; the level asked for is the highest that what is at hand lets one judge.

    With `remember`, a head that holds is remembered outside the repository for the next time. Raises UsageError for
    what the caller gave and cannot be read.
    """
    asked = given or Given()
    log = journal(house)
    try:
        current = log.checkpoint()
    except LogError:
        current = None
    known = memory.recall(current.origin, house.root) if current and remember else None
    outside = _outside(house, asked, current, known)
    verdict = log.verify(asked.level or highest(outside), outside)
    kept = None
    if remember and current is not None:
        if verdict.verdict is Ruling.OK:
            _remember(house, current, _standing(asked, verdict, known), known)
        elif verdict.verdict is Ruling.TAMPERED and known is not None:
            kept = memory.keep_evidence(current.origin, house.root, clock.now().isoformat(), _heads(current, known))
    return Verified(verdict=verdict, compared=_compared(outside, current), kept=kept)


def log_state(done: Verified) -> LogState:
    """Return what was found in plain words and figures, for a page."""
    found = done.verdict
    return LogState(
        verdict=found.verdict.value, level=found.level.value if found.level else "none", wanted=found.wanted.value,
        entries=found.entries, pending=found.pending, root=found.root, compared=done.compared,
        problems=tuple((each.code.value, each.where, each.message) for each in found.problems),
    )  # fmt: skip


def _outside(house: House, asked: Given, current: Checkpoint | None, known: Memory | None) -> Outside:
    pins = tuple(note.verifier(text) for text in asked.pins)
    if not pins and current is not None:
        pins = keys.pins(current.origin)
    remembered = []
    if known is not None:
        remembered.append(
            Remembered(where=f"the head remembered since {known.at}", checkpoint=_parse(known.checkpoint.encode()))
        )
    if asked.since is not None:
        remembered.append(Remembered(where=str(asked.since), checkpoint=_parse(_read(asked.since))))
    policy = quorum.parse(_read(asked.policy)) if asked.policy else None
    return Outside(
        pins=pins,
        remembered=tuple(remembered),
        quorum=policy,
        not_before=int(clock.now().timestamp()) - asked.max_age_seconds if policy else 0,
        level_before=Level(known.level) if known else None,
        stamp=_stamp(house, asked.authority, current) if asked.authority and current else None,
    )


def _stamp(house: House, authority: Path, current: Checkpoint) -> TimeStamp | None:
    """Return the stamp beside the present head, None when it has none."""
    response = files.read(place(house, current.head.size), MAX_BYTES)
    return TimeStamp(response=response, roots=_read(authority)) if response is not None else None


def _standing(asked: Given, verdict: Verdict, known: Memory | None) -> Level:
    """Return the level to expect next time: one that rested on what was given only for this call does not count."""
    before = Level(known.level) if known else Level.L1
    if asked.pins or asked.since or asked.policy or asked.authority:
        return before
    return max(before, verdict.level or Level.L1)


def _remember(house: House, current: Checkpoint, level: Level, known: Memory | None) -> None:
    text = checkpoints.encode(current).decode()
    if known is None or (known.checkpoint, known.level) != (text, level.value):
        at = clock.now().isoformat().replace("+00:00", "Z")
        memory.remember(Memory(origin=current.origin, checkpoint=text, level=level.value, at=at), house.root)


def _heads(current: Checkpoint, known: Memory) -> dict[str, bytes]:
    return {"log.ckpt": checkpoints.encode(current), "remembered.ckpt": known.checkpoint.encode()}


def _compared(outside: Outside, checkpoint: Checkpoint | None) -> tuple[str, ...]:
    found = [f"pinned key {key.name}+{key.key_id.hex()}" for key in outside.pins]
    found += [each.where for each in outside.remembered]
    found += ["witness policy"] if outside.quorum else []
    if outside.stamp is not None and checkpoint is not None:
        at = claimed(outside.stamp.response, checkpoints.text(checkpoint))
        found.append(f"a time stamp: the head existed before {at:%Y-%m-%dT%H:%M:%SZ}")
    return tuple(found)


def _read(path: Path) -> bytes:
    data = files.read(path, checkpoints.MAX_BYTES)
    if data is None:
        raise UsageError(f"no file {path}", "give a checkpoint or a policy kept outside the repository")
    return data


def _parse(data: bytes) -> Checkpoint:
    try:
        return checkpoints.parse(data)
    except LogError as error:
        raise UsageError(error.message, "give a checkpoint file, for example one of postmortems/heads/") from None


def as_json(verified: Verified) -> dict[str, Any]:
    """Return a verdict in the shape that other programs rely on."""
    shape: dict[str, Any] = msgspec.to_builtins(verified.verdict)
    return shape | {"compared": list(verified.compared), "kept": str(verified.kept) if verified.kept else None}
