"""Kill the writer before every system call, or let the call fail; then look at what a new process finds."""

import errno
import itertools
import os
import shutil

import pytest

from afterbell.disk import files
from afterbell.disk.journal import Journal
from afterbell.errors import DiskError
from afterbell.log import entry
from afterbell.log.checkpoint import EMPTY_HEAD
from afterbell.log.entry import Entry, EntryType, Parent
from afterbell.log.verdict import Ruling

ORIGIN = "example.com/log"
EVERY = bool(os.environ.get("AFTERBELL_TORTURE"))  # every instant; else a sample of them
CHANGING = {"create", "write", "fsync", "close", "link", "rename", "unlink", "mkdir", "sync_directory"}


class Killed(BaseException):
    """The process is gone: no handler of ours may run to any effect."""


class Counting(files.Ops):
    """Passes `allowed` changing calls on; then dies for good, or fails once with an error."""

    def __init__(self, allowed, fault=None):
        self.left = allowed
        self.fault = fault
        self.struck = False

    def __getattribute__(self, name):
        call = object.__getattribute__(self, name)
        if name not in CHANGING:
            return call

        def counted(*args):
            self.left -= 1
            if self.left < 0 and self.fault is None:
                raise Killed
            if self.left < 0 and not self.struck:
                self.struck = True
                raise OSError(self.fault, "injected")
            return call(*args)

        return counted


def made(number, parent=None):
    return Entry(
        type=EntryType.AMENDMENT if parent else EntryType.POSTMORTEM,
        id=entry.uuid7(number, bytes(10)),
        created="2026-01-05T14:00:00Z",
        actor="system operator",
        after=EMPTY_HEAD,
        parent=parent,
        salt=f"{number:032x}",
        body={"number": number},
    )


def append_then_seal(journal, acknowledged, start):
    for number in range(start, start + 3):
        acknowledged.append(journal.append(made(number)))
    first = acknowledged[0]
    acknowledged.append(journal.append(made(start + 3, Parent(id=first.entry.id, leaf=first.leaf))))
    journal.seal(ORIGIN)
    acknowledged.append(journal.append(made(start + 4)))
    journal.seal(ORIGIN)


def check_recovery(directory, acknowledged, possible):
    """Everything acknowledged is there once, nothing else but what was tried, and the log goes on."""
    fresh = Journal(directory)
    verdict = fresh.verify()
    assert verdict.verdict in {Ruling.OK, Ruling.STALE} or not acknowledged, verdict
    found = {stored.entry.id: stored.leaf for stored in fresh.entries()}
    assert {item.entry.id: item.leaf for item in acknowledged}.items() <= found.items()
    assert set(found) <= possible
    fresh.append(made(900))
    head = fresh.seal(ORIGIN)
    after = fresh.verify()
    assert (after.verdict, after.entries, after.pending) == (Ruling.OK, head.size, 0), after
    assert {stored.entry.id for stored in fresh.entries()} == set(found) | {made(900).id}
    leftovers = list(directory.rglob(".tmp-*"))
    assert leftovers == []


def crashes(tmp_path, before, fault=None):
    """Yield for each system call the directory as the dead writer left it, and what it had acknowledged."""
    origin = tmp_path / "before"
    kept = []
    if before:
        append_then_seal(Journal(origin), kept, 0)
    for allowed in itertools.count():
        directory = tmp_path / f"at{allowed}"
        if not EVERY and allowed % 3:
            continue
        if before:
            shutil.copytree(origin, directory)
        acknowledged = list(kept)
        ops = Counting(allowed, fault)
        try:
            append_then_seal(Journal(directory, ops), acknowledged, 100)
        except (Killed, DiskError):
            yield directory, acknowledged
        else:
            if not ops.struck:
                return
            yield directory, acknowledged


def tried(before):
    return {made(number).id for number in (*range(5 if before else 0), *range(100, 105))}


@pytest.mark.parametrize("before", [False, True])
def test_killed_at_any_call(tmp_path, before):
    count = 0
    for directory, acknowledged in crashes(tmp_path, before):
        check_recovery(directory, acknowledged, tried(before))
        count += 1
    assert count > (60 if EVERY else 20)


@pytest.mark.parametrize("fault", [errno.EIO, errno.ENOSPC])
def test_any_call_fails(tmp_path, fault):
    count = 0
    for directory, acknowledged in crashes(tmp_path, True, fault):
        check_recovery(directory, acknowledged, tried(True))
        count += 1
    assert count > (60 if EVERY else 20)


def test_killed_again_at_any_call_of_the_recovery(tmp_path):
    states = [state for number, state in enumerate(crashes(tmp_path, True)) if EVERY or number % 19 == 0]
    for number, (directory, acknowledged) in enumerate(states):
        for allowed in itertools.count():
            again = tmp_path / f"again{number}-{allowed}"
            shutil.copytree(directory, again)
            try:
                Journal(again, Counting(allowed)).seal(ORIGIN)
            except Killed:
                check_recovery(again, acknowledged, tried(True))
                shutil.rmtree(again)
            else:
                break
