"""C2SP tlog-proof: an offline proof that one entry is in the log, as a text file of about a kilobyte.

It binds an entry's leaf hash to the head in the checkpoint it carries; whose checkpoint that is, `note` says.
Source: c2sp.org/tlog-proof.
"""

from __future__ import annotations

import base64

from msgspec import Struct

from afterbell.errors import LogError
from afterbell.log import checkpoint as checkpoints
from afterbell.log import tree
from afterbell.log.checkpoint import Checkpoint
from afterbell.log.note import decode

MAGIC = "c2sp.org/tlog-proof@v1"
MAX_BYTES = 1_100_000
_MAX_HASHES = 63
_HINT = "export the proof again"


class Proof(Struct, frozen=True, kw_only=True):
    """The entry's index, the hashes of its inclusion proof (32 bytes each), and the checkpoint it leads to."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: Checkpoint
    extra: bytes = b""


def encode(proof: Proof) -> bytes:
    """Return the proof's file."""
    lines = [MAGIC]
    if proof.extra:
        lines.append(f"extra {base64.b64encode(proof.extra).decode()}")
    lines.append(f"index {proof.index}")
    lines += [base64.b64encode(item).decode() for item in proof.hashes]
    return ("\n".join(lines) + "\n\n").encode() + checkpoints.encode(proof.checkpoint)


def parse(data: bytes) -> Proof:
    """Read a proof strictly. Raises LogError, and nothing else, for bytes that are not one."""
    if len(data) > MAX_BYTES:
        raise LogError(f"a proof of {len(data)} bytes is too long", _HINT)
    head, gap, rest = data.partition(b"\n\n")
    try:
        lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise LogError("the proof is not ASCII before its checkpoint", _HINT) from None
    if not gap or lines[0] != MAGIC:
        raise LogError(f"a proof begins with {MAGIC} and holds a checkpoint", _HINT)
    at = 1
    extra = b""
    if len(lines) > at and lines[at].startswith("extra "):
        extra = decode(lines[at].removeprefix("extra "))
        at += 1
    if len(lines) <= at or not lines[at].startswith("index "):
        raise LogError("the proof names no index", _HINT)
    index = _number(lines[at].removeprefix("index "))
    hashes = tuple(decode(line) for line in lines[at + 1 :])
    if len(hashes) > _MAX_HASHES or any(len(item) != tree.HASH_BYTES for item in hashes):
        raise LogError("the proof's hashes are not 32 bytes each, 63 at most", _HINT)
    return Proof(index=index, hashes=hashes, checkpoint=checkpoints.parse(rest), extra=extra)


def holds(proof: Proof, leaf: bytes) -> bool:
    """Tell whether the proof shows this leaf hash (32 bytes) in the tree of its own checkpoint."""
    head = proof.checkpoint.head
    return tree.verify_inclusion(leaf, proof.index, head.size, proof.hashes, bytes.fromhex(head.root))


def _number(word: str) -> int:
    plain = word.isascii() and word.isdigit() and (word == "0" or word[0] != "0")
    if not plain or len(word) > len(str(tree.MAX_SIZE)) or int(word) > tree.MAX_SIZE:
        raise LogError("the proof's index is not a plain decimal", _HINT)
    return int(word)
