"""A witness: it cosigns a log's head only if that extends the head it cosigned before. Pure: state in, answer out.

The request and the status codes are those of C2SP tlog-witness (add-checkpoint). Persist what is to be remembered
before the answer is given, and hold a lock over both.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable

from msgspec import Struct

from afterbell.errors import LogError
from afterbell.log import checkpoint as checkpoints
from afterbell.log import note, tree
from afterbell.log.checkpoint import EMPTY_HEAD, Checkpoint, Head
from afterbell.log.note import Signer, Verifier

MAX_BYTES = 1_010_000
_MAX_HASHES = 63
OK, BAD, FORBIDDEN, UNKNOWN, CONFLICT, UNPROVEN = 200, 400, 403, 404, 409, 422


class Request(Struct, frozen=True, kw_only=True):
    """What a log asks: the size the witness cosigned last, the consistency proof from there, the new checkpoint."""

    old: int
    proof: tuple[bytes, ...]
    checkpoint: Checkpoint


class Reply(Struct, frozen=True, kw_only=True):
    """Status and body; `remember` is the head to persist before the reply is sent, None when nothing changes."""

    status: int
    body: str = ""
    remember: Checkpoint | None = None


def encode(request: Request) -> bytes:
    """Return the body of a request."""
    lines = [f"old {request.old}", *(base64.b64encode(item).decode() for item in request.proof)]
    return ("\n".join(lines) + "\n\n").encode() + checkpoints.encode(request.checkpoint)


def parse(data: bytes) -> Request:
    """Read the body of a request strictly. Raises LogError, and nothing else."""
    if len(data) > MAX_BYTES:
        raise LogError("the request is too long", "")
    head, gap, rest = data.partition(b"\n\n")
    try:
        first, *lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise LogError("the request is not ASCII before its checkpoint", "") from None
    word = first.removeprefix("old ")
    plain = word.isascii() and word.isdigit() and (word == "0" or word[0] != "0") and len(word) < 20  # noqa: PLR2004
    if not gap or not first.startswith("old ") or not plain or len(lines) > _MAX_HASHES:
        raise LogError("a request is 'old N', at most 63 hashes, an empty line and a checkpoint", "")
    return Request(old=int(word), proof=tuple(note.decode(line) for line in lines), checkpoint=checkpoints.parse(rest))


def answer(data: bytes, logs: Iterable[Verifier], last: dict[str, Head], key: Signer, now: int) -> Reply:
    """Answer a request. `logs` are the keys of the logs it watches, `last` the heads it cosigned by origin.

    `now` is the time of the cosignature in Unix seconds.
    """
    try:
        request = parse(data)
    except LogError as error:
        return Reply(status=BAD, body=f"{error.message}\n")
    checkpoint = request.checkpoint
    keys = [each for each in logs if each.name == checkpoint.origin]
    if not keys:
        return Reply(status=UNKNOWN, body=f"{checkpoint.origin} is not watched here\n")
    text = checkpoints.text(checkpoint)
    try:
        signed = note.signed_by(text, checkpoint.signatures, keys)
    except LogError as error:
        return Reply(status=FORBIDDEN, body=f"{error.message}\n")
    if not signed:
        return Reply(status=FORBIDDEN, body=f"no signature of a key known for {checkpoint.origin}\n")
    return _extend(request, last.get(checkpoint.origin, EMPTY_HEAD), key, now)


def _extend(request: Request, before: Head, key: Signer, now: int) -> Reply:
    head = request.checkpoint.head
    if request.old > head.size:
        return Reply(status=BAD, body="the old size is larger than the checkpoint's\n")
    if request.old != before.size:
        return Reply(status=CONFLICT, body=f"{before.size}\n")
    if head.size == before.size and head.root != before.root:
        return Reply(status=CONFLICT, body=f"{before.size}\n")
    old_root, new_root = bytes.fromhex(before.root), bytes.fromhex(head.root)
    if not tree.verify_consistency(before.size, head.size, old_root, new_root, request.proof):
        return Reply(status=UNPROVEN, body="the proof does not show the new head to extend the old one\n")
    line = note.sign(checkpoints.text(request.checkpoint), key, at=now)
    return Reply(status=OK, body=f"{line}\n", remember=request.checkpoint)
