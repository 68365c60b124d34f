"""`[web.oidc]`: what it holds, and what it must not."""

from __future__ import annotations

import pytest

from afterbell.errors import PolicyError
from afterbell.model.access import Role
from afterbell.model.policy import from_mapping
from afterbell.model.sso import settings

GOOD = {"issuer": "https://id.example.com", "client_id": "pages", "roles": {"desk": "reader", "leads": "facilitator"}}


def test_without_the_table_nobody_signs_in_so():
    assert settings({}) is None
    assert settings({"web": {}}) is None


def test_what_is_not_said_has_defaults():
    said = settings({"web": {"oidc": GOOD}})
    assert (said.title, said.scopes, said.role_claim) == ("id.example.com", ("openid", "profile"), "groups")


def test_the_highest_role_counts():
    said = settings({"web": {"oidc": GOOD}})
    assert said.role(["desk", "leads", "other"]) is Role.FACILITATOR
    assert said.role("desk") is Role.READER
    for claim in (None, [], "other", 7, {"desk": 1}, [["desk"]], True):
        assert said.role(claim) is Role.NOBODY


@pytest.mark.parametrize(
    ("changes", "message", "hint"),
    [
        ({"issur": "x"}, "unknown key 'issur'", "did you mean 'issuer'"),
        ({"client_secret": "x"}, "client_secret stands in", "AFTERBELL_OIDC_SECRET"),
        ({"roles": {"desk": "operatr"}}, "unknown key 'operatr'", "did you mean 'operator'"),
        ({"roles": {"desk": "nobody"}}, "unknown key 'nobody'", ""), ({"roles": {}}, "lets nobody in", ""),
        ({"roles": "x"}, "not a table", ""), ({"issuer": "http://id.example.com"}, "no https address", ""),
        ({"issuer": "https://"}, "no https address", ""), ({"issuer": "https://[x"}, "no https address", ""),
        ({"issuer": 7}, "must be a text", ""), ({"client_id": ""}, "must be a text", ""),
        ({"scopes": ["profile"]}, "openid", ""), ({"scopes": "openid"}, "openid", ""), ({"scopes": ["openid", 1]}, "openid", ""),
    ],
)  # fmt: skip
def test_what_is_misspelt_is_an_error_that_names_the_nearest(changes, message, hint):
    with pytest.raises(PolicyError) as told:
        settings({"web": {"oidc": {**GOOD, **changes}}})
    assert message in told.value.message
    assert hint in told.value.hint


def test_a_table_beside_it_is_unknown():
    with pytest.raises(PolicyError) as told:
        settings({"web": {"odic": GOOD}})
    assert "did you mean 'oidc'" in told.value.hint


@pytest.mark.parametrize("issuer", ["http://127.0.0.1:8080", "http://localhost/realm", "http://[::1]:1"])
def test_on_this_machine_it_may_be_without_tls(issuer):
    assert settings({"web": {"oidc": {**GOOD, "issuer": issuer}}}).issuer == issuer


def test_the_table_stands_beside_the_policy():
    assert from_mapping({"web": {"oidc": GOOD}}, {}).limits == from_mapping({}, {}).limits
