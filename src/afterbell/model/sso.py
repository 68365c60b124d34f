"""What `[web.oidc]` says: which OpenID provider signs people in, and which role comes of a claim. Holds no secret."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from afterbell.errors import PolicyError
from afterbell.model.access import Role
from afterbell.model.policy import unknown_key

SECRET = "AFTERBELL_OIDC_SECRET"  # noqa: S105 - the name of a variable
_KEYS = ("issuer", "client_id", "title", "scopes", "role_claim", "roles")
_ROLES: dict[str, Role] = {role.name.lower(): role for role in Role if role is not Role.NOBODY}
_WHERE = "web.oidc"


class Settings(Struct, frozen=True, kw_only=True):
    """A provider: `roles` maps values of the claim `role_claim` to roles; who has none of them is not let in."""

    issuer: str
    client_id: str
    title: str
    scopes: tuple[str, ...]
    role_claim: str
    roles: Mapping[str, Role]

    def role(self, claim: Any) -> Role:
        """Return the highest role that a claim gives, a text or a list of texts."""
        values = claim if isinstance(claim, list) else [claim]
        return max((self.roles[value] for value in values if isinstance(value, str) and value in self.roles),
                   default=Role.NOBODY)  # fmt: skip


def settings(document: Mapping[str, Any]) -> Settings | None:
    """Read `[web.oidc]` of a parsed `afterbell.toml`; None without it. Raises PolicyError."""
    web = _table(document.get("web", {}), "web")
    for key in web:
        if key != "oidc":
            raise unknown_key(key, "web", ("oidc",))
    if "oidc" not in web:
        return None
    table = _table(web["oidc"], _WHERE)
    if "client_secret" in table:
        raise PolicyError(f"client_secret stands in [{_WHERE}]", f"take it out, and give it by {SECRET}")
    for key in table:
        if key not in _KEYS:
            raise unknown_key(key, _WHERE, _KEYS)
    issuer = _text(table, "issuer")
    if not is_safe(issuer) or urlsplit(issuer).query:
        raise PolicyError(f"issuer in [{_WHERE}] is no https address", "write it as the provider's discovery has it")
    scopes = table.get("scopes", ["openid", "profile"])
    if not isinstance(scopes, list) or "openid" not in scopes or not all(isinstance(each, str) for each in scopes):
        raise PolicyError(f"scopes in [{_WHERE}] is a list of texts with openid in it", "leave it out if unsure")
    return Settings(
        issuer=issuer, client_id=_text(table, "client_id"), title=_text(table, "title", urlsplit(issuer).netloc),
        scopes=tuple(scopes), role_claim=_text(table, "role_claim", "groups"), roles=_roles(table.get("roles")),
    )  # fmt: skip


def is_safe(address: str) -> bool:
    """Tell whether an address is spoken to over TLS, or stands on this machine."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and _is_here(host)))


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _roles(table: Any) -> dict[str, Role]:
    where = f"{_WHERE}.roles"
    found: dict[str, Role] = {}
    for value, role in _table(table or {}, where).items():
        if not isinstance(role, str) or role not in _ROLES:
            raise unknown_key(str(role), where, _ROLES)
        found[value] = _ROLES[role]
    if not found:
        raise PolicyError(f"[{where}] lets nobody in", 'write "a-group" = "reader" there')
    return found


def _table(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise PolicyError(f"[{where}] is not a table", f"write [{where}] on a line of its own")
    return value


def _text(table: Mapping[str, Any], key: str, default: str = "") -> str:
    value = table.get(key, default)
    if not isinstance(value, str) or not value:
        raise PolicyError(f"{key} in [{_WHERE}] must be a text", "see docs/guide/access.md")
    return value
