"""The audit of the pages: who changed what, and when; appended to, never changed.

What was asked for is kept before it is done, and how it was answered afterwards: of a change during which the server
was killed, the question stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec
from msgspec import Struct
from sqlalchemy import BigInteger, Column, ForeignKey, Integer, String, Table, Text, func, insert, select

from afterbell.disk.state import METADATA, State

_MICRO = 1_000_000
AUDIT = Table(
    "audit", METADATA,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("at", BigInteger, nullable=False),  # microseconds since 1970
    Column("subject", String(200), nullable=False),
    Column("role", Integer, nullable=False),
    Column("action", String(200), nullable=False),
    Column("about", Text, nullable=False),
    Column("outcome", Integer, nullable=False),
)  # fmt: skip
ANSWERS = Table(
    "audit_answers", METADATA,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), ForeignKey("audit.number"), primary_key=True),
    Column("about", Text, nullable=False),
    Column("outcome", Integer, nullable=False),
)  # fmt: skip


class Act(Struct, frozen=True, kw_only=True):
    """One change of state: by whom, which route, about what, and the HTTP status of its answer.

    0 is no status: it was asked for, and that it was answered is not known.
    """

    at: datetime
    subject: str
    role: int
    action: str
    about: Mapping[str, str] = {}
    outcome: int


def add(state: State, act: Act) -> int:
    """Keep an act and return its number; durable when this returns."""
    row = {
        "at": round(act.at.timestamp() * _MICRO), "subject": act.subject[:200], "role": act.role,
        "action": act.action[:200], "about": _written(act.about), "outcome": act.outcome,
    }  # fmt: skip
    with state.begin(AUDIT) as connection:
        number: int = connection.execute(insert(AUDIT).values(row).returning(AUDIT.c.number)).scalar_one()
    return number


def answer(state: State, number: int, about: Mapping[str, str], outcome: int) -> None:
    """Keep once how the act of a number was answered, and what it was about as far as is known by then."""
    row = {"number": number, "about": _written(about), "outcome": outcome}
    with state.begin(AUDIT, ANSWERS) as connection:
        connection.execute(insert(ANSWERS).values(row))


def latest(state: State, most: int) -> tuple[Act, ...]:
    """Return so many acts, the newest first."""
    about = func.coalesce(ANSWERS.c.about, AUDIT.c.about).label("about")
    outcome = func.coalesce(ANSWERS.c.outcome, AUDIT.c.outcome).label("outcome")
    asked = select(AUDIT.c.at, AUDIT.c.subject, AUDIT.c.role, AUDIT.c.action, about, outcome)
    answered = asked.outerjoin_from(AUDIT, ANSWERS).order_by(AUDIT.c.number.desc()).limit(most)
    with state.read(AUDIT, ANSWERS) as connection:
        rows = connection.execute(answered).all()
    return tuple(
        Act(
            at=datetime.fromtimestamp(row.at // _MICRO, UTC).replace(microsecond=row.at % _MICRO), subject=row.subject,
            role=row.role, action=row.action, about=msgspec.json.decode(row.about, type=dict[str, str]),
            outcome=row.outcome,
        )
        for row in rows
    )  # fmt: skip


def _written(about: Mapping[str, str]) -> str:
    return msgspec.json.encode(about).decode()
