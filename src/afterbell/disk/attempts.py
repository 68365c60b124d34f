"""Tries to sign in, counted in the database, so that the count holds over threads, processes and restarts."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import BigInteger, Column, Connection, Integer, String, Table, delete, insert, select

from afterbell.disk.sessions import digest
from afterbell.disk.state import METADATA, State
from afterbell.model.access import pause

ATTEMPTS = Table(
    "attempts", METADATA,
    Column("digest", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last", BigInteger, nullable=False),
)  # fmt: skip
FORGOTTEN = 24 * 3600


def claim(state: State, tries: Mapping[str, int], at: int) -> int:
    """Count a try, as failed until `forgive` says otherwise, for each of what is tried; 0, or the seconds to wait.

    `tries` holds, for each account or address, how many failures are free. While one of them must wait nothing is
    counted. What has not been tried for a day is forgotten.
    """
    with state.begin(ATTEMPTS) as connection:
        connection.execute(delete(ATTEMPTS).where(ATTEMPTS.c.last <= at - FORGOTTEN))
        known = {name: _known(connection, name) for name in tries}
        wait = max(last + pause(failures, tries[name]) - at for name, (failures, last) in known.items())
        if wait > 0:
            return wait
        for name, (failures, _last) in known.items():
            _keep(connection, name, failures + 1, at)
    return 0


def forgive(state: State, account: str, address: str) -> None:
    """Take back what was counted of a try that succeeded: all of the account, of the address this one alone."""
    with state.begin(ATTEMPTS) as connection:
        failures, last = _known(connection, address)
        _keep(connection, account, 0, last)
        _keep(connection, address, max(failures - 1, 0), last)


def _known(connection: Connection, name: str) -> tuple[int, int]:
    asked = select(ATTEMPTS.c.failures, ATTEMPTS.c.last).where(ATTEMPTS.c.digest == digest(name))
    row = connection.execute(asked).one_or_none()
    return (row.failures, row.last) if row else (0, 0)


def _keep(connection: Connection, name: str, failures: int, at: int) -> None:
    connection.execute(delete(ATTEMPTS).where(ATTEMPTS.c.digest == digest(name)))
    if failures:
        connection.execute(insert(ATTEMPTS).values(digest=digest(name), failures=failures, last=at))
