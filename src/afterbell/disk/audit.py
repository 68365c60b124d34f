"""The audit of the pages: who changed what, and when; appended to, never changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec
from msgspec import Struct
from sqlalchemy import BigInteger, Column, Integer, String, Table, Text, insert, select

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


class Act(Struct, frozen=True, kw_only=True):
    """One change of state: by whom, which route, about what, and the HTTP status of its answer."""

    at: datetime
    subject: str
    role: int
    action: str
    about: Mapping[str, str] = {}
    outcome: int


def add(state: State, act: Act) -> None:
    """Keep an act; durable when this returns."""
    row = {
        "at": round(act.at.timestamp() * _MICRO), "subject": act.subject[:200], "role": act.role,
        "action": act.action[:200], "about": msgspec.json.encode(act.about).decode(), "outcome": act.outcome,
    }  # fmt: skip
    with state.begin(AUDIT) as connection:
        connection.execute(insert(AUDIT).values(row))


def latest(state: State, most: int) -> tuple[Act, ...]:
    """Return so many acts, the newest first."""
    with state.read(AUDIT) as connection:
        rows = connection.execute(select(AUDIT).order_by(AUDIT.c.number.desc()).limit(most)).all()
    return tuple(
        Act(
            at=datetime.fromtimestamp(row.at // _MICRO, UTC).replace(microsecond=row.at % _MICRO), subject=row.subject,
            role=row.role, action=row.action, about=msgspec.json.decode(row.about, type=dict[str, str]),
            outcome=row.outcome,
        )
        for row in rows
    )  # fmt: skip
