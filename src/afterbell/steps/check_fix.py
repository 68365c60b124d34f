"""Check-fix: whether the failure still shows, over frozen evidence or over a regression case; claimed becomes shown.

Frozen evidence is scanned anew with today's detectors and policy: that shows a fix of the policy, or of a limit. A fix
of the agents cannot change a run that is over, so it is shown by a case: the run replayed through the agents as they
are now, scanned the same way. An answer that the question does not apply shows nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from afterbell import __version__, clock
from afterbell.catalog import shelves
from afterbell.disk import house as houses
from afterbell.disk.frozen import Frozen, FrozenFiles
from afterbell.disk.house import House
from afterbell.disk.log_files import Stored
from afterbell.errors import StoreError, UsageError
from afterbell.model.amendment import judge_addendum
from afterbell.model.fault import Fault
from afterbell.model.fix_check import Asked, FixCheck, Outcome, carried
from afterbell.model.lifecycle import FixMove, FixState, fix, fix_after
from afterbell.model.record import Addendum, Record
from afterbell.model.run import Trace
from afterbell.model.trace import trace_hex
from afterbell.model.vocabulary import Answer
from afterbell.steps import ingest, scan, trigger
from afterbell.steps.entries import add_addendum, new_id
from afterbell.steps.freeze import freeze, pin
from afterbell.steps.owned import Owned
from afterbell.steps.records import Filed, find, journal
from afterbell.steps.store import Store
from afterbell.steps.thaw import thawed

_AROUND = frozenset({"calibration_drift", "research_diary_gap", "cost_attribution_drift"})
"""Questions about the days around a run, of which frozen evidence holds only the kin and the books."""


class Checked(Struct, frozen=True, kw_only=True):
    """A check, what was known of the fix before and after it, and the addendum that says so (None = nothing new)."""

    record_id: str
    before: FixState
    after: FixState
    check: FixCheck
    addendum: Addendum | None = None
    stored: Stored | None = None
    faults: tuple[Fault, ...] = ()


def check(
    house: House, record_id: str, *, names: Sequence[str] = (), case: Sequence[str] = (), role: str = "",
    keep: bool = True,
) -> Checked:  # fmt: skip
    """Check the fix of a record and, with `keep`, add an addendum when that changes what is known of it.

    `names` are modes or triggers (default: those answered yes in the record, else its trigger), `case` files of a
    replay, `role` who checks (default: the owner of the module that the fix names). Raises UsageError when there is no
    claimed fix or nothing to ask, StoreError when evidence is gone.
    """
    filed = find(house, record_id)
    before, last = fix(filed.view)
    fix_after(before, FixMove.FIRE_AGAIN)  # refuses what was never claimed
    asked = _named(filed.view.now, names)
    found, evidence = _over_case(house, asked, case, keep=keep) if case else _over_frozen(house, filed, asked)
    outcome = _outcome(found)
    made = FixCheck(
        outcome=outcome, asked=found, evidence=evidence, case=", ".join(case),
        commit_sha=filed.view.now.fix.commit_sha or "", version=__version__,
    )  # fmt: skip
    again = outcome is Outcome.FIRES and (bool(case) or last is None or not last.case)
    move = FixMove.SHOW if outcome is Outcome.SHOWN else FixMove.FIRE_AGAIN if again else None
    after = before if move is None else fix_after(before, move)
    if after is before or not keep:
        return Checked(record_id=filed.record.id, before=before, after=after if keep else before, check=made)
    owner = role or Owned(house).roles(filed.view.now.fix.paragraph)[0]
    return _kept(house, filed, made, before, after, owner, case)


def _named(record: Record, names: Sequence[str]) -> tuple[str, ...]:
    if names:
        known = {mode.slug for mode in shelves.modes().values()} | set(shelves.triggers())
        for name in names:
            if name not in known:
                raise UsageError(f"no mode or trigger {name!r}", "afterbell explain lists them")
        return tuple(dict.fromkeys(names))
    said = [answer.mode for answer in record.answers if answer.answer is Answer.YES]
    built = {mode.slug for mode in shelves.modes().values()}
    found = tuple(mode for mode in dict.fromkeys(said) if mode in built)
    if not found and record.trigger is not None:
        found = (record.trigger.value,)
    if not found:
        raise UsageError("the record answers no question with yes and has no trigger", "name one with --mode")
    return found


def _over_frozen(house: House, filed: Filed, names: Sequence[str]) -> tuple[tuple[Asked, ...], tuple[str, ...]]:
    record = filed.view.now
    sha256, frozen = _frozen(house, record)
    subject = record.event.subject if record.event else ""
    ids = [trace_hex(each) for each in record.trace_ids]
    with thawed(house, frozen) as made:
        store = Store(made)
        here = store.traces(ids)
        if not here:
            raise StoreError("the frozen evidence holds none of the record's traces", "give a --case")
        found = tuple(_asked(store, [here[each] for each in ids if each in here], names, subject))
    return _with_days_around(house, found), (sha256,)


def _frozen(house: House, record: Record) -> tuple[str, Frozen]:
    """Return the list of evidence that the record cites; for one filed without a list, freeze what the store holds."""
    pinned = FrozenFiles(house.frozen)
    for sha256 in record.evidence:
        found = pinned.find(sha256)
        if found is not None:
            return sha256, found
    froze = freeze(Store(house), record.event_id or record.id, [trace_hex(each) for each in record.trace_ids])
    return froze.sha256, froze.frozen


def _over_case(
    house: House, names: Sequence[str], case: Sequence[str], *, keep: bool
) -> tuple[tuple[Asked, ...], tuple[str, ...]]:  # fmt: skip
    with houses.scratch(house) as made:
        reports = list(ingest.ingest(made, case, jobs=1))
        store = Store(made)
        ids = [row.trace_id for row in store.rows()]
        kept = tuple(dict.fromkeys(report.evidence for report in reports if report.evidence))
        if not ids:
            refused = next((report for report in reports if report.outcome == ingest.REFUSED), None)
            why = f": {refused.refused[0].why}" if refused and refused.refused else ""
            raise UsageError(f"the case holds no trace{why}", "give the files of the replayed run")
        found = tuple(_asked(store, map(store.trace, ids), names, ""))
        if keep:
            pin(house, made, kept)
    return found, kept


def _asked(store: Store, traces: Iterable[Trace], names: Sequence[str], subject: str) -> Iterator[Asked]:
    modes = frozenset(name for name in names if name not in shelves.triggers())
    for each in scan.scan_traces(store, traces, modes) if modes else ():
        for row in each.answers:
            said = row.suggestion
            yield Asked(name=row.mode, trace_id=each.trace_id, answer=said.answer.value, reason=said.reason)
    wanted = [name for name in names if name in shelves.triggers()]
    fired = trigger.fire(store) if wanted else None
    for name in wanted:
        events = [each for each in fired.events if each.trigger.value == name] if fired else []
        events = [each for each in events if not subject or each.subject == subject]
        notes = [note for note in fired.notes if note.startswith(name)] if fired else []
        answer = Answer.YES if events else Answer.UNKNOWN if notes else Answer.NO
        reason = events[0].reason if events else notes[0] if notes else "the trigger does not fire"
        yield Asked(name=name, trace_id="", answer=answer.value, reason=reason)


def _with_days_around(house: House, found: tuple[Asked, ...]) -> tuple[Asked, ...]:
    """Ask questions about the days around a run of the store too, as the frozen evidence does not hold those days."""
    unsure = [each for each in found if each.name in _AROUND and each.answer != Answer.YES]
    if not unsure:
        return found
    live = Store(house)
    here = live.traces(each.trace_id for each in unsure)
    names = tuple(dict.fromkeys(each.name for each in unsure))
    said = {(each.name, each.trace_id): each for each in _asked(live, here.values(), names, "")}
    reason = "it looks at the days around the run, which frozen evidence does not hold"
    for each in unsure:
        blind = Asked(name=each.name, trace_id=each.trace_id, answer=Answer.UNKNOWN.value, reason=reason)
        said.setdefault((each.name, each.trace_id), blind)
    return tuple(said[each.name, each.trace_id] if each in unsure else each for each in found)


def _outcome(found: Sequence[Asked]) -> Outcome:
    answers: dict[str, set[str]] = {}
    for each in found:
        answers.setdefault(each.name, set()).add(each.answer)
    if any(Answer.YES.value in said for said in answers.values()):
        return Outcome.FIRES
    told = all(Answer.NO.value in said and Answer.UNKNOWN.value not in said for said in answers.values())
    return Outcome.SHOWN if answers and told else Outcome.UNKNOWN


def _kept(
    house: House, filed: Filed, made: FixCheck, before: FixState, after: FixState, role: str, case: Sequence[str]
) -> Checked:  # fmt: skip
    over = f"the case {', '.join(Path(each).name for each in case)}" if case else "the frozen evidence"
    names = ", ".join(dict.fromkeys(each.name for each in made.asked))
    yes = sum(each.answer == Answer.YES.value for each in made.asked)
    said = f"{yes} of {len(made.asked)} answers are yes" if yes else f"no answer of {len(made.asked)} is yes"
    note = f"Checked over {over}: {names}; {said}. The fix is {after.value}."
    addendum = Addendum(
        id=new_id(), parent_id=filed.record.id, created=clock.now(), role=role, field="fix", note=note,
        extra=carried(made),
    )  # fmt: skip
    faults = judge_addendum(addendum, filed.record)
    if faults:
        return Checked(record_id=filed.record.id, before=before, after=before, check=made, faults=faults)
    stored = add_addendum(journal(house), addendum, filed.stored, role)
    return Checked(
        record_id=filed.record.id, before=before, after=after, check=made, addendum=addendum, stored=stored
    )  # fmt: skip
