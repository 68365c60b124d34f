"""Evidence pinned beside the incident: the kept bytes by hash, and a list of them that a record cites by its own hash.

`postmortems/evidence/<2 digits>/<sha256>.zst` are copies of the store's evidence, so they outlive `.afterbell` and what
damages one of the two leaves the other. `postmortems/evidence/lists/<subject>.<sha256>.json` says what belongs to one
incident. Both are named by their content: nothing is ever rewritten, incidents share what they have in common, and
whoever has the name can check the bytes.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import shutil
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from afterbell import canon
from afterbell.disk import evidence, files
from afterbell.errors import CanonError, FormatError, StoreError

VERSION = 1
_LIST = ".json"
_LONGEST = 64 * 1024 * 1024
_SUBJECT = re.compile(r"[A-Za-z0-9-]{1,80}")


class Pinned(Struct, frozen=True, kw_only=True):
    """One piece of evidence: its hash and size uncompressed, how it was read, under which name, and whose it is.

    `holds` says why it belongs: "trace" (the incident's own), "kin", "writer", "book", "facts".
    """

    sha256: str
    size: int
    format: str
    name: str
    holds: tuple[str, ...]


class Frozen(Struct, frozen=True, kw_only=True):
    """What belongs to one incident (`subject`: an event or trace id); `lost` are hashes whose bytes were gone then."""

    version: int = VERSION
    subject: str
    trace_ids: tuple[str, ...]
    kin: tuple[str, ...] = ()
    pinned: tuple[Pinned, ...] = ()
    lost: tuple[str, ...] = ()


class FrozenFiles:
    """The pinned evidence in one directory. Making the handle touches nothing."""

    def __init__(self, directory: Path) -> None:
        """Keep the directory; it need not be there."""
        self.directory = directory
        self.lists = directory / "lists"

    def pin(self, source: Path, sha256: str) -> bool:
        """Pin the evidence with this hash out of the store's folder `source`; True when it was not pinned before.

        Raises StoreError when the store does not have it, DiskError when it cannot be written.
        """
        target = evidence.place(self.directory, sha256)
        if target.is_file():
            return False
        kept = evidence.place(source, sha256)
        if not kept.is_file():
            raise StoreError(f"evidence {sha256[:16]}… is not in the store", "ingest its source again")
        files.make_dirs(target.parent)
        temporary = target.with_name(f"{files.TEMPORARY_PREFIX}{secrets.token_hex(8)}")
        with files.reported("pin", target):
            shutil.copyfile(kept, temporary)
        files.settle(temporary, target)
        return True

    def sweep(self) -> None:
        """Remove what dead writers left. Call it only when no writer can be at work."""
        for name in files.names(self.directory):
            files.sweep_temporaries(self.directory / name)

    def write(self, frozen: Frozen) -> str:
        """Write the list of an incident's evidence and return its SHA-256; one that is there already stays."""
        data = canon.dumps(msgspec.to_builtins(frozen))
        sha256 = hashlib.sha256(data).hexdigest()
        files.make_dirs(self.lists)
        with suppress(files.ExistsError):
            files.write_once(self.lists / f"{_plain(frozen.subject)}.{sha256}{_LIST}", data)
        return sha256

    def find(self, sha256: str) -> Frozen | None:
        """Return the list with this hash; None when it is not here or its bytes are not those of the hash."""
        for name in (each for each in files.names(self.lists) if _hash_in(each) == sha256):
            data = files.read(self.lists / name, _LONGEST) or b""
            if hashlib.sha256(data).hexdigest() == sha256:
                return _read(data)
        return None

    def is_listed(self, subject: str) -> bool:
        """Tell whether the evidence of this incident was listed before."""
        return any(name.startswith(f"{_plain(subject)}.") for name in files.names(self.lists))

    def hashes(self) -> frozenset[str]:
        """Return the hashes by which lists go here, whatever they hold."""
        return frozenset(map(_hash_in, files.names(self.lists))) - {""}

    def has(self, sha256: str) -> bool:
        """Tell whether the evidence with this hash is pinned here, whatever it holds."""
        return evidence.place(self.directory, sha256).is_file()

    @staticmethod
    def is_kept(source: Path, sha256: str) -> bool:
        """Tell whether the store's folder `source` has the evidence, so that it can be pinned."""
        return evidence.place(source, sha256).is_file()

    def unpack(self, sha256: str, target: Path) -> None:
        """Write the pinned bytes to a file. Raises StoreError when they are gone or not those of the hash."""
        with files.reported("write", target):
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as file:
                for chunk in evidence.chunks(self.directory, sha256):
                    file.write(chunk)

    def is_whole(self, sha256: str) -> bool:
        """Read the pinned evidence and tell whether its bytes are those of its hash."""
        try:
            for _chunk in evidence.chunks(self.directory, sha256):
                pass
        except StoreError:
            return False
        return True


def _plain(subject: str) -> str:
    return subject if _SUBJECT.fullmatch(subject) else hashlib.sha256(subject.encode()).hexdigest()[:24]


def _hash_in(name: str) -> str:
    """Return the hash by which a list goes, nothing for a file that is not named as one."""
    subject, _dot, sha256 = name.removesuffix(_LIST).rpartition(".")
    return sha256 if subject and name.endswith(_LIST) else ""


def _read(data: bytes) -> Frozen | None:
    try:
        return msgspec.convert(canon.loads(data), Frozen)
    except (FormatError, CanonError, msgspec.ValidationError):
        return None
