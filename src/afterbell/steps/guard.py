"""Guard: whether a change between two commits only adds to the log. Reads git's objects, never the work tree."""

from __future__ import annotations

from pathlib import Path

from afterbell.disk import git
from afterbell.log import guard as rules
from afterbell.log.verdict import Code, Problem

FOLDER = "postmortems/"


def guard(root: Path, base: str, head: str, folder: str = "") -> tuple[Problem, ...]:
    """Return what the change from `base` to `head` does to the log that it may not.

    `root` is a directory of the repository (also a bare one), `folder` the log's path inside it. An all-zero `base`
    is a new branch. Raises UsageError for a commit that is not here.
    """
    place = (folder.strip("/") + "/") if folder else git.prefix(root) + FOLDER
    before, after = git.tree(root, base, place), git.tree(root, head, place)
    swapped = tuple(
        Problem(code=Code.CHANGED, where=name, message="refs/replace shows other content than was committed")
        for name in git.replaced(root)
    )
    with git.objects(root) as read:
        return swapped + rules.judge(rules.State(before, read), rules.State(after, read))
