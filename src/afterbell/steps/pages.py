"""Pages: writes the pages that a code host shows, after each seal, and says when one does not match the log."""

from __future__ import annotations

from afterbell.disk import files
from afterbell.disk.house import House
from afterbell.render.pages import pages
from afterbell.steps.records import filed, journal

_LONGEST = 4 * 1024 * 1024


def write(house: House) -> int:
    """Write every page that does not match the sealed records, remove those of erased ones; return how many changed.

    Under the log's lock, as a slower writer would put an older page over a newer one.
    """
    with journal(house).locked():
        wanted = _wanted(house)
        files.make_dirs(house.pages)
        files.sweep_temporaries(house.pages)
        changed = 0
        for name, data in wanted.items():
            if files.read(house.pages / name, _LONGEST) != data:
                files.replace(house.pages / name, data)
                changed += 1
        for name in _stray(house, wanted):
            files.remove(house.pages / name)
            changed += 1
    return changed


def differing(house: House) -> tuple[str, ...]:
    """Return the pages that do not match the log: changed by hand, missing, or of a record that is not there."""
    wanted = _wanted(house)
    if not house.pages.is_dir():
        return ()
    changed = [name for name, data in wanted.items() if files.read(house.pages / name, _LONGEST) != data]
    return tuple(sorted((*changed, *_stray(house, wanted))))


def _wanted(house: House) -> dict[str, bytes]:
    sealed = (each.view for each in filed(house) if each.stored.index is not None)
    return {name: text.encode() for name, text in pages(sealed).items()}


def _stray(house: House, wanted: dict[str, bytes]) -> tuple[str, ...]:
    return tuple(name for name in files.names(house.pages) if name.endswith(".md") and name not in wanted)
