"""Signing in with an OpenID provider that runs on loopback and signs real tokens: as it should go, and attacks."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from urllib.parse import parse_qs, unquote, urlsplit

import httpx
import pytest
import uvicorn
from joserfc import jws, jwt
from joserfc.jwk import ECKey, KeySet, OctKey, OKPKey, RSAKey
from starlette.applications import Starlette
from starlette.responses import JSONResponse, RedirectResponse
from starlette.routing import Route

from afterbell import clock
from afterbell.disk import audit
from afterbell.model.access import Role
from afterbell.model.sso import settings
from afterbell.steps.sso import Provider
from afterbell.web import server

CLIENT, SECRET = "afterbell-pages", "s3cret:&%"
RSA = RSAKey.generate_key(2048, {"kid": "rsa-1", "use": "sig"})
OTHER = RSAKey.generate_key(2048, {"kid": "rsa-2", "use": "sig"})
STRANGE = RSAKey.generate_key(2048, {"kid": "rsa-1"})
KEYS = {
    "RS256": RSA, "PS256": RSA, "ES256": ECKey.generate_key("P-256", {"kid": "ec"}),
    "Ed25519": OKPKey.generate_key("Ed25519", {"kid": "ed"}), "EdDSA": OKPKey.generate_key("Ed25519", {"kid": "ed"}),
}  # fmt: skip


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Signer:
    """A provider. What a test sets here it says, signs or publishes."""

    def __init__(self):
        self.issuer = ""
        self.forget()
        self.app = Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self.about), Route("/jwks", self.jwks),
                Route("/authorize", self.authorize), Route("/token", self.token, methods=["POST"]),
            ]
        )  # fmt: skip

    def forget(self):
        """Be as at first."""
        self.keys, self.codes, self.asked = [RSA], {}, []
        self.claims, self.header, self.key, self.discovery, self.raw = {}, {}, RSA, {}, None

    async def about(self, _request):
        at = self.issuer
        return JSONResponse(
            {"issuer": at, "authorization_endpoint": f"{at}/authorize", "token_endpoint": f"{at}/token",
             "jwks_uri": f"{at}/jwks", **self.discovery}
        )  # fmt: skip

    async def jwks(self, _request):
        self.asked.append("jwks")
        return JSONResponse(KeySet(self.keys).as_dict(private=False))

    async def authorize(self, request):
        code = f"code-{len(self.codes)}"
        self.codes[code] = dict(request.query_params)
        return RedirectResponse(
            f"{request.query_params['redirect_uri']}?code={code}&state={request.query_params['state']}"
        )

    async def token(self, request):
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        asked = self.codes.pop(form["code"], None)
        given = base64.b64decode(request.headers.get("authorization", "").removeprefix("Basic ")).decode()
        name, _, secret = given.partition(":") if given else (form["client_id"], "", form.get("client_secret", ""))
        verifier = b64(hashlib.sha256(form["code_verifier"].encode()).digest())
        fits = asked and asked["code_challenge"] == verifier and asked["redirect_uri"] == form["redirect_uri"]
        if not fits or (unquote(name), unquote(secret)) != (CLIENT, SECRET):
            return JSONResponse({"error": "invalid_grant"}, 400)
        return JSONResponse({"id_token": self.raw(asked) if self.raw else self.signed(asked["nonce"])})

    def signed(self, nonce):
        now = int(clock.now().timestamp())
        claims = {
            "iss": self.issuer, "sub": "248289761001", "aud": CLIENT, "exp": now + 300, "iat": now, "nonce": nonce,
            "name": "Desk Lead", "groups": ["desk", "desk-leads"], **self.claims,
        }  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": "RS256", "kid": self.key.kid, **self.header}
        return jwt.encode({name: value for name, value in header.items() if value}, claims, self.key, [header["alg"]])


@pytest.fixture
def state_url(tmp_path):
    """One database: what is kept of a sign-in is the same as for every other session."""
    return f"sqlite:///{tmp_path / 'state.sqlite'}"


@pytest.fixture(scope="module")
def running():
    made = Signer()
    with server.bind("127.0.0.1", 0) as listening:
        made.issuer = f"http://127.0.0.1:{listening.getsockname()[1]}"
        serving = uvicorn.Server(uvicorn.Config(made.app, lifespan="off", log_config=None, access_log=False))
        thread = threading.Thread(target=serving.run, kwargs={"sockets": [listening]})
        thread.start()
        yield made
        serving.should_exit = True
        thread.join()


@pytest.fixture
def signer(running, monkeypatch):
    monkeypatch.setenv("AFTERBELL_NOW", "2026-01-06T12:00:00Z")
    running.forget()
    return running


@pytest.fixture
def house(signer, desk):
    table = {
        "issuer": signer.issuer,
        "client_id": CLIENT,
        "title": "Example",
        "roles": {"desk": "reader", "desk-leads": "facilitator", "risk": "operator"},
    }
    provider = Provider(settings({"web": {"oidc": table}}), SECRET)
    yield desk(provider=provider)
    provider.close()


def there(client, query=None, **changes):
    """Go to the provider with this browser and return where it leads back to."""
    left = client.get("/enter/sso", params=query)
    assert left.status_code == 303, left.text
    asked = {name: values[0] for name, values in parse_qs(urlsplit(left.headers["location"]).query).items()} | changes
    return urlsplit(httpx.get(left.headers["location"].partition("?")[0], params=asked).headers["location"])


def came(client, **changes):
    """Sign in with this browser; `changes` are of the question that the provider is asked."""
    back = there(client, **changes)
    return client.get(f"{back.path}?{back.query}")


def refused(client, answer):
    return answer.status_code == 403 and 'role="alert"' in answer.text and "afterbell" not in client.cookies


def test_who_the_provider_knows_comes_in_with_the_highest_role_of_their_groups(house):
    client = house.browser()
    assert 'href="/enter/sso"' in client.get("/enter").text
    answer = came(client)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    viewer = house.rooms.access.viewer(client.cookies["afterbell"])
    assert (viewer.subject, viewer.name, viewer.role) == ("oidc:248289761001", "Desk Lead", Role.FACILITATOR)
    assert "afterbell-sso" not in client.cookies
    kept = audit.latest(house.rooms.state, 1)[0]
    assert (kept.subject, kept.action) == ("oidc:248289761001", "sign in by provider")


def test_the_question_is_as_the_standards_have_it(house):
    left = house.browser().get("/enter/sso").headers["location"]
    asked = {name: values[0] for name, values in parse_qs(urlsplit(left).query).items()}
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == "http://localhost/enter/sso/back"
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 43
    assert len({asked[name] for name in ("state", "nonce", "code_challenge")}) == 3
    secure = house.browser(base_url="https://localhost").get("/enter/sso")
    assert "redirect_uri=https%3A%2F%2Flocalhost%2Fenter%2Fsso%2Fback" in secure.headers["location"]
    assert "__Host-afterbell-sso=" in secure.headers["set-cookie"]
    other = house.browser().get("/enter/sso").headers["location"]
    assert {asked["state"], asked["nonce"]}.isdisjoint(
        parse_qs(urlsplit(other).query)["state"] + parse_qs(urlsplit(other).query)["nonce"]
    )


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")  # providers still call Ed25519 so
@pytest.mark.parametrize("alg", list(KEYS))
def test_tokens_of_each_kind_of_key_are_believed(signer, house, alg):
    signer.keys, signer.key, signer.header = [KEYS[alg]], KEYS[alg], {"alg": alg}
    assert came(house.browser()).status_code == 303


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "x" * 64}, {"nonce": None}, {"nonce": ["a"]}, {"exp": 1767700799 - 61}, {"exp": None}, {"exp": "soon"},
        {"iat": 1767700800 + 3600}, {"iat": None}, {"nbf": 1767700800 + 3600}, {"aud": "somebody-else"}, {"aud": None},
        {"aud": []}, {"aud": ["somebody-else"]}, {"aud": [CLIENT, "somebody-else"]}, {"azp": "somebody-else"},
        {"iss": "https://evil.example"}, {"iss": None}, {"sub": None}, {"sub": ""}, {"sub": 7}, {"groups": []},
        {"groups": None}, {"groups": "nobody"}, {"groups": {"desk": 1}}, {"groups": [["desk"], 7]},
    ],
)  # fmt: skip
def test_a_token_that_says_something_else_lets_nobody_in(signer, house, claims):
    signer.claims = claims
    client = house.browser()
    assert refused(client, came(client))


def test_who_signs_with_another_key_of_the_same_name_is_not_believed(signer, house):
    signer.key = STRANGE
    client = house.browser()
    assert refused(client, came(client))


@pytest.mark.parametrize("alg", ["none", "None", "nOnE", ""])
def test_a_token_without_a_signature_lets_nobody_in(signer, house, alg):
    def unsigned(asked):
        claims = signer.signed(asked["nonce"]).split(".")[1]
        header = b64(json.dumps({"alg": alg}).encode())
        return f"{header}.{claims}."

    signer.raw = unsigned
    client = house.browser()
    assert refused(client, came(client))


@pytest.mark.parametrize("form", ["pem", "der", "json"])
def test_a_token_signed_with_the_public_key_as_a_shared_secret_lets_nobody_in(signer, house, form):
    public = {
        "pem": RSA.as_pem(private=False),
        "der": RSA.as_der(private=False),
        "json": json.dumps(RSA.as_dict(private=False)).encode(),
    }[form]

    def confused(asked):
        claims = signer.signed(asked["nonce"]).split(".")[1]
        signed = b64(b'{"alg":"HS256","kid":"rsa-1"}') + "." + claims
        return f"{signed}.{b64(hmac.new(public, signed.encode(), 'sha256').digest())}"

    signer.raw = confused
    client = house.browser()
    assert refused(client, came(client))


def test_a_shared_key_that_the_provider_publishes_is_not_used(signer, house):
    shared = OctKey.generate_key(256, {"kid": "shared"})
    signer.keys, signer.key, signer.header = [RSA, shared], shared, {"alg": "HS256"}
    client = house.browser()
    assert refused(client, came(client))


@pytest.mark.parametrize("raw", ["", "x", "a.b.c", "a.b", "." * 5, "\u202e", {"a": 1}, None, 7, "x" * 200_000])
def test_what_is_no_token_lets_nobody_in(signer, house, raw):
    signer.raw = lambda _asked: raw
    client = house.browser()
    assert refused(client, came(client))


def test_an_answer_to_another_browser_lets_nobody_in(house):
    mine, other = house.browser(), house.browser()
    back = there(other)
    assert refused(mine, mine.get(f"{back.path}?{back.query}"))
    there(mine)
    assert refused(mine, mine.get(f"{back.path}?{back.query}"))


def test_a_code_of_another_browser_lets_nobody_in_with_ones_own_state(house):
    mine, other = house.browser(), house.browser()
    code = parse_qs(there(other).query)["code"][0]
    state = parse_qs(there(mine).query)["state"][0]
    assert refused(mine, mine.get("/enter/sso/back", params={"code": code, "state": state}))


def test_an_answer_is_good_once(house):
    client = house.browser()
    back = there(client)
    assert client.get(f"{back.path}?{back.query}").status_code == 303
    client.cookies.delete("afterbell")
    assert refused(client, client.get(f"{back.path}?{back.query}"))


@pytest.mark.parametrize(
    "query", ["", "code=x", "state=x&code=x", "error=access_denied", "state=&code=", "state=%ff%00&code=x"]
)
def test_an_answer_without_a_question_lets_nobody_in(house, query):
    client = house.browser()
    assert refused(client, client.get(f"/enter/sso/back?{query}"))


def test_what_the_provider_says_of_a_refusal_is_inert(house):
    client = house.browser()
    state = parse_qs(there(client).query)["state"][0]
    answer = client.get("/enter/sso/back", params={"state": state, "error": "<script>alert(1)</script>"})
    assert refused(client, answer)
    assert "<script>alert" not in answer.text


def test_the_answer_of_another_provider_lets_nobody_in(house):
    client = house.browser()
    back = there(client)
    assert refused(client, client.get(f"{back.path}?{back.query}&iss=https://evil.example"))


def test_a_nonce_of_the_address_is_not_taken(house):
    client = house.browser()
    assert refused(client, came(client, nonce="chosen"))


def test_a_key_that_was_rotated_is_looked_for_once_and_not_at_every_try(signer, house, monkeypatch):
    client = house.browser()
    assert came(client).status_code == 303
    signer.keys, signer.key = [OTHER], OTHER
    monkeypatch.setenv("AFTERBELL_NOW", "2026-01-06T12:02:00Z")
    assert came(house.browser()).status_code == 303
    assert signer.asked == ["jwks", "jwks"]
    signer.key = RSA  # the old one is not believed any more
    for _ in range(3):
        client = house.browser()
        assert refused(client, came(client))
    assert signer.asked == ["jwks", "jwks"]


def test_a_key_that_is_taken_back_is_not_believed_for_long(signer, house, monkeypatch):
    assert came(house.browser()).status_code == 303
    signer.keys = [OTHER]
    monkeypatch.setenv("AFTERBELL_NOW", "2026-01-06T13:00:01Z")
    client = house.browser()
    assert refused(client, came(client))


@pytest.mark.parametrize(
    "said",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://192.0.2.1/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"token_endpoint": None},
    ],
)
def test_a_provider_that_calls_itself_otherwise_is_not_asked(signer, house, said):
    signer.discovery = said
    answer = house.browser().get("/enter/sso")
    assert answer.status_code == 503
    assert "location" not in answer.headers


def test_a_secret_is_posted_where_the_provider_wants_it_so(signer, house):
    signer.discovery = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    assert came(house.browser()).status_code == 303


def test_a_subject_with_other_signs_is_kept_as_its_hash(signer, house):
    signer.claims = {"sub": "account:ann>link:1 \n", "name": "\u202eevil<b>"}
    client = house.browser()
    assert came(client).status_code == 303
    assert (
        house.rooms.access.viewer(client.cookies["afterbell"]).subject
        == "oidc:" + hashlib.sha256(b"account:ann>link:1 \n").hexdigest()
    )
    shown = client.get("/audit").text
    assert "\u202e" not in shown
    assert "<b>" not in shown


def test_after_signing_in_one_is_where_one_wanted_to_be(house):
    for to, then in (("/records?x=1&y=2", "/records?x=1&y=2"), ("//evil.example", "/")):
        client = house.browser()
        back = there(client, query={"to": to})
        assert client.get(f"{back.path}?{back.query}").headers["location"] == then


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({"nonce": "\ud800"}, 403),
        ({"sub": "\ud800"}, 303),
        ({"name": "\ud800\0 \x1b[2J"}, 303),
        ({"azp": "\ud800"}, 403),
    ],
)
def test_signs_that_are_none_break_nothing(signer, house, claims, status):
    def odd(asked):
        said = json.loads(base64.urlsafe_b64decode(signer.signed(asked["nonce"]).split(".")[1] + "==")) | claims
        return jws.serialize_compact({"alg": "RS256", "kid": "rsa-1"}, json.dumps(said).encode(), RSA)

    signer.raw = odd
    client = house.browser()
    assert came(client).status_code == status
    if status == 303:
        assert client.get("/audit").status_code == 200


def test_a_provider_that_is_not_there_is_told(house):
    closed = settings(
        {"web": {"oidc": {"issuer": "http://127.0.0.1:9", "client_id": CLIENT, "roles": {"desk": "reader"}}}}
    )
    house.rooms.provider.close()
    house.rooms.provider = Provider(closed, SECRET)
    answer = house.browser().get("/enter/sso")
    assert answer.status_code == 503
    assert "cannot be reached" in answer.text


def test_without_a_provider_there_is_nothing(desk):
    client = desk().browser()
    assert client.get("/enter/sso").status_code == client.get("/enter/sso/back").status_code == 404
    assert "sso" not in client.get("/enter").text
