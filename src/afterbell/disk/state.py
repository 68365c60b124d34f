"""The mutable state of the pages: one database, SQLite in the house's store by default, PostgreSQL by URL.

Meetings, who is signed in, accounts and their audit live here; evidence and the log never do. Each table is declared
beside what uses it, in `METADATA`, and made when it is first needed. What a transaction has left is durable.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, Table, create_engine, event
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.schema import CreateIndex, CreateTable

from afterbell.disk import files
from afterbell.disk.house import House
from afterbell.errors import MissingExtraError, StoreError, UsageError

METADATA = MetaData()
_FILE = "state.sqlite"
_BUSY_SECONDS = 30
_WRITING = 20260105  # any number that all agree on
_READING = "afterbell_reading"
_KINDS = ("sqlite", "postgresql")


class State:
    """A database that several threads and processes may use at once."""

    def __init__(self, engine: Engine) -> None:
        """Keep the engine; nothing is opened yet."""
        self._engine = engine
        self._made: set[str] = set()

    @contextmanager
    def begin(self, *tables: Table) -> Iterator[Connection]:
        """Lend a transaction in which these tables exist; durable when it is left. Raises StoreError.

        It holds the only place for writing from its start, so that what it read still holds when it writes. There is
        one such place: what is slow is done before.
        """
        self._make(tables)
        with _told(), self._engine.begin() as connection:
            self._hold(connection)
            yield connection

    @contextmanager
    def read(self, *tables: Table) -> Iterator[Connection]:
        """Lend a transaction that only reads, beside whoever writes. Raises StoreError."""
        self._make(tables)
        with _told(), self._engine.connect().execution_options(**{_READING: True}) as connection:
            yield connection

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def _make(self, tables: tuple[Table, ...]) -> None:
        new = [table for table in tables if table.name not in self._made]
        if not new:
            return
        with _told(), self._engine.begin() as connection:
            self._hold(connection)  # IF NOT EXISTS still collides when two make it at once
            for table in new:
                connection.execute(CreateTable(table, if_not_exists=True))
                for index in table.indexes:
                    connection.execute(CreateIndex(index, if_not_exists=True))
        self._made.update(table.name for table in new)

    def _hold(self, connection: Connection) -> None:
        """Take the place for writing on PostgreSQL, as SQLite does by itself; the lock ends with the transaction."""
        if self._engine.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_BUSY_SECONDS}s'")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITING})")


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        raise StoreError(f"the state of the pages cannot be used: {_said(error)}", "see AFTERBELL_STATE") from None


def state(house: House, url: str = "") -> State:
    """Return the state at a URL (`postgresql://...`, `sqlite:///path`), or the house's own without one.

    Raises UsageError for what is no such URL, MissingExtraError without the driver.
    """
    if not url:
        house.make_store()
    return State(_engine(_spelled(url) if url else f"sqlite:///{house.store / _FILE}"))


def _spelled(url: str) -> str:
    kind, _, rest = url.partition(":")
    if kind not in _KINDS:
        raise UsageError("the state's address begins with sqlite: or postgresql:", "as in postgresql://host/name")
    return f"postgresql+psycopg:{rest}" if kind == "postgresql" else url


def _engine(url: str) -> Engine:
    try:
        engine = create_engine(url, pool_pre_ping=url.startswith("postgresql"), hide_parameters=True)
    except ModuleNotFoundError as error:
        if error.name != "psycopg":
            raise
        raise MissingExtraError("PostgreSQL", "postgres") from None
    except (ArgumentError, NoSuchModuleError):
        raise UsageError("the state's address is not a URL", "as in postgresql://host/name") from None
    if engine.dialect.name == "sqlite":
        if engine.url.database:
            place = Path(engine.url.database).absolute()
            files.make_dirs(place.parent)
            if not place.exists():  # made for its user alone: SQLite gives its other files the mode of this one
                with suppress(files.ExistsError):
                    files.write_once(place, _empty(), files.PRIVATE)
        event.listen(engine, "connect", _settle)
        event.listen(engine, "begin", _hold)
    return engine


def _empty() -> bytes:
    """Return an empty database in which readers and a writer work at once: it cannot change while others open it."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / _FILE
        with closing(sqlite3.connect(place)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA user_version=1")
        return place.read_bytes()


def _settle(connection: Any, _record: Any) -> None:
    """Let readers and a writer work at once, and make every commit durable."""
    connection.isolation_level = None  # the driver begins no transactions of its own
    for each in (f"busy_timeout={_BUSY_SECONDS * 1000}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {each}").close()


def _hold(connection: Connection) -> None:
    reading = connection.get_execution_options().get(_READING, False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _said(error: SQLAlchemyError) -> str:
    """Return the first line of what the driver said, without statements or values."""
    cause = getattr(error, "orig", None) or error
    return str(cause).strip().partition("\n")[0][:200]
