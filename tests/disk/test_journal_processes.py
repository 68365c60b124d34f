"""Several processes write one log at the same moment."""

import subprocess
import sys

import pytest

from afterbell.disk.journal import Journal
from afterbell.log.verdict import Ruling

ORIGIN = "example.com/log"
EACH = 25

# A program of its own, because a test module cannot be imported by name in another process.
WRITER = """
import sys
from pathlib import Path
from afterbell.disk.journal import Journal
from afterbell.errors import LogError
from afterbell.log.checkpoint import EMPTY_HEAD
from afterbell.log.entry import Entry, EntryType

directory, origin, who, shared, seals, each = sys.argv[1:]
journal, won = Journal(Path(directory)), 0
print("ready", flush=True)
sys.stdin.readline()
for number in range(int(each)):
    name = f"shared-{number}" if shared else f"writer-{who}-{number}"
    try:
        journal.append(Entry(
            type=EntryType.POSTMORTEM, id=name, created="2026-01-05T14:00:00Z", actor="system operator",
            after=EMPTY_HEAD, salt="00" * 16, body={"text": f"by {who}"},
        ))
        won += 1
    except LogError:
        pass
    if seals and number % 5 == 4:
        journal.seal(origin)
print(won, flush=True)
"""


@pytest.mark.parametrize("seals", [False, True])
@pytest.mark.parametrize("shared", [False, True])
def test_two_writers(tmp_path, shared, seals):
    directory = tmp_path / "postmortems"
    options = ["x" if shared else "", "x" if seals else "", str(EACH)]
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(directory), ORIGIN, who, *options],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for who in ("0", "1")
    ]  # fmt: skip
    for writer in writers:
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        writer.stdin.write("go\n")
        writer.stdin.flush()
    won = [int(writer.communicate(timeout=60)[0]) for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0]
    journal = Journal(directory)
    ids = [stored.entry.id for stored in journal.entries()]
    assert len(ids) == len(set(ids)) == sum(won) == (EACH if shared else 2 * EACH)
    journal.seal(ORIGIN)
    verdict = journal.verify()
    assert (verdict.verdict, verdict.entries) == (Ruling.OK, len(ids))
