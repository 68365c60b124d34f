"""Seal: pending entries move into the log under one new head. Done on the trunk, by a person or by CI."""

from __future__ import annotations

import re

from msgspec import Struct

from afterbell.disk import keys
from afterbell.disk.house import House
from afterbell.errors import PolicyError
from afterbell.log.checkpoint import Head
from afterbell.steps import pages
from afterbell.steps.records import journal

_ODD = re.compile(r"[\s+]")


class Sealed(Struct, frozen=True, kw_only=True):
    """The new head and how many entries it added."""

    origin: str
    head: Head
    added: int


def seal(house: House) -> Sealed:
    """Seal everything pending. Raises LogError when the log does not verify: it is never sealed over."""
    log = journal(house)
    before = log.head()
    origin = origin_of(house)
    keys.settle(origin)
    head = log.seal(origin, *keys.signers(origin))
    pages.write(house)
    return Sealed(origin=origin, head=head, added=head.size - before.size)


def origin_of(house: House) -> str:
    """Return the log's name: the checkpoint's, else `[house] origin` of the policy file, else one from the folder."""
    known = journal(house).checkpoint()
    if known is not None:
        return known.origin
    stated = house.policy().get("house", {}).get("origin", "")
    if stated and (not isinstance(stated, str) or _ODD.search(stated)):
        raise PolicyError("origin in [house] cannot be a log's name", "write it like example.com/team/postmortems")
    return stated or "localhost/" + (_ODD.sub("-", house.root.resolve().name) or "house")
