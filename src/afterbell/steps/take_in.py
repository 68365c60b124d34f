"""Take in: what the live door has acknowledged goes into the store, by the way that every file goes.

It runs in a process of its own, so that reading does not hold up answering, and ends by itself when its door is
killed. A file is removed once its commit is durable; taken in twice, it changes nothing.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import filelock

from afterbell.disk import inbox
from afterbell.disk.house import House
from afterbell.errors import AfterbellError
from afterbell.steps import ingest
from afterbell.steps.receive import REFUSED, SourceReport

_LOCK = "take-in.lock"
_GENTLE = 5
_AT_ONCE = 64 * 1024 * 1024


def take_in(house: House) -> Iterator[SourceReport]:
    """Ingest the oldest closed files of the inbox and yield a report for each, in the store when it is yielded.

    So many at once that room is made soon. A file that is refused is put aside, and its report says where. Raises
    AfterbellError as ingest does.
    """
    house.make_store()
    with filelock.FileLock(str(house.store / _LOCK)):  # of a killed door, the last one may be at work still
        paths = inbox.waiting(house.inbox, _AT_ONCE)
        if not paths:
            return
        by_name = {str(path): path for path in paths}
        for report in ingest.ingest(house, list(by_name), jobs=1):
            if report.outcome == REFUSED:
                inbox.put_aside(by_name[report.path])
            else:
                inbox.done(by_name[report.path])
            yield report


def alone(root: Path, told: Connection) -> None:
    """Take in as the body of a process of its own, and send the reports, and the fault or an empty text."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the door says when to end
    if hasattr(os, "nice"):
        os.nice(_GENTLE)
    said: list[dict[str, Any]] = []
    fault = ""
    try:
        said += (ingest.as_json(report) for report in take_in(House(root)))
    except AfterbellError as error:
        fault = error.message
    with suppress(BrokenPipeError):  # the door was killed; what is done is done
        told.send((said, fault))
