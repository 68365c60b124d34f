"""Signing in with an OpenID provider: authorization code flow with PKCE, state and nonce (OpenID Connect Core 1.0).

State, nonce and code verifier are made from one secret in the browser's cookie, so nothing is kept here between leaving
and coming back. Tokens are believed with a signature by a key that the provider publishes, made in one of `ALGORITHMS`:
never without one, never with a shared secret (RFC 8725). Needs the `sso` extra.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from threading import Lock
from typing import Any
from urllib.parse import quote, urlencode

import httpx
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from msgspec import Struct

from afterbell import clock
from afterbell.errors import ProviderError
from afterbell.model.access import Role, Viewer
from afterbell.model.sso import Settings, is_safe
from afterbell.steps.crowd import Crowd

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA")
LEEWAY = 60  # seconds that two clocks may differ
KEPT_SECONDS = 3600  # how long discovery and keys are believed without asking again
AGAIN_SECONDS = 60  # at most one look for a new key in so many seconds
CROWD = 8  # how many may wait for the provider: they wait in threads that other pages need
_TIMEOUT = 10
_PLAIN = re.compile(r"[A-Za-z0-9._@|:-]{1,100}")
_ERROR = re.compile(r"[a-z_]{1,60}")
_LONGEST_NAME = 80


class _Known(Struct, frozen=True, kw_only=True):
    """What the provider publishes of itself, and when it was asked."""

    authorize: str
    token: str
    posts_secret: bool
    jwks: str
    keys: KeySet
    at: int


class Provider:
    """One provider, and what it publishes."""

    def __init__(self, settings: Settings, secret: str, client: httpx.Client | None = None) -> None:
        """`secret` is the client's, empty for a public one."""
        self.settings, self.title = settings, settings.title
        self._secret = secret
        self._client = client or httpx.Client(timeout=_TIMEOUT, follow_redirects=False)
        self._known: _Known | None = None
        self._asking, self._crowd = Lock(), Crowd(CROWD, "too many sign in at once", ProviderError)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def start(self, secret: str, back: str) -> str:
        """Return where the browser goes to sign in; `secret` stays in its cookie, `back` is where it comes back to.

        Raises ProviderError when the provider cannot be reached.
        """
        challenge = base64.urlsafe_b64encode(hashlib.sha256(_made(secret, "verifier").encode()).digest())
        asked = {
            "response_type": "code", "client_id": self.settings.client_id, "redirect_uri": back,
            "scope": " ".join(self.settings.scopes), "state": _made(secret, "state"), "nonce": _made(secret, "nonce"),
            "code_challenge": challenge.rstrip(b"=").decode(), "code_challenge_method": "S256",
        }  # fmt: skip
        address = self._published().authorize
        return f"{address}{'&' if '?' in address else '?'}{urlencode(asked, quote_via=quote)}"

    def finish(self, secret: str, answer: Mapping[str, str], back: str) -> Viewer:
        """Return who came back with this answer in the address. Raises ProviderError for what cannot be trusted."""
        if not secret or not hmac.compare_digest(_bytes(answer.get("state", "")), _made(secret, "state").encode()):
            raise ProviderError("this answer is not to a question of this browser", "sign in again")
        if answer.get("iss", self.settings.issuer) != self.settings.issuer:  # RFC 9207
            raise ProviderError("the answer comes from another provider", "sign in again")
        if "code" not in answer:
            said = answer.get("error", "")
            raise ProviderError(f"the provider let nobody in{': ' + said if _ERROR.fullmatch(said) else ''}", "")
        claims = self._claims(self._token(answer["code"], secret, back), _made(secret, "nonce"))
        role = self.settings.role(claims.get(self.settings.role_claim))
        if role is Role.NOBODY:
            raise ProviderError("this account has no role here", "ask who runs these pages: [web.oidc.roles]")
        said = claims["sub"]
        subject = said if _PLAIN.fullmatch(said) else hashlib.sha256(_bytes(said)).hexdigest()
        names = (claims.get(name) for name in ("name", "preferred_username", "email"))
        name = next((each for each in names if isinstance(each, str) and each), said)
        shown = "".join(char for char in name if char.isprintable())[:_LONGEST_NAME]
        return Viewer(subject=f"oidc:{subject}", name=shown, role=role)

    def _token(self, code: str, secret: str, back: str) -> str:
        known, settings = self._published(), self.settings
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": back, "client_id": settings.client_id,
            "code_verifier": _made(secret, "verifier"),
        }  # fmt: skip
        given = None
        if self._secret and known.posts_secret:
            form["client_secret"] = self._secret
        elif self._secret:  # RFC 6749, 2.3.1: both are encoded as in a form first
            given = (quote(settings.client_id, safe=""), quote(self._secret, safe=""))
        with self._crowd.place():
            token = self._json("POST", known.token, data=form, auth=given).get("id_token")
        if not isinstance(token, str):
            raise ProviderError("the provider gave no ID token", "its scopes must hold openid")
        return token

    def _claims(self, token: str, nonce: str) -> dict[str, Any]:
        """Return what a token says that is meant for us, now, in answer to this browser. Raises ProviderError."""
        client, now = self.settings.client_id, _now()
        registry = jwt.JWTClaimsRegistry(
            now, LEEWAY, iss={"essential": True, "value": self.settings.issuer}, exp={"essential": True},
            aud={"essential": True, "value": client}, iat={"essential": True}, sub={"essential": True},
        )  # fmt: skip
        try:
            claims = self._decoded(token).claims
            registry.validate(claims)
        except (JoseError, ValueError, TypeError) as error:
            raise ProviderError(
                f"the provider's token cannot be trusted: {type(error).__name__}", "sign in again"
            ) from None
        shown, audience = claims.get("nonce"), claims["aud"]
        if not isinstance(shown, str) or not hmac.compare_digest(_bytes(shown), nonce.encode()):
            raise ProviderError("the provider's token answers another browser", "sign in again")
        if claims.get("azp", client) != client or (
            isinstance(audience, list) and audience != [client] and "azp" not in claims
        ):
            raise ProviderError("the provider's token is meant for somebody else", "sign in again")
        return dict(claims)

    def _decoded(self, token: str) -> jwt.Token:
        """Check a token's signature; a key that is not known yet is looked for once."""
        known = self._published()
        try:
            return jwt.decode(token, known.keys, ALGORITHMS)
        except InvalidKeyIdError:
            if _now() - known.at < AGAIN_SECONDS:
                raise
        return jwt.decode(token, self._published(new=True).keys, ALGORITHMS)

    def _published(self, *, new: bool = False) -> _Known:
        known = self._known
        if known is not None and not new and _is_fresh(known):
            return known
        with self._crowd.place(), self._asking:
            if self._known is None or new or not _is_fresh(self._known):
                self._known = self._asked()
            return self._known

    def _asked(self) -> _Known:
        issuer = self.settings.issuer
        said = self._json("GET", f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        places = [said.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
        if said.get("issuer") != issuer:
            raise ProviderError(
                "the provider calls itself something else than [web.oidc] issuer", "write it the same way"
            )
        if not all(isinstance(place, str) and is_safe(place) for place in places):
            raise ProviderError("the provider's addresses are not https", "it cannot be used")
        ways = said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        authorize, token, jwks = map(str, places)
        return _Known(
            authorize=authorize, token=token, jwks=jwks, posts_secret="client_secret_basic" not in ways,
            keys=self._keys(jwks), at=_now(),
        )  # fmt: skip

    def _keys(self, address: str) -> KeySet:
        """Return the public keys for signatures that the provider publishes."""
        try:
            listed = [
                key for key in self._json("GET", address)["keys"] if key["kty"] != "oct" and key.get("use") != "enc"
            ]
            return KeySet.import_key_set({"keys": listed})
        except (JoseError, ValueError, TypeError, KeyError):
            raise ProviderError("the provider's keys cannot be read", "try again later") from None

    def _json(self, method: str, address: str, **asked: Any) -> dict[str, Any]:
        try:
            response = self._client.request(method, address, headers={"accept": "application/json"}, **asked)
            said = response.json() if response.status_code == httpx.codes.OK else None
        except (httpx.HTTPError, ValueError):
            raise ProviderError("the provider cannot be reached, or answers nonsense", "try again later") from None
        if not isinstance(said, dict):
            raise ProviderError(f"the provider refuses: it answers {response.status_code}", "sign in again")
        return said


def _is_fresh(known: _Known) -> bool:
    return 0 <= _now() - known.at < KEPT_SECONDS


def _made(secret: str, use: str) -> str:
    return hmac.new(_bytes(secret), f"afterbell oidc {use}".encode(), hashlib.sha256).hexdigest()


def _bytes(text: str) -> bytes:
    """Return text from outside as bytes, also where it holds half a character."""
    return text.encode("utf-8", "surrogatepass")


def _now() -> int:
    return int(clock.now().timestamp())
