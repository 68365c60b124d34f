"""Facts that tools handed to a run whose outputs name no figures, and whether the newest of each stood.

A table of history holds old values rightly, so only the newest period of a concept is looked at, and a result that
holds the later value too is no fault.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import structs

from afterbell.model.books import CompanyFact, Report
from afterbell.reading.company_accounts import concepts, periods
from afterbell.reading.company_accounts.changes import Split, by_period, standing
from afterbell.reading.company_accounts.given import Given
from afterbell.reading.company_accounts.used import Fate, Judged, fate_of
from afterbell.reading.times import Stamp


def handed(
    given: Sequence[Given], facts: Sequence[CompanyFact], splits: Mapping[str, Sequence[Split]], moment: Stamp
) -> Iterator[Judged]:
    """Yield what the newest period of each fact is, as tools gave it, where they say of which period it is."""
    by_name: dict[str, dict[int, Given]] = {}
    for place, each in enumerate(given):
        for name in (*each.tags, each.words) if each.period.stated else ():
            by_name.setdefault(name, {})[place] = each
    for fact in facts:
        named = by_name.get(fact.concept, {}) | by_name.get(concepts.spelt(fact.concept), {})
        values = list(named.values())
        if not values:
            continue
        newest: tuple[str, list[Report], list[Given]] | None = None
        for (_start, end), reports in by_period(fact).items():
            of_it = [each for each in values if periods.fits(each.period, reports[0])
                     and any(each.value == report.value for report in reports)]  # fmt: skip
            if of_it and (newest is None or end > newest[0]):
                newest = (end, reports, of_it)
        if newest is None:
            yield Judged(use=None, fate=Fate.NO_PERIOD, fact=fact)
            continue
        at = standing(newest[1], moment)
        found = [
            fate_of(lambda value, one=each: value == one.value, fact, at, splits[fact.cik])  # type: ignore[misc]
            for each in newest[2]
        ]
        best = max(found, key=lambda each: each.fate)
        yield structs.replace(best, fact=fact)
