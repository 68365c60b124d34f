"""Asks git whether commits exist and can be reached. Reads only; what a commit means is not judged here."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

_SHA = re.compile(r"[0-9a-fA-F]{7,40}\Z")
_SECONDS = 20


def commits(root: Path, shas: Iterable[str]) -> Mapping[str, bool]:
    """Return for each SHA whether the repository around `root` holds it as a commit that a ref or HEAD reaches.

    Empty when `root` lies in no repository or git is not installed: then nothing can be said, which is not a no.
    """
    asked = [sha for sha in dict.fromkeys(shas) if _SHA.match(sha)]
    if not asked or _git(root, "rev-parse", "--git-dir") is None:
        return {}
    return {sha: _reachable(root, sha) for sha in asked}


def _reachable(root: Path, sha: str) -> bool:
    full = _git(root, "rev-parse", "--verify", "--quiet", f"{sha}^{{commit}}")
    if not full:
        return False
    if _git(root, "merge-base", "--is-ancestor", full, "HEAD") is not None:
        return True
    return bool(_git(root, "for-each-ref", "--count=1", "--contains", full))


def _git(root: Path, *arguments: str) -> str | None:
    """Return what git printed, or None when it failed or is not there."""
    command = ["git", "-c", "core.fsmonitor=false", "-C", str(root), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603 - a fixed command
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else None


def head(root: Path) -> str:
    """Return the SHA of the present commit, "" when there is none."""
    return _git(root, "rev-parse", "--verify", "--quiet", "HEAD") or ""


def start(root: Path, message: str) -> str:
    """Make `root` a repository with everything in it as one commit; return its SHA, "" where git is not installed."""
    if _git(root, "init", "--quiet") is None:
        return ""
    who = ("-c", "user.name=afterbell", "-c", "user.email=afterbell@localhost", "-c", "commit.gpgsign=false")
    if _git(root, "add", "--all") is None or _git(root, *who, "commit", "--quiet", "--message", message) is None:
        return ""
    return head(root)
