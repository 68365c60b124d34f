"""C2SP tlog-policy: which log, which witnesses, and how many of them must have seen a head.

It reads the policy and counts; where the policy came from is the caller's to trust. Source: c2sp.org/tlog-policy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from afterbell.errors import LogError
from afterbell.log import note
from afterbell.log.note import KeyType, Signed, Verifier

NONE = "none"
MAX_BYTES = 1_000_000
_HINT = "see c2sp.org/tlog-policy"
_MAX_MEMBERS = 1000


class Group(Struct, frozen=True, kw_only=True):
    """A named group: `needed` of its members (witnesses or earlier groups) must hold."""

    name: str
    needed: int
    members: tuple[str, ...]


class Quorum(Struct, frozen=True, kw_only=True):
    """A policy: keys of logs, witnesses by name, groups in order, and the name that must hold ("none" asks nothing)."""

    logs: tuple[Verifier, ...]
    witnesses: Mapping[str, Verifier]
    groups: tuple[Group, ...]
    quorum: str

    def met(self, signatures: Iterable[Signed], *, not_before: int = 0) -> bool:
        """Tell whether these cosignatures, none older than `not_before` (Unix seconds), fill the quorum."""
        if self.quorum == NONE:
            return True
        seen = {each.verifier for each in signatures if each.at is not None and each.at >= not_before}
        held = {name: key in seen for name, key in self.witnesses.items()}
        for group in self.groups:
            held[group.name] = sum(held[member] for member in group.members) >= group.needed
        return held[self.quorum]


def parse(data: bytes) -> Quorum:
    """Read a policy file strictly. Raises LogError, with the line, and nothing else."""
    if len(data) > MAX_BYTES:
        raise LogError("the witness policy is too long", _HINT)
    try:
        lines = data.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        raise LogError("the witness policy is not UTF-8", _HINT) from None
    reading = _Reading()
    for number, line in enumerate(lines, start=1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        try:
            reading.take(words)
        except LogError as error:
            raise LogError(f"witness policy, line {number}: {error.message}", error.hint or _HINT) from None
    return reading.done()


class _Reading:
    """What has been read so far; names are defined before they are used."""

    def __init__(self) -> None:
        self._logs: list[Verifier] = []
        self._witnesses: dict[str, Verifier] = {}
        self._groups: list[Group] = []
        self._taken: set[str] = {NONE}
        self._placed: set[str] = set()
        self._keys: set[bytes] = set()
        self._quorum = ""

    def take(self, words: Sequence[str]) -> None:
        """Take one line."""
        kind, *rest = words
        if kind == "log" and 1 <= len(rest) <= 2:  # noqa: PLR2004 - a key and perhaps an address
            self._logs.append(self._key(rest[0], KeyType.NOTE))
        elif kind == "witness" and 2 <= len(rest) <= 3:  # noqa: PLR2004 - name, key and perhaps an address
            self._witnesses[self._name(rest[0])] = self._key(rest[1], KeyType.COSIGNATURE)
        elif kind == "group" and len(rest) > 2:  # noqa: PLR2004 - name, count, at least one member
            self._groups.append(self._group(rest[0], rest[1], rest[2:]))
        elif kind == "quorum" and len(rest) == 1 and not self._quorum:
            if rest[0] != NONE and rest[0] not in self._taken:
                raise LogError(f"{rest[0]!r} is not defined above", "")
            self._quorum = rest[0]
        else:
            raise LogError(f"not understood: {' '.join(words)[:80]!r}", "")

    def done(self) -> Quorum:
        """Return the policy."""
        if not self._quorum:
            raise LogError("witness policy: no quorum line", "end it with: quorum NAME, or: quorum none")
        return Quorum(
            logs=tuple(self._logs), witnesses=self._witnesses, groups=tuple(self._groups), quorum=self._quorum
        )

    def _name(self, name: str) -> str:
        if name in self._taken:
            raise LogError(f"{name!r} is defined twice", "")
        self._taken.add(name)
        return name

    def _key(self, text: str, kind: KeyType) -> Verifier:
        key = note.verifier(text)
        if key.type is not kind:
            raise LogError(f"the key of {key.name} is of type {key.type:#04x}, not {kind:#04x}", "")
        if key.public in self._keys:
            raise LogError(f"the key of {key.name} stands here twice", "")
        self._keys.add(key.public)
        return key

    def _group(self, name: str, count: str, members: Sequence[str]) -> Group:
        unknown = [member for member in members if member not in self._taken - {NONE}]
        if unknown or len(set(members)) != len(members) or len(members) > _MAX_MEMBERS:
            raise LogError(f"a group's members are defined above and named once: {unknown or list(members)}", "")
        again = [member for member in members if member in self._placed]
        if again:
            raise LogError(f"{again[0]!r} is in a group already", "")
        self._placed.update(members)
        words = {"all": len(members), "any": 1}
        needed = words.get(count) or (int(count) if count.isascii() and count.isdigit() and len(count) < 5 else 0)  # noqa: PLR2004
        if not 1 <= needed <= len(members):
            raise LogError(f"{count!r} of {len(members)} members cannot be asked for", "all, any or a number")
        return Group(name=self._name(name), needed=needed, members=tuple(members))
