"""Keys outside the repository: the private key that signs this machine's log, and the public keys that are pinned.

They lie in the user's configuration directory, readable by the user alone. For CI, AFTERBELL_KEY holds the private
key (its text, or the path of a file) and AFTERBELL_PIN public keys. A pin inside the repository would prove nothing.
"""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

import platformdirs

from afterbell.disk import files
from afterbell.errors import LogError, UsageError
from afterbell.log import note
from afterbell.log.note import Signer, Verifier

_LONGEST = 4096
_SUCCESSOR = ".next"
_PRIVATE_DIRECTORY = 0o700


def place(name: str) -> Path:
    """Return where a log's private key lies, or would lie, on this machine."""
    return _path("keys", name)


def stored(name: str) -> Signer | None:
    """Return the private key that this machine keeps for a log, None when it keeps none."""
    return _held(place(name))


def store(signer: Signer) -> Path:
    """Keep a private key and return where. Raises UsageError when the log has one already: it is never replaced."""
    path = place(signer.name)
    _private_directory(path.parent)
    try:
        files.write_once(path, f"{signer.text}\n".encode(), files.PRIVATE)
    except files.ExistsError:
        raise UsageError(f"{signer.name} has a key already in {path}", "afterbell key rotate replaces a key") from None
    return path


def settle(name: str) -> None:
    """Force the name of a log's key to the disk, before it signs: whoever stored it may have died before doing so."""
    path = place(name)
    if files.read(path, 1) is not None:
        files.sync_directory(path.parent)


def keep_successor(signer: Signer) -> None:
    """Keep a new private key beside the log's present one, durable before anything in the log names it."""
    path = _path("keys", signer.name)
    if _held(path) is None:
        raise UsageError(
            f"{signer.name} has no key file on this machine",
            "rotate where it lies: AFTERBELL_KEY cannot be changed here",
        )
    _keep(path.with_name(path.name + _SUCCESSOR), signer)


def successor(name: str) -> Signer | None:
    """Return the key to which a log's signing is being handed on, None when no rotation is under way."""
    path = _path("keys", name)
    return _held(path.with_name(path.name + _SUCCESSOR))


def promote(signer: Signer) -> Path:
    """Put the successor in the place of a log's key, which stays beside it under its key id. May be done again."""
    path = _path("keys", signer.name)
    old = note.signer(_text(path))
    if old != signer:
        _keep(path.with_name(f"{path.name}.{old.verifier.key_id.hex()}"), old)
        _keep(path, signer)
    files.remove(path.with_name(path.name + _SUCCESSOR))
    files.sync_directory(path.parent)
    return path


def signer(name: str) -> Signer | None:
    """Return the private key of a log, None when this machine has none. Raises LogError for one that is no key."""
    given = os.environ.get("AFTERBELL_KEY", "").strip()
    if given:
        return note.signer(_text(Path(given)) if not given.startswith("PRIVATE+KEY+") else given)
    return _held(_path("keys", name))


def signers(name: str) -> tuple[Signer, ...]:
    """Return every key that signs a log's heads now: its own, and in the middle of a rotation also the next one."""
    held = (signer(name), successor(name))
    return tuple(dict.fromkeys(each for each in held if each is not None))


def pin(verifier: Verifier) -> Path:
    """Remember a log's public key on this machine; one that is pinned already stays, and later keys follow from it.

    Durable when this returns, also where it was there.
    """
    path = _path("pins", verifier.name)
    files.make_dirs(path.parent)
    try:
        files.write_once(path, f"{verifier}\n".encode())
    except files.ExistsError:
        files.sync_directory(path.parent)
    return path


def pinned(name: str) -> tuple[Verifier, ...]:
    """Return the public keys that this machine itself has pinned for a log."""
    data = files.read(_path("pins", name), _LONGEST)
    return () if data is None else tuple(note.verifier(word) for word in data.decode("utf-8", "replace").split())


def pins(name: str) -> tuple[Verifier, ...]:
    """Return the public keys that are pinned for a log: AFTERBELL_PIN's, else those of this machine."""
    given = os.environ.get("AFTERBELL_PIN", "").split()
    return tuple(note.verifier(word) for word in given) if given else pinned(name)


def _path(kind: str, name: str) -> Path:
    """Name a log's file by a digest, since a log's name may be any text."""
    digest = hashlib.sha256(name.encode()).hexdigest()[:24]
    return platformdirs.user_config_path("afterbell") / kind / digest


def _keep(path: Path, signer: Signer) -> None:
    files.replace(path, f"{signer.text}\n".encode(), files.PRIVATE)


def _held(path: Path) -> Signer | None:
    data = files.read(path, _LONGEST)
    if data is None:
        return None
    _check_private(path)
    return note.signer(data.decode("utf-8", "replace"))


def _check_private(path: Path) -> None:
    if os.name != "nt" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise LogError(f"others can read the private key {path}", f"chmod 600 {path}, or make a new key")


def _private_directory(path: Path) -> None:
    files.make_dirs(path)
    path.chmod(_PRIVATE_DIRECTORY)


def _text(path: Path) -> str:
    data = files.read(path, _LONGEST)
    if data is None:
        raise UsageError(f"no key file {path}", "AFTERBELL_KEY holds the key's text or the path of its file")
    return data.decode("utf-8", "replace")
