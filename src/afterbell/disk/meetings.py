"""The meetings of a state: what each began with, and every change of its sheet in the order in which they hold.

A change is durable before it is acknowledged, and one that is sent twice is kept once. Nothing is ever removed here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager

import msgspec
from msgspec import Struct
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    Integer,
    RowMapping,
    String,
    Table,
    Text,
    UniqueConstraint,
    func,
    insert,
    select,
    update,
)

from afterbell.disk.state import METADATA, State
from afterbell.errors import UsageError
from afterbell.model.edits import Change
from afterbell.model.record import Draft

MEETINGS = Table(
    "meetings", METADATA,
    Column("id", String(60), primary_key=True),
    Column("subject", String(200), nullable=False, index=True),
    Column("about", String(400), nullable=False),
    Column("draft", Text, nullable=False),
    Column("sheet", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("form_sha256", String(64), nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("record", String(60), nullable=False, default=""),
)  # fmt: skip
BATCHES = Table(
    "meeting_changes", METADATA,
    Column("meeting", String(60), ForeignKey("meetings.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("author", String(60), nullable=False),
    Column("count", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("changes", Text, nullable=False),
    UniqueConstraint("meeting", "author", "count"),
)  # fmt: skip


class Listed(Struct, frozen=True, kw_only=True):
    """A meeting in a list: about which event, trace or record, and what that is in words.

    `opened_at` is in seconds since 1970. `record` is what it filed, "" while it is open.
    """

    id: str
    subject: str
    about: str
    opened_at: int
    record: str = ""


class Meeting(Listed, frozen=True, kw_only=True):
    """A meeting as it was opened, with its draft and its sheet.

    `form` is the path, in the house, of the Markdown form it is written back to, and `form_sha256` the form as it was
    last read or written here.
    """

    draft: Draft
    sheet: Mapping[str, str]
    form: str
    form_sha256: str


class Batch(Struct, frozen=True, kw_only=True):
    """Changes that were made at once: their place in the order, from 1, and the author's own count of them."""

    seq: int
    author: str
    count: int
    changes: Mapping[str, Change]


class Meetings:
    """The meetings of one state."""

    def __init__(self, state: State) -> None:
        """Keep the state."""
        self._state = state

    def add(self, meeting: Meeting) -> None:
        """Keep a meeting that was opened."""
        row = {name: getattr(meeting, name) for name in Meeting.__struct_fields__}
        row |= {name: msgspec.json.encode(row[name]).decode() for name in ("draft", "sheet")}
        with self._begin() as connection:
            connection.execute(insert(MEETINGS).values(row))

    def find(self, meeting: str) -> Meeting:
        """Return a meeting. Raises UsageError when there is none of this id."""
        with self._read() as connection:
            row = connection.execute(select(MEETINGS).where(MEETINGS.c.id == meeting)).mappings().one_or_none()
        if row is None:
            raise UsageError("no such meeting", "the page of meetings lists them")
        return _meeting(row)

    def all(self) -> tuple[Listed, ...]:
        """Return every meeting, the latest first."""
        named = [MEETINGS.c[name] for name in Listed.__struct_fields__]
        with self._read() as connection:
            rows = connection.execute(select(*named).order_by(MEETINGS.c.opened_at.desc(), MEETINGS.c.id.desc()))
            return tuple(Listed(**{name: row[name] for name in Listed.__struct_fields__}) for row in rows.mappings())

    def open_about(self, subject: str) -> Meeting | None:
        """Return the latest meeting about a subject that has filed nothing yet."""
        asked = select(MEETINGS).where(MEETINGS.c.subject == subject, MEETINGS.c.record == "")
        with self._read() as connection:
            row = (
                connection.execute(asked.order_by(MEETINGS.c.opened_at.desc(), MEETINGS.c.id.desc())).mappings().first()
            )
        return _meeting(row) if row else None

    def note(self, meeting: str, **values: str) -> None:
        """Keep what became of a meeting: its `record`, or its `form` and `form_sha256`."""
        with self._begin() as connection:
            connection.execute(update(MEETINGS).where(MEETINGS.c.id == meeting).values(values))

    def after(self, meeting: str, seq: int) -> tuple[Batch, ...]:
        """Return the changes of a meeting after a place in their order."""
        with self._read() as connection:
            return _after(connection, meeting, seq)

    def order(
        self, meeting: str, author: str, count: int, known: int, at: int,
        make: Callable[[Sequence[Batch]], Mapping[str, Change]],
    ) -> Batch:  # fmt: skip
        """Put changes in order, durable when this returns; those that are there already are returned as they are.

        `make` gets what was put in order after place `known` and returns the changes to keep; what it raises leaves
        nothing behind. A `count` of 0 takes the place in the order.
        """
        with self._begin() as connection:
            connection.execute(select(MEETINGS.c.id).where(MEETINGS.c.id == meeting).with_for_update()).one()
            asked = select(BATCHES).where(
                BATCHES.c.meeting == meeting, BATCHES.c.author == author, BATCHES.c.count == count
            )
            if count and (row := connection.execute(asked).mappings().one_or_none()):
                return _batch(row)
            changes = make(_after(connection, meeting, known))
            last = connection.execute(select(func.max(BATCHES.c.seq)).where(BATCHES.c.meeting == meeting)).scalar()
            seq = (last or 0) + 1
            made = Batch(seq=seq, author=author, count=count or seq, changes=changes)
            connection.execute(
                insert(BATCHES).values(
                    meeting=meeting, seq=seq, author=author, count=made.count, at=at,
                    changes=msgspec.json.encode(changes).decode(),
                )
            )  # fmt: skip
        return made

    def _begin(self) -> AbstractContextManager[Connection]:
        return self._state.begin(MEETINGS, BATCHES)

    def _read(self) -> AbstractContextManager[Connection]:
        return self._state.read(MEETINGS, BATCHES)


def _after(connection: Connection, meeting: str, seq: int) -> tuple[Batch, ...]:
    asked = select(BATCHES).where(BATCHES.c.meeting == meeting, BATCHES.c.seq > seq).order_by(BATCHES.c.seq)
    return tuple(_batch(row) for row in connection.execute(asked).mappings())


def _batch(row: RowMapping) -> Batch:
    changes = msgspec.json.decode(row["changes"], type=dict[str, Change])
    return Batch(seq=row["seq"], author=row["author"], count=row["count"], changes=changes)


def _meeting(row: RowMapping) -> Meeting:
    values = {name: row[name] for name in Meeting.__struct_fields__}
    values["draft"] = msgspec.json.decode(values["draft"], type=Draft)
    values["sheet"] = msgspec.json.decode(values["sheet"], type=dict[str, str])
    return Meeting(**values)
