"""Paper: a record as a PDF (PDF/A-2b), set by typst from a fixed template. Needs the `pdf` extra.

The same record under the same head gives the same bytes where the fonts are the same: typst's own, and the system's
only for a script that those cannot show.
"""

from __future__ import annotations

from datetime import datetime
from importlib import resources

import msgspec

from afterbell.disk.house import House
from afterbell.errors import MissingExtraError, StoreError
from afterbell.model.amendment import Amended
from afterbell.render.paper import paper
from afterbell.steps.records import Filed, find, place, standing


def pdf(house: House, record_id: str) -> bytes:
    """Return a record, as it reads now, as a PDF. Raises UsageError for no such record, MissingExtraError."""
    return pdf_of(house, find(house, record_id))


def pdf_of(house: House, each: Filed) -> bytes:
    """Return a record, as it reads now, as a PDF. Raises MissingExtraError without typst."""
    stand = standing(house, each.stored)
    log = [("place", place(each.stored)), ("leaf hash", each.stored.leaf)]
    if stand.sealed and stand.head is not None:
        log.append(("newest head", f"size {stand.head.size}, root {stand.head.root}"))
        log.append(("signed by", ", ".join(stand.signed_by) or "nobody"))
    log.append(("what this proves", "nothing by itself: run afterbell verify on a clone, or check the inclusion proof"))
    return _set(each.view, log)


def _set(view: Amended, log: list[tuple[str, str]]) -> bytes:
    """Set a record with typst's own fonts, else with the system's too, else with what neither has spelled out."""
    try:
        import typst  # noqa: PLC0415 - an extra
    except ModuleNotFoundError:
        raise MissingExtraError("PDF", "pdf") from None
    template = resources.files("afterbell.render").joinpath("templates", "record.typ").read_bytes()
    failed = ""
    for own_fonts, plain in ((True, False), (False, False), (True, True)):
        given = msgspec.json.encode(paper(view, log, plain=plain)).decode()
        try:
            made: bytes = typst.compile(
                template, sys_inputs={"record": given}, format="pdf", pdf_standards="a-2b",
                ignore_system_fonts=own_fonts, timestamp=_stamp(view.filed.created),
            )  # fmt: skip
        except typst.TypstError as error:
            failed = str(error)
        else:
            return made
    raise StoreError(f"the record cannot be set on paper: {failed[:200]}", "export it as Markdown")


def _stamp(at: datetime) -> int:
    """Return the time that the file says it was made: that of the filing, within what the format holds."""
    return max(0, int(at.timestamp()))
