"""Draft: the form for the meeting, with what can be known filled in and what only people know left visibly empty."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from afterbell.disk import files
from afterbell.disk.house import House
from afterbell.errors import UsageError
from afterbell.model.books import BookRow, Books, Fill
from afterbell.model.checklist import CHECKLIST
from afterbell.model.event import Event
from afterbell.model.record import Draft, Factor, Reference, ReferenceKind
from afterbell.model.rules import FACTORS
from afterbell.model.run import Trace
from afterbell.model.scan import Evidence, ModeAnswer, Suggestion
from afterbell.model.trace import trace_hex
from afterbell.model.vocabulary import Answer
from afterbell.query.timeline import timeline
from afterbell.render.form import to_markdown
from afterbell.steps import scan, trigger
from afterbell.steps.entries import new_id
from afterbell.steps.freeze import freeze
from afterbell.steps.store import Store

MOST_TRACES = 12
_PROOFS = 3
_LONGEST_EXCERPT = 300
_LONGEST_FIGURES = 600
_WORST_FIRST = (Answer.YES, Answer.UNKNOWN, Answer.NO, Answer.NA)


class Drafted(Struct, frozen=True, kw_only=True):
    """A draft and where its form was written; `left_out` counts traces of the event that were not read."""

    draft: Draft
    path: Path
    left_out: int = 0


def draft(house: House, subject: str, out: Path | None = None) -> Drafted:
    """Write the form for a trace or an event (an id or its beginning) and return it.

    Raises UsageError when the subject is not there or the target file is: a form that people may have edited is
    never written over.
    """
    store = Store(house)
    made, left_out = drafted(store, subject)
    made = _frozen(store, made)
    path = out or house.drafts / f"{made.id}.md"
    files.make_dirs(path.parent)
    try:
        files.write_once(path, to_markdown(made, checklist=CHECKLIST).encode())
    except files.ExistsError:
        raise UsageError(f"{path} is there already", "give another name with -o") from None
    return Drafted(draft=made, path=path, left_out=left_out)


def _frozen(store: Store, made: Draft) -> Draft:
    """Pin the evidence of the draft's incident beside the records, and cite the list of it first."""
    subject = made.event_id or next(iter(made.trace_ids), "")
    froze = freeze(store, subject, made.trace_ids)
    return msgspec.structs.replace(made, evidence=tuple(dict.fromkeys((froze.sha256, *made.evidence))))


def drafted(store: Store, subject: str) -> tuple[Draft, int]:
    """Return the draft for a trace or an event, and how many traces of the event were left out."""
    events = trigger.fire(store).events
    event = trigger.named(store, events, subject) if subject.startswith("ev-") else None
    ids = event.trace_ids if event else (store.match(subject),)
    if event is None:
        event = next((each for each in events if ids[0] in each.trace_ids), None)
    found = store.traces(ids[:MOST_TRACES])
    traces = tuple(found[each] for each in ids if each in found)
    scans = [each.answers for each in scan.scan_traces(store, traces)]
    answers = _joined(scans)
    evidence = [sha for trace in traces for sha in store.evidence_of(trace)]
    books = store.books()
    rows = timeline(traces, answers=answers, fills=_fills(books, traces, event), event=event)
    if event is not None:
        evidence += _book_evidence(books, event)
    return Draft(
        id=new_id(),
        timeline=rows,
        contributing_factors=_factors(answers),
        references=tuple(Reference(kind=ReferenceKind.TRACE, value=trace.trace_id) for trace in traces[:3]),
        event_id=event.event_id if event else "",
        trigger=event.trigger if event else None,
        trace_ids=tuple(ids),
        event=_lean_event(event),
        suggestions=tuple(_lean(answer) for answer in answers),
        evidence=tuple(dict.fromkeys(evidence)),
    ), max(0, len(ids) - MOST_TRACES)


def _joined(scans: Sequence[tuple[ModeAnswer, ...]]) -> tuple[ModeAnswer, ...]:
    """Join the scans of several traces: a yes in any is a yes, else what is unknown in any stays unknown."""
    joined = []
    for rows in zip(*scans, strict=True):
        ranked = sorted(rows, key=lambda row: _WORST_FIRST.index(row.suggestion.answer))
        worst = ranked[0]
        same = [row.suggestion for row in ranked if row.suggestion.answer is worst.suggestion.answer]
        evidence = tuple(proof for suggestion in same for proof in suggestion.evidence)
        joined.append(msgspec.structs.replace(worst, suggestion=msgspec.structs.replace(same[0], evidence=evidence)))
    return tuple(joined)


def _fills(books: Books, traces: Sequence[Trace], event: Event | None) -> Iterable[Fill]:
    """Yield the fills of the traces' ideas, and of no execution report in them."""
    ids = {trace.trace_id for trace in traces}
    ideas = {idea for trace in traces for idea in trace.idea_ids}
    told = {trade.exec_id for trace in traces for trade in trace.trades if trade.exec_id}
    for fill in books.fills:
        own = (fill.trace_id and trace_hex(fill.trace_id) in ids) or (fill.idea_id and fill.idea_id in ideas)
        if own and fill.exec_id not in told and (event is None or fill.transact_time <= event.due_by):
            yield fill


def _book_evidence(books: Books, event: Event) -> list[str]:
    """Return the hashes of the books that the event's evidence cites ("equity:12:realized_pnl")."""
    cited = {proof.field.partition(":")[0] for proof in event.evidence if not proof.span_id}
    rows: dict[str, tuple[BookRow, ...]] = {name: getattr(books, name) for name in Books.__struct_fields__}
    return [row.evidence for name in sorted(cited & rows.keys()) for row in rows[name] if row.evidence]


def _factors(answers: Iterable[ModeAnswer]) -> tuple[Factor, ...]:
    """One factor for each yes, in the words of the scan; where there are more than five, the rest share the last."""
    said = [answer for answer in answers if answer.suggestion.answer is Answer.YES]
    most = FACTORS[1]
    head, rest = (said, []) if len(said) <= most else (said[: most - 1], said[most - 1 :])
    factors = [Factor(text=answer.suggestion.reason, modes=(answer.mode,)) for answer in head]
    if rest:
        text = " ".join(answer.suggestion.reason for answer in rest)
        factors.append(Factor(text=text, modes=tuple(answer.mode for answer in rest)))
    return tuple(factors)


def _lean(answer: ModeAnswer) -> ModeAnswer:
    """Keep what a record needs of a suggestion: a few proofs, each short; the whole is in the frozen evidence."""
    suggestion = answer.suggestion
    figures = suggestion.figures if len(msgspec.json.encode(suggestion.figures)) <= _LONGEST_FIGURES else {}
    lean = Suggestion(
        answer=suggestion.answer,
        reason=suggestion.reason[:_LONGEST_EXCERPT],
        missing=suggestion.missing[:8],
        figures=figures,
        evidence=tuple(_short(proof) for proof in suggestion.evidence[:_PROOFS]),
    )
    return msgspec.structs.replace(answer, suggestion=lean)


def _short(proof: Evidence) -> Evidence:
    excerpt = proof.excerpt[:_LONGEST_EXCERPT]
    return msgspec.structs.replace(proof, excerpt=excerpt, end=min(proof.end, proof.start + len(excerpt)))


def _lean_event(event: Event | None) -> Event | None:
    if event is None:
        return None
    return msgspec.structs.replace(
        event,
        evidence=tuple(_short(proof) for proof in event.evidence[:_PROOFS]),
        trace_ids=event.trace_ids[:MOST_TRACES],
    )
