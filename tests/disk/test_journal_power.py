"""Cut the power after every system call: of what was not forced to the disk, nothing survives.

The other end, that everything survives, is what killing the process shows.
"""

import itertools
import os
import shutil

import pytest

from afterbell.disk import files
from afterbell.disk.journal import Journal
from afterbell.log import entry
from afterbell.log.checkpoint import EMPTY_HEAD
from afterbell.log.entry import Entry, EntryType
from afterbell.log.verdict import Ruling

ORIGIN = "example.com/log"
EVERY = bool(os.environ.get("AFTERBELL_TORTURE"))  # every pair of instants; else a sample of them


class PowerCut(BaseException):
    """Nothing of ours runs any more."""


class Disk(files.Ops):
    """Does everything in `live`, and keeps in `platter` only what was forced."""

    def __init__(self, live, platter, calls, lazy=None):
        self.live, self.platter, self.left, self.lazy = live, platter, calls, lazy
        self.open = {}
        self.forced = {}

    def _step(self):
        self.left -= 1
        if self.left < 0:
            raise PowerCut

    def create(self, path):
        self._step()
        descriptor = super().create(path)
        self.open[descriptor] = path
        return descriptor

    def fsync(self, descriptor):
        self._step()
        path = self.open[descriptor]
        if self.lazy != "data":
            self.forced[path.stat().st_ino] = path.read_bytes()

    def sync_directory(self, path):
        self._step()
        if self.lazy == path.name:
            return
        target = self.platter / path.relative_to(self.live)
        if not target.is_dir():
            return
        there = {item.name: item for item in path.iterdir() if item.name != "journal.lock"}
        for old in target.iterdir():
            if old.name not in there:
                old.unlink()
        for name, item in there.items():
            if item.is_dir():
                (target / name).mkdir(exist_ok=True)
            else:
                (target / name).write_bytes(self.forced.get(item.stat().st_ino, b""))

    def link(self, source, target):
        self._step()
        super().link(source, target)

    def rename(self, source, target):
        self._step()
        super().rename(source, target)

    def unlink(self, path):
        self._step()
        super().unlink(path)

    def mkdir(self, path):
        self._step()
        super().mkdir(path)


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


def work(journal, acknowledged, start):
    for number in range(start, start + 2):
        acknowledged.append(journal.append(made(number)))
    journal.seal(ORIGIN)
    acknowledged.append(journal.append(made(start + 2)))
    journal.seal(ORIGIN)


def lived(home, base, calls, lazy=None, start=0):
    """Run on a disk that holds `base`; return what is left of it, what was acknowledged, and if all was done."""
    live, platter = home / "live", home / "platter"
    for root in (live, platter):
        shutil.copytree(base, root) if base else root.mkdir(parents=True)
    disk = Disk(live, platter, calls, lazy)
    for path in live.rglob("*"):
        if path.is_file():
            disk.forced[path.stat().st_ino] = path.read_bytes()
    acknowledged = []
    try:
        work(Journal(live / "postmortems", disk), acknowledged, start)
    except PowerCut:
        return platter, acknowledged, False
    return platter, acknowledged, True


def fault(platter, acknowledged):
    """Return what is wrong with what the power cut left, or nothing."""
    journal = Journal(platter / "postmortems")
    verdict = journal.verify()
    if verdict.verdict not in {Ruling.OK, Ruling.STALE} and acknowledged:
        return verdict
    found = {stored.entry.id: stored.leaf for stored in journal.entries()}
    if not {item.entry.id: item.leaf for item in acknowledged}.items() <= found.items():
        return "an acknowledged entry is gone"
    journal.append(made(9000))
    head = journal.seal(ORIGIN)
    after = journal.verify()
    return None if (after.verdict, after.entries) == (Ruling.OK, head.size) else after


def test_nothing_acknowledged_is_lost_and_the_log_goes_on(tmp_path):
    for calls in itertools.count():
        platter, acknowledged, done = lived(tmp_path / str(calls), None, calls)
        copy = shutil.copytree(platter, tmp_path / f"{calls}-copy")
        assert fault(copy, acknowledged) is None, calls
        if done:
            assert calls > 60
            break


def test_nor_by_a_second_cut_while_it_recovers(tmp_path):
    for first in range(3, 75, 4 if EVERY else 17):
        base, acknowledged, _ = lived(tmp_path / f"{first}", None, first)
        for second in itertools.count(0, 1 if EVERY else 5):
            home = tmp_path / f"{first}-{second}"
            platter, more, done = lived(home, base, second, start=100)
            assert fault(platter, acknowledged + more) is None, (first, second)
            shutil.rmtree(home)
            if done:
                break


@pytest.mark.parametrize("lazy", ["data", "pending", "log", "postmortems"])
def test_the_disk_catches_a_writer_that_does_not_force(tmp_path, lazy):
    found = []
    for calls in range(100):
        platter, acknowledged, done = lived(tmp_path / str(calls), None, calls, lazy)
        found.append(fault(platter, acknowledged) if os.listdir(platter) or acknowledged else None)
        if done:
            break
    assert any(found)
