"""Full-text search over the records: SQLite FTS5, rebuilt whenever the log has changed. It can be thrown away.

What a record's text is, and which records match a filter, is said elsewhere; here texts go in and ids come out.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from pathlib import Path

from afterbell.errors import StoreError

_TOKENS = "tokenize = \"unicode61 remove_diacritics 2 tokenchars '_'\""
_MOST = 10_000


def search(
    path: Path | None, stamp: str, texts: Callable[[], Iterable[tuple[str, str]]], words: str
) -> tuple[str, ...]:
    """Return the ids of the records whose text holds all the words, the best match first.

    `stamp` names the state of the log; an index of another state is built anew from `texts` (id, text). Without a
    `path`, or where it cannot be written, the index lives in memory. A word may end in `*`; quotes make a phrase.
    Raises StoreError when SQLite lacks FTS5.
    """
    try:
        with closing(_index(path, stamp, texts)) as connection:
            rows = connection.execute(
                "SELECT id FROM texts WHERE texts MATCH ? ORDER BY rank, id LIMIT ?", (_query(words), _MOST)
            ).fetchall()
    except sqlite3.Error as error:
        raise StoreError(
            f"the search index cannot be used: {error}", "remove .afterbell/search.sqlite and search again"
        ) from None
    return tuple(row[0] for row in rows)


def _query(words: str) -> str:
    """Spell the user's words as FTS5 strings: nothing they type is an operator of the query language."""
    spelled = []
    for number, piece in enumerate(words.split('"')):
        if number % 2:
            if piece.strip():
                spelled.append(f'"{piece.strip()}"')
            continue
        for word in piece.split():
            stem = word.rstrip("*")
            if stem:
                spelled.append(f'"{stem}"' + ("*" if word.endswith("*") else ""))
    return " ".join(spelled) or '""'


def _index(path: Path | None, stamp: str, texts: Callable[[], Iterable[tuple[str, str]]]) -> sqlite3.Connection:
    if path is not None and path.is_file():
        kept = sqlite3.connect(path)
        with suppress(sqlite3.Error):
            if kept.execute("SELECT stamp FROM state").fetchone() == (stamp,):
                return kept
        kept.close()
    target = path.with_name(f".tmp-{secrets.token_hex(8)}") if path is not None else None
    if target is not None and path is not None:
        try:
            _build(sqlite3.connect(target), stamp, texts()).close()
            target.replace(path)
            return sqlite3.connect(path)
        except (OSError, sqlite3.OperationalError):
            with suppress(OSError):
                target.unlink(missing_ok=True)
    return _build(sqlite3.connect(":memory:"), stamp, texts())


def _build(connection: sqlite3.Connection, stamp: str, texts: Iterable[tuple[str, str]]) -> sqlite3.Connection:
    with connection:
        connection.execute("CREATE TABLE state (stamp TEXT)")
        connection.execute(f"CREATE VIRTUAL TABLE texts USING fts5(id UNINDEXED, body, {_TOKENS})")
        connection.executemany("INSERT INTO texts VALUES (?, ?)", texts)
        connection.execute("INSERT INTO state VALUES (?)", (stamp,))
    return connection
