"""What `verify` says: a ruling, the level reached, and every problem by code, place and words.

Only values and the rules that rank them; `examine` finds the problems.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from afterbell.errors import FINE, FOUND, STALE, USAGE


class Level(StrEnum):
    """How much was shown, each level on top of those before it."""

    L0 = "L0"
    """Structure: every line is an entry, ids are used once, amendments have their parents."""
    L1 = "L1"
    """Integrity: the entries are those of the checkpoint."""
    L2 = "L2"
    """Authorship: a key pinned outside the repository signed the checkpoint."""
    L3 = "L3"
    """Memory: the log grew out of a head remembered elsewhere."""
    L4 = "L4"
    """Witnessed: others saw the same head."""
    L5 = "L5"
    """Time: the head existed before a moment that others vouch for."""


class Ruling(StrEnum):
    """The verdict in one word. Not being able to judge is not a pass."""

    OK = "ok"
    TAMPERED = "tampered"
    CANNOT_JUDGE = "cannot_judge"
    STALE = "stale"


class Code(StrEnum):
    """Every kind of problem."""

    MALFORMED = "malformed"
    CRLF = "crlf"
    NUL = "nul"
    BOM = "bom"
    BLANK_LINE = "blank_line"
    TORN_LINE = "torn_line"
    TOO_LONG = "too_long"
    DUPLICATE_ID = "duplicate_id"
    UNKNOWN_PARENT = "unknown_parent"
    PARENT_LEAF = "parent_leaf"
    PARENT_ORDER = "parent_order"
    UNKNOWN_HEAD = "unknown_head"
    STRAY_FILE = "stray_file"
    SEGMENT_LENGTH = "segment_length"
    MISSING_SEGMENT = "missing_segment"
    PENDING_NAME = "pending_name"

    BAD_CHECKPOINT = "bad_checkpoint"
    BAD_HEAD = "bad_head"
    CHANGED = "changed"
    MISSING_ENTRIES = "missing_entries"
    BEYOND_HEAD = "beyond_head"
    FALSE_HEAD = "false_head"
    MISSING_HEAD = "missing_head"
    MISSING_CHECKPOINT = "missing_checkpoint"
    ROLLED_BACK = "rolled_back"
    OTHER_ORIGIN = "other_origin"
    PENDING_DIFFERS = "pending_differs"
    BAD_SIGNATURE = "bad_signature"
    NOT_SIGNED = "not_signed"
    LOST_LEVEL = "lost_level"
    REWRITTEN = "rewritten"
    HOLE = "hole"
    BAD_ERASURE = "bad_erasure"
    BAD_STAMP = "bad_stamp"

    NO_CHECKPOINT = "no_checkpoint"
    EMPTY = "empty"
    OUT_OF_REACH = "out_of_reach"
    NO_QUORUM = "no_quorum"

    UNFINISHED_SEAL = "unfinished_seal"
    PENDING_ONLY = "pending_only"
    OLD_WITNESS = "old_witness"

    ERASED = "erased"


STRUCTURE = frozenset(
    {
        Code.MALFORMED,
        Code.CRLF,
        Code.NUL,
        Code.BOM,
        Code.BLANK_LINE,
        Code.TORN_LINE,
        Code.TOO_LONG,
        Code.DUPLICATE_ID,
        Code.UNKNOWN_PARENT,
        Code.PARENT_LEAF,
        Code.PARENT_ORDER,
        Code.UNKNOWN_HEAD,
        Code.STRAY_FILE,
        Code.SEGMENT_LENGTH,
        Code.MISSING_SEGMENT,
        Code.PENDING_NAME,
    }
)
UNJUDGED = frozenset({Code.NO_CHECKPOINT, Code.EMPTY, Code.OUT_OF_REACH, Code.NO_QUORUM})
NOTED = frozenset({Code.ERASED})
"""What is shown, and no fault: an erasure that an entry explains."""
WAITING = frozenset({Code.UNFINISHED_SEAL, Code.PENDING_ONLY, Code.OLD_WITNESS})


class Problem(Struct, frozen=True, kw_only=True):
    """One thing found; `where` is a path inside the log's directory, with the line after a colon."""

    code: Code
    where: str
    message: str


class Verdict(Struct, frozen=True, kw_only=True):
    """The answer of `verify`; `msgspec.to_builtins` gives its documented JSON.

    `level` is the highest level that holds, None when not even the structure does. `entries` counts sealed
    lines, `pending` what waits to be sealed, `root` is over the sealed lines as found (64 hex digits).
    """

    verdict: Ruling
    level: Level | None
    wanted: Level
    entries: int
    pending: int
    root: str
    problems: tuple[Problem, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 ok, 1 tampered, 2 cannot judge, 3 stale or pending only."""
        codes = {Ruling.OK: FINE, Ruling.TAMPERED: FOUND, Ruling.CANNOT_JUDGE: USAGE, Ruling.STALE: STALE}
        return codes[self.verdict]


def ruling(codes: set[Code]) -> Ruling:
    """Rank the problems: tampering before doubt before staleness."""
    if codes - UNJUDGED - WAITING - NOTED:
        return Ruling.TAMPERED
    if codes & UNJUDGED:
        return Ruling.CANNOT_JUDGE
    return Ruling.STALE if codes & WAITING else Ruling.OK


def level_reached(codes: set[Code], has_checkpoint: bool, shown: frozenset[Level] = frozenset()) -> Level | None:
    """Return the highest level that holds; `shown` are those above L1 that hold by themselves."""
    if codes & STRUCTURE:
        return None
    if not has_checkpoint or codes - UNJUDGED - WAITING - NOTED:
        return Level.L0
    reached = Level.L1
    for level in (Level.L2, Level.L3, Level.L4, Level.L5):
        if level not in shown:
            break
        reached = level
    return reached
