"""The records as they read now, kept for searching: SQLite FTS5 beside the row of each record. It can be thrown away.

What a record's text is and what its row holds is said in `query.records`; how the index follows the log, in
`steps.search`. Here rows go in and come out, by words and filters. Several processes may use one index at once.

Vectors of the records' summaries are kept here too once similar records are asked for by meaning; they go with it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from afterbell.errors import StoreError, UsageError
from afterbell.query import meaning
from afterbell.query.records import Row, names

_VERSION = 3
_BUSY_SECONDS = 120
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_OPEN, _CLOSE = "\x02", "\x03"  # around what was found; a text never holds them here
_UNMARKED = {ord(_OPEN): " ", ord(_CLOSE): " "}
_EXCERPT_WORDS = 40
MOST_WORDS = 32
_TABLES = f"""
    CREATE TABLE known (one INTEGER PRIMARY KEY CHECK (one = 1), value TEXT NOT NULL);
    CREATE TABLE records (place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, number INTEGER, filed INTEGER NOT NULL,
        status TEXT NOT NULL, cause TEXT, trigger TEXT, row TEXT NOT NULL, body TEXT NOT NULL, told TEXT);
    CREATE INDEX by_time ON records (filed);
    CREATE INDEX by_told ON records (told);
    CREATE TABLE vectors (told TEXT NOT NULL, model TEXT NOT NULL, vector BLOB NOT NULL, PRIMARY KEY (told, model));
    CREATE TABLE modes (mode TEXT NOT NULL, place INTEGER NOT NULL, PRIMARY KEY (mode, place)) WITHOUT ROWID;
    CREATE INDEX by_place ON modes (place);
    CREATE VIRTUAL TABLE texts USING fts5(body, content='records', content_rowid='place',
        prefix = '3 4 5', tokenize = "unicode61 remove_diacritics 2 tokenchars '_'");
    CREATE VIRTUAL TABLE vocabulary USING fts5vocab(texts, row);
    PRAGMA user_version = {_VERSION};
"""  # FTS5's rank is BM25 with k1 = 1.2 and b = 0.75 (sqlite.org/fts5.html)


class Wanted(Struct, frozen=True, kw_only=True):
    """What is asked for beside words; None asks for nothing.

    `since` has a zone and includes its own moment. A ticker is a whole word of the text, as typed or in capitals.
    """

    mode: str | None = None
    cause: str | None = None
    trigger: str | None = None
    status: str | None = None
    since: datetime | None = None
    ticker: str | None = None


class Kept(Struct, frozen=True, kw_only=True):
    """A record in the index: its row, its text, and its number in the log, None while it waits to be sealed."""

    row: Row
    text: str
    number: int | None = None


class Hit(Struct, frozen=True, kw_only=True):
    """A record that was found. `excerpt` is of its text, in pieces: each with whether it is what was asked for."""

    row: Row
    excerpt: tuple[tuple[str, bool], ...] = ()


class Hits(Struct, frozen=True, kw_only=True):
    """A page of what was found, and how many records there are in all."""

    total: int
    found: tuple[Hit, ...]


class SearchIndex:
    """An open index. Errors of the database are StoreErrors."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Use `opened` instead."""
        self._connection = connection

    def known(self) -> str:
        """Return what the last `change` said that it knows of the log; empty for a new index."""
        row = self._connection.execute("SELECT value FROM known").fetchone()
        return "" if row is None else str(row[0])

    @contextmanager
    def change(self) -> Iterator[Change]:
        """Lend the one place for writing; what was done there counts when it is left."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield Change(self._connection)
            self._connection.execute("COMMIT")
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise

    def search(self, words: str, wanted: Wanted, first: int, most: int) -> Hits:
        """Return the records that hold all words and pass the filters, the best first, from the `first` on.

        A word may end in `*`; quotes make a phrase. Nothing else that is typed acts. Raises UsageError for too many.
        """
        asked = spelled(words)
        test, values = _filters(wanted)
        inner = "SELECT place FROM texts JOIN records ON place = texts.rowid WHERE texts MATCH ?"
        if test:
            sql = f"{inner} AND {test} ORDER BY rank, place DESC"
        else:
            sql = "SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY rank, rowid DESC"
        places = [row[0] for row in self._connection.execute(sql, [asked, *values])]
        page = (self._hit(asked, place) for place in places[first : first + most])
        return Hits(total=len(places), found=tuple(hit for hit in page if hit is not None))

    def listed(self, wanted: Wanted, first: int, most: int, *, newest: bool) -> Hits:
        """Return the records that pass the filters: the newest first, or in the order of the log."""
        test, values = _filters(wanted)
        order = "filed DESC, id DESC" if newest else "number IS NULL, number, id"
        where = f"FROM records WHERE {test or '1'}"
        (total,) = self._connection.execute(f"SELECT count(*) {where}", values).fetchone()
        rows = self._connection.execute(
            f"SELECT row {where} ORDER BY {order} LIMIT ? OFFSET ?", [*values, most, first]
        ).fetchall()
        return Hits(total=total, found=tuple(Hit(row=_row(row[0])) for row in rows))

    def counts(self, terms: Iterable[str]) -> tuple[int, Mapping[str, int]]:
        """Return the number of records, and in how many of them each of these terms stands (0 is left out)."""
        (total,) = self._connection.execute("SELECT count(*) FROM records").fetchone()
        found = {}
        for term in terms:
            row = self._connection.execute("SELECT doc FROM vocabulary WHERE term = ?", [term]).fetchone()
            if row is not None:
                found[term] = int(row[0])
        return total, found

    def nearest(self, terms: Sequence[str], apart_from: str, most: int) -> tuple[tuple[Row, str], ...]:
        """Return row and text of the records that hold most of the terms, by BM25 the best first."""
        asked = " OR ".join(f'"{term}"' for term in terms if '"' not in term)
        rows = self._connection.execute(
            "SELECT row, records.body FROM texts JOIN records ON place = texts.rowid "
            "WHERE texts MATCH ? AND id <> ? ORDER BY rank, place DESC LIMIT ?",
            [asked or '""', apart_from, most],
        )  # fmt: skip
        return tuple((_row(row), str(body)) for row, body in rows)

    def without_vector(self, model: str) -> Mapping[str, str]:
        """Return the texts that records are compared by and that have no vector of this model, by their names."""
        rows = self._connection.execute(
            "SELECT told, max(row) FROM records WHERE told IS NOT NULL AND told NOT IN "
            "(SELECT told FROM vectors WHERE model = ?) GROUP BY told",
            [model],
        )  # fmt: skip
        return {told: meaning.of_record(_row(row)) for told, row in rows}

    def vectors(self, model: str, apart_from: str) -> Iterator[tuple[str, bytes]]:
        """Yield the ids of the records that have a vector of this model, and the vectors."""
        yield from self._connection.execute(
            "SELECT id, vector FROM vectors JOIN records USING (told) WHERE model = ? AND id <> ?", [model, apart_from]
        )

    def named(self, record: str) -> tuple[Row, str] | None:
        """Return row and text of a record; None when it is not here."""
        found = self._connection.execute("SELECT row, body FROM records WHERE id = ?", [record]).fetchone()
        return None if found is None else (_row(found[0]), str(found[1]))

    def _hit(self, asked: str, place: int) -> Hit | None:
        row = self._connection.execute(
            "SELECT row, snippet(texts, 0, ?, ?, ' … ', ?) "
            "FROM texts JOIN records ON place = texts.rowid WHERE texts MATCH ? AND texts.rowid = ?",
            [_OPEN, _CLOSE, _EXCERPT_WORDS, asked, place],
        ).fetchone()  # fmt: skip
        return None if row is None else Hit(row=_row(row[0]), excerpt=tuple(_pieces(row[1])))


class Change:
    """A change of the index under way."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Made by `SearchIndex.change`."""
        self._connection = connection

    def empty(self) -> None:
        """Forget every record."""
        for each in ("INSERT INTO texts (texts) VALUES ('delete-all')", "DELETE FROM records", "DELETE FROM modes"):
            self._connection.execute(each)

    def forget(self, record: str) -> None:
        """Forget a record, if it is here."""
        known = self._connection.execute("SELECT place, body FROM records WHERE id = ?", [record]).fetchone()
        if known is not None:
            self._connection.execute("INSERT INTO texts (texts, rowid, body) VALUES ('delete', ?, ?)", known)
            self._connection.execute("DELETE FROM modes WHERE place = ?", known[:1])
            self._connection.execute("DELETE FROM records WHERE place = ?", known[:1])

    def keep(self, each: Kept) -> None:
        """Keep a record that is not here."""
        row = each.row
        text = each.text.translate(_UNMARKED)
        place = self._connection.execute(
            "INSERT INTO records (id, number, filed, status, cause, trigger, row, body, told) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [row.id, each.number, _micros(row.created), row.status, row.root_cause, row.trigger,
             msgspec.json.encode(row).decode(), text, meaning.named(meaning.of_record(row))],
        ).lastrowid  # fmt: skip
        self._connection.execute("INSERT INTO texts (rowid, body) VALUES (?, ?)", [place, text])
        self._connection.executemany(
            "INSERT OR IGNORE INTO modes (mode, place) VALUES (?, ?)", [(mode, place) for mode in row.modes]
        )

    def keep_vectors(self, model: str, found: Iterable[tuple[str, bytes]]) -> None:
        """Keep the vectors of texts, by their names, and none of another model; a text that has gone gets none."""
        self._connection.execute("DELETE FROM vectors WHERE model <> ?", [model])
        self._connection.executemany(
            "INSERT OR REPLACE INTO vectors (told, model, vector) "
            "SELECT ?1, ?2, ?3 WHERE EXISTS (SELECT 1 FROM records WHERE told = ?1)",
            [(told, model, vector) for told, vector in found],
        )  # fmt: skip

    def know(self, value: str) -> None:
        """Keep what is known of the log now, when all of it is kept: vectors of texts that have gone go too."""
        self._connection.execute(
            "DELETE FROM vectors WHERE NOT EXISTS (SELECT 1 FROM records WHERE records.told = vectors.told)"
        )
        self._connection.execute("INSERT OR REPLACE INTO known (one, value) VALUES (1, ?)", [value])


@contextmanager
def opened(path: Path | None, follow: Callable[[SearchIndex], None]) -> Iterator[SearchIndex]:
    """Lend the index at a place, brought up to date by `follow`; in memory without one, or where it cannot be written.

    A file that is no index of this version is made anew. Raises StoreError when SQLite cannot do it.
    """
    connection = _followed(path, follow)
    try:
        yield SearchIndex(connection)
    except sqlite3.Error as error:
        raise StoreError(
            f"the search index cannot be used: {error}", "remove .afterbell/search.sqlite and search again"
        ) from None
    finally:
        connection.close()


def _followed(path: Path | None, follow: Callable[[SearchIndex], None]) -> sqlite3.Connection:
    last: Exception = sqlite3.OperationalError("no place for it")
    for place in (path, path, None):  # a second time where the file was damaged, then in memory
        connection = None
        try:
            connection = _connection(place)
            follow(SearchIndex(connection))
        except (OSError, sqlite3.Error) as error:
            last = error
            if connection is not None:
                connection.close()
            if path is not None and isinstance(error, sqlite3.Error):
                _remove(path, error)
        except BaseException:
            if connection is not None:
                connection.close()
            raise
        else:
            return connection
    raise StoreError(f"the search index cannot be made: {last}", "SQLite with FTS5 is needed") from None


def _remove(path: Path, error: sqlite3.Error) -> None:
    """Remove a file that is no database, or one of another version; a busy or read-only one stays."""
    if not isinstance(error, sqlite3.OperationalError) or "no such" in str(error):
        for each in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
            with suppress(OSError):
                each.unlink(missing_ok=True)


def _connection(path: Path | None) -> sqlite3.Connection:
    connection = sqlite3.connect(path or ":memory:", timeout=_BUSY_SECONDS, isolation_level=None)
    try:
        if path is not None:
            connection.execute("PRAGMA journal_mode = WAL").close()
            connection.execute("PRAGMA synchronous = NORMAL").close()
            connection.execute("PRAGMA secure_delete = ON").close()  # what was erased from the log leaves this file too
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version != _VERSION:
            _make(connection)
        connection.create_function("names", 2, names, deterministic=True)
    except BaseException:
        connection.close()
        raise
    return connection


def _make(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version != _VERSION:  # else another process has made it meanwhile
        if connection.execute("SELECT count(*) FROM sqlite_master").fetchone() != (0,):
            raise sqlite3.DatabaseError("an index of another version")
        for statement in filter(str.strip, _TABLES.split(";")):
            connection.execute(statement)
    connection.execute("COMMIT")


def spelled(words: str) -> str:
    """Spell the user's words as FTS5 strings, each once: nothing they type is an operator of the query language.

    Raises UsageError for more than `MOST_WORDS`: what marks them in the texts takes the square of their number.
    """
    found = []
    for number, piece in enumerate(words.replace("\0", " ").split('"')):
        if number % 2:
            if piece.strip():
                found.append(f'"{piece.strip()}"')
            continue
        for word in piece.split():
            stem = word.rstrip("*")
            if stem:
                found.append(f'"{stem}"' + ("*" if word.endswith("*") else ""))
    words_once = tuple(dict.fromkeys(found))
    if len(words_once) > MOST_WORDS:
        raise UsageError(f"at most {MOST_WORDS} words are looked for at once", "leave out the usual ones")
    return " ".join(words_once) or '""'


def _filters(wanted: Wanted) -> tuple[str, list[Any]]:
    """Return the test in SQL, empty for none, and its values."""
    tests: list[tuple[str, Any]] = []
    if wanted.ticker is not None:
        if any(char.isalnum() for char in wanted.ticker):  # FTS5 finds the few texts to look at
            quoted = f'"{wanted.ticker.replace(chr(34), " ").replace(chr(0), " ")}"'
            tests.append(("place IN (SELECT rowid FROM texts WHERE texts MATCH ?)", quoted))
        tests.append(("names(records.body, ?)", wanted.ticker))
    for column, value in (("cause", wanted.cause), ("trigger", wanted.trigger), ("status", wanted.status)):
        if value is not None:
            tests.append((f"{column} = ?", value))
    if wanted.since is not None:
        tests.append(("filed >= ?", _micros(wanted.since)))
    if wanted.mode is not None:
        tests.append(("place IN (SELECT place FROM modes WHERE mode = ?)", wanted.mode))
    return " AND ".join(test for test, _value in tests), [value for _test, value in tests]


def _micros(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1)


def _row(text: str) -> Row:
    return msgspec.json.decode(text, type=Row)


def _pieces(marked: str) -> Iterator[tuple[str, bool]]:
    for number, part in enumerate(marked.split(_OPEN)):
        found, _, after = part.partition(_CLOSE) if number else ("", "", part)
        if found:
            yield found, True
        if after:
            yield after, False
