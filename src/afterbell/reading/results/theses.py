"""The theses of a house: what was recorded as invalidating each, when, and the events that said it was invalidated.

Versions of a condition follow each other; each is in force until the next one is recorded. A text that two traces
record twice is one version. It reads no condition and looks at no price.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from afterbell.model.docket import RunFacts
from afterbell.model.facts import CONDITION
from afterbell.model.scan import Evidence
from afterbell.model.trading import TradeEvent, TradeKind
from afterbell.reading.results.owners import Owner, cited

_INVALID = "invalidated"
_SAYS = ("trading.thesis.status", "trading.thesis.invalidated_at", "trading.thesis.id", "trading.idea.id")


class Version(Struct, frozen=True, kw_only=True):
    """One wording of a condition and from when to when it was in force (0 = no end known)."""

    text: str
    since_ns: int
    until_ns: int = 0
    evidence: Evidence


class Invalidation(Struct, frozen=True, kw_only=True):
    """An event, or a thesis's status, that says that a thesis no longer holds."""

    at_ns: int
    evidence: Evidence


class Thesis(Struct, frozen=True, kw_only=True):
    """One thesis with its owner, in the traces that speak of it."""

    owner: Owner
    exchange: str = ""
    versions: tuple[Version, ...] = ()
    invalidations: tuple[Invalidation, ...] = ()
    trace_ids: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """What the thesis is called in an event: stable words."""
        parts = [f"idea:{self.owner.idea}"] if self.owner.idea else []
        parts += [f"thesis:{self.owner.thesis}"] if self.owner.thesis else []
        return " ".join(parts) or f"trace:{self.trace_ids[0]}"


class _Said(Struct, frozen=True, kw_only=True):
    run: RunFacts
    trade: TradeEvent
    idea: str


def theses(runs: Iterable[RunFacts]) -> tuple[Thesis, ...]:
    """Return every thesis that a condition or an invalidation was recorded for, in order of first mention."""
    said: dict[tuple[str, str, str], list[_Said]] = {}
    everything = list(runs)
    names = _thesis_names(everything)
    for run in everything:
        for trade in run.trades:
            if trade.kind in {TradeKind.THESIS, TradeKind.THESIS_INVALIDATED}:
                idea = _idea(trade, run)
                thesis = trade.thesis_id or (names[idea] if idea and len(names.get(idea, "")) and names[idea] else "")
                key = (idea, thesis, "" if idea or thesis else run.trace_id)
                said.setdefault(key, []).append(_Said(run=run, trade=trade, idea=idea))
    return tuple(_thesis(key, each) for key, each in said.items())


def _thesis_names(runs: Iterable[RunFacts]) -> dict[str, str]:
    """Return the one thesis id of each idea that has exactly one; an event that leaves it out means that one."""
    found: dict[str, set[str]] = {}
    for run in runs:
        for trade in run.trades:
            if trade.kind is TradeKind.THESIS and trade.thesis_id:
                found.setdefault(_idea(trade, run), set()).add(trade.thesis_id)
    return {idea: next(iter(ids)) if len(ids) == 1 else "" for idea, ids in found.items()}


def _idea(trade: TradeEvent, run: RunFacts) -> str:
    return trade.idea_id or (run.idea_ids[0] if len(run.idea_ids) == 1 else "")


def _thesis(key: tuple[str, str, str], said: list[_Said]) -> Thesis:
    idea, thesis, _trace = key
    said.sort(key=lambda each: each.trade.at_ns)
    versions: list[Version] = []
    for each in said:
        text = str(each.trade.attributes.get(CONDITION) or "").strip()
        if text and each.trade.kind is TradeKind.THESIS and (not versions or versions[-1].text != text):
            if versions:
                versions[-1] = Version(text=versions[-1].text, since_ns=versions[-1].since_ns,
                                       until_ns=each.trade.at_ns, evidence=versions[-1].evidence)  # fmt: skip
            versions.append(Version(text=text, since_ns=each.trade.at_ns, evidence=cited(each.trade, (CONDITION,))))
    invalid = tuple(
        Invalidation(at_ns=each.trade.at_ns, evidence=cited(each.trade, _SAYS)) for each in said
        if each.trade.kind is TradeKind.THESIS_INVALIDATED or each.trade.status == _INVALID
    )  # fmt: skip

    def first(name: str) -> str:
        return next((str(value) for each in said if (value := getattr(each.trade, name))), "")

    return Thesis(
        owner=Owner(
            idea=idea, thesis=thesis, symbol=first("symbol") or _of_runs(said, "symbol"),
            account=first("account_id") or _of_runs(said, "account_id"),
            strategy=first("strategy_id") or _of_runs(said, "strategy_id"),
        ),
        exchange=first("exchange") or _of_runs(said, "exchange"), versions=tuple(versions), invalidations=invalid,
        trace_ids=tuple(dict.fromkeys(each.run.trace_id for each in said)),
    )  # fmt: skip


def _of_runs(said: Iterable[_Said], name: str) -> str:
    """Return what the other trading facts of the same idea say, if they say one thing."""
    found = {
        value for each in said for trade in each.run.trades
        if (value := str(getattr(trade, name))) and (not each.idea or trade.idea_id in {"", each.idea})
    }  # fmt: skip
    return next(iter(found)) if len(found) == 1 else ""
