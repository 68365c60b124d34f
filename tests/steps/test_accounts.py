"""Local accounts, as somebody sees them who guesses, and as a team uses them; on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event, Semaphore

import pytest
from argon2 import PasswordHasher

from afterbell.disk.accounts import Account, AccountBook
from afterbell.disk.sessions import Pass
from afterbell.errors import StoreError, UsageError
from afterbell.model.access import LONGEST_PAUSE, Role, pause
from afterbell.steps.access import Access
from afterbell.steps.accounts import CROWD, Accounts, Passwords, SignIn

RIGHT, WRONG = "correct horse battery", "incorrect horse battery"
HERE = "192.0.2.1"


class Counting(Passwords):
    """Weak passwords for quick tests, counted: how often one was held against another."""

    def __init__(self):
        super().__init__(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        self.asked = 0

    def fits(self, hashed, password):
        assert hashed.startswith("$argon2id$v=19$m=8,t=1,p=1$")  # as long for every name
        self.asked += 1
        return super().fits(hashed, password)


@pytest.fixture
def at(monkeypatch):
    """Set the clock so many seconds after noon."""

    def to(seconds):
        monkeypatch.setenv("AFTERBELL_NOW", f"2026-01-06T12:{seconds // 60:02}:{seconds % 60:02}Z")

    return to


@pytest.fixture
def accounts(state, at):
    at(0)
    made = Accounts(state, Counting())
    made.add("ann.desk", Role.OPERATOR, RIGHT)
    return made


@pytest.fixture
def access(state):
    return Access(state)


def test_name_and_password_begin_a_session_with_the_role(accounts, access):
    viewer = access.viewer(accounts.sign_in(" Ann.Desk ", RIGHT, HERE).secret)
    assert (viewer.subject, viewer.name, viewer.role) == ("account:ann.desk", "ann.desk", Role.OPERATOR)


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("ann.desk", WRONG),
        ("ann.desk", ""),
        ("nobody", RIGHT),
        ("", RIGHT),
        ("ann.desk\0", RIGHT),
        ("x" * 5000, "y" * 5000),
    ],
)
def test_what_does_not_fit_is_refused_alike_and_looked_at_as_long(accounts, name, password):
    before = accounts._passwords.asked
    assert accounts.sign_in(name, password, HERE) == SignIn()
    assert accounts._passwords.asked == before + 1


@pytest.mark.usefixtures("accounts")
def test_no_password_stands_in_the_database(state):
    kept = AccountBook(state).find("ann.desk")
    assert RIGHT not in str(kept)
    assert kept.hashed.startswith("$argon2id$")


def test_a_password_is_the_same_from_every_keyboard(accounts):
    accounts.add("bob", Role.READER, "caf\u00e9 am hafen")
    assert accounts.sign_in("bob", "cafe\u0301 am hafen", HERE).secret


@pytest.mark.parametrize(
    ("name", "password", "said"),
    [
        ("bob", "short", "12 to 1000 characters"), ("bob", "x" * 1001, "12 to 1000 characters"),
        ("a-long-enough-name", "A-Long-Enough-Name", "not the name"), ("Bob", RIGHT, "a name has"),
        ("../bob", RIGHT, "a name has"), ("a>b", RIGHT, "a name has"), ("", RIGHT, "a name has"),
        ("b" * 65, RIGHT, "a name has"), ("ann.desk", RIGHT, "already"),
    ],
)  # fmt: skip
def test_names_and_passwords_that_will_not_do_are_refused(accounts, name, password, said):
    with pytest.raises(UsageError, match=said):
        accounts.add(name, Role.READER, password)


def test_what_is_not_there_cannot_be_changed(accounts):
    for change in (
        lambda: accounts.remove("bob"),
        lambda: accounts.set_role("bob", Role.READER),
        lambda: accounts.set_password("bob", RIGHT),
    ):
        with pytest.raises(UsageError, match="no account bob"):
            change()


@pytest.mark.parametrize(
    "change",
    [
        lambda accounts: accounts.set_role("ann.desk", Role.READER),
        lambda accounts: accounts.set_password("ann.desk", RIGHT + "s"),
        lambda accounts: accounts.remove("ann.desk"),
    ],
)
def test_a_change_ends_every_session_of_the_account_and_what_came_of_its_links(accounts, access, change):
    accounts.add("ann.desk2", Role.OPERATOR, RIGHT)
    mine = [accounts.sign_in("ann.desk", RIGHT, HERE).secret for _ in range(2)]
    other = accounts.sign_in("ann.desk2", RIGHT, HERE).secret
    used, waiting = (access.link(Role.READER, by="account:ann.desk") for _ in range(2))
    invited = access.enter(used)
    assert access.viewer(invited).role is Role.READER
    change(accounts)
    assert {access.viewer(secret).role for secret in (*mine, invited)} == {Role.NOBODY}
    assert access.enter(waiting) is None
    assert access.viewer(other).role is Role.OPERATOR


def test_who_was_let_in_before_the_account_changed_does_not_come_in_after_it(accounts, state):
    book = AccountBook(state)
    seen = book.find("ann.desk")
    given = Pass(subject="account:ann.desk", role=2, ends=2**40)
    accounts.set_role("ann.desk", Role.READER)
    assert not book.enter(seen, "s", given, 1)
    accounts.remove("ann.desk")
    assert not book.enter(seen, "s", given, 1)
    assert book.add(Account(name="ann.desk", role=1, hashed="x", since=1))
    assert not book.enter(seen, "s", given, 1)


def test_who_guesses_waits_longer_and_longer(accounts, at):
    waits, seconds = [], 0
    for _ in range(12):
        tried = accounts.sign_in("ann.desk", WRONG, f"192.0.2.{len(waits)}")
        if tried.wait:
            waits.append(tried.wait)
            seconds += tried.wait
            at(seconds)
    assert waits == [1, 2, 4, 8][: len(waits)]
    assert len(waits) >= 3


def test_while_one_waits_nothing_is_looked_at_not_even_what_is_right(accounts, at):
    for _ in range(5):
        accounts.sign_in("ann.desk", WRONG, HERE)
    before = accounts._passwords.asked
    assert accounts.sign_in("ann.desk", RIGHT, HERE) == SignIn(wait=1)
    assert accounts._passwords.asked == before
    at(1)
    assert accounts.sign_in("ann.desk", RIGHT, HERE).secret


def test_names_that_are_not_there_are_held_back_alike(accounts):
    tries = [
        [accounts.sign_in(name, WRONG, f"192.0.2.{number}").wait for number in range(7)]
        for name in ("ann.desk", "nobody")
    ]
    assert tries[0] == tries[1]


def test_one_address_may_not_try_many_names(accounts):
    waits = [accounts.sign_in(f"name{number}", WRONG, HERE).wait for number in range(22)]
    assert waits == [0] * 20 + [1, 1]
    assert accounts.sign_in("ann.desk", RIGHT, "198.51.100.7").secret


def test_addresses_of_one_network_are_one(accounts):
    waits = [accounts.sign_in(f"name{number}", WRONG, f"2001:db8:1:2::{number:x}").wait for number in range(21)]
    assert waits[20] == 1
    assert accounts.sign_in("name", WRONG, "2001:db8:1:3::1").wait == 0
    waits = [accounts.sign_in(f"other{number}", WRONG, f"::ffff:198.51.100.{number}").wait for number in range(21)]
    assert waits[20] == 0


def test_who_comes_in_has_a_clean_slate_and_no_more_than_their_own(accounts):
    for _ in range(4):
        accounts.sign_in("ann.desk", WRONG, HERE)
    assert accounts.sign_in("ann.desk", RIGHT, HERE).secret
    assert [accounts.sign_in("ann.desk", WRONG, HERE).wait for _ in range(5)] == [0] * 5
    assert [accounts.sign_in(f"name{number}", WRONG, HERE).wait for number in range(12)] == [0] * 11 + [1]


def test_many_guesses_at_once_are_counted_one_by_one(accounts):
    with ThreadPoolExecutor(8) as pool:
        tried = list(pool.map(lambda number: accounts.sign_in("ann.desk", WRONG, f"192.0.2.{number}"), range(24)))
    assert sum(not each.wait for each in tried) == 5


def test_a_crowd_that_signs_in_leaves_room_for_the_other_pages(state, at):
    at(0)
    inside, done = Semaphore(0), Event()

    class Slow(Counting):
        def fits(self, hashed, password):
            inside.release()
            assert done.wait(60)
            return super().fits(hashed, password)

    accounts = Accounts(state, Slow())
    with ThreadPoolExecutor(CROWD) as pool:
        waiting = [pool.submit(accounts.sign_in, f"name{number}", WRONG, HERE) for number in range(CROWD)]
        for _ in range(CROWD):
            assert inside.acquire(timeout=60)
        with pytest.raises(StoreError, match="at once"):
            accounts.sign_in("one-more", WRONG, HERE)
        done.set()
        assert [each.result() for each in waiting] == [SignIn()] * CROWD
    assert accounts.sign_in("one-more", WRONG, HERE) == SignIn()


def test_the_count_holds_over_a_restart(accounts, state):
    for _ in range(5):
        accounts.sign_in("ann.desk", WRONG, HERE)
    assert Accounts(state, Counting()).sign_in("ann.desk", RIGHT, HERE).wait == 1


def test_after_a_day_without_tries_the_count_begins_anew(accounts, monkeypatch):
    for _ in range(5):
        accounts.sign_in("ann.desk", WRONG, HERE)
    monkeypatch.setenv("AFTERBELL_NOW", "2026-01-07T12:00:00Z")
    assert [accounts.sign_in("ann.desk", WRONG, HERE).wait for _ in range(6)] == [0] * 5 + [1]


def test_ones_own_password_is_changed_with_the_old_one(accounts, access):
    before = accounts.sign_in("ann.desk", RIGHT, HERE).secret
    assert accounts.renew("ann.desk", WRONG, "another good password", HERE) == SignIn()
    assert access.viewer(before).role is Role.OPERATOR
    after = accounts.renew("ann.desk", RIGHT, "another good password", HERE).secret
    assert access.viewer(after).role is Role.OPERATOR
    assert access.viewer(before).role is Role.NOBODY
    assert not accounts.sign_in("ann.desk", RIGHT, HERE).secret


@pytest.mark.usefixtures("accounts")
def test_a_password_that_was_hashed_with_less_is_hashed_anew(state):
    weak = AccountBook(state).find("ann.desk").hashed
    stronger = Accounts(state, Passwords(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)))
    assert stronger.sign_in("ann.desk", RIGHT, HERE).secret
    assert AccountBook(state).find("ann.desk").hashed != weak
    assert stronger.sign_in("ann.desk", RIGHT, HERE).secret


def test_what_is_used_outside_tests_is_what_owasp_advises():
    kept = Passwords().hashed(RIGHT)
    figures = dict(each.split("=") for each in kept.split("$")[3].split(","))
    assert kept.startswith("$argon2id$v=19$")
    assert int(figures["m"]) >= 19 * 1024
    assert int(figures["t"]) >= 2


def test_a_pause_never_shrinks_and_has_an_end():
    pauses = [pause(failures, 5) for failures in range(2000)]
    assert pauses == sorted(pauses)
    assert pauses[:7] == [0, 0, 0, 0, 0, 1, 2]
    assert pauses[-1] == LONGEST_PAUSE


def test_links_of_links_have_an_end(access):
    by = "account:ann.desk"
    while len(by) + len(">link:01234567") <= 200:
        by = access.viewer(access.enter(access.link(Role.FACILITATOR, by=by))).subject
    with pytest.raises(UsageError, match="too many times"):
        access.link(Role.FACILITATOR, by=by)
