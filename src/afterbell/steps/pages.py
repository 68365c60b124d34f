"""Pages: writes the pages that a code host shows, after each seal, and says when one does not match the log.

Only what changed since the last seal is read and made again; without that memory (a fresh clone) everything is.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct, structs

from afterbell import __version__
from afterbell.disk import files, last_pages
from afterbell.disk.house import House
from afterbell.disk.journal import Journal
from afterbell.disk.last_pages import Laid, LastPages
from afterbell.disk.log_files import erased_by
from afterbell.log.checkpoint import Head
from afterbell.log.entry import EntryType
from afterbell.render import pages
from afterbell.render.pages import INDEX
from afterbell.steps.records import journal, sealed

_LONGEST = 64 * 1024 * 1024
_MOST = 500  # from so many changed pages on, reading the whole log is quicker
_AT_ONCE = 100  # a tenth of a second on a quick disk
_TRIES = 3

Stamps = dict[str, tuple[int, int]]
Changes = tuple[tuple[str, bytes | None], ...]
"""Names and new texts; None for a page that must go."""


class _Plan(Struct, frozen=True, kw_only=True):
    """What lies there when it is carried out, in the order of the log, and what changes for that."""

    head: Head
    pages: tuple[Laid, ...]
    changes: Changes


def write(house: House) -> int:
    """Write every page that does not match the sealed records, remove those of erased ones; return how many changed.

    They are made without the log's lock and put in place under it, a few at a time and while the log is still the
    same: others append meanwhile, and a slower writer does not put an older page over a newer one.
    """
    log = journal(house)
    done = 0
    for _ in range(_TRIES):
        plan = _plan(house, log)
        for batch in _batches(plan):
            with log.locked():
                if log.head() != plan.head:
                    break
                done += _put(house, batch)
        else:
            _remember(house, plan)
            return done
    with log.locked():
        plan = _plan(house, log)
        done += _put(house, plan.changes)
    _remember(house, plan)
    return done


def differing(house: House) -> tuple[str, ...]:
    """Return the pages that do not match the log: changed by hand, missing, or of a record that is not there."""
    if not house.pages.is_dir():
        return ()
    log = journal(house)
    made = [pages.page(each.view) for each in sealed(log, log.head().size)]
    wanted = {page.name: page.text for page in made} | {INDEX: pages.index(page.row for page in made)}
    changed = [name for name, text in wanted.items() if _lies(house, name) != text.encode()]
    return tuple(sorted((*changed, *(name for name in _stamps(house) if name not in wanted))))


def _plan(house: House, log: Journal) -> _Plan:
    head, lying = log.head(), _stamps(house)
    last = last_pages.recall(house.pages)
    changed = None if last is None else _changed(log, last, lying, head)
    known = () if last is None or changed is None else last.pages
    made = {each.record.id: pages.page(each.view) for each in sealed(log, head.size, changed)}
    laid = []
    for each in known:
        page = made.get(each.id)
        if changed is None or each.id not in changed:
            laid.append(each)
        elif page is not None:
            laid.append(Laid(id=each.id, name=page.name, row=page.row))
    before = {each.id for each in known}
    laid += [Laid(id=name, name=page.name, row=page.row) for name, page in made.items() if name not in before]
    texts = {page.name: page.text.encode() for page in made.values()}
    texts[INDEX] = pages.index(each.row for each in laid).encode()
    names = {INDEX, *(each.name for each in laid)}
    stray = ((name, None) for name in lying if name not in names)
    differ = ((name, data) for name, data in texts.items() if _lies(house, name) != data)
    return _Plan(head=head, pages=tuple(laid), changes=(*stray, *differ))


def _changed(log: Journal, last: LastPages, lying: Stamps, head: Head) -> set[str] | None:
    """Return the ids of the records whose pages may differ from those that lie there, None for all."""
    if last.version != __version__ or not log.had(last.head):
        return None
    known = {each.id for each in last.pages}
    changed = {each.id for each in last.pages if lying.get(each.name) != each.stamp}
    for stored in log.since(last.head.size):
        entry = stored.entry
        if stored.index is not None and stored.index >= head.size:
            break
        gone = erased_by(entry)
        if not known.issuperset(gone):
            return None  # an addendum was erased: its record's page still quotes it
        changed.update(gone)
        if entry.type is EntryType.POSTMORTEM:
            changed.add(entry.id)
        elif entry.parent is not None:
            changed.add(entry.parent.id)
    return changed if len(changed) < _MOST else None


def _batches(plan: _Plan) -> Iterator[Changes]:
    """Yield the changes in the order in which they are made: what must go, the pages, the index; one batch at least."""
    for start in range(0, len(plan.changes) or 1, _AT_ONCE):
        yield plan.changes[start : start + _AT_ONCE]


def _put(house: House, changes: Changes) -> int:
    """Make some changes; that an erased record's page is gone is on the disk when this returns."""
    files.make_dirs(house.pages)
    files.sweep_temporaries(house.pages)
    for name, text in changes:
        if text is None:
            files.remove(house.pages / name)
    files.replace_all(house.pages, {name: text for name, text in changes if text is not None})
    return len(changes)


def _remember(house: House, plan: _Plan) -> None:
    stamps = _stamps(house)
    laid = tuple(structs.replace(each, stamp=stamps.get(each.name)) for each in plan.pages)
    last_pages.remember(house.pages, LastPages(version=__version__, head=plan.head, pages=laid))


def _stamps(house: House) -> Stamps:
    return {name: stamp for name, stamp in files.stamps(house.pages).items() if name.endswith(".md")}


def _lies(house: House, name: str) -> bytes | None:
    return files.read(house.pages / name, _LONGEST)
