"""A record as it was filed and as it reads now, its downloads, and the form that amends it; it never changes itself."""

from __future__ import annotations

from starlette.responses import Response

from afterbell.errors import UsageError
from afterbell.model.access import Role
from afterbell.model.record import FIELDS, Record
from afterbell.model.vocabulary import RootCause
from afterbell.render import form, markdown
from afterbell.render.form_parts import SECTIONS
from afterbell.steps import amend as amending
from afterbell.steps import dossier as dossiers
from afterbell.steps import export, overview, paper
from afterbell.steps.entries import FACILITATOR
from afterbell.steps.records import find
from afterbell.web.shelf import PATIENCE, Figures
from afterbell.web.visit import Entry, Visit

_SECTIONS = tuple(section for section in SECTIONS if section.field in FIELDS)
_HEADINGS = {section.field: section.heading for section in _SECTIONS}
_HELP = {section.field: section.help for section in _SECTIONS}
_NOTE, _REPLACEMENT = "note", "replacement"
_PROSE = ("summary", "prevention")


def record(visit: Visit) -> Response:
    """Show a record as it reads now; `?as=filed` shows it as it was filed."""
    found = dossiers.dossier(visit.house, visit.path["record"], amended=visit.query.get("as") != "filed")
    if found.shown.id != visit.path["record"]:
        return visit.redirect(f"/records/{found.shown.id}")
    verdict, fresh = visit.rooms.shared(Figures).verdict.get(PATIENCE)
    names = tuple(dict.fromkeys(each.name for each in found.check.asked)) if found.check else ()
    return visit.page(
        "record.html", dossier=found, view=found.filed.view, sections=_SECTIONS, verdict=verdict, fresh=fresh,
        problems=overview.of_record(verdict, found.shown.id, found.filed.stored.where), asked_names=names,
    )  # fmt: skip


def as_markdown(visit: Visit) -> Response:
    """Answer with the record, as it reads now, as a Markdown page."""
    found = find(visit.house, visit.path["record"])
    return visit.download(f"{found.record.id}.md", markdown.as_amended(found.view).encode(), "text/markdown")


def as_pdf(visit: Visit) -> Response:
    """Answer with the record, as it reads now, as a PDF."""
    found = find(visit.house, visit.path["record"])
    return visit.download(f"{found.record.id}.pdf", paper.pdf_of(visit.house, found), "application/pdf")


def as_json(visit: Visit) -> Response:
    """Answer with the body as it was filed, in canonical JSON."""
    name, body = dossiers.body(visit.house, visit.path["record"])
    return visit.download(f"{name}.json", body, "application/json")


def as_proof(visit: Visit) -> Response:
    """Answer with the inclusion proof (C2SP tlog-proof) of a sealed record."""
    found = find(visit.house, visit.path["record"])
    return visit.download(f"{found.record.id}.tlog-proof", export.proof(visit.house, found.record.id), "text/plain")


def write(visit: Visit) -> Response:
    """Show the form of an addendum."""
    now = find(visit.house, visit.path["record"]).view.now
    what, field = visit.query.get("what", _NOTE), visit.query.get("field", "")
    _fits(what, field)
    given = {"what": what, "field": field, "role": FACILITATOR, "note": "", "text": _written(now, field)}
    return _form(visit, now, given, (), checked=False)


def amend(visit: Visit) -> Response:
    """Judge an addendum and show it; once it is confirmed, add it."""
    found = find(visit.house, visit.path["record"])
    given = {name: visit.form.get(name, "").replace("\r\n", "\n") for name in ("what", "field", "role", "note", "text")}
    _fits(given["what"], given["field"])
    replacement = _replacement(given) if given["what"] == _REPLACEMENT else None
    done = amending.amend(
        visit.house, found.record.id, given["note"], field=given["field"] or None, role=given["role"].strip(),
        replacement=replacement, keep=visit.form.get("confirm") == "yes",
    )  # fmt: skip
    if done.stored is not None:
        visit.about["addendum"] = done.addendum.id
        return visit.redirect(f"/records/{found.record.id}#addendum-{done.addendum.id}")
    return _form(visit, found.view.now, given, done.faults, checked=True)


def _form(
    visit: Visit, now: Record, given: dict[str, str], faults: tuple[object, ...], *, checked: bool
) -> Response:  # fmt: skip
    return visit.page(
        "amend.html", status=422 if faults else 200, record=now, given=given, faults=faults, checked=checked,
        headings=_HEADINGS, help=_HELP.get(given["field"], ""), causes=tuple(RootCause),
    )  # fmt: skip


def _fits(what: str, field: str) -> None:
    if what not in {_NOTE, _REPLACEMENT} or (field and field not in FIELDS):
        raise UsageError("an addendum is a note or a replacement, at one of the seven fields", "use the record's page")
    if what == _REPLACEMENT and not field:
        raise UsageError("a replacement names the field it replaces", "choose a field, or write a note")


def _written(now: Record, field: str) -> str:
    """Return a field as the form shows it; prose without the form's escapes, so that it is edited as it reads."""
    if not field:
        return ""
    return getattr(now, field) if field in _PROSE else form.fields(now)[field]


def _replacement(given: dict[str, str]) -> str:
    """Return what the form's reader gets: prose is put back into the form's escapes."""
    return form.prose(given["text"].strip("\n")) if given["field"] in _PROSE else given["text"]


ENTRIES = (
    Entry(path="/records/{record}", role=Role.READER, answer=record),
    Entry(path="/records/{record}/markdown", role=Role.READER, answer=as_markdown),
    Entry(path="/records/{record}/pdf", role=Role.READER, answer=as_pdf),
    Entry(path="/records/{record}/json", role=Role.READER, answer=as_json),
    Entry(path="/records/{record}/proof", role=Role.READER, answer=as_proof),
    Entry(path="/records/{record}/amend", role=Role.OPERATOR, answer=write),
    Entry(path="/records/{record}/amend", role=Role.OPERATOR, answer=amend, method="POST"),
)
