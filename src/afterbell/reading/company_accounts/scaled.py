"""Claims whose digits are those of a registrant's facts at another power of ten; facts are always in ones.

For claims that no source of the run holds, or whose sources state no scale. It compares digits of one concept and
period; which of several filings was right is not its business.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from msgspec import Struct, structs

from afterbell.model.books import CompanyFact, Report
from afterbell.model.run import Trace
from afterbell.reading.company_accounts import concepts, periods
from afterbell.reading.company_accounts.given import given
from afterbell.reading.company_accounts.issuers import issuers, registrants
from afterbell.reading.company_accounts.used import Use, figures, holds, spoken, uses

_SHIFTS = (3, -3, 6, -6, 9, -9)
_ENOUGH = 2


class Held(Struct, frozen=True, kw_only=True):
    """A claim and the report that holds its digits; the claim is larger by ten to the power of `shift`."""

    use: Use
    report: Report
    shift: int


def held(trace: Trace, book: Sequence[CompanyFact]) -> tuple[Held, ...]:
    """Return the claims that the facts of the run's registrants hold, as they are or at another power of ten."""
    if not book:
        return ()
    ciks = registrants(issuers(trace), [(fact.cik, fact.entity) for fact in book])
    ours = [fact for fact in book if fact.cik in ciks]
    if not ours:
        return ()
    found = (_of(use, ours) for use in uses(figures(tuple(spoken(trace))), given(trace)) if use.figure.scale_from)
    return tuple(each for each in found if each is not None)


def _of(use: Use, facts: Sequence[CompanyFact]) -> Held | None:
    reports = list(_reports(use, facts))
    figure = use.figure
    if figure.significant < _ENOUGH or figure.per_share:
        return None
    for shift in (0, *_SHIFTS):
        moved = structs.replace(figure, scale=figure.scale - shift)
        for report in reports:
            if holds(moved, report.value):
                return Held(use=use, report=report, shift=shift)
    return None


def _reports(use: Use, facts: Sequence[CompanyFact]) -> Iterator[Report]:
    for fact in facts:
        same = fact.concept in use.tags or (use.spelt and concepts.spelt(fact.concept) == use.spelt)
        if same and "/" not in fact.unit:
            yield from (each for each in fact.reports if each.value != Decimal(0) and periods.fits(use.period, each))
