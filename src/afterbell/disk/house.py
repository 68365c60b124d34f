"""One handle on a directory: where the policy, the log, the drafts and the working store of a house lie.

A house is the directory that holds `afterbell.toml` or `postmortems/`, usually the root of the agents' repository.
"""

from __future__ import annotations

import shutil
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from afterbell.disk import files
from afterbell.errors import PolicyError, UsageError

POLICY_FILE = "afterbell.toml"
BUCKETS = 16


class House:
    """The paths of one house. Making the handle touches nothing."""

    def __init__(self, root: Path) -> None:
        """`root` is the house's directory; it need not exist yet."""
        self.root = root
        self.policy_file = root / POLICY_FILE
        self.postmortems = root / "postmortems"
        self.drafts = self.postmortems / "drafts"
        self.pages = self.postmortems / "records"
        self.reviews = self.postmortems / "reviews"
        self.frozen = self.postmortems / "evidence"
        self.events = self.postmortems / "events"
        self.store = root / ".afterbell"
        self.evidence = self.store / "evidence"
        self.commits = self.store / "commits"
        self.spool = self.store / "spool"
        self.inbox = self.store / "inbox"
        self.said = self.store / "said"
        self.lock = self.store / "writer.lock"

    @property
    def exists(self) -> bool:
        """Whether something of a house stands here."""
        return self.policy_file.is_file() or self.postmortems.is_dir() or self.store.is_dir()

    def policy(self) -> dict[str, Any]:
        """Return the parsed policy file, empty when there is none.

        Raises PolicyError when it is not TOML, DiskError when it cannot be opened.
        """
        with files.reported("read", self.policy_file):
            try:
                data = self.policy_file.read_bytes()
            except FileNotFoundError:
                return {}
        try:
            return tomllib.loads(data.decode("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
            raise PolicyError(f"{POLICY_FILE} cannot be read: {error}", "see docs/guide/policy.md") from None

    def make_store(self) -> None:
        """Create the working store with a `.gitignore` of its own: it can be rebuilt and is not for git."""
        files.make_dirs(self.store)
        ignore = self.store / ".gitignore"
        if not ignore.exists():
            files.replace(ignore, b"*\n")


def find(start: Path) -> House:
    """Return the house of a directory: itself or the nearest parent that is one, else a new one at `start`."""
    for directory in (start, *start.parents):
        house = House(directory)
        if house.exists:
            return house
        if (directory / ".git").exists():
            break
    return House(start)


def require(house: House) -> House:
    """Return the house, or raise UsageError when there is none."""
    if not house.exists:
        raise UsageError(f"no afterbell house in {house.root} or above", "run: afterbell init")
    return house


def fresh(directory: Path | None) -> House:
    """Return a house in a directory that must be empty or not there; without one, in a new temporary directory."""
    if directory is None:
        return House(Path(tempfile.mkdtemp(prefix="afterbell-demo-")) / "house")
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise UsageError(f"{directory} is not empty", "give a new directory: nothing of yours is overwritten")
    return House(directory.resolve())


@contextmanager
def scratch(like: House) -> Iterator[House]:
    """Lend an empty house with the policy of another one; it is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="afterbell-") as directory:
        made = House(Path(directory) / "house")
        made.root.mkdir()
        if like.policy_file.is_file():
            shutil.copyfile(like.policy_file, made.policy_file)
        yield made


def copied(house: House, target: Path) -> House:
    """Copy a whole house to a directory that is not there yet."""
    try:
        shutil.copytree(house.root, target)
    except FileExistsError:
        raise UsageError(f"{target} is there already", "remove it, or give another directory") from None
    return House(target)
