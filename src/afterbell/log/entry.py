"""One entry of the log: the envelope that every record, amendment, erasure and key change travels in.

An entry is the bytes of one line, in canonical JSON, and stays what it is for ever; fields that this version
does not know are kept. What stands in `body` is not judged here, and neither is who wrote it or when:
ids, times and salts are made by the caller.
"""

from __future__ import annotations

import re
import uuid
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union

import msgspec
from msgspec import Meta, Struct

from afterbell import canon
from afterbell.errors import LogError
from afterbell.log import tree
from afterbell.log.checkpoint import Head, HexHash

MAX_BYTES = 65_535  # an entry's length is a u16 in C2SP tlog-tiles
SALT_BYTES = 16
UUID7_RANDOM_BYTES = 10
QUICK_DEPTH = 9
"""How deep a body may be nested to be read the quick way; deeper ones are read as strictly, and slowly."""
_MAX_MILLISECONDS = 2**48 - 1

# Safe as a file's name on every system, because pending entries are files named by their id.
_ID = r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?"
_SALT = rf"[0-9a-f]{{{2 * SALT_BYTES}}}"
_UTC = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?Z"
_ROOT = rf"[0-9a-f]{{{2 * tree.HASH_BYTES}}}"
_SHAPE = re.compile(f"{_ID} {_SALT} {_UTC} {_ROOT}")  # one look at four texts, none of which holds a space

Id = Annotated[str, Meta(pattern=rf"\A{_ID}\Z")]
Actor = Annotated[str, Meta(min_length=1, max_length=200)]


class EntryType(StrEnum):
    """What an entry does to the log."""

    POSTMORTEM = "postmortem"
    AMENDMENT = "amendment"
    ERASURE = "erasure"
    KEY = "key"


class Parent(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The entry that an amendment is about, bound to its exact bytes by its leaf hash (64 hex digits)."""

    id: Id
    leaf: HexHash


def _nested(depth: int) -> Any:
    """Return the type of a body of at most this depth: so the decoder itself sees to it, and that no float is in it."""
    value: Any = Union[str, int, bool, None]  # noqa: UP007 - types made at run time
    for _ in range(depth - 1):
        value = Union[str, int, bool, list[value], dict[str, value], None]  # noqa: UP007 - the same
    return dict[str, value]


if TYPE_CHECKING:
    Body = dict[str, Any]
else:
    Body = _nested(QUICK_DEPTH)


class Entry(Struct, frozen=True, kw_only=True):
    """An envelope.

    `id` is 1 to 100 letters, digits, dots, dashes and underscores. `created` is a claim, kept as written (RFC 3339,
    UTC, ends in Z); order comes from the index in the log. `after` is the last head the writer saw: a log that lacks
    it was rolled back. `salt`, 32 hex digits, keeps the leaf hash of a short text from being guessed. `extra` holds
    top-level fields that this version does not know.
    """

    v: Literal[1] = 1
    type: EntryType
    id: str
    created: str
    actor: Actor
    after: Head
    parent: Parent | None = None
    salt: str
    body: Body
    extra: dict[str, Any] = {}


_FIELDS = frozenset(Entry.__struct_fields__) - {"extra"}
_AMENDMENT = EntryType.AMENDMENT
_DECODER = msgspec.json.Decoder(Entry)


def leaf_hex(line: bytes) -> str:
    """Return the leaf hash of an entry's line (without its newline) as 64 hex digits."""
    return tree.leaf_hash(line).hex()


def uuid7(milliseconds: int, random: bytes) -> str:
    """Return a UUID of version 7 (RFC 9562), Unix ms then `random` (10 bytes): text order is time order."""
    if not 0 <= milliseconds <= _MAX_MILLISECONDS or len(random) != UUID7_RANDOM_BYTES:
        raise LogError("a uuid7 takes 48 bits of milliseconds and 10 random bytes", "check the clock")
    bits = milliseconds << 80 | int.from_bytes(random)
    bits = bits & ~(0xF << 76) | 0x7 << 76
    bits = bits & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=bits))


def parse(line: bytes) -> Entry:
    """Read one line (no newline) strictly.

    Raises CanonError for what is not canonical JSON and LogError for what is not an envelope; nothing else.
    """
    if len(line) > MAX_BYTES:
        raise LogError(f"an entry of {len(line)} bytes; at most {MAX_BYTES}", "keep evidence beside the record")
    return quick(line) or _slow(line)


def quick(line: bytes) -> Entry | None:
    """Return what `parse` would for a usual line; None for one that is too long or that only the slow way can tell."""
    if len(line) > MAX_BYTES:
        return None
    try:
        entry = _DECODER.decode(line)
        datetime.fromisoformat(entry.created)
    except (ValueError, RecursionError):  # msgspec's errors are ValueErrors
        return None
    return entry if _sound(entry) and canon.is_form(_plain(entry), line) else None


def _sound(entry: Entry) -> bool:
    """Tell whether the texts have the form they must have, and an amendment, nothing else, has a parent."""
    amends = entry.parent is not None
    shaped = _SHAPE.fullmatch(f"{entry.id} {entry.salt} {entry.created} {entry.after.root}")
    return shaped is not None and amends == (entry.type is _AMENDMENT)


def _slow(line: bytes) -> Entry:
    value = canon.loads(line)
    if not isinstance(value, dict):
        raise LogError("an entry is a JSON object", "one object a line")
    if canon.dumps(value) != line:
        raise LogError("not in canonical form", "sorted keys, no spaces, no needless escapes")
    known = {key: item for key, item in value.items() if key in _FIELDS}
    extra = {key: item for key, item in value.items() if key not in _FIELDS}
    body = known.get("body")
    try:
        entry = msgspec.convert(known | ({"body": {}} if isinstance(body, dict) else {}), Entry)
        datetime.fromisoformat(entry.created)
    except (msgspec.ValidationError, ValueError) as error:
        raise LogError(f"not an entry: {error}", "see the envelope in the log's documentation") from None
    if "v" not in known or not _sound(entry):
        words = "id, salt, created and after.root have their forms, an amendment a parent, others none, and all have v"
        raise LogError(f"not an entry: {words}", "see the envelope in the log's documentation")
    if "parent" in known and entry.parent is None:
        raise LogError("not an entry: parent is null", "leave it out")
    return msgspec.structs.replace(entry, body=body, extra=extra)


def _plain(entry: Entry) -> dict[str, Any]:
    """Return the envelope's own fields as JSON values, in canonical order: what is in order is sorted at once."""
    value = {
        "actor": entry.actor,
        "after": {"root": entry.after.root, "size": entry.after.size},
        "body": entry.body,
        "created": entry.created,
        "id": entry.id,
        "salt": entry.salt,
        "type": str(entry.type),
        "v": entry.v,
    }
    if entry.parent is not None:
        value["parent"] = {"id": entry.parent.id, "leaf": entry.parent.leaf}
    return value


def encode(entry: Entry) -> bytes:
    """Return the entry's line (no newline). Raises LogError or CanonError for what `parse` would not take."""
    clash = _FIELDS & entry.extra.keys()
    if clash:
        raise LogError(f"extra fields may not be called {', '.join(sorted(clash))}", "these are the envelope's")
    plain = _plain(entry) | entry.extra
    line = canon.draft(plain)
    if line is not None and quick(line) == entry:
        return line
    line = canon.dumps(plain)
    parse(line)
    return line
