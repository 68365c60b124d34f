"""What a reader brings from outside the repository: pinned keys, a remembered head, a witness policy.

A log alone cannot show a rewrite by the holder of its key, or a roll-back of the whole directory; only what lies
elsewhere can. Here it is compared with the log's own checkpoint. Where it comes from is the caller's to trust.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from afterbell.errors import LogError
from afterbell.log import checkpoint as checkpoints
from afterbell.log import note, special, stamp
from afterbell.log.checkpoint import Checkpoint
from afterbell.log.heads import CHECKPOINT
from afterbell.log.note import Signed, Verifier
from afterbell.log.problems import Problems
from afterbell.log.quorum import Quorum
from afterbell.log.special import KeyChange
from afterbell.log.verdict import Code, Level


class Remembered(Struct, frozen=True, kw_only=True):
    """A head seen earlier or elsewhere; `where` says where, in words."""

    where: str
    checkpoint: Checkpoint


class TimeStamp(Struct, frozen=True, kw_only=True):
    """An RFC 3161 answer that lies beside the head, and the PEM root certificates that the reader trusts."""

    response: bytes
    roots: bytes


class Outside(Struct, frozen=True, kw_only=True):
    """All that is known from elsewhere. `not_before` is the oldest cosignature that counts, in Unix seconds.

    `level_before` is the highest level that held last time: one that is lost since then is tampering.
    """

    pins: tuple[Verifier, ...] = ()
    remembered: tuple[Remembered, ...] = ()
    quorum: Quorum | None = None
    not_before: int = 0
    level_before: Level | None = None
    stamp: TimeStamp | None = None


def highest(outside: Outside) -> Level:
    """Return the highest level that this much from outside lets one ask for: each rests on those below it."""
    if not outside.pins:
        return Level.L1
    if not outside.remembered:
        return Level.L2
    if outside.quorum is None:
        return Level.L3
    return Level.L4 if outside.stamp is None else Level.L5


def shown(
    outside: Outside, checkpoint: Checkpoint | None, changes: Sequence[KeyChange], problems: Problems
) -> frozenset[Level]:
    """Return which of L2 to L5 the checkpoint shows, and say what speaks against it; `changes` are the log's own."""
    if checkpoint is None:
        return frozenset()
    return frozenset(_levels(outside, checkpoint, changes, problems))


def _levels(
    outside: Outside, checkpoint: Checkpoint, changes: Sequence[KeyChange], problems: Problems
) -> Iterator[Level]:
    pins = special.trusted(checkpoint.origin, outside.pins, changes)
    witnesses = tuple(outside.quorum.witnesses.values()) if outside.quorum else ()
    keys = (*pins, *witnesses, *(outside.quorum.logs if outside.quorum else ()))
    try:
        signatures = note.signed_by(checkpoints.text(checkpoint), checkpoint.signatures, keys)
    except LogError as error:
        problems.say(Code.BAD_SIGNATURE, CHECKPOINT, error.message)
        return
    if pins:
        if any(each.verifier in pins for each in signatures):
            yield Level.L2
        else:
            names = ", ".join(key.name for key in pins)
            problems.say(Code.NOT_SIGNED, CHECKPOINT, f"carries no signature of the pinned key ({names})")
    for each in outside.remembered:
        if each.checkpoint.origin != checkpoint.origin:
            words = f"is a head of {checkpoint.origin!r}; {each.where} is of {each.checkpoint.origin!r}"
            problems.say(Code.OTHER_ORIGIN, CHECKPOINT, words)
    if outside.remembered:
        yield Level.L3
    if outside.quorum is not None:
        yield from _witnessed(outside, outside.quorum, signatures, problems)
    if outside.stamp is not None:
        try:
            stamp.vouched(outside.stamp.response, checkpoints.text(checkpoint), outside.stamp.roots)
            yield Level.L5
        except LogError as error:
            problems.say(Code.BAD_STAMP, f"heads/{checkpoint.head.size}.tsr", error.message)


def _witnessed(outside: Outside, quorum: Quorum, signatures: tuple[Signed, ...], problems: Problems) -> Iterator[Level]:
    if quorum.met(signatures, not_before=outside.not_before):
        yield Level.L4
    elif quorum.met(signatures):
        problems.say(Code.OLD_WITNESS, CHECKPOINT, "the witnesses' signatures are older than the policy allows")
    else:
        count = sum(each.at is not None for each in signatures)
        problems.say(Code.NO_QUORUM, CHECKPOINT, f"{count} of the policy's witnesses signed; the quorum is not met")
