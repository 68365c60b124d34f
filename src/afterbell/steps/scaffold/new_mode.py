"""New mode: writes the folder of a failure mode that already passes the catalog's checks, to be changed into yours."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

from afterbell.catalog import shelves
from afterbell.disk import files
from afterbell.errors import UsageError
from afterbell.model.checklist import CHECKLIST

_SLUG = re.compile(r"[a-z][a-z0-9_]{2,60}")


def new_mode(name: str, directory: Path, number: int = 0) -> Path:
    """Write `mNN_name/{__init__,mode,cases}.py` into a directory and return the folder.

    Without a number the next free one is taken. Raises UsageError for a name or number that is taken or cannot be one.
    """
    taken = {known for known, _slug in CHECKLIST} | set(shelves.modes())
    slug = name.strip().lower().replace("-", "_").replace(" ", "_")
    if not _SLUG.fullmatch(slug) or slug in {each for _number, each in CHECKLIST}:
        raise UsageError(
            f"{name!r} cannot be a mode's name", "three or more letters, digits and underscores, not taken"
        )
    chosen = number or max(taken) + 1
    if chosen in taken or chosen < 1:
        raise UsageError(f"mode {chosen} is there already", f"the next free number is {max(taken) + 1}")
    folder = directory / f"m{chosen:02d}_{slug}"
    if folder.exists():
        raise UsageError(f"{folder} is there already", "nothing of yours is written over")
    files.make_dirs(folder)
    title = slug.replace("_", " ").capitalize()
    files.write_once(folder / "__init__.py", f'"""{title}."""\n'.encode())
    for file in ("mode.py", "cases.py"):
        template = (resources.files("afterbell.steps.scaffold") / "data" / f"{file}.txt").read_text("utf-8")
        files.write_once(folder / file, template.format(title=title, slug=slug, number=chosen).encode())
    return folder
