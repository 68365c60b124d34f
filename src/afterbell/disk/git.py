"""Asks git: whether commits can be reached, what a commit holds. What that means is not judged here.

Objects are read as they were stored: replacements (refs/replace) are switched off, and whether there are any is told.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from afterbell.errors import UsageError

_SHA = re.compile(r"[0-9a-fA-F]{7,40}\Z")
_SECONDS = 20


class Commit(Struct, frozen=True, kw_only=True):
    """A commit: its whole SHA, when it was committed, and the first line of its message."""

    sha: str
    at: datetime
    title: str


def since(root: Path, at: datetime, most: int) -> tuple[Commit, ...]:
    """Return the latest commits of every branch from a moment on, at most so many, without merges.

    One whose date no calendar holds is passed over.
    """
    told = _git(
        root, "log", "--branches", "--remotes", "HEAD", "--no-merges", f"--max-count={most}",
        "--format=%H%x00%cI%x00%s", f"--since={at.isoformat()}",
    )  # fmt: skip
    rows = (line.split("\0") for line in (told or "").split("\n") if line)
    found = []
    for sha, when, title in rows:
        with suppress(ValueError):
            found.append(Commit(sha=sha, at=datetime.fromisoformat(when), title=title))
    return tuple(found)


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
    command = [*_command(root), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603 - a fixed command
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else None


def _command(root: Path) -> list[str]:
    return ["git", "--no-replace-objects", "-c", "core.fsmonitor=false", "-C", str(root)]


def prefix(root: Path) -> str:
    """Return the path of `root` inside its repository, "" at the top (or in a bare repository), ending in a slash."""
    return _git(root, "rev-parse", "--show-prefix") or ""


def replaced(root: Path) -> tuple[str, ...]:
    """Return the objects that refs/replace gives another content to."""
    listed = _git(root, "for-each-ref", "--format=%(refname)", "refs/replace/") or ""
    return tuple(listed.split())


def tree(root: Path, commit: str, folder: str) -> dict[str, str]:
    """Return the files under `folder` (ending in a slash) of a commit: path inside it -> object id.

    An all-zero commit, git's word for "none", has no files. Raises UsageError for a commit that is not here.
    """
    if re.fullmatch(r"0{7,64}", commit):
        return {}
    if commit.startswith("-") or _git(root, "rev-parse", "--verify", "--quiet", f"{commit}^{{commit}}") is None:
        raise UsageError(f"no commit {commit!r} in this repository", "fetch it first; a shallow clone lacks old ones")
    listed = _git(root, "ls-tree", "-r", "-z", "--full-tree", commit, "--", folder)
    found = {}
    for row in (listed or "").split("\0"):
        facts, tab, path = row.partition("\t")
        if tab and path.startswith(folder):
            found[path.removeprefix(folder)] = facts.split(" ")[2]
    return found


@contextmanager
def objects(root: Path) -> Iterator[Callable[[str], bytes]]:
    """Lend a function that reads a blob by its id, through one git process."""
    command = [*_command(root), "cat-file", "--batch"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as git:  # noqa: S603 - a fixed command
        ask, answer = git.stdin, git.stdout
        if ask is None or answer is None:
            raise UsageError("git cannot be asked", "is it installed?")

        def read(oid: str) -> bytes:
            ask.write(f"{oid}\n".encode())
            ask.flush()
            header = answer.readline().split()
            if len(header) < 3:  # noqa: PLR2004 - id, type, size
                raise UsageError(f"git has no object {oid}", "is this a partial clone?")
            data = answer.read(int(header[2]))
            answer.read(1)
            return data

        yield read
        ask.close()


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
