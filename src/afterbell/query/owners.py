"""Who owns the module that a fix names, as a role: CODEOWNERS says it, and no handle or address leaves this module.

A team becomes part of the role ("code owner of risk-team"); one person, or an address, is only "code owner".
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from codeowners import CodeOwners

CODE_OWNER = "code owner"
_PATH = re.compile(r"(?<![\w./-])(?:[\w.-]{1,80}/){0,12}[\w-]{2,80}(?:\.[A-Za-z]\w{0,9}|/)(?![\w/-])")
_TEAM = re.compile(r"[a-z][a-z-]{0,40}")


def modules(text: str) -> tuple[str, ...]:
    """Return the paths of files and folders that a text names, in its order: `agents/risk/limits.py`, `prompts/`."""
    return tuple(dict.fromkeys(_PATH.findall(text)))


def roles(code_owners: str, paths: Iterable[str]) -> tuple[str, ...]:
    """Return the roles that own these paths by a CODEOWNERS file, each once; "code owner" where it names none."""
    known = CodeOwners(code_owners)
    found = [_role(kind, owner) for path in paths for kind, owner in known.of(path.lstrip("/"))]
    return tuple(dict.fromkeys(found)) or (CODE_OWNER,)


def _role(kind: str, owner: str) -> str:
    team = owner.rpartition("/")[2].lower().replace("_", "-")
    return f"{CODE_OWNER} of {team}" if kind == "TEAM" and _TEAM.fullmatch(team) else CODE_OWNER
