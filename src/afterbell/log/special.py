"""Entries that speak of the log itself: an erasure takes an entry's text away, a key entry hands on the signing.

Neither changes the tree: an erased line keeps its leaf hash, and a key entry is one more leaf.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from afterbell import canon
from afterbell.errors import LogError
from afterbell.log import note, tree
from afterbell.log.checkpoint import HexHash
from afterbell.log.entry import Entry, EntryType, Id
from afterbell.log.note import Signer, Verifier

ERASABLE = frozenset({EntryType.POSTMORTEM, EntryType.AMENDMENT})
_ERASED = re.compile(rb'\{"erased":true,"leaf":"([0-9a-f]{64})"\}')


class Erasure(Struct, frozen=True, kw_only=True):
    """The body of an erasure: the entry's id and leaf hash (64 hex digits), and why its text had to go."""

    id: Id
    leaf: HexHash
    reason: Annotated[str, Meta(min_length=1, max_length=1000)]


class KeyChange(Struct, frozen=True, kw_only=True):
    """The body of a key entry: both public keys as text, and the old key's signature line over the change."""

    old: str
    new: str
    signature: str


ERASED_BYTES = len('{"erased":true,"leaf":""}') + 2 * tree.HASH_BYTES
"""How long an erased line is: one of another length is none."""


def erased_line(leaf: str) -> bytes:
    """Return the line (no newline) that stands where an entry's text was."""
    return canon.dumps({"erased": True, "leaf": leaf})


def erased_leaf(line: bytes) -> bytes | None:
    """Return the leaf hash (32 bytes) that an erased line keeps, None for any other line."""
    found = _ERASED.fullmatch(line)
    return bytes.fromhex(found[1].decode()) if found else None


def leaf_of(line: bytes) -> bytes:
    """Return the leaf hash (32 bytes) of any line of a segment, erased or not."""
    return erased_leaf(line) or tree.leaf_hash(line)


def erasure(entry: Entry) -> Erasure | None:
    """Return what an entry erases, None for one that erases nothing. Raises LogError for a malformed erasure."""
    return _body(entry.body, Erasure) if entry.type is EntryType.ERASURE else None


def key_change(entry: Entry) -> KeyChange | None:
    """Return the change of a key entry, None for any other. Raises LogError for a malformed one."""
    return _body(entry.body, KeyChange) if entry.type is EntryType.KEY else None


def change(origin: str, old: Signer, new: Verifier) -> KeyChange:
    """Return the change from an old key to a new one, signed by the old."""
    text = _text(origin, str(old.verifier), str(new))
    return KeyChange(old=str(old.verifier), new=str(new), signature=note.sign(text, old))


def trusted(origin: str, pins: Iterable[Verifier], changes: Iterable[KeyChange]) -> tuple[Verifier, ...]:
    """Return the keys that may sign now, starting from those pinned: each change must be signed by the key it ends.

    A change that a pinned reader cannot follow (signed by a key that is not trusted) is passed over.
    """
    keys = list(pins)
    for each in changes:
        try:
            old, new = note.verifier(each.old), note.verifier(each.new)
            text = _text(origin, each.old, each.new)
            if old in keys and note.signed_by(text, (each.signature,), (old,)):
                keys = [key for key in keys if key not in {old, new}] + [new]
        except LogError:
            continue
    return tuple(keys)


def _text(origin: str, old: str, new: str) -> str:
    return f"afterbell key change v1\n{origin}\n{old}\n{new}\n"


def _body(body: dict[str, Any], kind: Any) -> Any:
    try:
        return msgspec.convert(body, kind)
    except msgspec.ValidationError as error:
        raise LogError(f"not a body of this type of entry: {error}", "see the log's documentation") from None
