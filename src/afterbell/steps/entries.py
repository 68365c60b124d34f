"""Puts a record or an addendum into its envelope, and the envelope into the log. What it holds was judged before."""

from __future__ import annotations

import secrets

import msgspec

from afterbell import clock
from afterbell.disk.journal import Journal
from afterbell.disk.log_files import Stored
from afterbell.log.entry import SALT_BYTES, UUID7_RANDOM_BYTES, Entry, EntryType, Parent, uuid7
from afterbell.log.special import Erasure, KeyChange
from afterbell.model.body import body
from afterbell.model.record import Addendum, Record

FACILITATOR = "facilitator"


def new_id() -> str:
    """Return a fresh id: a UUID of version 7, so that the order of text is the order of time."""
    return uuid7(int(clock.now().timestamp() * 1000), secrets.token_bytes(UUID7_RANDOM_BYTES))


def add_record(log: Journal, record: Record, actor: str) -> Stored:
    """Add a record; durable when this returns. Raises LogError for a second use of its id, DiskError for the disk."""
    return log.append(
        Entry(
            type=EntryType.POSTMORTEM,
            id=record.id,
            created=_now(),
            actor=actor,
            after=log.head(),
            salt=secrets.token_hex(SALT_BYTES),
            body=body(record),
        )
    )


def add_addendum(log: Journal, addendum: Addendum, parent: Stored, actor: str) -> Stored:
    """Add an addendum bound to its parent's exact bytes; durable when this returns. Raises as `add_record` does."""
    return log.append(
        Entry(
            type=EntryType.AMENDMENT,
            id=addendum.id,
            created=_now(),
            actor=actor,
            after=log.head(),
            parent=Parent(id=addendum.parent_id, leaf=parent.leaf),
            salt=secrets.token_hex(SALT_BYTES),
            body=body(addendum),
        )
    )


def add_special(log: Journal, kind: EntryType, body_of: Erasure | KeyChange, actor: str) -> Stored:
    """Add an erasure or a change of keys; it takes effect when it is sealed. Raises as `add_record` does."""
    return log.append(
        Entry(
            type=kind,
            id=new_id(),
            created=_now(),
            actor=actor,
            after=log.head(),
            salt=secrets.token_hex(SALT_BYTES),
            body=msgspec.to_builtins(body_of),
        )
    )


def _now() -> str:
    """Return the present moment as the log writes it: RFC 3339, UTC, ending in Z."""
    return clock.now().isoformat().replace("+00:00", "Z")
