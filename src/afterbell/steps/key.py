"""Key: makes the key that signs a log's heads. It never lies in the repository; what is pinned elsewhere is public."""

from __future__ import annotations

import secrets
from pathlib import Path

from msgspec import Struct

from afterbell.disk import keys
from afterbell.disk.house import House
from afterbell.errors import UsageError
from afterbell.log import note, special
from afterbell.log.entry import Entry, EntryType
from afterbell.log.note import KeyType, Signer, Verifier
from afterbell.steps.entries import add_special
from afterbell.steps.records import journal
from afterbell.steps.seal import origin_of

SEED_BYTES = 32


ROTATION_ROLE = "code owner"


class MadeKey(Struct, frozen=True, kw_only=True):
    """The public key, to be pinned outside the repository, and where the private one lies."""

    verifier: Verifier
    path: Path


def new(house: House) -> MadeKey:
    """Make the log's Ed25519 key, keep it in the user's configuration directory and pin its public half here.

    If that was interrupted, it is finished with the same key. Raises UsageError when the log has a key, or another's
    pin, when its name says nothing to others, and where the key would lie in the house.
    """
    origin = origin_of(house)
    if origin.startswith("localhost/"):
        hint = 'set origin = "example.com/team/postmortems" under [house] in afterbell.toml before the first seal'
        raise UsageError(f"the log is called {origin}: a key needs a name that others can tell apart", hint)
    path = keys.place(origin)
    if house.root.resolve() in path.resolve().parents:
        raise UsageError(f"{path} is inside the house", "set XDG_CONFIG_HOME to a directory outside the repository")
    made, pinned = keys.stored(origin), keys.pinned(origin)
    if made is None and pinned:
        raise UsageError(
            f"{origin} is pinned here and its key is elsewhere", "seal where it lies, or set AFTERBELL_KEY"
        )
    if made is None:
        made = Signer(name=note.check_name(origin), type=KeyType.NOTE, seed=secrets.token_bytes(SEED_BYTES))
        keys.store(made)
    # Also where both are there: whoever made them may have died before they were on the disk.
    keys.settle(origin)
    keys.pin(made.verifier)
    if pinned:
        raise UsageError(f"{origin} has a key already in {path}", "afterbell key rotate replaces a key")
    return MadeKey(verifier=made.verifier, path=path)


def rotate(house: House) -> MadeKey:
    """Hand the signing on to a new key: an entry signed by the old one, sealed under both.

    Readers who pinned the old key follow the entry. The new key is on the disk before the entry names it, and takes
    the old one's place after the seal: a rotation that was interrupted is finished by the next, with the same key.
    Raises UsageError when the old key is not on this machine.
    """
    origin = origin_of(house)
    old = keys.signer(origin)
    if old is None:
        raise UsageError(f"{origin} has no key on this machine", "rotate where the key lies, or: afterbell key new")
    made = Signer(name=origin, type=KeyType.NOTE, seed=secrets.token_bytes(SEED_BYTES))
    new = keys.successor(origin) or made
    keys.keep_successor(new)  # also one that is there: whoever made it may have died before it was on the disk
    log = journal(house)
    log.seal(origin, *keys.signers(origin))
    if not any(_hands_on(stored.entry, new) for stored in log.entries()):
        add_special(log, EntryType.KEY, special.change(origin, old, new.verifier), ROTATION_ROLE)
        log.seal(origin, *keys.signers(origin))
    return MadeKey(verifier=new.verifier, path=keys.promote(new))


def _hands_on(entry: Entry, new: Signer) -> bool:
    change = special.key_change(entry)
    return change is not None and change.new == str(new.verifier)
