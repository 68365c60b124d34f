"""A disk in memory that knows what a power cut may leave of it.

Stands behind `afterbell.disk.files.Ops`. What a file holds is safe once the file is forced; what a directory holds,
once the directory is forced. Until then a cut may leave of a file nothing, a piece, or NUL bytes at either end, and of
the changes to directories any that it likes: a change survives or does not, each for itself.
"""

from __future__ import annotations

import errno
import io
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path, PurePath
from typing import BinaryIO

from afterbell.disk import files

Image = frozenset[tuple[str, bytes | None]]
"""What lies on a disk: path and bytes of every file, None for a directory."""

ROOT = 0
_MOST_CHANGES = 10  # above that not every subset is tried: every prefix, each change alone, all but each change


class Disk(files.Ops):
    """Calls `watch` before every call that changes something. Without `links` it is like FAT: no file has two names."""

    def __init__(
        self, image: Image = frozenset(), watch: Callable[[Disk], object] | None = None, *, links: bool = True
    ) -> None:
        self.watch, self.links = watch, links
        self._numbers = itertools.count(1)
        self._live: dict[int, dict[str, int]] = {ROOT: {}}
        self._data: dict[int, bytes] = {}
        for path, data in sorted(image, key=lambda each: each[0]):
            place, name = self._place(Path(path))
            number = place[name] = next(self._numbers)
            if data is None:
                self._live[number] = {}
            else:
                self._data[number] = data
        self._safe = {number: dict(names) for number, names in self._live.items()}
        self._forced = dict(self._data)
        self._waiting: list[tuple[int, tuple[tuple[str, int | None], ...]]] = []

    def killed(self) -> Disk:
        """Return the disk as the next process finds it when only this one ends."""
        other = Disk(links=self.links)
        other._numbers = itertools.count(next(self._numbers))
        other._live = {number: dict(names) for number, names in self._live.items()}
        other._safe = {number: dict(names) for number, names in self._safe.items()}
        other._data, other._forced, other._waiting = dict(self._data), dict(self._forced), list(self._waiting)
        return other

    # ---- what a power cut may leave ----

    def cut(self) -> Iterator[Image]:
        """Yield what may be left of the disk if the power fails now; some twice."""
        for survivors in _subsets(len(self._waiting)):
            tree = {number: dict(names) for number, names in self._safe.items()}
            for at in survivors:
                number, changes = self._waiting[at]
                _apply(tree.setdefault(number, {}), changes)
            yield from self._contents(tree)

    def image(self) -> Image:
        """Return what a process sees now."""
        return frozenset(_walk(self._live, self._data))

    def _contents(self, tree: dict[int, dict[str, int]]) -> Iterator[Image]:
        numbers = {number for names in tree.values() for number in names.values()}
        loose = [number for number in sorted(numbers) if self._data.get(number) != self._forced.get(number)]
        for pieces in itertools.product(*(_pieces(self._data[number]) for number in loose)):
            yield frozenset(_walk(tree, self._forced | dict(zip(loose, pieces, strict=True))))

    # ---- the system calls ----

    def create(self, path: Path) -> int:
        self._step()
        place, name = self._place(path)
        if name in place:
            raise FileExistsError(errno.EEXIST, "exists", str(path))
        number = next(self._numbers)
        self._data[number] = b""
        self._change(path.parent, (name, number))
        return number

    def write(self, descriptor: int, data: memoryview) -> int:
        self._step()
        self._data[descriptor] += bytes(data)
        return len(data)

    def fsync(self, descriptor: int) -> None:
        self._step()
        self._forced[descriptor] = self._data[descriptor]

    def close(self, descriptor: int) -> None:
        """Nothing is lost or saved by it."""

    def link(self, source: Path, target: Path) -> None:
        self._step()
        if not self.links:
            raise OSError(errno.EPERM, "no links here", str(target))
        place, name = self._place(target)
        if name in place:
            raise FileExistsError(errno.EEXIST, "exists", str(target))
        self._change(target.parent, (name, self._find(source)))

    def rename(self, source: Path, target: Path) -> None:
        self._step()
        self._change(target.parent, (target.name, self._find(source)), (source.name, None))

    def unlink(self, path: Path) -> None:
        self._step()
        self._find(path)
        self._change(path.parent, (path.name, None))

    def mkdir(self, path: Path) -> None:
        self._step()
        place, name = self._place(path)
        if name in place:
            raise FileExistsError(errno.EEXIST, "exists", str(path))
        number = next(self._numbers)
        self._live[number] = {}
        self._change(path.parent, (name, number))

    def sync_directory(self, path: Path) -> None:
        self._step()
        number = self._find(path)
        for owner, changes in self._waiting:
            if owner == number:
                _apply(self._safe.setdefault(number, {}), changes)
        self._waiting = [each for each in self._waiting if each[0] != number]

    def sync_file(self, path: Path) -> None:
        self.fsync(self._find(path))

    def listdir(self, path: Path) -> list[str]:
        return list(self._live[self._find(path)])

    def read(self, path: Path, limit: int) -> bytes:
        return self._data[self._find(path)][:limit]

    def stamps(self, path: Path) -> dict[str, tuple[int, int]]:
        """Return sizes, and the number of the file in the place of its time: a new file has another."""
        place = self._live[self._find(path)]
        return {name: (len(self._data.get(number, b"")), number) for name, number in place.items()}

    def opened(self, path: Path) -> BinaryIO:
        return io.BytesIO(self._data[self._find(path)])

    def there(self, path: Path) -> bool:
        """Tell whether a name leads to something."""
        try:
            return self._find(path) >= ROOT
        except FileNotFoundError:
            return False

    # ---- names ----

    def _step(self) -> None:
        if self.watch is not None:
            self.watch(self)

    def _change(self, directory: Path, *changes: tuple[str, int | None]) -> None:
        number = self._find(directory)
        _apply(self._live[number], changes)
        self._waiting.append((number, changes))

    def _place(self, path: PurePath) -> tuple[dict[str, int], str]:
        return self._live[self._find(path.parent)], path.name

    def _find(self, path: PurePath) -> int:
        number = ROOT
        for name in path.parts[1:]:
            names = self._live.get(number, {})
            if name not in names:
                raise FileNotFoundError(errno.ENOENT, "not there", str(path))
            number = names[name]
        return number


def _apply(names: dict[str, int], changes: tuple[tuple[str, int | None], ...]) -> None:
    for name, number in changes:
        if number is None:
            names.pop(name, None)
        else:
            names[name] = number


def _walk(tree: dict[int, dict[str, int]], data: dict[int, bytes]) -> Iterator[tuple[str, bytes | None]]:
    """Yield every path; random names are numbered, so that equal disks are equal."""
    todo = [("", ROOT)]
    while todo:
        path, number = todo.pop()
        loose = []
        for name, inner in tree.get(number, {}).items():
            if inner in data:
                if name.startswith(files.TEMPORARY_PREFIX):
                    loose.append(data[inner])
                else:
                    yield f"{path}/{name}", data[inner]
            elif inner in tree or inner not in data:
                yield f"{path}/{name}", None
                todo.append((f"{path}/{name}", inner))
        for at, content in enumerate(sorted(loose)):
            yield f"{path}/{files.TEMPORARY_PREFIX}{at}", content


def _pieces(data: bytes) -> list[bytes]:
    """Return what may be left of a file that was not forced."""
    half = len(data) // 2
    found = (b"", data[:half], data[:half] + bytes(len(data) - half), bytes(half) + data[half:], bytes(len(data)), data)
    return list(dict.fromkeys(found))


def _subsets(count: int) -> Iterator[tuple[int, ...]]:
    every = range(count)
    if count <= _MOST_CHANGES:
        yield from itertools.chain.from_iterable(itertools.combinations(every, size) for size in range(count + 1))
        return
    yield from (tuple(range(end)) for end in range(count + 1))
    yield from ((one,) for one in every)
    yield from (tuple(each for each in every if each != one) for one in every)
