"""Tells the demo chapter by chapter; each one is what a step really returned. It prints nothing."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from pathlib import Path

from msgspec import Struct

from afterbell.disk import files, git
from afterbell.disk import house as houses
from afterbell.disk.house import House
from afterbell.errors import AfterbellError
from afterbell.log.lines import MAX_SEGMENT_BYTES
from afterbell.log.verdict import Ruling, Verdict
from afterbell.model.event import Event
from afterbell.model.vocabulary import Answer
from afterbell.model.wording import counted
from afterbell.steps import amend, append, draft, ingest, init, lint, scan, seal, search, trigger, verify
from afterbell.steps.demo import meeting
from afterbell.steps.store import Store

BLAME = "The operator did not check the dashboard."
_LATE = "A replay of the trace shows that the thesis was invalidated at 15:47 UTC, four hours before the exit."


class Chapter(Struct, frozen=True, kw_only=True):
    """One step of the demo: what is asked, the command that does the same, a table, and a sentence on the result."""

    title: str
    command: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[object, ...], ...] = ()
    lines: tuple[str, ...] = ()
    result: str = ""


def tell(directory: Path | None) -> Iterator[Chapter]:
    """Run the demo in `directory` (which must be empty), or in a fresh temporary one, and yield its chapters.

    Raises AfterbellError when the flow does not end in a verified record and a caught tampering.
    """
    house = houses.fresh(directory)
    yield _house(house)
    yield _ingest(house)
    store = Store(house)
    events = trigger.fire(store).events
    yield _triggers(events)
    yield _scan(house)
    forms = []
    for event in filter(meeting.is_told, events):
        path, chapter = _draft(house, store, event)
        forms.append(path)
        yield chapter
    yield _lint(house, forms[0])
    yield _append(house, forms)
    yield _seal(house)
    yield _search(house)
    yield _amend(house)
    yield _verified(house)
    yield _tampered(house)


def _house(house: House) -> Chapter:
    done = init.init(house)
    sha = git.start(house.root, "Research prompts without live quotes")
    rows = tuple((str(path.relative_to(house.root)),) for path in done.made)
    told = f"a git repository with commit {sha[:12]}" if sha else "no git on this machine: fixes are filed as deferred"
    return Chapter(
        title=f"A house in {house.root}", command="afterbell init", columns=("made",), rows=rows, result=told
    )


def _ingest(house: House) -> Chapter:
    with resources.as_file(resources.files("afterbell.steps.demo") / "data") as data:
        wanted = [str(path) for path in sorted(data.iterdir()) if path.suffix in {".jsonl", ".csv"}]
        reports = list(ingest.ingest(house, wanted, jobs=1))
    rows = tuple(
        (
            Path(each.path).name,
            each.outcome,
            each.format,
            each.traces,
            each.spans + each.logs,
            each.rows,
            each.evidence[:12],
        )
        for each in reports
    )
    return Chapter(
        title="Bytes become evidence and traces",
        command="afterbell ingest *.jsonl *.csv",
        columns=("source", "outcome", "format", ">traces", ">spans and logs", ">book rows", "evidence"),
        rows=rows,
        result="evidence is kept whole, by SHA-256; formats were found by content",
    )


def _triggers(events: tuple[Event, ...]) -> Chapter:
    seen = sorted(each.trigger for each in events)
    if seen != sorted(meeting.EVENTS):
        raise AfterbellError(f"the demo expects the events {', '.join(sorted(meeting.EVENTS))} and saw "
                             f"{', '.join(seen) or 'none'}", "please report this")  # fmt: skip
    rows = tuple(
        (each.event_id, each.trigger.value, each.measured, each.limit, f"{each.due_by:%Y-%m-%d %H:%M}Z", each.reason)
        for each in events
    )
    return Chapter(
        title="Which events deserve a postmortem",
        command="afterbell triggers",
        columns=("event", "trigger", ">measured", ">limit", "meet by", "reason"),
        rows=rows,
        result="one bad article made three of them, which one meeting takes; the red day of ACC-3 is below its limit",
    )


def _scan(house: House) -> Chapter:
    rows = []
    innocent = 0
    for shard in scan.scan_all(house, jobs=1):
        for each in shard:
            found = [answer for answer in each.answers if answer.suggestion.answer is Answer.YES]
            innocent += not found
            rows += [(each.trace_id[-12:], answer.number, answer.mode, answer.suggestion.reason) for answer in found]
    return Chapter(
        title="Twenty questions of each trace; here the ones answered yes",
        command="afterbell scan --all",
        columns=("trace", ">", "mode", "reason"),
        rows=tuple(rows),
        result=f"{innocent} trace without any yes; without a detector or evidence the answer is unknown",
    )


def _draft(house: House, store: Store, event: Event) -> tuple[Path, Chapter]:
    made, _left_out = draft.drafted(store, event.event_id)
    held = meeting.hold(made, git.head(house.root))
    path = meeting.write(house, held)
    rows = tuple(
        (f"{row.at:%m-%d %H:%M:%S}Z" if row.at else "", row.stage.value if row.stage else "", row.event)
        for row in held.timeline
    )
    return path, Chapter(
        title=f"The form for {event.trigger.value}: the machine fills in what it knows, people the rest",
        command=f"afterbell draft {event.event_id}",
        columns=("time", "stage", "event"),
        rows=rows,
        result=f"{len(held.timeline)} rows, {len(held.contributing_factors)} factors, {len(held.references)} links",
    )


def _lint(house: House, form: Path) -> Chapter:
    text = lint.read(form)
    spoiled = meeting.with_summary(text, BLAME)
    found = lint.check(house, spoiled).findings
    clean = lint.check(house, text).findings
    if not found or clean:
        raise AfterbellError("the linter did not tell the two summaries apart", "please report this")
    rows = tuple((each.fault.rule, each.fault.message, each.fault.rewrite) for each in found)
    return Chapter(
        title=f"A summary of blame is refused: {BLAME!r}",
        command="afterbell lint FORM",
        columns=("rule", "what", "instead"),
        rows=rows,
        result="the same form with a factual summary: no fault",
    )


def _append(house: House, forms: list[Path]) -> Chapter:
    rows = []
    for form in forms:
        done = append.append(house, form)
        if done.record is None or done.stored is None:
            faults = "; ".join(each.fault.message for each in done.findings)
            raise AfterbellError(f"a form of the demo was refused: {faults}", "please report this")
        rows.append((done.record.id, done.record.root_cause.value if done.record.root_cause else "", done.stored.where))
    return Chapter(
        title="Three records are filed; each is on the disk before its id is shown",
        command="afterbell append FORM",
        columns=("record", "root cause", "where"),
        rows=tuple(rows),
    )


def _seal(house: House) -> Chapter:
    done = seal.seal(house)
    return Chapter(
        title="Pending records move into the log under one head",
        command="afterbell seal",
        result=f"{done.origin}: {counted(done.head.size, 'entry')}, root {done.head.root}",
    )


def _search(house: House) -> Chapter:
    found = search.search(house, "retriever steering")
    rows = tuple((row.id, row.root_cause or "", ", ".join(row.modes), row.summary) for row in found)
    return Chapter(
        title="Six months later: have we seen this before?",
        command="afterbell search retriever steering",
        columns=("record", "root cause", "modes", "summary"),
        rows=rows,
    )


def _amend(house: House) -> Chapter:
    first = search.search(house, "retriever steering")[0]
    done = amend.amend(house, first.id, _LATE, field="timeline", role="system operator")
    if done.stored is None:
        raise AfterbellError("the addendum of the demo was refused", "; ".join(fault.message for fault in done.faults))
    seal.seal(house)
    return Chapter(
        title="New evidence: the record is amended, never rewritten",
        command=f"afterbell amend {first.id[:13]} --field timeline --note ...",
        lines=(f"> {_LATE}",),
        result=f"addendum {done.addendum.id} stands at the timeline of {first.id}",
    )


def _verified(house: House) -> Chapter:
    verdict = verify.verify(house, remember=False).verdict
    if verdict.verdict is not Ruling.OK:
        raise AfterbellError(f"the log of the demo does not verify: {verdict.verdict.value}", "please report this")
    return _verdict("Anyone with a clone can check it", "afterbell verify", verdict)


def _tampered(house: House) -> Chapter:
    copy = houses.copied(house, house.root.with_name(house.root.name + "-tampered"))
    segment = copy.postmortems / "log" / "000000.jsonl"
    lines = files.read(segment, MAX_SEGMENT_BYTES) or b""
    files.replace(segment, lines.replace(b"realized loss 1.4 percent", b"realized loss 0.4 percent"))
    verdict = verify.verify(copy, remember=False).verdict
    if verdict.verdict is not Ruling.TAMPERED:
        raise AfterbellError("a tampering was not caught", "please report this")
    return _verdict(f"In a copy, one digit of a filed loss is changed ({copy.root})", "afterbell verify", verdict)


def _verdict(title: str, command: str, verdict: Verdict) -> Chapter:
    row = (verdict.verdict.value, verdict.level.value if verdict.level else "none", verdict.entries, verdict.root)
    return Chapter(
        title=title,
        command=command,
        columns=("verdict", "level", ">entries", "root"),
        rows=(row,),
        lines=tuple(f"{each.code.value}  {each.where}  {each.message}" for each in verdict.problems),
    )
