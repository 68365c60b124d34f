"""Where an ingest under way keeps its rows: plain files per table and bucket, swept when it is killed.

Nothing in the spool has been acknowledged. `shards.publish` turns it into Parquet; a commit file makes it count.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec import Struct

from afterbell.disk import files, packing
from afterbell.model.books import BookRow, book_of
from afterbell.model.trace import LogRecord, Span

LONGEST_ROW = 16 * 1024 * 1024
LONGEST_TEXT = 96 * 1024 * 1024
ROTATE_AT = 24 * 1024 * 1024
_SEEN_LIMIT = 400_000
_FLUSH_AT = 4 * 1024 * 1024
_SUSPECT = 8 * 1024 * 1024


class Tally(Struct, kw_only=True):
    """What one unit of work added to the spool, and the positions of what was too long for it."""

    spans: int = 0
    logs: int = 0
    rows: int = 0
    longest: int = 0
    too_long: list[int] = []


class Spool:
    """One process's share of an ingest's spool. Rows of a trace always go to the bucket of its id."""

    def __init__(self, directory: Path, buckets: int) -> None:
        """`directory` must exist; files are named after this process, so that processes never share one."""
        self._directory = directory
        self._buckets = buckets
        self._pending: dict[tuple[str, int], list[bytes]] = {}
        self._size = 0
        self._files: dict[tuple[str, int], int] = {}
        self._written: dict[tuple[str, int], int] = {}
        self._number = 0
        self._seen: set[tuple[str, str]] = set()
        self._recent = packing.Recent()

    def add(self, items: Iterable[Span | LogRecord | BookRow], source: int, tally: Tally) -> None:
        """Add items read from evidence number `source` of the commit; counts go into `tally`."""
        for item in items:
            texts: packing.Texts = {}
            if isinstance(item, Span):
                line = packing.pack_span(item, source, texts, self._recent)
                tally.spans += self._put("spans", item, line, texts, tally)
            elif isinstance(item, LogRecord):
                line = packing.pack_log(item, source, texts, self._recent)
                tally.logs += self._put("logs", item, line, texts, tally)
            else:
                tally.rows += 1
                self._queue(book_of(item), 0, (packing.pack_row(item, source),), tally)

    def _put(self, table: str, item: Span | LogRecord, line: bytes, texts: packing.Texts, tally: Tally) -> bool:
        """Queue a row with its texts, all or nothing; tell whether it was short enough."""
        if len(line) > LONGEST_ROW or any(map(_is_too_long, texts.values())):
            tally.too_long.append(item.position)
            self._recent = packing.Recent()  # what it remembers of this row will not be there
            return False
        trace_id = item.trace_id
        bucket = bucket_of(trace_id, self._buckets)
        self._queue(table, bucket, (line,), tally)
        if texts:
            if len(self._seen) > _SEEN_LIMIT:
                self._seen.clear()
            if lines := packing.new_texts(texts, self._seen, trace_id):
                self._queue("texts", bucket, lines, tally)
        return True

    def _queue(self, table: str, bucket: int, lines: Sequence[bytes], tally: Tally) -> None:
        held = self._pending.get((table, bucket))
        if held is None:
            held = self._pending[table, bucket] = []
        held += lines
        lengths = [len(line) for line in lines]
        self._size += sum(lengths)
        tally.longest = max(tally.longest, *lengths)
        if self._size >= _FLUSH_AT:
            self.flush()

    def flush(self) -> None:
        """Hand everything to the operating system; no fsync, since nothing here counts yet. Raises DiskError."""
        for mark, lines in self._pending.items():
            data = b"".join(lines)
            if mark not in self._files or self._written[mark] + len(data) > ROTATE_AT:
                self._next_file(mark)
            files.write_all(self._files[mark], data, self._directory)
            self._written[mark] += len(data)
        self._pending.clear()
        self._size = 0

    def _next_file(self, mark: tuple[str, int]) -> None:
        """Begin a file for a table and bucket: one that grew too large would not fit the memory that sorts it."""
        if mark in self._files:
            os.close(self._files[mark])
        self._number += 1
        table, bucket = mark
        name = f"{table}-{bucket:02d}-{self._number:06d}-{os.getpid()}.ndjson"
        self._files[mark] = files.append_to(self._directory / name)
        self._written[mark] = 0

    def close(self) -> None:
        """Close the files; what was not flushed is forgotten."""
        for descriptor in self._files.values():
            os.close(descriptor)
        self._files.clear()


def bucket_of(trace_id: str, buckets: int) -> int:
    """Return the bucket of a trace: a trace is never split over two."""
    return int(trace_id[:8] or "0", 16) % buckets


def _is_too_long(text: bytes | str) -> bool:
    """Tell whether a text would be too long for the store; control characters take six bytes there."""
    return len(text) > _SUSPECT and len(packing.pack_text("", "", text)) > LONGEST_TEXT
