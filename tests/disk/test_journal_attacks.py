"""The attack list of the log's design, as far as a checkpoint without keys can see it: what is said, and where.

The cells that stay silent are here too, so that nobody promises more than holds.
"""

import shutil

import pytest

from afterbell import canon
from afterbell.disk.journal import Journal
from afterbell.errors import LogError
from afterbell.log import checkpoint, entry, tree
from afterbell.log.checkpoint import Checkpoint, Head
from afterbell.log.entry import Entry, EntryType, Parent
from afterbell.log.verdict import Code, Level, Ruling

ORIGIN = "example.com/log"
SEGMENT = "log/000000.jsonl"
OK, TAMPERED, CANNOT_JUDGE, STALE = Ruling.OK, Ruling.TAMPERED, Ruling.CANNOT_JUDGE, Ruling.STALE


def made(number, after, parent=None):
    return Entry(
        type=EntryType.AMENDMENT if parent else EntryType.POSTMORTEM,
        id=entry.uuid7(number, bytes(10)),
        created="2026-01-05T14:00:00Z",
        actor="system operator",
        after=after,
        parent=parent,
        salt=f"{number:032x}",
        body={"number": number},
    )


class Victim:
    """A log of twelve entries under heads 3, 4 and 12; entry 8 amends entry 5; one more entry is pending."""

    def __init__(self, directory):
        self.directory = directory
        self.journal = Journal(directory)
        for number in range(12):
            parent = None
            if number == 8:
                fifth = self.journal.find(self.id(5))
                parent = Parent(id=fifth.entry.id, leaf=fifth.leaf)
            self.journal.append(made(number, self.journal.head(), parent))
            if number in {2, 3, 11}:
                self.journal.seal(ORIGIN)
        self.journal.append(made(12, self.journal.head()))

    @staticmethod
    def id(number):
        return entry.uuid7(number, bytes(10))

    def path(self, name):
        return self.directory / name

    def lines(self):
        return self.path(SEGMENT).read_bytes().splitlines(keepends=True)

    def put(self, lines):
        self.path(SEGMENT).write_bytes(b"".join(lines))

    def swap(self, old, new, name=SEGMENT):
        data = self.path(name).read_bytes()
        assert old in data
        self.path(name).write_bytes(data.replace(old, new))

    def at(self, line):
        return f"{SEGMENT}:{line}"

    def forge(self, sizes):
        """Write heads and the checkpoint anew for the lines as they are."""
        for size in sizes:
            root = tree.root(tree.leaf_hash(line[:-1]) for line in self.lines()[:size])
            told = checkpoint.encode(Checkpoint(origin=ORIGIN, head=Head(size=size, root=root.hex())))
            self.path(f"heads/{size}.ckpt").write_bytes(told)
            self.path("checkpoint").write_bytes(told)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    directory = tmp_path_factory.mktemp("built") / "postmortems"
    Victim(directory)
    return directory


@pytest.fixture
def victim(built, tmp_path):
    copy = tmp_path / "postmortems"
    shutil.copytree(built, copy)
    told = object.__new__(Victim)
    told.directory, told.journal = copy, Journal(copy)
    return told


def edit(number):
    return lambda v: v.swap(b'"number":%d}' % number, b'"number":77}')


def moved(v, source, target):
    lines = v.lines()
    lines.insert(target, lines.pop(source))
    v.put(lines)


def stranger(v, number=90, **changes):
    value = canon.loads(entry.encode(made(number, v.journal.head())))
    return canon.dumps(value | changes) + b"\n"


def without_pending(v):
    shutil.rmtree(v.path("pending"))


def rolled_back(v):
    """Everything as it was when head 4 was made."""
    v.put(v.lines()[:4])
    v.path("heads/12.ckpt").unlink()
    v.path("checkpoint").write_bytes(v.path("heads/4.ckpt").read_bytes())


def rewritten(v):
    """A full rewrite: no entry names a head, no amendment a leaf, and every head is made anew."""
    lines = [stranger(v, number, after={"root": tree.EMPTY_ROOT.hex(), "size": 0}) for number in range(12)]
    v.put(lines)
    v.forge((3, 4, 12))
    without_pending(v)


def insert(at, make):
    return lambda v: v.put([*v.lines()[:at], make(v), *v.lines()[at:]])


def damage(line, change):
    def attack(v):
        lines = v.lines()
        lines[line - 1] = change(lines[line - 1])
        v.put(lines)

    return attack


# what is done to the files, the ruling, and (code, place) of problems that must be among those named
ATTACKS = {
    "1 edit a record": (edit(3), TAMPERED, [(Code.CHANGED, f"{SEGMENT}:4")]),
    "1 edit a record among eight": (edit(6), TAMPERED, [(Code.CHANGED, f"{SEGMENT}:5 to {SEGMENT}:12")]),
    "1 edit a record that was amended": (edit(5), TAMPERED, [(Code.PARENT_LEAF, f"{SEGMENT}:9")]),
    "1 edit a head": (
        lambda v: v.path("heads/4.ckpt").write_bytes(v.path("heads/12.ckpt").read_bytes()),
        TAMPERED,
        [(Code.BAD_HEAD, "heads/4.ckpt"), (Code.UNKNOWN_HEAD, f"{SEGMENT}:5")],
    ),
    "1 edit the checkpoint": (
        lambda v: v.swap(b"\n12\n", b"\n11\n", "checkpoint"),
        TAMPERED,
        [(Code.FALSE_HEAD, "checkpoint"), (Code.MISSING_HEAD, "heads/11.ckpt")],
    ),
    "1 edit a head's root": (
        lambda v: v.swap(b"\n4\n", b"\n4\nA", "heads/4.ckpt"),
        TAMPERED,
        [(Code.BAD_HEAD, "heads/4.ckpt")],
    ),
    "1 another log's head": (
        lambda v: v.swap(ORIGIN.encode(), b"example.com/other", "heads/4.ckpt"),
        TAMPERED,
        [(Code.OTHER_ORIGIN, "heads/4.ckpt")],
    ),
    "1 a checkpoint of noise": (
        lambda v: v.path("checkpoint").write_bytes(b"\xff\n"),
        TAMPERED,
        [(Code.BAD_CHECKPOINT, "checkpoint")],
    ),
    "2 edit and forge every later head": (
        lambda v: (edit(6)(v), v.forge((12,)), without_pending(v)),
        OK,
        [],
    ),
    "2 the same, but the pending entry remembers": (
        lambda v: (edit(6)(v), v.forge((12,))),
        TAMPERED,
        [(Code.UNKNOWN_HEAD, f"pending/{Victim.id(12)}.json")],
    ),
    "3 delete in the middle": (
        lambda v: v.put(v.lines()[:6] + v.lines()[7:]),
        TAMPERED,
        [(Code.MISSING_ENTRIES, f"{SEGMENT}:11")],
    ),
    "3 delete before an older head": (
        lambda v: v.put(v.lines()[1:]),
        TAMPERED,
        [(Code.CHANGED, f"{SEGMENT}:1 to {SEGMENT}:3"), (Code.MISSING_ENTRIES, f"{SEGMENT}:11")],
    ),
    "4 reorder": (lambda v: moved(v, 9, 10), TAMPERED, [(Code.CHANGED, f"{SEGMENT}:5 to {SEGMENT}:12")]),
    "4 reorder an amendment before its parent": (
        lambda v: moved(v, 8, 4),
        TAMPERED,
        [(Code.PARENT_ORDER, f"{SEGMENT}:5")],
    ),
    "4 move an entry before the head it saw": (
        lambda v: moved(v, 4, 0),
        TAMPERED,
        [(Code.UNKNOWN_HEAD, f"{SEGMENT}:1")],
    ),
    "5 insert in the middle": (
        insert(6, stranger),
        TAMPERED,
        [(Code.CHANGED, f"{SEGMENT}:5 to {SEGMENT}:12"), (Code.BEYOND_HEAD, f"{SEGMENT}:13")],
    ),
    "6 copy a line": (insert(6, lambda v: v.lines()[1]), TAMPERED, [(Code.DUPLICATE_ID, f"{SEGMENT}:7")]),
    "6 another record under a sealed id": (
        lambda v: v.path(f"pending/{v.id(2)}.json").write_bytes(stranger(v, 2, body={})),
        TAMPERED,
        [(Code.PENDING_DIFFERS, f"pending/{Victim.id(2)}.json")],
    ),
    "7 cut the tail": (lambda v: v.put(v.lines()[:10]), TAMPERED, [(Code.MISSING_ENTRIES, f"{SEGMENT}:10")]),
    "7 cut to an older head": (
        lambda v: v.put(v.lines()[:4]),
        TAMPERED,
        [(Code.MISSING_ENTRIES, f"{SEGMENT}:4")],
    ),
    "7 cut and bring back the older checkpoint": (
        lambda v: (
            v.put(v.lines()[:4]),
            v.path("checkpoint").write_bytes(v.path("heads/4.ckpt").read_bytes()),
        ),
        TAMPERED,
        [(Code.MISSING_ENTRIES, f"{SEGMENT}:4")],
    ),
    "7 cut everything": (lambda v: v.path(SEGMENT).unlink(), TAMPERED, [(Code.MISSING_ENTRIES, "log/")]),
    "8 append without sealing": (insert(12, stranger), TAMPERED, [(Code.BEYOND_HEAD, f"{SEGMENT}:13")]),
    "9 bring back an older checkpoint": (
        lambda v: v.path("checkpoint").write_bytes(v.path("heads/4.ckpt").read_bytes()),
        TAMPERED,
        [(Code.BEYOND_HEAD, f"{SEGMENT}:5 to {SEGMENT}:12"), (Code.ROLLED_BACK, "checkpoint")],
    ),
    "9 roll everything back": (lambda v: (rolled_back(v), without_pending(v)), OK, []),
    "9 roll everything back, but the pending entry remembers": (
        rolled_back,
        TAMPERED,
        [(Code.UNKNOWN_HEAD, f"pending/{Victim.id(12)}.json")],
    ),
    "10 rewrite everything": (rewritten, OK, []),
    "13 drop the checkpoint": (
        lambda v: v.path("checkpoint").unlink(),
        TAMPERED,
        [(Code.MISSING_CHECKPOINT, "checkpoint")],
    ),
    "13 drop the checkpoint's head": (
        lambda v: v.path("heads/12.ckpt").unlink(),
        TAMPERED,
        [(Code.MISSING_HEAD, "heads/12.ckpt")],
    ),
    "13 drop an older head that an entry saw": (
        lambda v: v.path("heads/3.ckpt").unlink(),
        TAMPERED,
        [(Code.UNKNOWN_HEAD, f"{SEGMENT}:4")],
    ),
    "14 delete a pending record": (without_pending, OK, []),
    "17 amend what does not exist": (
        lambda v: v.path(f"pending/{v.id(90)}.json").write_bytes(
            stranger(v, 90, type="amendment", parent={"id": "none", "leaf": "00" * 32})
        ),
        TAMPERED,
        [(Code.UNKNOWN_PARENT, f"pending/{Victim.id(90)}.json")],
    ),
    "17 amend other bytes": (
        lambda v: v.path(f"pending/{v.id(90)}.json").write_bytes(
            stranger(v, 90, type="amendment", parent={"id": v.id(1), "leaf": "00" * 32})
        ),
        TAMPERED,
        [(Code.PARENT_LEAF, f"pending/{Victim.id(90)}.json")],
    ),
    "17 amend oneself": (
        lambda v: v.path(f"pending/{v.id(90)}.json").write_bytes(
            stranger(v, 90, type="amendment", parent={"id": v.id(90), "leaf": "00" * 32})
        ),
        TAMPERED,
        [(Code.PARENT_LEAF, f"pending/{Victim.id(90)}.json")],
    ),
    "17 delete an amended parent": (
        lambda v: v.put(v.lines()[:5] + v.lines()[6:]),
        TAMPERED,
        [(Code.UNKNOWN_PARENT, f"{SEGMENT}:8")],
    ),
    "18 torn line": (
        lambda v: v.path(SEGMENT).write_bytes(v.path(SEGMENT).read_bytes()[:-9]),
        TAMPERED,
        [(Code.TORN_LINE, f"{SEGMENT}:12"), (Code.CHANGED, f"{SEGMENT}:5 to {SEGMENT}:12")],
    ),
    "18 last newline gone": (
        lambda v: v.path(SEGMENT).write_bytes(v.path(SEGMENT).read_bytes()[:-1]),
        TAMPERED,
        [(Code.TORN_LINE, f"{SEGMENT}:12")],
    ),
    "18 torn pending": (
        lambda v: v.path(f"pending/{v.id(12)}.json").write_bytes(b'{"a'),
        TAMPERED,
        [(Code.TORN_LINE, f"pending/{Victim.id(12)}.json")],
    ),
    "18 NUL run": (damage(4, lambda line: b"\0" * len(line)), TAMPERED, [(Code.NUL, f"{SEGMENT}:4")]),
    "18 CRLF": (
        lambda v: v.swap(b"\n", b"\r\n"),
        TAMPERED,
        [(Code.CRLF, f"{SEGMENT}:1"), (Code.CRLF, f"{SEGMENT}:12")],
    ),
    "18 BOM": (damage(1, lambda line: b"\xef\xbb\xbf" + line), TAMPERED, [(Code.BOM, f"{SEGMENT}:1")]),
    "18 blank line": (insert(4, lambda _: b"\n"), TAMPERED, [(Code.BLANK_LINE, f"{SEGMENT}:5")]),
    "18 extra field": (
        damage(4, lambda line: canon.dumps(canon.loads(line) | {"new": 1}) + b"\n"),
        TAMPERED,
        [(Code.CHANGED, f"{SEGMENT}:4")],
    ),
    "18 U+2028": (
        damage(4, lambda line: line.replace(b"operator", b"operator\xe2\x80\xa8")),
        TAMPERED,
        [(Code.CHANGED, f"{SEGMENT}:4")],
    ),
    "18 spaces": (damage(4, lambda line: b" " + line), TAMPERED, [(Code.MALFORMED, f"{SEGMENT}:4")]),
    "18 a merge's marks": (
        insert(4, lambda _: b"<<<<<<< HEAD\n"),
        TAMPERED,
        [(Code.MALFORMED, f"{SEGMENT}:5")],
    ),
    "18 two lines in a pending file": (
        lambda v: v.path(f"pending/{v.id(12)}.json").write_bytes(stranger(v) * 2),
        TAMPERED,
        [(Code.MALFORMED, f"pending/{Victim.id(12)}.json")],
    ),
    "18 a pending file under another name": (
        lambda v: v.path(f"pending/{v.id(12)}.json").rename(v.path("pending/other.json")),
        TAMPERED,
        [(Code.PENDING_NAME, "pending/other.json")],
    ),
    "18 stray files": (
        lambda v: (v.path("log/notes.txt").touch(), v.path("pending/notes.txt").touch()),
        TAMPERED,
        [(Code.STRAY_FILE, "log/notes.txt"), (Code.STRAY_FILE, "pending/notes.txt")],
    ),
    "18 a segment under another number": (
        lambda v: v.path(SEGMENT).rename(v.path("log/000001.jsonl")),
        TAMPERED,
        [(Code.MISSING_SEGMENT, "log/000001.jsonl")],
    ),
    "18 a segment cut in two": (
        lambda v: (
            v.path("log/000001.jsonl").write_bytes(b"".join(v.lines()[6:])),
            v.put(v.lines()[:6]),
        ),
        TAMPERED,
        [(Code.SEGMENT_LENGTH, SEGMENT)],
    ),
    "18 an empty segment": (
        lambda v: v.path("log/000001.jsonl").touch(),
        TAMPERED,
        [(Code.SEGMENT_LENGTH, "log/000001.jsonl")],
    ),
    "22 a line beyond the limit": (
        lambda v: v.path(SEGMENT).write_bytes(b"x" * 70_000 + b"\n"),
        TAMPERED,
        [(Code.TOO_LONG, f"{SEGMENT}:1")],
    ),
    "22 a pending file without end": (
        lambda v: v.path(f"pending/{v.id(12)}.json").write_bytes(b"x" * 10_000_000),
        TAMPERED,
        [(Code.TORN_LINE, f"pending/{Victim.id(12)}.json")],
    ),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_attack(victim, name):
    attack, ruling, named = ATTACKS[name]
    assert victim.journal.verify().verdict is OK
    attack(victim)
    verdict = victim.journal.verify()
    assert verdict.verdict is ruling
    found = {(problem.code, problem.where) for problem in verdict.problems}
    assert set(named) <= found
    assert (verdict.level is Level.L1) == (ruling is OK)
    if ruling is TAMPERED:
        with pytest.raises(LogError, match="does not verify"):
            victim.journal.seal(ORIGIN)


def test_the_entry_is_named_where_one_entry_lies_between_two_heads(victim):
    edit(3)(victim)
    changed = [item for item in victim.journal.verify().problems if item.code is Code.CHANGED]
    assert Victim.id(3) in changed[0].message


def test_no_checkpoint_and_no_heads_cannot_be_judged(victim):
    shutil.rmtree(victim.path("heads"))
    victim.path("checkpoint").unlink()
    victim.put([stranger(victim, 1)])
    without_pending(victim)
    verdict = victim.journal.verify()
    assert (verdict.verdict, verdict.level, verdict.exit_code) == (CANNOT_JUDGE, Level.L0, 2)
    assert [problem.code for problem in verdict.problems] == [Code.NO_CHECKPOINT]
    assert victim.journal.verify(Level.L0).verdict is OK
    with pytest.raises(LogError, match="does not verify"):
        victim.journal.seal(ORIGIN)


def test_lines_beyond_the_head_that_are_pending_are_an_unfinished_seal(victim):
    data = victim.path(f"pending/{Victim.id(12)}.json").read_bytes()
    victim.put([*victim.lines(), data])
    verdict = victim.journal.verify()
    assert (verdict.verdict, verdict.exit_code) == (STALE, 3)
    assert [problem.code for problem in verdict.problems] == [Code.UNFINISHED_SEAL]
    assert victim.journal.seal(ORIGIN).size == 13
    assert victim.journal.verify().verdict is OK


def test_a_spoiled_log_is_reported_in_few_words(victim):
    victim.path(SEGMENT).write_bytes(b"x\n" * 5000)
    verdict = victim.journal.verify()
    assert len(verdict.problems) < 40
    assert any(problem.message == "and 4980 more of this kind" for problem in verdict.problems)


def test_every_single_byte_flip_of_the_sealed_files_is_seen(victim):
    for name in (SEGMENT, "checkpoint", "heads/12.ckpt", "heads/4.ckpt"):
        data = victim.path(name).read_bytes()
        for at in range(0, len(data), 1 if len(data) < 500 else 37):
            victim.path(name).write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
            assert victim.journal.verify().verdict is TAMPERED, (name, at)
        victim.path(name).write_bytes(data)
