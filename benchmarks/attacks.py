"""What the log sees and what it cannot see: every attack, at every level, and on the specification's own module.

    python benchmarks/attacks.py [--check]

Every cell is asserted, those that stay silent too, so that no page can promise more than holds. The table is written to
docs/attacks.md, the same bytes at every run; with --check it is compared with what lies there. Ends with 1 when a cell
is not as expected or the page is out of date.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from _attacks import KEY, NEXT, ORIGIN, PENDING, SEGMENT, STRANGER, Ours, Spec, name
from afterbell import canon
from afterbell.log import checkpoint as checkpoints
from afterbell.log import entry as entries
from afterbell.log import special
from afterbell.log.entry import EntryType
from afterbell.log.verdict import Level

PAGE = Path(__file__).parents[1] / "docs" / "attacks.md"
COLUMNS = ("spec", "L1", "L2", "L3", "L4", "guard")
_LEVELS = (Level.L1, Level.L2, Level.L3, Level.L4)
_MANY = 1_000_000


class Attack(NamedTuple):
    """What is done, the six cells expected (D detected, S silent, - not asked), and how; `spec` may raise."""

    number: str
    words: str
    expected: str
    ours: Callable[[Ours], object]
    spec: Callable[[Spec], object] | None = None


class Row(NamedTuple):
    """An attack and what each reader said: why the log does not pass, "" for silence, None for not asked."""

    attack: Attack
    reasons: tuple[str | None, ...]

    @property
    def letters(self) -> str:
        """The cells as they were found."""
        return "".join("-" if reason is None else "D" if reason else "S" for reason in self.reasons)


def both(change: Callable[[list[bytes], Ours | Spec], list[bytes]]) -> dict[str, Callable[[Ours | Spec], object]]:
    """Do the same to the lines of either log."""

    def attack(log: Ours | Spec) -> None:
        log.put(change(log.lines(), log))

    return {"ours": attack, "spec": attack}


def _edited(lines: list[bytes], _log: object = None) -> list[bytes]:
    return [*lines[:6], lines[6].replace(b"event 6", b"no event"), *lines[7:]]


def _edit_and_forge(log: Ours, *sizes: int, pending: bool) -> None:
    log.put(_edited(log.lines()))
    log.forge(*sizes)
    if not pending:
        log.drop_pending()


def _unsealed_head(log: Ours) -> None:
    """Seal as the log would, without its key."""
    pending = log.path(f"pending/{name(PENDING)}.json")
    log.put([*log.lines(), pending.read_bytes()])
    pending.unlink()
    log.forge(13)


def _rolled_back(log: Ours, *, pending: bool) -> None:
    kept = log.path(f"pending/{name(PENDING)}.json").read_bytes()
    log.rolled_back()
    if pending:
        log.path("pending").mkdir()
        log.path(f"pending/{name(PENDING)}.json").write_bytes(kept)


def _other_history(log: Ours, *, after: int = 4) -> None:
    """Go back and file something else, with the log's key at hand."""
    log.rolled_back()
    for number in range(20, 20 + 16 - after):
        log.journal.append(log.entry(number))
    log.seal()


def _pushed_over(log: Ours) -> None:
    """Force another branch over the trunk, whose CI has the key and seals what it finds."""
    log.rolled_back()
    log.journal.append(log.entry(5, text="nothing happened"))
    log.seal()


def _stripped(log: Ours, kept: int) -> None:
    """Leave the checkpoint so many of its signatures: the log's comes first, the witness's second."""
    current = log.checkpoint()
    bare = msgspec.structs.replace(current, signatures=current.signatures[:kept])
    log.path("checkpoint").write_bytes(checkpoints.encode(bare))


def _headless(log: Ours) -> None:
    log.path("checkpoint").unlink()


def _all_heads_gone(log: Ours) -> None:
    log.path("checkpoint").unlink()
    for path in log.path("heads").iterdir():
        path.unlink()


def _amended(log: Ours, parent: str, leaf: str) -> None:
    value = canon.loads(log.fresh(90)[:-1]) | {"type": "amendment", "parent": {"id": parent, "leaf": leaf}}
    log.path(f"pending/{name(90)}.json").write_bytes(canon.dumps(value) + b"\n")


def _old_key_after_rotation(log: Ours) -> None:
    """Hand the signing on, then sign the head with the old key alone."""
    change = log.entry(21)
    body = msgspec.to_builtins(special.change(ORIGIN, KEY, NEXT.verifier))
    log.journal.append(msgspec.structs.replace(change, type=EntryType.KEY, body=body))
    log.journal.seal(ORIGIN, KEY, NEXT)
    _stripped(log, 0)
    log.sign(KEY)


def _stranger_takes_over(log: Ours) -> None:
    """File a change of keys that the old key did not sign."""
    change = msgspec.to_builtins(special.change(ORIGIN, STRANGER, NEXT.verifier)) | {"old": str(KEY.verifier)}
    entry = msgspec.structs.replace(log.entry(21), type=EntryType.KEY, body=change)
    pending = log.path(f"pending/{name(PENDING)}.json")
    log.put([*log.lines(), pending.read_bytes(), entries.encode(entry) + b"\n"])
    pending.unlink()
    log.forge(14, key=NEXT)


def _lied(log: Ours) -> None:
    value = canon.loads(log.fresh(22)[:-1]) | {"created": "2020-01-01T00:00:00Z", "body": {"summary": "all was well"}}
    log.path(f"pending/{name(22)}.json").write_bytes(canon.dumps(value) + b"\n")


def _huge(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(64 * 1024 * 1024)


def _spec_duplicate(log: Spec) -> None:
    log.append(3)


def _damaged(line: Callable[[bytes], bytes]) -> dict[str, Callable[[Ours | Spec], object]]:
    return both(lambda lines, _log: [*lines[:3], line(lines[3]), *lines[4:]])


def _nothing(_log: object) -> None:
    return None


ATTACKS = (
    Attack("0", "nothing is done", "SSSSSS", _nothing, _nothing),
    Attack("1", "edit a record", "SDDDDD", **both(_edited)),
    Attack("1", "edit a record that was amended", "SDDDDD", **both(
        lambda lines, _log: [*lines[:5], lines[5].replace(b"event 5", b"no event"), *lines[6:]])),
    Attack("2", "edit, and make the later heads anew without the key", "SSDDDD",
           lambda log: _edit_and_forge(log, 12, pending=False), lambda log: log.put(_edited(log.lines()))),
    Attack("2", "the same, while an entry that saw the old head waits", "-DDDDD",
           lambda log: _edit_and_forge(log, 12, pending=True)),
    Attack("3", "delete a record in the middle", "SDDDDD", **both(lambda lines, _log: lines[:6] + lines[7:])),
    Attack("4", "swap two records", "SDDDDD",
           **both(lambda lines, _log: [*lines[:9], lines[10], lines[9], *lines[11:]])),
    Attack("5", "insert a record in the middle", "SDDDDD",
           **both(lambda lines, log: [*lines[:6], log.fresh(30), *lines[6:]])),
    Attack("6", "copy a record's line", "SDDDDD", **both(lambda lines, _log: [*lines[:6], lines[1], *lines[6:]])),
    Attack("6", "append another record under a used id", "DDDDDD",
           lambda log: log.path(f"pending/{name(3)}.json").write_bytes(log.fresh(3)), _spec_duplicate),
    Attack("7", "cut the tail", "SDDDDD", **both(lambda lines, _log: lines[:10])),
    Attack("8", "append past the program, without a head", "SDDDDD",
           **both(lambda lines, log: [*lines, log.fresh(30)])),
    Attack("8", "seal without the key", "-SDDDS", _unsealed_head),
    Attack("9", "roll the whole directory back", "SSSDDD", lambda log: _rolled_back(log, pending=False),
           lambda log: log.put(log.lines()[:4])),
    Attack("9", "the same, while an entry that saw the later head waits", "-DDDDD",
           lambda log: _rolled_back(log, pending=True)),
    Attack("10", "write the whole history anew, without the key", "SSDDDD", lambda log: log.begun_again(None),
           lambda log: log.put(log.fresh(number) for number in range(60, 74))),
    Attack("10", "write the whole history anew, with the key", "-SSDDD", lambda log: log.begun_again(KEY)),
    Attack("11", "show two readers two histories, with the key", "SSSDDD", _other_history,
           lambda log: log.put([*log.lines()[:4], *(log.fresh(number) for number in range(20, 32))])),
    Attack("12", "replace log, key and policy together", "-SDDDD", lambda log: log.begun_again(STRANGER)),
    Attack("13", "drop the checkpoint", "-DDDDD", _headless),
    Attack("13", "drop the checkpoint and every head", "-DDDDD", _all_heads_gone),
    Attack("13", "drop the log's signature", "-SDDDS", lambda log: _stripped(log, 0)),
    Attack("13", "drop the witness's signature", "-SSSDS", lambda log: _stripped(log, 1)),
    Attack("14", "delete a record before it is sealed", "SSSSSD", Ours.drop_pending,
           lambda log: log.put(log.lines()[:11])),
    Attack("15", "never write a record", "SSSSSS", _nothing, _nothing),
    Attack("16", "lie in a record, or date it back", "SSSSSS", _lied, lambda log: log.append(22)),
    Attack("17", "amend a record that does not exist", "SDDDDD", lambda log: _amended(log, "none", "00" * 32),
           lambda log: log.amend("none")),
    Attack("17", "amend other bytes than the record's", "-DDDDD", lambda log: _amended(log, name(1), "00" * 32)),
    Attack("18", "tear the last line", "DDDDDD", **both(lambda lines, _log: [*lines[:-1], lines[-1][:-9]])),
    Attack("18", "turn a line into NUL bytes", "DDDDDD", **_damaged(lambda line: b"\0" * (len(line) - 1) + b"\n")),
    Attack("18", "convert line ends to CR LF", "SDDDDD",
           **both(lambda lines, _log: [line[:-1] + b"\r\n" for line in lines])),
    Attack("18", "put a byte order mark in front", "DDDDDD",
           **both(lambda lines, _log: [b"\xef\xbb\xbf" + lines[0], *lines[1:]])),
    Attack("18", "put in a blank line", "SDDDDD", **both(lambda lines, _log: [*lines[:3], b"\n", *lines[3:]])),
    Attack("18", "add a field", "SDDDDD", **_damaged(lambda line: line.replace(b'"id"', b'"also":1,"id"', 1))),
    Attack("18", "put a U+2028 into a text", "SDDDDD",
           **_damaged(lambda line: line.replace(b"event", b"event\xe2\x80\xa8"))),
    Attack("18", "leave a merge's marks", "DDDDDD",
           **both(lambda lines, _log: [*lines[:4], b"<<<<<<< HEAD\n", *lines[4:]])),
    Attack("19", "force another branch over the trunk, whose CI seals it", "SSSDDD", _pushed_over,
           lambda log: log.put(log.lines()[:4])),
    Attack("20", "sign with a key that was handed on", "-SDDDS", _old_key_after_rotation),
    Attack("20", "hand the signing on without the old key", "-SDDDS", _stranger_takes_over),
    Attack("21", "go on from an older head, with the stolen key", "-SSDDD", lambda log: _other_history(log, after=8)),
    Attack("22", "a line of 64 MiB", "-DDDDD", lambda log: _huge(log.path(SEGMENT))),
    Attack("22", "a head with a size of 300,000 digits", "-DDDDD", lambda log: log.path("checkpoint").write_bytes(
        log.path("checkpoint").read_bytes().replace(b"\n12\n", b"\n" + b"9" * 300_000 + b"\n"))),
    Attack("22", "a million signatures on the head", "-DDDDD", lambda log: log.path("checkpoint").write_bytes(
        log.path("checkpoint").read_bytes() + b"\xe2\x80\x94 a AAAAAAAA\n" * _MANY)),
)  # fmt: skip


def run(home: Path, attacks: Sequence[Attack] = ATTACKS) -> list[Row]:
    """Carry out every attack on fresh copies of the same two logs."""
    honest, plain = Ours.built(home / "ours"), Spec.built(home / "spec")
    rows = []
    for number, attack in enumerate(attacks):
        victim = honest.copied(home / f"ours-{number}")
        attack.ours(victim)
        reasons = [victim.judged(level, honest) for level in _LEVELS]
        rows.append(Row(attack, (_on_spec(plain, attack, home / f"spec-{number}"), *reasons, victim.guarded(honest))))
    return rows


def _on_spec(plain: Spec, attack: Attack, place: Path) -> str | None:
    if attack.spec is None:
        return None
    victim = plain.copied(place)
    try:
        attack.spec(victim)
    except ValueError as error:
        return type(error).__name__
    return victim.complaint()


def page(rows: Sequence[Row]) -> str:
    """Return the documentation's page."""
    counts = [sum(row.letters[at] == "D" for row in rows) for at in range(len(COLUMNS))]
    asked = [sum(row.letters[at] != "-" for row in rows) for at in range(len(COLUMNS))]
    lines = [
        "# What the log sees, and what it cannot",
        "",
        "Written by `make attacks`, which carries out every attack below and compares every cell, the silent ones too.",
        "",
        "- **spec**: the module of the specification, two plain files: what its next `append` or `amend` notices.",
        "- **L1**: `afterbell verify` by a reader who has a clone and nothing else.",
        "- **L2**: the same with the log's public key, pinned outside the repository.",
        "- **L3**: the same with the newest head, remembered from before the attack.",
        "- **L4**: the pinned key and a witness policy (cosigned within seven days), but no memory of one's own.",
        "- **guard**: `afterbell guard BASE HEAD` in CI, on the change that brings the attack in.",
        "",
        "**silent** means: the log passes. A word in brackets is the first reason given. A dash: the module of the",
        "specification has no such thing.",
        "",
        "| # | attack | " + " | ".join(COLUMNS) + " |",
        "|---" * (len(COLUMNS) + 2) + "|",
    ]
    lines += [f"| {row.attack.number} | {row.attack.words} | {' | '.join(_cells(row))} |" for row in rows]
    told = [f"{found} of {all_of}" for found, all_of in zip(counts, asked, strict=True)]
    lines += [f"| | **detected** | {' | '.join(told)} |", "", *_READING, ""]
    return "\n".join(lines)


def _cells(row: Row) -> list[str]:
    said = {None: "-", "": "**silent**"}
    return [said.get(reason) or f"detected ({str(reason).replace('_', ' ')})" for reason in row.reasons]


_READING = (
    "What stays silent, and what helps:",
    "",
    "- A log that is rolled back, or written anew with its key (9, 10, 11, 19, 21), passes whoever brings no memory",
    "  and asks no witness. Remember heads outside the repository (`verify` does), or have them witnessed.",
    "- A rewrite without the key (2, 8, 10, 12, 20) passes whoever has not pinned the key outside the repository.",
    "- A signature that is dropped (13) is missed by those who ask for it. A reader who reached a level before and",
    "  does not reach it now is told of that too; the columns are first readings.",
    "- A record that is deleted before it is sealed (14) is seen by the guard alone: seal often, and guard the trunk.",
    "- The guard looks at what a change does to the files, not at who signed (8, 13, 20): run `verify` beside it.",
    "- A record that was never written (15), or that lies (16), is seen by no log. `afterbell due` lists what fired",
    "  and has no record; the head that an entry names bounds when it can have been written.",
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare with docs/attacks.md and write nothing")
    check = parser.parse_args().check
    with tempfile.TemporaryDirectory() as home:
        rows = run(Path(home))
    print(f"{'':<60} {'  '.join(COLUMNS)}")
    for row in rows:
        wrong = "" if row.letters == row.attack.expected else f"   EXPECTED {row.attack.expected}: {row.reasons}"
        print(f"{row.attack.number:>2} {row.attack.words:<58} {'  '.join(row.letters)}{wrong}")
    bad = sum(row.letters != row.attack.expected for row in rows)
    cells = sum(len(row.letters.replace("-", "")) for row in rows)
    print(f"\n{len(rows)} attacks, {cells} cells asserted, {bad} rows not as expected")
    told = page(rows)
    if check:
        stale = not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != told
        print(f"docs/attacks.md is {'out of date: run make attacks' if stale else 'up to date'}")
        return 1 if bad or stale else 0
    if not bad:
        PAGE.write_text(told, encoding="utf-8")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
