"""What a reader sees while others write: never a fault that is not there, never an entry twice or not at all."""

import itertools
import os
from contextlib import suppress

import pytest

from afterbell.disk import files
from afterbell.disk import journal as journals
from afterbell.disk.journal import Journal
from afterbell.errors import DiskError
from afterbell.log import entry
from afterbell.log.checkpoint import EMPTY_HEAD
from afterbell.log.entry import Entry, EntryType
from afterbell.log.verdict import Ruling

ORIGIN = "example.com/log"
NUMBERS = itertools.count(100)
EVERY = bool(os.environ.get("AFTERBELL_TORTURE"))  # every moment; else a sample of them


def made(number):
    return Entry(
        type=EntryType.POSTMORTEM,
        id=entry.uuid7(number, bytes(10)),
        created="2026-01-05T14:00:00Z",
        actor="system operator",
        after=EMPTY_HEAD,
        salt=f"{number:032x}",
        body={"number": number},
    )


class Busy(files.Ops):
    """Lets another writer append and seal after the reads it is told to, as long as nobody holds the lock."""

    def __init__(self, directory, chosen):
        self.writer, self.chosen, self.reads = Journal(directory), chosen, 0

    def _write(self):
        self.reads += 1
        if self.chosen(self.reads):
            with suppress(DiskError):
                self.writer.append(made(next(NUMBERS)))
                self.writer.seal(ORIGIN)

    def read(self, path, limit):
        data = super().read(path, limit)
        self._write()
        return data

    def listdir(self, path):
        found = super().listdir(path)
        self._write()
        return found


@pytest.fixture
def directory(tmp_path, monkeypatch):
    monkeypatch.setattr(journals, "_LOCK_SECONDS", 0.0)
    monkeypatch.setattr(journals.lines, "LINES_PER_SEGMENT", 4)
    writer = Journal(tmp_path / "postmortems")
    for number in range(6):
        writer.append(made(number))
    writer.seal(ORIGIN)
    writer.append(made(6))
    return writer.directory


def test_a_log_that_changes_all_the_time_is_not_called_tampered(directory):
    verdict = Journal(directory, Busy(directory, lambda read: read % 5 == 0)).verify()
    assert verdict.verdict is Ruling.OK, verdict


@pytest.mark.parametrize("moment", range(1, 25, 1 if EVERY else 4))
def test_one_seal_at_any_moment_of_a_reading(directory, moment):
    def reader():
        return Journal(directory, Busy(directory, lambda read: read == moment))

    assert reader().verify().verdict in {Ruling.OK, Ruling.STALE}
    there = [stored.entry.id for stored in Journal(directory).entries()]
    seen = [stored.entry.id for stored in reader().entries()]
    assert len(seen) == len(set(seen))
    assert set(there) <= set(seen)
    for number in (0, 5, 6):
        found = reader().find(made(number).id)
        assert found is not None
        assert found.entry == made(number)
