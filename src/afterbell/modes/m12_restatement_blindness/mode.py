"""Restatement blindness: the figures first reported were used after a later filing had changed them.

What it asks
    Did the agent use a value of the accounts that a later filing, out before the decision, had replaced?

Why it matters
    A registrant corrects last year's figures in a footnote of this year's report. Old copies stay in caches, vendor
    tables and articles, and a valuation built on them is wrong without a single wrong digit.

How it looks
    Each figure of the outputs (and of theses and decisions) gets a concept from the words beside it or from the key of
    the tool result that holds it, and a period from dates, fiscal years and quarters; then it is held against the
    company facts of the registrant, found by cik, else by the symbol as a word of its name. A filing counts when it was
    accepted before the decision; where only the day of filing is known, from the next UTC day on. Yes when the value is
    an earlier report's and the latest one says another. Changes of up to 0.5 % are rounding; a share split (per-share
    and share-count facts move inversely by one factor while net income stays) restates nothing; other durations and
    units are other facts. Two retrieved filings linked by `restatement_of` suffice without facts. Naming both values is
    no, unless the words say that the first one is relied on. Figures that stand only in tool results count when the
    outputs name none. No registrant (crypto): not applicable, as are outputs without figures of accounts. No facts, an
    unknown concept or period, no day of filing, no decision time: unknown. The list of words is
    `reading/company_accounts/concepts.py`.

What would prevent it
    Facts fetched as of the decision, latest filing first, with accession number and day of filing beside each value; a
    gate that refuses a value that a newer filing has changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from afterbell.model.books import CompanyFact, Report
from afterbell.model.casefile import CaseFile, Need
from afterbell.model.scan import Evidence, Suggestion, na, no, unknown, yes
from afterbell.model.vocabulary import Answer, ContentState
from afterbell.reading.company_accounts import changes, linked
from afterbell.reading.company_accounts.given import Given, given
from afterbell.reading.company_accounts.handed import handed
from afterbell.reading.company_accounts.issuers import Issuers, issuers, registrants
from afterbell.reading.company_accounts.used import Fate, Judged, Sized, Spoken, Use, figures, judge, spoken, uses
from afterbell.reading.moments.decisions import Decisions, decisions
from afterbell.reading.quantities.claims import Claimed
from afterbell.reading.times import Stamp, from_ns

NUMBER = 12
SLUG = "restatement_blindness"
QUESTION = "Did the agent use figures as first reported although a later filing had already restated them?"
SINCE = "0.1.0"
NEEDS = (Need.SPANS,)
KNOBS: Mapping[str, Any] = {}

_SHOWN = 8
# "uses the original figure", and not "uses the restated figure instead of the original".
_RELIES = re.compile(
    r"\b(?:us(?:e|es|ed|ing)|rel(?:y|ies|ied|ying)|bas(?:e|es|ed|ing)|keep(?:s|ing)?|kept|stick(?:s|ing)?|prefer\w{0,4}"
    r"|anchor\w{0,3}|model(?:l?ed|s)?|valu(?:ed|ation|ing)|go(?:ing)? with)\b"
    r"(?:(?!\b(?:instead|rather|not|restated|over|than|replac\w{1,4})\b)[^.\n]){0,40}?"
    r"\b(?:original(?:ly)?|first[- ]reported|previously[- ]reported|initial(?:ly)?|as[- ]filed|unrestated"
    r"|pre-restatement)\b"
    r"|\b(?:ignor\w{1,3}|disregard\w{0,3}|set(?:ting)? aside|not us(?:e|ing))\b[^.\n]{0,30}?"
    r"\b(?:restate|amend|revis|correct)",
    re.IGNORECASE,
)


def detect(case: CaseFile) -> Suggestion:
    """Return yes with the value used and both filings; no, na, or unknown with what is missing."""
    trace = case.trace
    named = issuers(trace)
    texts = tuple(spoken(trace))
    found = figures(texts)
    pairs = linked.stale(trace, found)
    if pairs.stale:
        return _by_documents(pairs, texts)
    said = _unlinked(case, named, texts, found, compared=pairs.compared)
    if pairs.gone and said.answer is not Answer.YES:
        reason = "Of two linked filings the text of one is gone, so that what it restates cannot be told."
        return unknown(reason, pairs.gone, said.figures)
    return said


def _unlinked(
    case: CaseFile, named: Issuers, texts: Sequence[Spoken], found: Sequence[tuple[Spoken, Claimed]], *, compared: bool
) -> Suggestion:
    """Return the answer where no linked document settles it."""
    facts = given(case.trace)
    claims = uses(found, facts)
    if not claims and not facts and not compared:
        return _nothing_used(case, texts)
    if named.coins:
        return na("The run is about an instrument that has no registrant.")
    if not claims and not facts:
        return no("The figures used are those of the restating filing.")
    if compared and not case.books.facts:
        return no("Of two linked filings the run used no value that the later one changed.")
    return _by_facts(case, named, claims, facts, found)


def _nothing_used(case: CaseFile, texts: Sequence[Spoken]) -> Suggestion:
    gone = tuple(
        f"output of call {call.span_id} ({call.states.get('output', ContentState.NOT_CAPTURED)})"
        for call in case.trace.calls
        if not call.failed and call.states.get("output", ContentState.CAPTURED) is not ContentState.CAPTURED
    )
    if gone:
        return unknown("What the model wrote is gone, so that the figures it used cannot be told.", gone[:_SHOWN])
    if not texts and not case.trace.tools:
        return na("The run used no figures of accounts.")
    return na("Neither the outputs nor the results of tools name a figure of a registrant's accounts.")


def _by_facts(
    case: CaseFile,
    named: Issuers,
    claims: tuple[Use, ...],
    facts: tuple[Given, ...],
    found: Sequence[tuple[Spoken, Claimed]],
) -> Suggestion:
    book = case.books.facts
    if not named.ciks and not named.symbols:
        return unknown("The run names no registrant.", ("the issuer (trading.security.id, a cik, a symbol)",))
    ciks = registrants(named, [(fact.cik, fact.entity) for fact in book])
    if not ciks:
        missing = f"company facts of {named.said}"
        return unknown("No facts of the registrant are at hand, so that restatements cannot be told.", (missing,))
    decided = decisions(case)
    if not decided.times:
        return unknown("When the run decided cannot be told.", decided.missing or ("the time of the decision",))
    ours = [fact for fact in book if fact.cik in ciks]
    splits = {cik: changes.splits([fact for fact in ours if fact.cik == cik]) for cik in ciks}
    judged = [_judged(claim, ours, splits, decided) for claim in claims]
    if not claims:
        moment = decided.times[-1].asof
        judged = list(handed(facts, ours, splits, moment))
    stale = [each for each in judged if each.fate is Fate.STALE]
    texts = {id(text): text for text, _claimed in found}
    relies = bool(stale) and _relies(tuple(texts.values()))
    also = _named(found, {each.new.value for each in stale if each.new})
    both = [each for each in stale if each.new and each.use and each.new.value in also]
    relied = [each for each in stale if each not in both or relies]
    if relied:
        return _yes(relied, decided)
    counts = {
        "claims": len(judged), "right": sum(each.fate is Fate.RIGHT for each in judged), "named_both": len(both),
        "no_concept": sum(each.fate is Fate.ABSENT for each in judged),
        "no_period": sum(each.fate is Fate.NO_PERIOD for each in judged),
    }  # fmt: skip
    unsure = [each for each in judged if each.fate is Fate.UNSURE]
    if unsure:
        return unknown(
            "A value used was changed by a filing of which it cannot be told whether it was out before the decision.",
            tuple(dict.fromkeys(each.why for each in unsure if each.why)), counts, _proof(unsure),
        )  # fmt: skip
    if both:
        return no("The run names the value first reported and the restated one, and relies on the latter.",
                  counts, _proof(both))  # fmt: skip
    if counts["right"] or any(each.fate is Fate.NEITHER for each in judged):
        return no("No figure used is one that a later filing had changed before the decision.", counts)
    what = "concept" if any(each.fate is Fate.ABSENT for each in judged) else "period"
    return unknown(f"The facts of the registrant do not hold the {what} that the run used.",
                   (f"company facts for the {what} used",), counts)  # fmt: skip


def _judged(
    claim: Use, ours: Sequence[CompanyFact], splits: Mapping[str, Sequence[changes.Split]], decided: Decisions
) -> Judged:
    moment = next((each.asof for each in decided.times if each.began_ns >= claim.at_ns), decided.times[-1].asof)
    best = Judged(use=claim, fate=Fate.ABSENT)
    for cik, own in splits.items():
        found = judge(claim, [fact for fact in ours if fact.cik == cik], own, moment)
        best = found if found.fate > best.fate else best
    return best


def _named(found: Sequence[tuple[Spoken, Claimed]], values: Iterable[Decimal]) -> set[Decimal]:
    """Return those of the values that the outputs name."""
    wanted = tuple(values)
    sized = Sized(wanted)
    return {wanted[place] for _text, claimed in found for place in sized.held(claimed.figure)} if wanted else set()


def _relies(texts: Sequence[Spoken]) -> bool:
    return any(_RELIES.search(text.words) for text in texts)


def _yes(stale: Sequence[Judged], decided: Decisions) -> Suggestion:
    first = stale[0]
    listed = [
        {
            "concept": each.fact.concept, "start": each.old.start, "end": each.old.end, "unit": each.fact.unit,
            "used": str(each.old.value), "filed": each.old.filed, "stood": str(each.new.value),
            "restated": each.new.accepted or each.new.filed, "form": each.new.form,
        }
        for each in stale[:_SHOWN] if each.fact and each.old and each.new
    ]  # fmt: skip
    top = listed[0]
    shown = f"{first.use.evidence.excerpt!r} for " if first.use else ""
    reason = (
        f"Used {shown}{top['concept']} to {top['end']}: {top['used']} as filed {top['filed']}, which a filing of"
        f" {str(top['restated'])[:10]} had changed to {top['stood']} before the decision"
        f" ({_moment(decided.times[-1].asof)})."
    )
    return yes(reason, _proof(stale), {"stale": len(stale), "figures": listed})


def _moment(stamp: Stamp) -> str:
    at = from_ns(stamp.first)
    return at.strftime("%Y-%m-%d %H:%M UTC") if at else "at an unknown time"


def _proof(judged: Sequence[Judged]) -> tuple[Evidence, ...]:
    shown: list[Evidence] = []
    for each in judged[:_SHOWN]:
        shown += [each.use.evidence] if each.use else []
        shown += [_cell(report) for report in (each.old, each.new) if report is not None]
    return tuple(shown)


def _cell(report: Report) -> Evidence:
    value = str(report.value)
    return Evidence(trace_id="", field=f"facts:{report.row}:val", excerpt=value, end=len(value))


def _by_documents(pairs: linked.Linked, texts: Sequence[Spoken]) -> Suggestion:
    first = pairs.stale[0]
    if all(each.both for each in pairs.stale) and not _relies(texts):
        return no("The run names the value first reported and the restated one, and relies on the latter.",
                  {"named_both": len(pairs.stale)})  # fmt: skip
    told = [each for each in pairs.stale if not each.both] or list(pairs.stale)
    first = told[0]
    return yes(
        f"Used {first.claim.excerpt!r} from {first.old_name}, which {first.new_name}, retrieved in the same run,"
        f" restates as {first.new.excerpt!r}.",
        tuple(evidence for each in told[:_SHOWN] for evidence in (each.claim, each.old, each.new)),
        {"stale": len(told), "figures": [
            {"used": each.claim.excerpt, "restated": each.new.excerpt, "document": each.new_name}
            for each in told[:_SHOWN]
        ]},
    )  # fmt: skip
