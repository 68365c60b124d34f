"""The order in which pending entries are sealed: by id, with every parent before its amendments.

A uuid7 id sorts by the writer's clock; where two clocks disagree an amendment can sort before its parent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from afterbell.log.examine import Waiting


def parents_first(waiting: Iterable[Waiting]) -> tuple[Waiting, ...]:
    """Return the entries in sealing order: the same for the same set, however it is given."""
    by_id = {item.id: item for item in waiting}
    ordered: list[Waiting] = []
    placed: set[str] = set()
    for name in sorted(by_id):
        chain: list[Waiting] = []
        item: Waiting | None = by_id[name]
        while item is not None and item.id not in placed:
            placed.add(item.id)
            chain.append(item)
            item = by_id.get(item.parent.id) if item.parent else None
        ordered.extend(reversed(chain))
    return tuple(ordered)
