"""Local accounts: adding and changing them, and signing in with a password.

Passwords are hashed with argon2id as argon2-cffi's defaults have it (RFC 9106, low memory; OWASP's password storage
sheet asks for less). Who guesses must wait longer and longer, by account and by address, and learns nothing about which
names there are.
"""

from __future__ import annotations

import ipaddress
import re
import secrets
import unicodedata
from functools import cached_property
from threading import Semaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from msgspec import Struct

from afterbell import clock
from afterbell.disk import attempts
from afterbell.disk.accounts import Account, AccountBook
from afterbell.disk.sessions import Pass
from afterbell.disk.state import State
from afterbell.errors import UsageError
from afterbell.model.access import Role, account_subject
from afterbell.steps.access import SESSION_SECONDS
from afterbell.steps.crowd import Crowd

SHORTEST, LONGEST = 12, 1000
FREE_OF_ACCOUNT, FREE_OF_ADDRESS = 5, 20
_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{0,63}")
_AT_ONCE = 2  # each takes 64 MiB
CROWD = 8  # how many may wait for that: they wait in threads that other pages need
_NETWORK = 64  # bits of an IPv6 address that one customer has to themselves


class SignIn(Struct, frozen=True):
    """What came of a try: the secret of a session, or none; `wait` is how many seconds must pass before the next."""

    secret: str = ""
    wait: int = 0


class Passwords:
    """Hashes passwords, a few at once: each takes memory."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        """`hasher` is argon2 with its defaults unless given; `crowd` is of those who sign in."""
        self._hasher = hasher or PasswordHasher()
        self._room, self.crowd = Semaphore(_AT_ONCE), Crowd(CROWD, "too many sign in at once")

    def hashed(self, password: str) -> str:
        """Return what is kept of a password."""
        with self._room:
            return self._hasher.hash(_written(password))

    def fits(self, hashed: str, password: str) -> bool:
        """Tell whether this is the password."""
        with self._room:
            try:
                return self._hasher.verify(hashed, _written(password))
            except (VerificationError, InvalidHashError):
                return False

    def is_old(self, hashed: str) -> bool:
        """Tell whether it was hashed with less than what holds now."""
        return self._hasher.check_needs_rehash(hashed)

    @cached_property
    def decoy(self) -> str:
        """What a password is held against where there is no account, so that it takes as long."""
        return self.hashed(secrets.token_urlsafe(32))


class Accounts:
    """The local accounts of one house's pages."""

    def __init__(self, state: State, passwords: Passwords | None = None) -> None:
        """Keep the state."""
        self._state, self._book = state, AccountBook(state)
        self._passwords = passwords or Passwords()

    def all(self) -> tuple[Account, ...]:
        """Return the accounts by name."""
        return self._book.all()

    def any(self) -> bool:
        """Tell whether there is an account."""
        return self._book.any()

    def add(self, name: str, role: Role, password: str) -> None:
        """Add an account. Raises UsageError for a name that is taken or none, or a password that will not do."""
        if not _NAME.fullmatch(name):
            raise UsageError("a name has up to 64 of a-z, 0-9 and . _ @ -, a letter or digit first", "choose another")
        hashed = self._new(name, password)
        if not self._book.add(Account(name=name, role=role, hashed=hashed, since=_now())):
            raise UsageError(f"there is an account {name} already", "change its role or password, or remove it first")

    def set_role(self, name: str, role: Role) -> None:
        """Give an account another role, and end its sessions. Raises UsageError when it is not there."""
        _known(name, there=self._book.change(name, role=role))

    def set_password(self, name: str, password: str) -> None:
        """Give an account another password, and end its sessions. Raises UsageError as `add` does."""
        _known(name, there=self._book.find(name) is not None)
        _known(name, there=self._book.change(name, hashed=self._new(name, password)))

    def remove(self, name: str) -> None:
        """Remove an account, and end its sessions. Raises UsageError when it is not there."""
        _known(name, there=self._book.remove(name))

    def sign_in(self, name: str, password: str, address: str) -> SignIn:
        """Begin a session if name and password fit; `address` is where the try comes from.

        A name that is not there is answered like a wrong password, and takes as long. Raises StoreError in a crowd.
        """
        called, at = name.strip().lower()[:LONGEST], _now()
        account, refused = self._tried(called, password, address, at)
        if account is None:
            return refused
        secret, subject = secrets.token_urlsafe(32), account_subject(account.name)
        given = Pass(subject=subject, name=account.name, role=account.role, ends=at + SESSION_SECONDS)
        renewed = self._passwords.hashed(password) if self._passwords.is_old(account.hashed) else ""
        return SignIn(secret) if self._book.enter(account, secret, given, at, renewed) else SignIn()

    def renew(self, name: str, password: str, new: str, address: str) -> SignIn:
        """Change one's own password, which ends every session, and begin a new one; tries count as in `sign_in`.

        Raises UsageError for a new password that will not do.
        """
        hashed = self._new(name, new)
        account, refused = self._tried(name, password, address, _now())
        if account is None:
            return refused
        self._book.change(name, hashed=hashed)
        return self.sign_in(name, new, address)

    def _tried(self, name: str, password: str, address: str, at: int) -> tuple[Account | None, SignIn]:
        of_account, of_address = f"account {name}", f"address {_place(address)}"
        tries = {of_account: FREE_OF_ACCOUNT, of_address: FREE_OF_ADDRESS}
        with self._passwords.crowd.place():
            decoy = self._passwords.decoy
            if wait := attempts.claim(self._state, tries, at):
                return None, SignIn(wait=wait)
            account = self._book.find(name) if _NAME.fullmatch(name) else None
            fits = self._passwords.fits(account.hashed if account else decoy, password[: LONGEST + 1])
        if account is None or not fits:
            return None, SignIn()
        attempts.forgive(self._state, of_account, of_address)
        return account, SignIn()

    def _new(self, name: str, password: str) -> str:
        written = _written(password)
        if not SHORTEST <= len(written) <= LONGEST:
            raise UsageError(
                f"a password has {SHORTEST} to {LONGEST} characters", "several words are easy to keep in mind"
            )
        if written.casefold() == name.casefold():
            raise UsageError("a password is not the name", "choose another")
        return self._passwords.hashed(password)


def _written(password: str) -> str:
    """Return a password as it is hashed, the same from every keyboard (NIST SP 800-63B, 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


def _place(address: str) -> str:
    """Return what counts as one address: of IPv6 the network, in which a sender can take any other."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv6Address):
        mapped = known.ipv4_mapped
        return str(mapped or ipaddress.ip_network((known, _NETWORK), strict=False))
    return str(known)


def _known(name: str, *, there: bool) -> None:
    if not there:
        raise UsageError(f"no account {name}", "afterbell account list tells which there are")


def _now() -> int:
    return int(clock.now().timestamp())
