"""Durable file operations: a file appears whole, and is on the disk before we say so.

After a failed write or fsync the operation is given up and never tried again: the kernel may have marked
the lost pages clean, so that a second fsync would succeed over missing data. What a file holds is not
known here.
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import stat
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, BinaryIO

from afterbell.errors import DiskError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

TEMPORARY_PREFIX = ".tmp-"
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_READ = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_APPEND = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_USER_ONLY = 0o600
_PIECE = 1024 * 1024
_ALL_MODES = 0o666  # the user's umask takes away from it


# What systems say of a file system that gives no file a second name; Windows says that the call is invalid.
_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS} | (
    {errno.EINVAL} if os.name == "nt" else set()
)


class ExistsError(DiskError):
    """The path was there before; what it holds was not touched."""


class Ops:
    """The system calls used here, in one place, so that a test can fail any of them or simulate a disk."""

    def create(self, path: Path) -> int:
        """Create a new file for writing and return its descriptor."""
        return os.open(path, _CREATE, _ALL_MODES)

    def write(self, descriptor: int, data: memoryview) -> int:
        """Write some of `data` and return how many bytes."""
        return os.write(descriptor, data)

    def fsync(self, descriptor: int) -> None:
        """Force a file's data to the disk."""
        os.fsync(descriptor)

    def close(self, descriptor: int) -> None:
        """Close a descriptor."""
        os.close(descriptor)

    def link(self, source: Path, target: Path) -> None:
        """Give a file a second name; fails if the name is taken."""
        os.link(source, target)

    def rename(self, source: Path, target: Path) -> None:
        """Rename over whatever has the name."""
        source.replace(target)

    def unlink(self, path: Path) -> None:
        """Remove a name."""
        path.unlink()

    def mkdir(self, path: Path) -> None:
        """Create one directory."""
        path.mkdir()

    def sync_directory(self, path: Path) -> None:
        """Force a directory's names to the disk; Windows has no such call and orders them itself."""
        if os.name == "nt":
            return
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def sync_file(self, path: Path) -> None:
        """Force the data of a file that somebody else wrote to the disk."""
        descriptor = os.open(path, os.O_RDWR)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def listdir(self, path: Path) -> list[str]:
        """Return the names in a directory."""
        return os.listdir(path)

    def read(self, path: Path, limit: int) -> bytes:
        """Return the first `limit` bytes of a file."""
        descriptor = os.open(path, _READ)
        try:
            # To ask for the limit would be to make room for it: the size says how much there is, where there is one.
            seen = os.fstat(descriptor)
            data = os.read(descriptor, min(limit, seen.st_size + 1))
            if len(data) == seen.st_size and stat.S_ISREG(seen.st_mode):
                return data
            while len(data) < limit and (piece := os.read(descriptor, min(limit - len(data), _PIECE))):
                data += piece
            return data
        finally:
            os.close(descriptor)

    def stamps(self, path: Path) -> dict[str, tuple[int, int]]:
        """Return size in bytes and time of change (ns since 1970) of what lies in a directory, by name."""
        found = {}
        with os.scandir(path) as entries:
            for entry in entries:
                with suppress(FileNotFoundError):  # removed since
                    seen = entry.stat()
                    found[entry.name] = (seen.st_size, seen.st_mtime_ns)
        return found

    def opened(self, path: Path) -> BinaryIO:
        """Open a file to read pieces of it."""
        return path.open("rb")


class PrivateOps(Ops):
    """The same, for files that nobody but the user may read, at no moment."""

    def create(self, path: Path) -> int:
        """Create a new file for writing and return its descriptor."""
        return os.open(path, _CREATE, _USER_ONLY)


OPS = Ops()
PRIVATE = PrivateOps()


@contextmanager
def reported(what: str, path: Path) -> Iterator[None]:
    """Turn an OSError into a DiskError that says what could not be done to which path."""
    try:
        yield
    except OSError as error:
        raise _failure(what, path, error) from error


def _failure(what: str, path: Path, error: OSError) -> DiskError:
    hint = "nothing was acknowledged; free space or mend the disk, then run the command again"
    return DiskError(f"cannot {what} {path}: {error.strerror or error}", hint)


def _write_temporary(path: Path, data: bytes, ops: Ops) -> Path:
    """Write `data` under a random name beside `path`, forced to the disk."""
    temporary = path.with_name(TEMPORARY_PREFIX + secrets.token_hex(8))
    with reported("write", path):
        descriptor = ops.create(temporary)
        try:
            try:
                rest = memoryview(data)
                while rest:
                    rest = rest[ops.write(descriptor, rest) :]
                ops.fsync(descriptor)
            finally:
                ops.close(descriptor)
        except OSError:
            _discard(temporary, ops)
            raise
    return temporary


def _discard(temporary: Path, ops: Ops) -> None:
    with suppress(OSError):
        ops.unlink(temporary)


def write_once(path: Path, data: bytes, ops: Ops = OPS, *, alone: bool = False) -> None:
    """Create `path` with `data`, whole and durable, or not at all; of two writers one wins.

    `alone` says that the caller holds a lock under which alone this path is written. Raises ExistsError if the path is
    there already, DiskError if a write or fsync fails.
    """
    temporary = _write_temporary(path, data, ops)
    try:
        ops.link(temporary, path)
    except OSError as error:
        if error.errno in _NO_LINKS:
            _create_unlinked(temporary, path, ops, alone=alone)
            return
        _discard(temporary, ops)
        if error.errno == errno.EEXIST:
            raise _taken(path) from None
        raise DiskError(f"cannot create {path}: {error.strerror or error}", "nothing was written") from error
    with reported("create", path):
        ops.unlink(temporary)
        ops.sync_directory(path.parent)


def _create_unlinked(temporary: Path, path: Path, ops: Ops, *, alone: bool) -> None:
    """Do what a link does where the file system gives no file a second name (FAT, exFAT, some network disks).

    Under a lock it is enough that nobody has the name. Elsewhere an empty file takes it first, and is left if the
    writer dies there.
    """
    try:
        if not alone:
            ops.close(ops.create(path))
        elif read(path, 0, ops) is not None:
            raise FileExistsError
    except OSError as error:
        _discard(temporary, ops)
        if isinstance(error, FileExistsError):
            raise _taken(path) from None
        raise _failure("create", path, error) from error
    try:
        _rename(temporary, path, ops)
    except DiskError:
        if not alone:
            _discard(path, ops)
        raise
    sync_directory(path.parent, ops)


def _taken(path: Path) -> ExistsError:
    return ExistsError(f"{path} is there already", "it was not touched")


def replace(path: Path, data: bytes, ops: Ops = OPS) -> None:
    """Put `data` in the place of whatever `path` holds; a reader sees the old file or the new one.

    Raises DiskError if a write or fsync fails.
    """
    _move(_write_temporary(path, data, ops), path, ops)


def replace_all(folder: Path, contents: Mapping[str, bytes], ops: Ops = OPS) -> None:
    """Do what `replace` does for many files of one folder, and force its names once: removals before it too.

    Raises DiskError; which of the files are new is then not known.
    """
    for name, data in contents.items():
        _rename(_write_temporary(folder / name, data, ops), folder / name, ops)
    sync_directory(folder, ops)


def settle(written: Path, target: Path, ops: Ops = OPS) -> None:
    """Make a finished file durable under its final name, over whatever had it; for files too big to hold.

    `written` is on the same file system and is gone afterwards. Raises DiskError if a step fails.
    """
    settle_data(written, target, ops)
    sync_directory(target.parent, ops)


def settle_data(written: Path, target: Path, ops: Ops = OPS) -> None:
    """Do what `settle` does but for the name: of many files, the caller forces each directory once (`sync_names`)."""
    with reported("write", target):
        ops.sync_file(written)
    _rename(written, target, ops)


def sync_names(targets: Iterable[Path], top: Path, ops: Ops = OPS) -> None:
    """Force the names of these files and of the directories above them, up to and with `top`. Raises DiskError."""
    folders = {folder for target in targets for folder in target.parents if folder.is_relative_to(top)}
    for folder in sorted(folders, key=lambda folder: -len(folder.parts)):
        sync_directory(folder, ops)


def _move(written: Path, target: Path, ops: Ops) -> None:
    _rename(written, target, ops)
    sync_directory(target.parent, ops)


def _rename(written: Path, target: Path, ops: Ops) -> None:
    try:
        with reported("replace", target):
            ops.rename(written, target)
    except DiskError:
        _discard(written, ops)
        raise


def make_dirs(path: Path, ops: Ops = OPS) -> None:
    """Create `path` and what is missing above it, each name forced to the disk. Raises DiskError.

    The parent is forced even if `path` is there: whoever made it may have died before doing so.
    """
    with reported("create directory", path):
        try:
            ops.mkdir(path)
        except FileExistsError:
            pass
        except FileNotFoundError:
            make_dirs(path.parent, ops)
            with suppress(FileExistsError):  # another writer was faster
                ops.mkdir(path)
        ops.sync_directory(path.parent)


def leave(path: Path, data: bytes, ops: Ops = OPS) -> None:
    """Put a few bytes in a new file in the place of an old one; nothing is durable. Raises DiskError."""
    with reported("write", path):
        with suppress(FileNotFoundError):
            ops.unlink(path)
        descriptor = ops.create(path)
        try:
            ops.write(descriptor, memoryview(data))
        finally:
            ops.close(descriptor)


def append_to(path: Path) -> int:
    """Return a descriptor that adds to the end of a file, made if need be; nothing is durable. Raises DiskError."""
    with reported("open", path):
        return os.open(path, _APPEND, _ALL_MODES)


def write_all(descriptor: int, data: bytes, path: Path) -> None:
    """Write all of `data` to the open file at `path`; nothing is durable. Raises DiskError."""
    rest = memoryview(data)
    with reported("write to", path):
        while rest:
            rest = rest[os.write(descriptor, rest) :]


def sync_directory(path: Path, ops: Ops = OPS) -> None:
    """Force the names in a directory to the disk. Raises DiskError."""
    with reported("sync", path):
        ops.sync_directory(path)


def sync_file(path: Path, ops: Ops = OPS) -> None:
    """Force the data of a file that somebody else wrote to the disk. Raises DiskError."""
    with reported("sync", path):
        ops.sync_file(path)


def remove(path: Path, ops: Ops = OPS) -> None:
    """Remove a name; durable only after the directory is synced. A name that is gone already is fine."""
    with reported("remove", path), suppress(FileNotFoundError):
        ops.unlink(path)


def sweep_temporaries(directory: Path, ops: Ops = OPS) -> None:
    """Remove what dead writers left in `directory`. Call it only when no writer can be at work there."""
    for name in _listed(directory, ops):
        if name.startswith(TEMPORARY_PREFIX):
            remove(directory / name, ops)


def names(directory: Path, ops: Ops = OPS) -> tuple[str, ...]:
    """Return the names in `directory`, sorted, without hidden ones; none if the directory is not there."""
    return tuple(sorted(name for name in _listed(directory, ops) if not name.startswith(".")))


def digest_of(directory: Path) -> str:
    """Return 24 hex digits that stand for a directory by its path: what is kept of it elsewhere is named so."""
    return hashlib.sha256(str(directory.absolute()).encode("utf-8", "surrogateescape")).hexdigest()[:24]


def stamps(directory: Path, ops: Ops = OPS) -> dict[str, tuple[int, int]]:
    """Return size and time of change of what lies in `directory`, by name in order; none if it is not there."""
    with reported("list", directory):
        try:
            return dict(sorted(ops.stamps(directory).items()))
        except FileNotFoundError:
            return {}


def read(path: Path, limit: int, ops: Ops = OPS) -> bytes | None:
    """Return at most `limit` bytes of `path`, None if it is not there. Raises DiskError if unreadable."""
    try:
        return ops.read(path, limit)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _failure("read", path, error) from error


@contextmanager
def opened(path: Path, ops: Ops = OPS) -> Iterator[BinaryIO]:
    """Open a file to read pieces of it. Raises DiskError if it is not there or unreadable."""
    with reported("read", path), ops.opened(path) as stream:
        yield stream


def _listed(directory: Path, ops: Ops) -> list[str]:
    with reported("list", directory):
        try:
            return ops.listdir(directory)
        except FileNotFoundError:
            return []
