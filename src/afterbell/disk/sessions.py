"""Ways in and those who came in, by the hashes of their secrets: who holds a copy of the database holds no key."""

from __future__ import annotations

import hashlib

from msgspec import Struct, structs
from sqlalchemy import BigInteger, Column, Connection, Index, Integer, String, Table, delete, func, insert, or_, select

from afterbell.disk.state import METADATA, State

LONGEST_SUBJECT = 200
MADE = ">"  # stands between who made a link and the link: no subject of an account holds it
LINKS = Table(
    "links", METADATA,
    Column("digest", String(64), primary_key=True),
    Column("subject", String(LONGEST_SUBJECT), nullable=False),
    Column("role", Integer, nullable=False),
    Column("ends", BigInteger, nullable=False),
)  # fmt: skip
SESSIONS = Table(
    "sessions", METADATA,
    Column("digest", String(64), primary_key=True),
    Column("subject", String(LONGEST_SUBJECT), nullable=False),
    Column("name", String(200), nullable=False),
    Column("role", Integer, nullable=False),
    Column("ends", BigInteger, nullable=False),
    Index("sessions_by_subject", "subject"),
)  # fmt: skip


class Pass(Struct, frozen=True, kw_only=True):
    """A link or a session: whom it lets in, with which role, until when (seconds since 1970)."""

    subject: str
    role: int
    ends: int
    name: str = ""


class Sessions:
    """The links and sessions of a state."""

    def __init__(self, state: State) -> None:
        """Keep the state."""
        self._state = state

    def offer(self, secret: str, given: Pass) -> None:
        """Keep a link that lets in once."""
        row = {"digest": digest(secret), "subject": given.subject, "role": given.role, "ends": given.ends}
        with self._state.begin(LINKS) as connection:
            connection.execute(insert(LINKS).values(row))

    def trade(self, secret: str, session: str, at: int, seconds: int) -> Pass | None:
        """Use a link up for a session of so many seconds; None for one that is not there, was used, or has ended."""
        with self._state.begin(LINKS, SESSIONS) as connection:
            used = delete(LINKS).where(LINKS.c.digest == digest(secret))
            row = connection.execute(used.returning(LINKS.c.subject, LINKS.c.role, LINKS.c.ends)).one_or_none()
            connection.execute(delete(LINKS).where(LINKS.c.ends <= at))
            if row is None or row.ends <= at:
                return None
            begun = Pass(subject=row.subject, role=row.role, ends=at + seconds)
            keep(connection, session, begun, at)
        return begun

    def begin(self, secret: str, given: Pass, at: int) -> None:
        """Keep a session, and drop those that have ended."""
        with self._state.begin(SESSIONS) as connection:
            keep(connection, secret, given, at)

    def find(self, secret: str, at: int) -> Pass | None:
        """Return the session of a secret, or None when it has ended or never was."""
        with self._state.read(SESSIONS) as connection:
            row = connection.execute(select(SESSIONS).where(SESSIONS.c.digest == digest(secret))).one_or_none()
        if row is None or row.ends <= at:
            return None
        return Pass(subject=row.subject, name=row.name, role=row.role, ends=row.ends)

    def end(self, secret: str) -> None:
        """Forget a session."""
        with self._state.begin(SESSIONS) as connection:
            connection.execute(delete(SESSIONS).where(SESSIONS.c.digest == digest(secret)))

    def end_all(self, subject: str) -> None:
        """Forget every session of somebody, and the links they made and what came of them."""
        with self._state.begin(LINKS, SESSIONS) as connection:
            forget(connection, subject)


def keep(connection: Connection, secret: str, given: Pass, at: int) -> None:
    """Keep a session in a transaction that holds `SESSIONS`, and drop those that have ended."""
    connection.execute(delete(SESSIONS).where(SESSIONS.c.ends <= at))
    connection.execute(insert(SESSIONS).values(digest=digest(secret), **structs.asdict(given)))


def forget(connection: Connection, subject: str) -> None:
    """Do what `Sessions.end_all` does, in a transaction that holds `LINKS` and `SESSIONS`."""
    made = subject + MADE
    for table in (LINKS, SESSIONS):
        theirs = or_(table.c.subject == subject, func.substr(table.c.subject, 1, len(made)) == made)
        connection.execute(delete(table).where(theirs))


def digest(secret: str) -> str:
    """Return the hash under which a secret is kept: it is long and random, so a plain one will do."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
