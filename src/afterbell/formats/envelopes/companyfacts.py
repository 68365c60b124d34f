"""Company facts as the SEC serves them (`CIK##########.json`): every value a registrant reported, filing by filing.

`{cik, entityName, facts: {taxonomy: {concept: {units: {UNIT: [{start, end, val, accn, fy, fp, form, filed}]}}}}}`, and
optionally `accepted` (RFC 3339) per fact. One row a concept and unit. A filing that repeats what the one before said of
a period changes nothing and is left out, which takes away about half. It does not judge which value is right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from afterbell.formats import bounded
from afterbell.formats.book_cells import RowError, decimal
from afterbell.formats.items import Context, Item, Unit
from afterbell.model.books import CompanyFact, Report
from afterbell.model.trace import Refusal
from afterbell.reading.exact_json import NotJsonError, loads
from afterbell.reading.times import to_ns

NAME = "sec-companyfacts"
TITLE = "SEC company facts (XBRL companyfacts JSON)"
UNIT = Unit.STREAM
RANK = 40

LARGEST = 128 * 1024 * 1024
_BOM = b"\xef\xbb\xbf"
_FILE = re.compile(r"CIK\d{10}\b[^/\\]{0,40}\Z")
_DAY = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])", re.ASCII)
_CIK = re.compile(r"(?:CIK)?0{0,9}(\d{1,10})", re.ASCII)
_COVER = "dei"  # dated on the day of the cover page, not at the end of a period
_MOST_REFUSED = 1000


def recognise(head: bytes, name: str) -> bool:
    """Tell whether an object begins that names its registrant and holds facts; the file's name settles a long one."""
    begins = head.removeprefix(_BOM).lstrip()
    if not begins.startswith(b"{") or b'"facts"' not in head or b'"units"' not in head:
        return False
    return (b'"cik"' in head and b'"entityName"' in head) or _FILE.search(name) is not None


def read(stream: BinaryIO, _context: Context) -> Iterator[Item]:
    """Yield a row for each concept and unit; a fact that cannot be read is refused by its place."""
    data = bounded.document(stream, LARGEST)
    if data is None:
        yield Refusal(where="file", why=bounded.too_long(LARGEST))
        return
    try:
        document = loads(data.removeprefix(_BOM))
        cik, entity = _registrant(document)
    except NotJsonError as error:
        yield Refusal(where="file", why=f"not JSON: {error}")
        return
    except RowError as error:
        yield Refusal(where="file", why=str(error))
        return
    del data
    fiscal = _fiscal(document["facts"])
    number = row = refused = 0
    for taxonomy, concept, unit, facts in _series(document["facts"]):
        reports = []
        for fact in facts:
            number += 1
            try:
                report, remark = _report(fact, fiscal, number)
            except RowError as error:
                refused += 1
                if refused <= _MOST_REFUSED:
                    yield Refusal(where=f"{taxonomy}:{concept[:80]} in {unit[:20]}, fact {number}", why=str(error))
                continue
            reports.append(report)
            if remark:
                yield Refusal(where=f"{taxonomy}:{concept[:80]}, fact {number}", why=remark, taken=True)
        if reports:
            row += 1
            yield CompanyFact(
                cik=cik, entity=entity, taxonomy=taxonomy, concept=concept, unit=unit, reports=_changes(reports),
                row=row,
            )  # fmt: skip
    if refused > _MOST_REFUSED:
        yield Refusal(where="file", why=f"{refused - _MOST_REFUSED} more facts could not be read")


def _registrant(document: Any) -> tuple[str, str]:
    if not isinstance(document, dict) or not isinstance(document.get("facts"), dict):
        raise RowError("no object 'facts'")
    found = _CIK.fullmatch(str(document.get("cik", "")))
    if found is None:
        raise RowError(f"cik is not a registrant's number: {str(document.get('cik'))[:40]!r}")
    entity = document.get("entityName", "")
    return found[1].zfill(10), entity if isinstance(entity, str) else ""


def _series(facts: Mapping[str, Any]) -> Iterator[tuple[str, str, str, list[Any]]]:
    for taxonomy, concepts in facts.items():
        for concept, entry in concepts.items() if isinstance(concepts, dict) else ():
            units = entry.get("units") if isinstance(entry, dict) else None
            for unit, rows in units.items() if isinstance(units, dict) else ():
                if isinstance(rows, list):
                    yield taxonomy, concept, unit, rows


def _fiscal(facts: Mapping[str, Any]) -> dict[str, str]:
    """Return what each period's end is called, from the filing whose own period ends there.

    A filing's `fy` and `fp` are its own, and its earlier columns carry them too; only its last end is what they name.
    """
    own: dict[str, tuple[str, str]] = {}
    for taxonomy, _concept, _unit, rows in _series(facts):
        if taxonomy == _COVER:
            continue
        for row in rows:
            if isinstance(row, dict):
                filing, end = row.get("accn"), row.get("end")
                year, period = row.get("fy"), row.get("fp")
                if not (isinstance(filing, str) and isinstance(end, str) and isinstance(period, str)):
                    continue
                if isinstance(year, int) and end > own.get(filing, ("", ""))[0]:
                    own[filing] = (end, f"{year}{period[:4]}")
    return dict(reversed(own.values()))


def _report(fact: Any, fiscal: Mapping[str, str], number: int) -> tuple[Report, str]:
    if not isinstance(fact, dict):
        raise RowError("the fact is not an object")
    end = _day(fact, "end")
    if not end:
        raise RowError("end is not stated")
    accepted, remark = fact.get("accepted") or "", ""
    if not isinstance(accepted, str) or (accepted and to_ns(accepted) is None):
        accepted, remark = "", f"accepted is not a time with a zone: {str(accepted)[:40]!r}"
    return Report(
        start=_day(fact, "start"), end=end, value=decimal("val", fact.get("val")), filed=_day(fact, "filed"),
        accepted=accepted, form=_text(fact, "form"), filing=_text(fact, "accn"), fiscal=fiscal.get(end, ""), row=number,
    ), remark  # fmt: skip


def _day(fact: Mapping[str, Any], key: str) -> str:
    value = fact.get(key)
    if value in (None, ""):
        return ""
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise RowError(f"{key} is not a date: {str(value)[:40]!r}")
    return value


def _text(fact: Mapping[str, Any], key: str) -> str:
    value = fact.get(key)
    return value[:40] if isinstance(value, str) else ""


def _changes(reports: list[Report]) -> tuple[Report, ...]:
    """Return the reports in order of filing, without those that repeat the value before them for their period."""
    kept = []
    last: dict[tuple[str, str], Report] = {}
    for report in sorted(reports, key=lambda each: (each.filed, each.accepted, each.filing)):
        period = (report.start, report.end)
        before = last.get(period)
        if before is None or before.value != report.value or not before.filed:
            kept.append(report)
            last[period] = report
    return tuple(kept)
