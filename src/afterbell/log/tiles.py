"""C2SP tlog-tiles: the log as static files that third parties can fetch, check and mirror.

Level 0 holds leaf hashes, level l+1 the root of each FULL tile of level l; partial tiles are never hashed upwards.
An erased entry's bundle cannot be made, since its text is gone: its bundle is left out, its hashes are not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from afterbell.log import tree

WIDTH = 256
_TOP = 64


def number(index: int) -> str:
    """Return a tile's number as a path: groups of three digits, all but the last with an x (1234067: x001/x234/067)."""
    groups = [f"{index % 1000:03d}"]
    while index >= 1000:  # noqa: PLR2004 - groups of three digits
        index //= 1000
        groups.append(f"x{index % 1000:03d}")
    return "/".join(reversed(groups))


def hash_tiles(leaves: Sequence[bytes]) -> Iterator[tuple[str, bytes]]:
    """Yield (path, bytes) of every hash tile of the tree over leaf hashes (32 bytes each)."""
    hashes: Sequence[bytes] = leaves
    for level in range(_TOP):
        if not hashes:
            return
        full = len(hashes) // WIDTH
        above = []
        for index in range(full):
            tile = hashes[WIDTH * index : WIDTH * (index + 1)]
            above.append(tree.root(tile))
            yield f"tile/{level}/{number(index)}", b"".join(tile)
        rest = hashes[WIDTH * full :]
        if rest:
            yield f"tile/{level}/{number(full)}.p/{len(rest)}", b"".join(rest)
        hashes = above


def bundle(lines: Sequence[bytes], index: int) -> tuple[str, bytes]:
    """Return (path, bytes) of an entry bundle: each entry with its length as a 16-bit number before it."""
    width = f".p/{len(lines)}" if len(lines) < WIDTH else ""
    data = b"".join(len(line).to_bytes(2, "big") + line for line in lines)
    return f"tile/entries/{number(index)}{width}", data
