"""The blind reviews of a house, as files that are written once: what was asked, what was answered, when it was shown.

`postmortems/reviews/<id>.asked.json`, `<id>.answer.jsonl` (one row of the reviews book) and `<id>.shown.json`. That a
file can be created only once is what makes an answer final: of two answers one wins, whoever gives them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from afterbell.disk import files
from afterbell.errors import StoreError, UsageError

_LONGEST = 1024 * 1024
_ASKED, _ANSWER, _SHOWN = ".asked.json", ".answer.jsonl", ".shown.json"


class Asked(Struct, frozen=True, kw_only=True):
    """One review that was asked for: which trade, how it was drawn, and what was shown.

    `seed`, `number`, `population` (how many trades) and `population_sha256` repeat the draw; `view_sha256` is of the
    page that was shown. `span_id` is where the decision stands.
    """

    review_id: str
    reviewer_role: str
    asked_at: datetime
    trace_id: str
    span_id: str
    decision_id: str = ""
    idea_id: str = ""
    stratum: str
    seed: str
    number: int
    population: int
    population_sha256: str
    view_sha256: str


class Reviews:
    """The review files in one directory. Making the handle touches nothing."""

    def __init__(self, directory: Path) -> None:
        """Keep the directory; it need not be there."""
        self.directory = directory

    def asked(self) -> tuple[Asked, ...]:
        """Return every review that was asked for, the earliest first. Raises StoreError for a damaged file."""
        found = [_read(path) for path in self._all(_ASKED)]
        return tuple(sorted(found, key=lambda each: (each.number, each.asked_at, each.review_id)))

    def answered(self) -> frozenset[str]:
        """Return the ids of the reviews that have an answer."""
        return frozenset(path.name.removesuffix(_ANSWER) for path in self._all(_ANSWER))

    def answers(self) -> tuple[Path, ...]:
        """Return the files of answers: rows of the reviews book."""
        return tuple(self._all(_ANSWER))

    def ask(self, asked: Asked) -> None:
        """Record that a review was asked for; durable when this returns. Raises DiskError."""
        files.make_dirs(self.directory)
        files.write_once(self.directory / f"{asked.review_id}{_ASKED}", msgspec.json.encode(asked) + b"\n")

    def answer(self, review_id: str, row: Mapping[str, Any]) -> Path:
        """Record an answer and return its file; durable when this returns. Raises UsageError for a second answer."""
        path = self.directory / f"{review_id}{_ANSWER}"
        try:
            files.write_once(path, msgspec.json.encode(row) + b"\n")
        except files.ExistsError:
            raise UsageError(f"review {review_id} is answered already", "an answer is final: it was blind") from None
        return path

    def show(self, review_id: str, at: datetime) -> None:
        """Record that the outcome was shown, once."""
        told = {"review_id": review_id, "outcome_shown_at": at}
        with suppress(files.ExistsError):
            files.write_once(self.directory / f"{review_id}{_SHOWN}", msgspec.json.encode(told) + b"\n")

    def _all(self, ending: str) -> Iterator[Path]:
        for name in files.names(self.directory):
            if name.endswith(ending):
                yield self.directory / name


def _read(path: Path) -> Asked:
    try:
        return msgspec.json.decode(files.read(path, _LONGEST) or b"", type=Asked)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise StoreError(f"{path} cannot be read: {error}", "restore it from git") from None
