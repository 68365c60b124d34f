"""Cache poisoning: what was read from a cache or memory had been written by a compromised or degraded run.

What it asks
    Did the run read a cached result or a memory that a run with an injection, a throttling, a mismatched fallback or a
    security postmortem had written, or whose content itself gives instructions?

Why it matters
    One poisoned entry outlives the run that wrote it. Every later run that reads it is steered by a text that none of
    its own tools brought, and its own trace looks clean.

How it looks
    The writer is `trading.cache.written_by_run` (a run id or trace id), else the span that last created or updated
    the record of the same store, else the run that wrote an equal content. A cache span without `hit` is a write;
    hit=true and a search of memory that returned records are reads. Instructions in the content win; then a bad writer:
    its own scan answers yes to 6, 7, 8 or 9, or a postmortem of it has the root cause security. Then a writer that is
    not known, not in the house, not wholly captured, or whose 6, 7 or 9 is unknown: unknown. Unknown from 8 alone is
    named and does not count. No cache or memory span: not applicable; the prompt cache of a provider is no cache here.

What would prevent it
    The writing run's id on every entry, entries dropped when that run is flagged, and content that passes the same
    checks on every read as it would fresh from the tool.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from afterbell.model.casefile import CaseFile, Need, Writer
from afterbell.model.run import Trace
from afterbell.model.scan import Evidence, Suggestion, na, no, unknown, yes
from afterbell.reading.instructions import find
from afterbell.reading.kept_content import BY, HIT, KEY, RECORD, RECORDS, Access, reads, touches

NUMBER = 6
SLUG = "cache_poisoning"
QUESTION = "Did the run read a cache or memory entry written by a compromised or degraded run?"
SINCE = "0.1.0"
NEEDS = (Need.SPANS,)
KNOBS: Mapping[str, Any] = {}

_SHOWN = 10
_WORDS = 100
_NAMED_ONLY = "rate_limit_degradation"
_PLACES = (BY, RECORD, KEY, HIT)
_RECORD_SHOWN = 160


def detect(case: CaseFile) -> Suggestion:
    """Return yes with the entry and its writer; no, na, or unknown with the entry whose writer cannot be judged."""
    trace = case.trace
    if not touches(trace):
        return na("The run has no cache or memory span.")
    found = reads(trace)
    if not found:
        return no("The run read nothing from a cache or memory.")
    return _instructed(found) or _by_writers(case, found)


def _instructed(found: Sequence[Access]) -> Suggestion | None:
    proof = []
    said = ""
    for access in found:
        for content in access.contents:
            for hit in find(content.text):
                said = (
                    said
                    or f"{access.said[:1].upper()}{access.said[1:]} holds {hit.family}: \u201c{_line(hit.said)}\u201d."
                )
                proof.append(Evidence(
                    trace_id=content.source.trace_id, span_id=content.source.span_id, field=content.source.field,
                    excerpt=content.text[hit.start : hit.end], start=hit.start, end=hit.end,
                ))  # fmt: skip
    if not proof:
        return None
    return yes(said, tuple(proof[:_SHOWN]), {"reads": len(found), "instructions": len(proof)})


def _by_writers(case: CaseFile, found: Sequence[Access]) -> Suggestion:
    figures: dict[str, Any] = {"reads": len(found)}
    bad, missing, named = [], [], []
    for access in found:
        writers = case.writers.get(access.span_id, ())
        if not writers:
            missing.append(f"the writer of {access.said}")
        for writer in writers:
            if writer.bad:
                bad.append((access, writer))
            missing += _lacks(access, writer)
            named += [writer.trace_id] if _NAMED_ONLY in writer.unsure else []
    if named:
        figures["throttling_unknown"] = list(dict.fromkeys(named))
    if bad:
        access, writer = bad[0]
        figures["writers"] = [{"trace_id": each.trace_id, "found": list(each.bad)} for _access, each in bad[:_SHOWN]]
        said = f"the memory record {writer.records[0][:60]!r}" if writer.records else access.said
        reason = f"Read {said}, written by run {writer.trace_id}: {', '.join(writer.bad)}."
        return yes(reason, tuple(_evidence(case.trace, each, writer) for each, writer in bad[:_SHOWN]), figures)
    if missing:
        reason = f"Whether {found[0].said} came from a sound run cannot be told."
        return unknown(reason, tuple(dict.fromkeys(missing))[:_SHOWN], figures,
                       tuple(_evidence(case.trace, each) for each in found[:_SHOWN]))  # fmt: skip
    note = f"; whether {named[0]} was throttled is not known" if named else ""
    return no(f"All {len(found)} entries read were written by sound runs{note}.", figures)


def _lacks(access: Access, writer: Writer) -> list[str]:
    if not writer.trace_id:
        return [f"the writer of {access.said}"]
    if not writer.here:
        return [f"the trace of the writing run {writer.trace_id}"]
    return [f"{each} of the writing run {writer.trace_id}" for each in writer.unsure if each != _NAMED_ONLY]


def _evidence(trace: Trace, access: Access, writer: Writer | None = None) -> Evidence:
    """Cite what names the entry: its writer, its record, its key; in a list of records the one that was written."""
    span = trace.span(access.span_id)
    attributes = span.attributes if span else {}
    listed = attributes.get(RECORDS)
    named = (f'"{each}"' for each in (writer.records if writer else ()) if each != attributes.get(RECORD))
    start = next((at for name in named if (at := listed.find(name)) >= 0), -1) if isinstance(listed, str) else -1
    field = next((name for name in _PLACES if isinstance(attributes.get(name), str) and attributes[name]), "")
    if isinstance(listed, str) and (start >= 0 or not field):
        start = max(start, 0)
        excerpt = listed[start : start + _RECORD_SHOWN]
        return Evidence(trace_id=trace.trace_id, span_id=access.span_id, field=RECORDS, excerpt=excerpt, start=start,
                        end=start + len(excerpt))  # fmt: skip
    shown = str(attributes[field]) if field else ""
    return Evidence(trace_id=trace.trace_id, span_id=access.span_id, field=field, excerpt=shown, end=len(shown))


def _line(text: str) -> str:
    said = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    return said if len(said) <= _WORDS else said[: _WORDS - 1].rstrip() + "\u2026"
