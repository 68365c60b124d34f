"""Under which names one may ask: a foreign site that gives this machine a name of its own (DNS rebinding) has none."""

from __future__ import annotations

import re
from ipaddress import ip_address

from starlette.requests import Request

REFUSED = 421
REFUSAL = "asked for under a name that is not ours: see --host-name"
_HOST = re.compile(r"(?P<host>\[[0-9a-f:.]{2,45}\]|[a-z0-9._-]{1,253})(?::(?P<port>[0-9]{1,5}))?")
_LAST_PORT = 65535


def is_ours(request: Request, hosts: frozenset[str] | None) -> bool:
    """Tell whether a request came under one of these names (None = any) or a numeric address, with any port."""
    said = _HOST.fullmatch(request.headers.get("host", "").lower())
    if said is None or int(said["port"] or 0) > _LAST_PORT:
        return False
    host = said["host"].strip("[]")
    return hosts is None or host in hosts or _is_address(host)


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
