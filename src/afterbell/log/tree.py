"""The Merkle tree of RFC 6962 section 2.1 (the same as RFC 9162): hashes, roots, proofs and their verifiers.

A proof means something only together with a size and a root from one checkpoint. Nothing here reads an entry:
leaves are 32-byte hashes.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from afterbell.errors import LogError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()
MAX_SIZE = 2**63 - 1
_LEAF, _NODE = hashlib.sha256(b"\x00"), hashlib.sha256(b"\x01")  # a copy of one begun is quicker than a new one


def leaf_hash(entry: bytes) -> bytes:
    """Return SHA-256(0x00 || entry), 32 bytes."""
    begun = _LEAF.copy()
    begun.update(entry)
    return begun.digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return SHA-256(0x01 || left || right), 32 bytes."""
    begun = _NODE.copy()
    begun.update(left + right)
    return begun.digest()


class Frontier:
    """A growing tree of which only the roots of its complete subtrees are kept: log2(size) hashes."""

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self.size = 0
        self._peaks: list[bytes] = []
        for leaf in leaves:
            self.push(leaf)

    def push(self, leaf: bytes) -> None:
        """Take the next leaf hash."""
        node, peaks, rest = leaf, self._peaks, self.size
        while rest & 1:
            begun = _NODE.copy()  # a node_hash, without the call
            begun.update(peaks.pop() + node)
            node = begun.digest()
            rest >>= 1
        peaks.append(node)
        self.size += 1

    def root(self) -> bytes:
        """Return the root over the leaves pushed so far."""
        if not self._peaks:
            return EMPTY_ROOT
        node = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            node = node_hash(peak, node)
        return node


def root(leaves: Iterable[bytes]) -> bytes:
    """Return the root over leaf hashes."""
    return Frontier(leaves).root()


def _split(size: int) -> int:
    """Return the largest power of two smaller than `size` (at least 2)."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_proof(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """Return PATH(index, leaves), from the leaf upwards. Raises LogError for an index not in the tree."""
    if not 0 <= index < len(leaves):
        raise LogError(f"entry {index} is not in a tree of {len(leaves)}", "indexes start at 0")
    if len(leaves) == 1:
        return ()
    middle = _split(len(leaves))
    if index < middle:
        return (*inclusion_proof(leaves[:middle], index), root(leaves[middle:]))
    return (*inclusion_proof(leaves[middle:], index - middle), root(leaves[:middle]))


def _subproof(leaves: Sequence[bytes], old_size: int, known: bool) -> tuple[bytes, ...]:
    if old_size == len(leaves):
        return () if known else (root(leaves),)
    middle = _split(len(leaves))
    if old_size <= middle:
        return (*_subproof(leaves[:middle], old_size, known), root(leaves[middle:]))
    return (*_subproof(leaves[middle:], old_size - middle, False), root(leaves[:middle]))


def consistency_proof(leaves: Sequence[bytes], old_size: int) -> tuple[bytes, ...]:
    """Return PROOF(old_size, leaves): that the first `old_size` leaves are still what they were.

    Empty for `old_size` 0 and for the tree's own size. Raises LogError for a size the tree never had.
    """
    if not 0 <= old_size <= len(leaves):
        raise LogError(f"a tree of {len(leaves)} never had size {old_size}", "give an earlier size")
    return _subproof(leaves, old_size, True) if old_size else ()


def _all_hashes(*hashes: bytes) -> bool:
    return all(len(item) == HASH_BYTES for item in hashes)


def _climb(position: int, last: int) -> tuple[int, int]:
    """Go up until `position` is a right child, or the leftmost node."""
    while position and not position & 1:
        position >>= 1
        last >>= 1
    return position, last


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], tree_root: bytes) -> bool:
    """Tell whether `proof` shows `leaf` at `index` of the tree (size, root): RFC 9162 section 2.1.3.2."""
    if not 0 <= index < size <= MAX_SIZE or not _all_hashes(leaf, tree_root, *proof):
        return False
    position, last = index, size - 1
    node = leaf
    for sibling in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            node = node_hash(sibling, node)
            position, last = _climb(position, last)
        else:
            node = node_hash(node, sibling)
        position >>= 1
        last >>= 1
    return last == 0 and node == tree_root


def verify_consistency(old_size: int, new_size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Tell whether `proof` shows the old tree to be a prefix of the new one: RFC 9162 section 2.1.4.2."""
    if not 0 <= old_size <= new_size <= MAX_SIZE or not _all_hashes(old_root, new_root, *proof):
        return False
    if old_size == 0 and old_root != EMPTY_ROOT:
        return False
    if old_size == new_size:
        return not proof and old_root == new_root
    if old_size == 0 or not proof:
        return not proof and old_size == 0
    # The root of a complete old tree is the first node of the path, so the proof leaves it out.
    path = (old_root, *proof) if old_size & (old_size - 1) == 0 else tuple(proof)
    position, last = old_size - 1, new_size - 1
    while position & 1:
        position >>= 1
        last >>= 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            old = node_hash(sibling, old)
            new = node_hash(sibling, new)
            position, last = _climb(position, last)
        else:
            new = node_hash(new, sibling)
        position >>= 1
        last >>= 1
    return last == 0 and old == old_root and new == new_root
