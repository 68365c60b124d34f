"""Houses with many records for measuring and looking: every text is made from its number, every symbol is synthetic."""

from __future__ import annotations

import random
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

from afterbell.disk.house import House
from afterbell.log import entry as entries
from afterbell.log.checkpoint import EMPTY_HEAD
from afterbell.log.entry import Entry, EntryType
from afterbell.model.body import body
from afterbell.model.checklist import CHECKLIST
from afterbell.model.event import event
from afterbell.model.record import Factor, Fix, Record, Reference, ReferenceKind, TimelineRow
from afterbell.model.scan import Evidence, ModeAnswer, PersonAnswer, Suggestion
from afterbell.model.vocabulary import Answer, RootCause, RowStage, TriggerName, Verdict
from log import built

_LATEST = datetime(2026, 6, 30, 14, 0, tzinfo=UTC)
_WHAT = (
    "was not closed after its thesis was invalidated", "was opened on a quote that was two days old",
    "was sized from a figure in thousands read as millions", "was held through a gap after the close",
    "was entered twice because a retry was not recognised", "was traded on a headline that three feeds repeated",
)  # fmt: skip
_CONDITIONS = (
    "No ceiling on the steps of the research loop", "The validator did not check the version of the schema",
    "The cache key left out the venue", "No monitor watched open positions against their theses",
    "The fallback model answered in another schema", "The retriever counted copies of one article as sources",
    "The price guard ran on the message and not on the tool result", "No alert on the provider's rate limits",
)  # fmt: skip
_FIXES = (
    "Added max_steps to the loop of {module}.", "The validator in {module} now rejects unknown versions.",
    "The cache key in {module} holds venue and session.", "A monitor in {module} closes what outlives its thesis.",
)  # fmt: skip
_MODULES = ("agents/research", "agents/execution", "feeds/news", "risk/limits", "gateway/router")


def record(number: int) -> Record:
    """Return the record of a number: complete, of the usual size, filed at noon of its day."""
    draw = random.Random(number)  # noqa: S311 - not a secret
    trace = f"{draw.getrandbits(128):032x}"
    at = _LATEST - timedelta(hours=number)
    symbol = f"SYNTHETIC_{chr(ord('A') + draw.randrange(26))}"
    modes = draw.sample(CHECKLIST, draw.randint(1, 3))
    found = {slug for _number, slug in modes}
    factors = draw.sample(_CONDITIONS, 3)
    percent = f"{draw.randint(11, 49) / 10}"
    fired = event(
        draw.choice(list(TriggerName)), subject=f"account:ACC-{number % 7} session:{at:%Y-%m-%d} {symbol}",
        occurred_at=at - timedelta(hours=draw.randint(3, 90)), due_hours=72, measured=percent, limit="1.0",
        unit="percent of deployed capital", reason=f"the loss of {percent} percent is over the limit of 1.0 percent",
        trace_ids=(trace,),
    )  # fmt: skip
    where = Evidence(trace_id=trace, span_id=f"{number:016x}", field="llm.output.0", excerpt=f"hold {symbol}", end=16)
    suggested = {
        slug: Answer.YES if slug in found else draw.choice((Answer.NO, Answer.NA, Answer.UNKNOWN, Answer.YES))
        for _place, slug in CHECKLIST
    }
    return Record(
        id=entries.uuid7(round(at.timestamp() * 1000), draw.randbytes(10)), created=at,
        summary=f"Position {number} in {symbol} {draw.choice(_WHAT)}; realised loss {percent} percent.",
        timeline=tuple(
            TimelineRow(at=at - timedelta(minutes=90 - 10 * row), stage=stage, trace_id=trace,
                        event=f"{stage.value} {row} of {symbol}: {draw.choice(_CONDITIONS).lower()}")
            for row, stage in enumerate((RowStage.IDEA, RowStage.IDEA, RowStage.DECISION, RowStage.DECISION,
                                         RowStage.EXECUTION, RowStage.EXECUTION, RowStage.OUTCOME))
        ),
        root_cause=draw.choice(list(RootCause)),
        contributing_factors=tuple(
            Factor(text=text, modes=(modes[place][1],) if place < len(modes) else ())
            for place, text in enumerate(factors)
        ),
        fix=Fix(paragraph=draw.choice(_FIXES).format(module=draw.choice(_MODULES)), commit_sha=trace[:12]),
        prevention="An alert fires when a position outlives its thesis by one minute.",
        references=(Reference(kind=ReferenceKind.TRACE, value=trace),
                    Reference(kind=ReferenceKind.COMMIT, value=trace[:12])),
        event_id=fired.event_id, trigger=fired.trigger, trace_ids=(trace,), event=fired,
        suggestions=tuple(
            ModeAnswer(number=place, mode=slug, suggestion=Suggestion(
                answer=suggested[slug], missing=("tool results",) if suggested[slug] is Answer.UNKNOWN else (),
                reason="the run shows it" if slug in found else "nothing in the run shows it",
                evidence=(where,) if slug in found else (),
            ))
            for place, slug in CHECKLIST
        ),
        answers=tuple(
            PersonAnswer(number=place, mode=slug, answer=Answer.YES if slug in found else Answer.NO,
                         suggested=suggested[slug])
            for place, slug in CHECKLIST
        ),
        verdict=Verdict.CONTROL_FAILED, evidence=(f"{draw.getrandbits(256):064x}",),
        roles=("system operator", "code owner"),
    )  # fmt: skip


def filled(root: Path, count: int) -> House:
    """Make a house whose log holds so many sealed records."""
    house = House(root)
    house.make_store()
    built(house.postmortems, count, _entry)
    return house


def _entry(number: int) -> Entry:
    made = record(number)
    return Entry(
        type=EntryType.POSTMORTEM, id=made.id, created=made.created.isoformat().replace("+00:00", "Z"),
        actor="system operator", after=EMPTY_HEAD, salt=secrets.token_hex(16), body=body(made),
    )  # fmt: skip
