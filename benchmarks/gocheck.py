"""Lets Go's own packages for transparency logs read what Afterbell wrote: checkpoint, tiles, bundles and proofs.

    python benchmarks/gocheck.py [--entries 70000] [--proofs 300]

Needs Go and golang.org/x/mod: on Debian, `apt-get install golang-go golang-golang-x-mod-dev`; without them it says so,
skips and ends with 0. Nothing is fetched. Half of the proofs are of the newest tree, half of random older ones; of each
kind as many again are spoiled, and Go must refuse them. Ends with 1 when Go disagrees about anything.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from afterbell.disk.house import House
from afterbell.disk.journal import Journal
from afterbell.log import checkpoint as checkpoints
from afterbell.log import note, tree
from afterbell.log.note import KeyType, Signer
from afterbell.steps import export
from log import ORIGIN, built

PROGRAM = Path(__file__).parent / "gocheck"
GOPATH = Path("/usr/share/gocode")
KEY = Signer(name=ORIGIN, type=KeyType.NOTE, seed=bytes(range(32)))
_SPOILED = 4


def missing() -> str:
    """Return what is not installed, "" when all is there."""
    if shutil.which("go") is None:
        return "Go is not installed"
    here = os.environ.get("GOPATH", str(GOPATH))
    if not any((Path(each) / "src/golang.org/x/mod/sumdb/tlog").is_dir() for each in here.split(os.pathsep)):
        return "golang.org/x/mod is not installed (Debian: golang-golang-x-mod-dev)"
    return ""


def compiled(home: Path) -> Path:
    """Compile the Go program without a module file and without the network."""
    settings = {"GO111MODULE": "off", "GOFLAGS": "", "GOCACHE": str(home / "cache"), "GOPATH": str(GOPATH)}
    target = home / "gocheck"
    command = ["go", "build", "-o", str(target), str(PROGRAM / "main.go")]
    subprocess.run(command, check=True, env=settings | dict(os.environ) | {"GO111MODULE": "off", "GOFLAGS": ""})
    return target


def signed_log(home: Path, entries: int) -> House:
    """Build a log of so many entries whose head is signed."""
    house = House(home / "house")
    log = built(house.postmortems, entries)
    told = log.checkpoint()
    if told is None:
        raise SystemExit("a log of no entries has no head")
    signed = msgspec.structs.replace(told, signatures=(note.sign(checkpoints.text(told), KEY),))
    (house.postmortems / "checkpoint").write_bytes(checkpoints.encode(signed))
    return house


def proofs(leaves: Sequence[bytes], count: int, source: random.Random) -> Iterator[str]:
    """Yield so many inclusion and consistency proofs, and as many that must be refused."""
    for number in range(count):
        size = len(leaves) if number % 2 else source.randint(2, len(leaves))
        known = leaves[:size]
        root = tree.root(known)
        index = source.randrange(size)
        path = tree.inclusion_proof(known, index)
        yield _line("inclusion", index, size, root, known[index], path)
        yield _line("!inclusion", *_spoiled(number, index, size, root, known[index], path))
        old = source.randint(1, size)
        proof = tree.consistency_proof(known, old)
        yield _line("consistency", old, size, tree.root(known[:old]), root, proof)
        yield _line("!consistency", old, size, tree.leaf_hash(b"another history"), root, proof)


def _spoiled(
    number: int, index: int, size: int, root: bytes, leaf: bytes, path: Sequence[bytes]
) -> tuple[int, int, bytes, bytes, Sequence[bytes]]:
    kind = number % _SPOILED
    if kind == 0:
        return (index + 1) % size, size, root, leaf, path
    if kind == 1:
        return index, size, root, tree.leaf_hash(leaf), path
    if kind == 2:  # noqa: PLR2004 - the third kind
        return index, size, root, leaf, path[:-1]
    return index, size, root, leaf, (*path, root)


def _line(kind: str, first: int, second: int, one: bytes, two: bytes, path: Sequence[bytes]) -> str:
    words = (base64.b64encode(each).decode() for each in (one, two, *path))
    return f"{kind} {first} {second} {' '.join(words)}\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=5_000)
    parser.add_argument("--proofs", type=int, default=150, help="of each kind")
    asked = parser.parse_args()
    lacking = missing()
    if lacking:
        print(f"skipped: {lacking}")
        return 0
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        program = compiled(home)
        house = signed_log(home, asked.entries)
        export.export(house, "tiles", home / "tiles")
        source = random.Random(1)  # noqa: S311 - the same proofs at every run
        leaves = list(Journal(house.postmortems).leaves())
        (home / "tiles" / "proofs").write_text("".join(proofs(leaves, asked.proofs, source)))
        done = subprocess.run([program, str(KEY.verifier), home / "tiles"], capture_output=True, text=True, check=False)
        stranger = str(Signer(name=ORIGIN, type=KeyType.NOTE, seed=bytes(32)).verifier)
        other = subprocess.run([program, stranger, home / "tiles"], capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"Go disagrees: {done.stderr.strip()}", file=sys.stderr)
        return 1
    if not other.returncode:
        print("Go took a checkpoint for signed by a key that did not sign it", file=sys.stderr)
        return 1
    for what, count in json.loads(done.stdout).items():
        print(f"{what:<12} {count:>7,}")
    print("Go agrees with all of it")
    return 0


if __name__ == "__main__":
    sys.exit(main())
