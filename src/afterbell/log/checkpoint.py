"""The head of the log as a C2SP tlog-checkpoint: origin, size and root, the text of a C2SP signed note.

Signature lines are checked for their form and kept word for word; whether a key made them is not judged here.
A head without signatures says what the log held, not who said so.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Annotated

from msgspec import Meta, Struct, structs

from afterbell.errors import LogError
from afterbell.log import tree

MAX_BYTES = 1_000_000
MAX_SIGNATURES = 100
KEY_ID_BYTES = 4
_HEAD_LINES = 3
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_HINT = "restore the file from version control, and ask how it came to be changed"

HexHash = Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")]


class Head(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many entries the log has and the root over them, as 64 lower-case hex digits; who reads one checks that."""

    size: Annotated[int, Meta(ge=0)]
    root: str


EMPTY_HEAD = Head(size=0, root=tree.EMPTY_ROOT.hex())


class Checkpoint(Struct, frozen=True, kw_only=True):
    """A head with the name of its log; `extensions` and `signatures` are lines without their newline."""

    origin: str
    head: Head
    extensions: tuple[str, ...] = ()
    signatures: tuple[str, ...] = ()


def text(checkpoint: Checkpoint) -> str:
    """Return the note's text: the part that gets signed, ending in a newline."""
    root = base64.b64encode(bytes.fromhex(checkpoint.head.root)).decode()
    lines = (checkpoint.origin, str(checkpoint.head.size), root, *checkpoint.extensions)
    return "".join(line + "\n" for line in lines)


def encode(checkpoint: Checkpoint) -> bytes:
    """Return the file's bytes: the text, and after an empty line the signatures, if any.

    Raises LogError for an origin or a line that no reader would take.
    """
    if any(character.isspace() or character == "+" for character in checkpoint.origin):
        raise LogError(f"origin {checkpoint.origin!r} cannot be a key's name", "use one like example.com/team/log")
    signatures = "".join(line + "\n" for line in checkpoint.signatures)
    data = (text(checkpoint) + ("\n" + signatures if signatures else "")).encode()
    if parse(data) != checkpoint:
        raise LogError("the checkpoint does not read back as it was written", "a line holds a line break")
    return data


def united(checkpoint: Checkpoint, *others: bytes) -> Checkpoint:
    """Return the checkpoint with the signatures that other files of the same text carry; other texts are left out."""
    lines = dict.fromkeys(checkpoint.signatures)
    for data in others:
        other = parse(data)
        if text(other) == text(checkpoint):
            lines |= dict.fromkeys(other.signatures)
    return structs.replace(checkpoint, signatures=tuple(lines))


def _base64(word: str, what: str) -> bytes:
    """Decode strictly: Python alone would let non-zero trailing bits pass."""
    try:
        data = base64.b64decode(word, validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if not data or base64.b64encode(data).decode() != word:
        raise LogError(f"checkpoint: {what} is not base64", _HINT)
    return data


def _check_signature(line: str) -> None:
    dash, _, rest = line.partition(" ")
    name, _, blob = rest.partition(" ")
    if dash != "\u2014" or not name or "+" in name or any(character.isspace() for character in name):
        raise LogError("checkpoint: a signature line is not '\u2014 name base64'", _HINT)
    if len(_base64(blob, "a signature")) <= KEY_ID_BYTES:
        raise LogError("checkpoint: a signature is shorter than its key id", _HINT)


def _size(word: str) -> int:
    if not (word.isascii() and word.isdigit()) or (word[0] == "0" and word != "0"):
        raise LogError("checkpoint: the size is not a plain decimal", _HINT)
    if len(word) > len(str(tree.MAX_SIZE)) or int(word) > tree.MAX_SIZE:
        raise LogError("checkpoint: the size is beyond 2^63 - 1", _HINT)
    return int(word)


def parse(data: bytes) -> Checkpoint:
    """Read a checkpoint file strictly. Raises LogError, and nothing else, for bytes that are not one."""
    if len(data) > MAX_BYTES:
        raise LogError(f"checkpoint: longer than {MAX_BYTES} bytes", _HINT)
    try:
        note = data.decode()
    except UnicodeDecodeError:
        raise LogError("checkpoint: not UTF-8", _HINT) from None
    if not note.endswith("\n") or _CONTROL.search(note):
        raise LogError("checkpoint: torn, or holds a control character", _HINT)
    body, gap, tail = note.rpartition("\n\n")
    lines = (body if gap else note[:-1]).split("\n")
    signatures = tuple(tail[:-1].split("\n")) if gap else ()
    if len(lines) < _HEAD_LINES or not all(lines):
        raise LogError("checkpoint: origin, size and root stand on the first three lines", _HINT)
    if len(signatures) > MAX_SIGNATURES:
        raise LogError(f"checkpoint: more than {MAX_SIGNATURES} signatures", _HINT)
    for line in signatures:
        _check_signature(line)
    root = _base64(lines[2], "the root")
    if len(root) != tree.HASH_BYTES:
        raise LogError("checkpoint: the root is not 32 bytes", _HINT)
    return Checkpoint(
        origin=lines[0],
        head=Head(size=_size(lines[1]), root=root.hex()),
        extensions=tuple(lines[_HEAD_LINES:]),
        signatures=signatures,
    )
