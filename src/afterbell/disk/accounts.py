"""Local accounts: names, roles and hashed passwords. What changes one ends its sessions in the same transaction."""

from __future__ import annotations

from msgspec import Struct, structs
from sqlalchemy import BigInteger, Column, Connection, Integer, Row, String, Table, delete, insert, select, update

from afterbell.disk import sessions
from afterbell.disk.sessions import LINKS, SESSIONS, Pass
from afterbell.disk.state import METADATA, State
from afterbell.model.access import account_subject

ACCOUNTS = Table(
    "accounts", METADATA,
    Column("name", String(64), primary_key=True),
    Column("role", Integer, nullable=False),
    Column("hashed", String(300), nullable=False),
    Column("since", BigInteger, nullable=False),
)  # fmt: skip


class Account(Struct, frozen=True, kw_only=True):
    """One account; `hashed` is its password as argon2 writes it, `since` is in seconds since 1970."""

    name: str
    role: int
    hashed: str
    since: int


class AccountBook:
    """The accounts of a state."""

    def __init__(self, state: State) -> None:
        """Keep the state."""
        self._state = state

    def add(self, account: Account) -> bool:
        """Keep a new account; False when there is one of that name."""
        with self._state.begin(ACCOUNTS) as connection:
            if _found(connection, account.name) is not None:
                return False
            connection.execute(insert(ACCOUNTS).values(structs.asdict(account)))
        return True

    def find(self, name: str) -> Account | None:
        """Return the account of a name, or None."""
        with self._state.read(ACCOUNTS) as connection:
            return _found(connection, name)

    def all(self) -> tuple[Account, ...]:
        """Return the accounts by name."""
        with self._state.read(ACCOUNTS) as connection:
            return tuple(_account(row) for row in connection.execute(select(ACCOUNTS).order_by(ACCOUNTS.c.name)))

    def any(self) -> bool:
        """Tell whether there is an account."""
        with self._state.read(ACCOUNTS) as connection:
            return connection.execute(select(ACCOUNTS.c.name).limit(1)).first() is not None

    def change(self, name: str, *, role: int | None = None, hashed: str | None = None) -> bool:
        """Give an account another role or password, and end its sessions; False when there is none of that name."""
        values = {key: value for key, value in (("role", role), ("hashed", hashed)) if value is not None}
        with self._state.begin(ACCOUNTS, LINKS, SESSIONS) as connection:
            changed = connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.name == name).values(values)).rowcount
            sessions.forget(connection, account_subject(name))
        return changed > 0

    def remove(self, name: str) -> bool:
        """Forget an account and its sessions; False when there is none of that name."""
        with self._state.begin(ACCOUNTS, LINKS, SESSIONS) as connection:
            removed = connection.execute(delete(ACCOUNTS).where(ACCOUNTS.c.name == name)).rowcount
            sessions.forget(connection, account_subject(name))
        return removed > 0

    def enter(self, account: Account, secret: str, given: Pass, at: int, renewed: str = "") -> bool:
        """Begin a session if the account is still as it was when its password was looked at.

        `renewed` is the same password hashed anew, where that is due.
        """
        with self._state.begin(ACCOUNTS, SESSIONS) as connection:
            if _found(connection, account.name) != account:
                return False
            if renewed:
                connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.name == account.name).values(hashed=renewed))
            sessions.keep(connection, secret, given, at)
        return True


def _found(connection: Connection, name: str) -> Account | None:
    row = connection.execute(select(ACCOUNTS).where(ACCOUNTS.c.name == name)).one_or_none()
    return None if row is None else _account(row)


def _account(row: Row[tuple[object, ...]]) -> Account:
    return Account(**row._mapping)  # noqa: SLF001 - that is what SQLAlchemy calls its public mapping
