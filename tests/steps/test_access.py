"""Links and sessions by the clock, on both databases."""

from __future__ import annotations

import pytest

from afterbell.model.access import STRANGER, Role, Viewer
from afterbell.steps.access import Access, form_token, is_form_token


@pytest.fixture
def access(state, monkeypatch):
    monkeypatch.setenv("AFTERBELL_NOW", "2026-01-06T12:00:00Z")
    return Access(state)


@pytest.mark.parametrize(("at", "comes_in"), [("12:14:59", True), ("12:15:00", False), ("11:00:00", True)])
def test_a_link_is_good_for_a_quarter_of_an_hour(access, monkeypatch, at, comes_in):
    link = access.link(Role.READER)
    monkeypatch.setenv("AFTERBELL_NOW", f"2026-01-06T{at}Z")
    assert (access.enter(link) is not None) is comes_in


@pytest.mark.parametrize(("at", "role"), [("06T23:59:59", Role.OPERATOR), ("07T00:00:00", Role.NOBODY)])
def test_a_session_ends_after_half_a_day(access, monkeypatch, at, role):
    secret = access.begin(Viewer(subject="account:desk", name="desk", role=Role.OPERATOR))
    monkeypatch.setenv("AFTERBELL_NOW", f"2026-01-{at}Z")
    assert access.viewer(secret).role is role


def test_who_came_by_a_link_is_known_by_it_and_by_who_made_it(access):
    alone = access.viewer(access.enter(access.link(Role.FACILITATOR)))
    assert alone.subject.startswith("link:")
    other = access.viewer(access.enter(access.link(Role.READER, by=alone.subject)))
    assert other.subject.startswith(alone.subject + ">link:")
    assert other.role is Role.READER


@pytest.mark.parametrize("secret", ["", "x", "\0", "\ud800", "é" * 10_000])
def test_what_is_no_secret_is_a_stranger(access, secret):
    assert access.viewer(secret) == STRANGER
    assert access.enter(secret) is None


def test_secrets_are_long_and_never_the_same(access):
    made = [access.link(Role.READER) for _ in range(20)] + [
        access.begin(Viewer(subject="a", role=Role.READER)) for _ in range(20)
    ]
    assert len(set(made)) == 40
    assert {len(secret) for secret in made} == {43}


def test_the_token_of_a_form_is_of_one_session():
    assert is_form_token(form_token("a"), "a")
    assert not is_form_token(form_token("a"), "b")
    assert not is_form_token(form_token(""), "")
    assert not is_form_token("", "a")
    assert form_token("secret") != "secret"
