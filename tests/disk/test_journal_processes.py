"""Several processes write one log at the same moment."""

import multiprocessing
from pathlib import Path

import pytest

from afterbell.disk.journal import Journal
from afterbell.errors import LogError
from afterbell.log.checkpoint import EMPTY_HEAD
from afterbell.log.entry import Entry, EntryType
from afterbell.log.verdict import Ruling

ORIGIN = "example.com/log"
EACH = 25


def made(name, text):
    return Entry(
        type=EntryType.POSTMORTEM,
        id=name,
        created="2026-01-05T14:00:00Z",
        actor="system operator",
        after=EMPTY_HEAD,
        salt="00" * 16,
        body={"text": text},
    )


def write(directory, who, shared, seals, barrier, answers):
    journal = Journal(Path(directory))
    barrier.wait()
    won = 0
    for number in range(EACH):
        try:
            journal.append(made(f"shared-{number}" if shared else f"writer-{who}-{number}", f"by {who}"))
            won += 1
        except LogError:
            pass
        if seals and number % 5 == 4:
            journal.seal(ORIGIN)
    answers.put(won)


@pytest.mark.parametrize("seals", [False, True])
@pytest.mark.parametrize("shared", [False, True])
def test_two_writers(tmp_path, shared, seals):
    context = multiprocessing.get_context("spawn")
    barrier, answers = context.Barrier(2), context.Queue()
    directory = tmp_path / "postmortems"
    writers = [
        context.Process(target=write, args=(str(directory), who, shared, seals, barrier, answers)) for who in (0, 1)
    ]
    for writer in writers:
        writer.start()
    won = [answers.get(timeout=60) for _ in writers]
    for writer in writers:
        writer.join(timeout=60)
        assert writer.exitcode == 0
    journal = Journal(directory)
    ids = [stored.entry.id for stored in journal.entries()]
    assert len(ids) == len(set(ids)) == sum(won) == (EACH if shared else 2 * EACH)
    journal.seal(ORIGIN)
    verdict = journal.verify()
    assert (verdict.verdict, verdict.entries) == (Ruling.OK, len(ids))
