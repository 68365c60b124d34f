"""Owned: which roles own the modules that a text names, by the house's CODEOWNERS. No handle or address comes out."""

from __future__ import annotations

from afterbell.disk import files
from afterbell.disk.house import House
from afterbell.query import owners

_PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")
_LONGEST = 3 * 1024 * 1024


class Owned:
    """Asks one house's CODEOWNERS; the first of the usual places that has one counts, as code hosts have it."""

    def __init__(self, house: House) -> None:
        """Read the file; without one every module is the code owner's."""
        found = (files.read(house.root / place, _LONGEST) for place in _PLACES)
        self._rules = next((data.decode("utf-8", "replace") for data in found if data is not None), "")

    def roles(self, text: str) -> tuple[str, ...]:
        """Return the roles that own the files and folders which a text names."""
        return owners.roles(self._rules, owners.modules(text))
