"""Which part of a long list stands on a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from msgspec import Struct

_Item = TypeVar("_Item")


class Pages(Struct, frozen=True, kw_only=True):
    """Which part of a long list is shown: pages count from 1, `first` and `last` are items from 1 (0 = none)."""

    page: int
    pages: int
    first: int
    last: int
    total: int

    def of(self, items: Sequence[_Item]) -> Sequence[_Item]:
        """Return those of all the items that stand on this page."""
        return items[max(0, self.first - 1) : self.last]


def pages(total: int, page: int, size: int) -> Pages:
    """Return which items stand on a page; a page beyond the last is the last."""
    count = max(1, -(-total // size))
    here = min(max(1, page), count)
    first = (here - 1) * size + 1 if total else 0
    return Pages(page=here, pages=count, first=first, last=min(total, here * size), total=total)
