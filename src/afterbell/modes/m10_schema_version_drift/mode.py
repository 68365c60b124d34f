"""Schema-version drift: the prompt or the output schema changed within a batch and the recorded version did not.

What it asks
    Did the prompt or the output schema change in the middle of a batch without a version bump in the trace record?

Why it matters
    A batch is judged as one: its hit rate, its cost, its calibration. When half of it ran under other rules and the
    record says one version, the figures mix two systems, and nobody can tell afterwards which trade came from which.

How it looks
    A batch is the traces of one `trading.batch.id`, else of one `trading.run.id`; several calls of one trace are a
    batch too. Prompts of one name (else one agent, else those that read like versions of one text) are compared by
    template hash, recorded template or text. Words, examples, rules, field names, types, enums, ranges and required
    names count. Declared variables, symbols, company names, dates, numbers, retrieved context, key order and white
    space do not, and neither does the version of the service or of the model. Yes when two texts, or two output
    schemas of one name, carry the same version (`gen_ai.prompt.version`, `llm.prompt_template.version`;
    `trading.decision.output_schema.version`); every trace of the batch is then yes. No when all read alike, even
    without a version, or when the version was bumped with each change. Texts that differ and no version, texts that
    were not kept, users' turns without system prompt and declared variables, of which nothing says what is the
    template, or traces of the batch that are not here: unknown. No batch: not applicable.

What would prevent it
    The hash of the prompt and of the schema recorded with each call, and a batch that stops when they change under one
    version.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct

from afterbell.model.casefile import CaseFile, Need
from afterbell.model.scan import Evidence, Suggestion, na, no, unknown, yes
from afterbell.model.vocabulary import ContentState
from afterbell.reading.answers.schemas import VERSION, DeclaredSchema, declared
from afterbell.reading.legs.calls import behind, summed
from afterbell.reading.prompts.batches import Batch, batch_of
from afterbell.reading.prompts.calls import Prompt, prompts
from afterbell.reading.prompts.changes import Compared, Outcome, compare, nearness, share_orders
from afterbell.reading.prompts.roles import ONLY, different, groups, told_apart
from afterbell.reading.prompts.tool_schemas import canonical, first_difference, own_difference

NUMBER = 10
SLUG = "schema_version_drift"
QUESTION = "Did the prompt or output schema change within the batch without a version bump in the trace record?"
SINCE = "0.1.0"
NEEDS = (Need.SPANS,)
KNOBS: dict[str, Any] = {}

_ONE_PROMPT = 0.8  # likeness from which two unnamed texts of one run are versions of one prompt
_SEVERAL, _MOST, _TOLD = 3, 24, 6
_MANY = 16


class _Finding(Struct, frozen=True, kw_only=True):
    """What one prompt or schema of the batch shows: a change under one version, or what is missing to tell."""

    what: str = ""
    evidence: tuple[Evidence, ...] = ()
    missing: tuple[str, ...] = ()
    bumped: bool = False


def detect(case: CaseFile) -> Suggestion:
    """Return yes with both texts and their one version, no, na without a batch, unknown naming what to record."""
    batch = batch_of(case)
    every = [prompt for run in batch.runs for prompt in prompts(run)]
    lines = [(label, line) for label, members in groups(every) for line in _lines(label, members) if len(line) > 1]
    schemas = [each for run in batch.runs for each in declared(run)]
    named = _by_name(schemas)
    # Of a large batch a part stands for the whole.
    absent = batch.size - len(batch.runs) if len(batch.runs) < _MANY else 0
    if not lines and not any(len(each) > 1 for each in named) and absent <= 0:
        hidden = tuple(word for run in batch.runs for word in behind(summed(run)))
        if hidden:
            return unknown("Model calls ran that are recorded only as a sum: their prompts cannot be compared.", hidden)
        return na(_alone(batch, every))
    found = [_prompt_finding(label, line) for label, line in lines] + [_schema_finding(each) for each in named]
    figures = {"traces": len(batch.runs), "prompts": len(lines), "schemas": len(named),
               **({"batch": batch.id} if batch.id else {})}  # fmt: skip
    changed = [each for each in found if each.what]
    missing = list(dict.fromkeys(word for each in found for word in each.missing))
    if changed:
        proof = tuple(dict.fromkeys(each for finding in changed for each in finding.evidence))
        return yes(f"Within {_where(batch)}: {'; '.join(each.what for each in changed[:3])}.", proof, figures,
                   tuple(missing))  # fmt: skip
    if absent > 0:
        missing.append(f"{absent} of the {batch.size} traces of the batch")
    if missing:
        proof = tuple(each for finding in found for each in finding.evidence)[:4]
        reason = (
            "Texts differ and no version was recorded." if proof else "Not every text of the batch can be compared."
        )
        return unknown(f"Within {_where(batch)}: {reason[0].lower()}{reason[1:]}", tuple(missing), figures, proof)
    if any(each.bumped for each in found):
        return no(f"Within {_where(batch)} every change of a text has a version of its own.", figures)
    return no(f"Within {_where(batch)} each prompt and output schema reads the same throughout.", figures)


def _where(batch: Batch) -> str:
    if batch.field:
        return f"the batch {batch.id[:60]} ({len(batch.runs)} trace{'s' * (len(batch.runs) > 1)})"
    return "the calls of this trace"


def _alone(batch: Batch, every: Sequence[Prompt]) -> str:
    if not every:
        return "No batch: no model call and no output schema to compare."
    if batch.field:
        return f"The batch {batch.id[:60]} holds no prompt or schema twice."
    return "No batch id, and no prompt or schema is used twice in the trace."


def _lines(label: str, members: Sequence[Prompt]) -> Iterator[tuple[Prompt, ...]]:
    """Split prompts of one label into those that are versions of one: all of a name, else by how alike they read."""
    if members[0].name:
        yield tuple(members)
        return
    texts = [{each.text for each in members if each.trace_id == trace} for trace in {each.trace_id for each in members}]
    one_each = len(texts) > 1 and all(len(each) == 1 for each in texts)
    if one_each and (label != ONLY or not any(told_apart(members[0], each) for each in members[1:])):
        yield tuple(members)
        return
    by_text: dict[str, list[Prompt]] = {}
    for each in members:
        by_text.setdefault(each.text, []).append(each)
    lines: list[list[Prompt]] = []
    for same in list(by_text.values())[:_MOST]:
        home = next((line for line in lines if not told_apart(line[-1], same[0])
                     and _versions_of_one(line[-1], same[0])), None)  # fmt: skip
        if home is None:
            lines.append(same)
        else:
            home += same
    yield from (tuple(line) for line in lines)


def _versions_of_one(one: Prompt, other: Prompt) -> bool:
    if bool(one.text) != bool(other.text):
        return False
    return nearness(one, other) >= _ONE_PROMPT or share_orders(one, other)


def _prompt_finding(label: str, line: Sequence[Prompt]) -> _Finding:
    """Sort the prompts of a line into classes that read alike, and hold the classes against the versions."""
    classes: list[list[Prompt]] = []
    missing: dict[str, None] = {}
    changes: dict[tuple[int, int], Compared] = {}
    whole = sorted(different(line), key=lambda each: each.state is not ContentState.CAPTURED)
    for each in whole[:_MOST]:
        home = None
        for number, known in enumerate(classes):
            found = compare(known[0], each, versions=False)
            if found.outcome is Outcome.SAME:
                home = known
                break
            if found.outcome is Outcome.UNDECIDED:
                missing |= dict.fromkeys((*found.missing, *_unversioned(label, known[0], each)))
                home = []
                break
            changes[number, len(classes)] = found
        if home is None:
            classes.append([each])
        else:
            home.append(each)
    if len(classes) > 1 and _rendered(classes, line):
        return _Finding(missing=(f"declared variables or trading.prompt.template_hash of prompt {label}",))
    return _held(label, classes, changes, tuple(missing)[:_TOLD])


def _unversioned(label: str, one: Prompt, other: Prompt) -> Iterator[str]:
    """Name the version where two prompts were kept, differ, and state none."""
    kept = one.state is other.state is ContentState.CAPTURED
    if kept and not (one.version and other.version):
        yield f"gen_ai.prompt.version of prompt {label}"


def _rendered(classes: Sequence[Sequence[Prompt]], line: Sequence[Prompt]) -> bool:
    """Tell whether the texts differ nearly from trace to trace, as what a template fills in does."""
    told = any(each.digest or each.template for known in classes for each in known)
    traces = len({each.trace_id for each in line})
    return not told and len(classes) >= _SEVERAL and 2 * len(classes) > traces


def _held(
    label: str, classes: Sequence[Sequence[Prompt]], changes: dict[tuple[int, int], Compared], missing: tuple[str, ...]
) -> _Finding:
    homes: dict[str, int] = {}
    for number, members in enumerate(classes):
        for each in members:
            if each.version and homes.setdefault(each.version, number) != number:
                change = changes.get((homes[each.version], number)) or next(iter(changes.values()))
                proofs = tuple(proof for proof in (*change.evidence, each.version_proof) if proof)
                return _Finding(what=f"{change.what} under version {each.version} of prompt {label}", evidence=proofs,
                                missing=missing)  # fmt: skip
    if len(classes) > 1 and any(not each.version for members in classes for each in members):
        first = next(iter(changes.values()), None)
        field = f"gen_ai.prompt.version of prompt {label}"
        return _Finding(evidence=first.evidence if first else (), missing=(*missing, field))
    return _Finding(missing=missing, bumped=len(classes) > 1)


def _by_name(schemas: Sequence[DeclaredSchema]) -> list[list[DeclaredSchema]]:
    """Return the schemas of one name, else of one role; those of neither only where each run has one."""
    found: dict[str, list[DeclaredSchema]] = {}
    for each in schemas:
        found.setdefault(each.label, []).append(each)
    loose = found.get("", [])
    runs = {each.trace_id: set[bytes]() for each in loose}
    for each in loose:
        runs[each.trace_id].add(each.key)
    if any(len(keys) > 1 for keys in runs.values()):
        del found[""]
    return list(found.values())


def _schema_finding(members: Sequence[DeclaredSchema]) -> _Finding:
    """Hold the output schemas of one name against their versions."""
    missing = tuple(f"output schema on span {each.span_id}" for each in members if each.unreadable)
    first: dict[bytes, DeclaredSchema] = {}
    homes: dict[str, bytes] = {}
    for each in (each for each in members if not each.unreadable):
        first.setdefault(each.key, each)
        if each.version and homes.setdefault(each.version, each.key) != each.key:
            before = first[homes[each.version]]
            what = first_difference(canonical(before.schema), canonical(each.schema))
            named = each.label or "without a name"
            return _Finding(what=f"output schema {named}: {what}, under version {each.version}",
                            evidence=_both(before, each), missing=missing)  # fmt: skip
    if len(first) > 1 and not all(each.version for each in members):
        before, after = list(first.values())[:2]
        return _Finding(evidence=_both(before, after), missing=(*missing, VERSION))
    return _Finding(missing=missing if len(members) > 1 else (), bumped=len(first) > 1)


def _both(before: DeclaredSchema, after: DeclaredSchema) -> tuple[Evidence, ...]:
    """Cite each schema where it first differs from the other: what one has anew is nowhere in the other."""
    proofs = (_differs(before, after), _differs(after, before), after.version_proof)
    return tuple(each for each in proofs if each is not None)


def _differs(schema: DeclaredSchema, other: DeclaredSchema) -> Evidence | None:
    return schema.cite(own_difference(canonical(schema.schema), canonical(other.schema)))
