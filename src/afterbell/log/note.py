"""C2SP signed notes: keys, their text forms, and who signed a text. Pure: keys come in as values.

Ed25519 notes (type 0x01) and cosignatures (cosignature/v1, type 0x04) are made and checked; a signature of a key that
nobody asked about is passed over, one that names a known key and does not hold spoils the note.
Sources: c2sp.org/signed-note, c2sp.org/tlog-cosignature.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable
from enum import IntEnum

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from msgspec import Struct

from afterbell.errors import LogError

_KEY_BYTES = 32
_SIGNATURE_BYTES = 64
_ID_BYTES = 4
_TIME_BYTES = 8
_MAX_TIME = 2**63 - 1
_PRIVATE = "PRIVATE+KEY+"
_HINT = "copy the whole key: NAME+8 hex digits+base64"


class KeyType(IntEnum):
    """What a key signs, and so the first byte of its text form."""

    NOTE = 0x01
    COSIGNATURE = 0x04


class Verifier(Struct, frozen=True, kw_only=True):
    """A public key with its name: what a reader pins. `public` is 32 bytes of Ed25519."""

    name: str
    type: KeyType
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The first four bytes of SHA-256(name || 0x0A || type || key)."""
        data = self.name.encode() + b"\n" + bytes([self.type]) + self.public
        return hashlib.sha256(data).digest()[:_ID_BYTES]

    def __str__(self) -> str:
        blob = base64.b64encode(bytes([self.type]) + self.public).decode()
        return f"{self.name}+{self.key_id.hex()}+{blob}"


class Signer(Struct, frozen=True, kw_only=True):
    """A private key with its name. `seed` is 32 bytes; `text` is to be kept secret, `repr` does not show it."""

    name: str
    type: KeyType
    seed: bytes

    @property
    def verifier(self) -> Verifier:
        """The public half."""
        public = Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()
        return Verifier(name=self.name, type=self.type, public=public)

    @property
    def text(self) -> str:
        """The key as Go's note package writes it: PRIVATE+KEY+name+id+base64."""
        blob = base64.b64encode(bytes([self.type]) + self.seed).decode()
        return f"{_PRIVATE}{self.name}+{self.verifier.key_id.hex()}+{blob}"

    def __repr__(self) -> str:
        return f"Signer({self.name!r})"


class Signed(Struct, frozen=True, kw_only=True):
    """A signature that holds; `at` is a cosignature's time in Unix seconds, None for a note's."""

    verifier: Verifier
    at: int | None = None


def verifier(text: str) -> Verifier:
    """Read a public key's text form. Raises LogError for what is not one, also when its id is not the key's."""
    name, key_id, blob = _parts(text.strip())
    made = Verifier(name=name, type=_type(blob), public=blob[1:])
    if made.key_id.hex() != key_id:
        raise LogError(f"the key of {name!r} does not fit its id {key_id}", _HINT)
    return made


def signer(text: str) -> Signer:
    """Read a private key's text form. Raises LogError, without showing the key, for what is not one."""
    plain = text.strip()
    if not plain.startswith(_PRIVATE):
        raise LogError("not a private key", "it begins with PRIVATE+KEY+; afterbell key new makes one")
    name, key_id, blob = _parts(plain.removeprefix(_PRIVATE))
    made = Signer(name=name, type=_type(blob), seed=blob[1:])
    if made.verifier.key_id.hex() != key_id:
        raise LogError(f"the private key of {name!r} does not fit its id {key_id}", _HINT)
    return made


def check_name(name: str) -> str:
    """Return a key's name. Raises LogError for one that a note cannot hold: empty, with a space or a plus sign."""
    odd = any(character.isspace() or character == "+" or character < " " for character in name)
    if not name or odd:
        raise LogError(f"{name!r} cannot be a key's name", "use one like example.com/team/log")
    return name


def sign(text: str, key: Signer, at: int | None = None) -> str:
    """Return the signature line (no newline) of a note's text, which ends in a newline.

    A cosignature needs `at`, Unix seconds.
    """
    if not text.endswith("\n"):
        raise LogError("a note's text ends in a newline", "add it")
    private = Ed25519PrivateKey.from_private_bytes(key.seed)
    head = key.verifier.key_id
    if key.type is KeyType.COSIGNATURE:
        if at is None or not 0 <= at <= _MAX_TIME:
            raise LogError("a cosignature needs its time", "Unix seconds")
        head += at.to_bytes(_TIME_BYTES, "big")
    blob = head + private.sign(_message(text, key.type, at))
    return f"\u2014 {key.name} {base64.b64encode(blob).decode()}"


def signed_by(text: str, lines: Iterable[str], keys: Iterable[Verifier]) -> tuple[Signed, ...]:
    """Return the signatures of `keys` that hold, in the order of the lines; a key counts once.

    Raises LogError when a line names one of the keys (name and id) and does not hold.
    """
    known = {(key.name, key.key_id): key for key in keys}
    found: dict[tuple[str, bytes], Signed] = {}
    for line in lines:
        name, blob = _line(line)
        place = (name, blob[:_ID_BYTES])
        if place in known and place not in found:
            found[place] = _held(text, known[place], blob[_ID_BYTES:])
    return tuple(found.values())


def _held(text: str, key: Verifier, blob: bytes) -> Signed:
    at = None
    if key.type is KeyType.COSIGNATURE and len(blob) == _TIME_BYTES + _SIGNATURE_BYTES:
        at, blob = int.from_bytes(blob[:_TIME_BYTES], "big"), blob[_TIME_BYTES:]
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(blob, _message(text, key.type, at))
    except (InvalidSignature, ValueError):
        raise LogError(f"the signature of {key.name} does not hold", "the text or the signature was changed") from None
    return Signed(verifier=key, at=at)


def _message(text: str, kind: KeyType, at: int | None) -> bytes:
    if kind is KeyType.COSIGNATURE:
        return f"cosignature/v1\ntime {at}\n{text}".encode()
    return text.encode()


def _line(line: str) -> tuple[str, bytes]:
    dash, _, rest = line.partition(" ")
    name, _, word = rest.partition(" ")
    blob = decode(word)
    if dash != "\u2014" or len(blob) <= _ID_BYTES:
        raise LogError("a signature line is not '\u2014 name base64'", "the note was changed")
    return name, blob


def decode(word: str) -> bytes:
    """Decode base64 strictly: Python alone lets non-zero trailing bits pass. Raises LogError."""
    try:
        data = base64.b64decode(word, validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if not data or base64.b64encode(data).decode() != word:
        raise LogError(f"not base64: {word[:40]!r}", "it was cut or changed")
    return data


def _parts(text: str) -> tuple[str, str, bytes]:
    name, _, rest = text.partition("+")
    key_id, _, word = rest.partition("+")
    if not word or len(key_id) != 2 * _ID_BYTES:
        raise LogError("not a key", _HINT)
    return check_name(name), key_id, decode(word)


def _type(blob: bytes) -> KeyType:
    try:
        kind = KeyType(blob[0])
    except ValueError:
        raise LogError(
            f"keys of type {blob[0]:#04x} are not known here", "known: 0x01 note, 0x04 cosignature"
        ) from None
    if len(blob) != 1 + _KEY_BYTES:
        raise LogError("an Ed25519 key has 32 bytes", _HINT)
    return kind
