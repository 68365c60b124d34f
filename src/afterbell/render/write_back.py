"""Answers in the shapes of the places where people look at traces: one JSON object a line, ready to be sent there.

Every answer is said of the trace; a yes is said again, as `afterbell.MODE.evidence`, of each span that it cites. What
people answered in a meeting about the trace is said beside it, as `afterbell.MODE.meeting`; the two are never mixed.
Ids are made from what they are about, so that sending a file twice says nothing twice. Nothing is sent from here.

Sources: the OpenInference specification (annotations, on a span of their own that links to its target); OpenTelemetry's
GenAI event `gen_ai.evaluation.result`; Langfuse, POST /api/public/scores; LangSmith, POST /feedback.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import chain
from typing import Any

import orjson
from msgspec import Struct

from afterbell.model.record import Record
from afterbell.model.run import Trace
from afterbell.model.scan import Evidence, ModeAnswer
from afterbell.model.vocabulary import Answer

_SCORES = {Answer.YES: 1, Answer.NO: 0}
_LONGEST = 2000
_EXCERPT = 240
_CITED = 8
_SEPARATE = uuid.UUID("6e0b7f0a-52a5-5c0e-9a51-a2b6f0b3a7d1")


class Place(StrEnum):
    """Where answers are to be seen."""

    OPENINFERENCE = "openinference"
    OTEL = "otel"
    LANGFUSE = "langfuse"
    LANGSMITH = "langsmith"


class Remark(Struct, frozen=True, kw_only=True):
    """One thing said of a trace, or of a span where `span_id` is not empty. Yes scores 1, no 0, others nothing.

    `kind` is CODE or HUMAN, `by` who says it: afterbell, or the id of the record of a meeting.
    """

    trace_id: str
    span_id: str = ""
    name: str
    label: str
    score: int | None = None
    explanation: str = ""
    kind: str = "CODE"
    by: str = "afterbell"

    @property
    def key(self) -> str:
        """What makes it the same remark when it is made again."""
        return f"{self.trace_id}\n{self.span_id}\n{self.name}\n{self.by}"


def remarks(trace_id: str, answers: Iterable[ModeAnswer]) -> Iterator[Remark]:
    """Yield what is to be said of a trace, in the checklist's order."""
    for row in answers:
        found, name = row.suggestion, f"afterbell.{row.mode}"
        missing = f" Missing: {', '.join(found.missing)}." if found.missing else ""
        yield Remark(
            trace_id=trace_id, name=name, label=found.answer.value, score=_SCORES.get(found.answer),
            explanation=(found.reason + missing)[:_LONGEST],
        )  # fmt: skip
        if found.answer is Answer.YES:
            cited: dict[str, list[Evidence]] = {}
            for proof in found.evidence:
                if proof.span_id and proof.trace_id == trace_id:
                    cited.setdefault(proof.span_id, []).append(proof)
            for span_id, proofs in list(cited.items())[:_CITED]:
                said = "; ".join(f"{proof.field}: {proof.excerpt[:_EXCERPT]}" for proof in proofs)
                yield Remark(
                    trace_id=trace_id, span_id=span_id, name=f"{name}.evidence", label=found.answer.value,
                    score=_SCORES[found.answer], explanation=said[:_LONGEST],
                )  # fmt: skip


def of_meetings(trace_id: str, records: Iterable[Record]) -> Iterator[Remark]:
    """Yield what people answered in the records that are about a trace."""
    for record in records:
        for row in record.answers if trace_id in record.trace_ids else ():
            yield Remark(
                trace_id=trace_id, name=f"afterbell.{row.mode}.meeting", label=row.answer.value,
                score=_SCORES.get(row.answer), kind="HUMAN", by=record.id,
                explanation=" ".join(filter(None, (row.note[:_LONGEST], f"Record {record.id}."))),
            )  # fmt: skip


def lines(trace: Trace, said: Sequence[Remark], place: Place, at_ns: int, version: str) -> Iterator[dict[str, Any]]:
    """Yield the objects for one place; none where the trace did not come from there and has no id that it knows.

    `at_ns` is when it is said (nanoseconds since 1970), `version` whose answers these are.
    """
    if place is Place.OPENINFERENCE:
        yield from _openinference(trace, said, at_ns, version)
    elif place is Place.OTEL:
        yield _otel(trace, said, at_ns, version)
    elif place is Place.LANGFUSE:
        yield from (_langfuse(trace, remark, version) for remark in said)
    else:
        yield from _langsmith(trace, said, version)


def _openinference(trace: Trace, said: Sequence[Remark], at_ns: int, version: str) -> Iterator[dict[str, Any]]:
    """One carrier span for the trace and one for each span that is spoken of, all in a trace of their own."""
    own = hashlib.sha256(f"afterbell answers {trace.trace_id}".encode()).hexdigest()
    spans = []
    for target in dict.fromkeys(remark.span_id for remark in said):
        prefix = "annotations" if target else "trace.annotations"
        facts: list[dict[str, Any]] = [_text("openinference.span.kind", "EVALUATOR")]
        for number, remark in enumerate(each for each in said if each.span_id == target):
            at = f"{prefix}.{number}.annotation."
            facts += [
                _text(f"{at}name", remark.name), _text(f"{at}label", remark.label),
                _text(f"{at}explanation", remark.explanation), _text(f"{at}annotator_kind", remark.kind),
                _text(f"{at}identifier", remark.by),
                _text(f"{at}metadata", orjson.dumps({"version": version}).decode()),
            ]  # fmt: skip
            if remark.score is not None:
                facts.append({"key": f"{at}score", "value": {"doubleValue": remark.score}})
        spans.append({
            "traceId": own[:32], "spanId": hashlib.sha256(f"{own} {target}".encode()).hexdigest()[:16],
            "name": "afterbell answers", "kind": 1, "startTimeUnixNano": str(at_ns), "endTimeUnixNano": str(at_ns),
            "attributes": facts, "links": [{"traceId": trace.trace_id, "spanId": target or _root(trace)}],
        })  # fmt: skip
    yield {"resourceSpans": [{"resource": _resource(), "scopeSpans": [{"scope": _scope(version), "spans": spans}]}]}


def _otel(trace: Trace, said: Sequence[Remark], at_ns: int, version: str) -> dict[str, Any]:
    records = []
    for remark in said:
        facts = [
            _text("gen_ai.evaluation.name", remark.name), _text("gen_ai.evaluation.score.label", remark.label),
            _text("gen_ai.evaluation.explanation", remark.explanation),
        ]  # fmt: skip
        if remark.score is not None:
            facts.append({"key": "gen_ai.evaluation.score.value", "value": {"doubleValue": remark.score}})
        records.append({
            "timeUnixNano": str(at_ns), "observedTimeUnixNano": str(at_ns), "eventName": "gen_ai.evaluation.result",
            "severityNumber": 9, "traceId": trace.trace_id, "spanId": remark.span_id or _root(trace),
            "attributes": facts,
        })  # fmt: skip
    scoped = {"scope": _scope(version), "logRecords": records}
    return {"resourceLogs": [{"resource": _resource(), "scopeLogs": [scoped]}]}


def _langfuse(trace: Trace, remark: Remark, version: str) -> dict[str, Any]:
    trace_id, observation = _raw(trace, remark.span_id)
    where = {"observationId": observation} if remark.span_id else {}
    return {
        "id": _id(remark), "traceId": trace_id, **where, "name": remark.name,
        "value": remark.label, "dataType": "CATEGORICAL", "comment": remark.explanation,
        "metadata": {"by": f"afterbell {version}"},
    }  # fmt: skip


def _langsmith(trace: Trace, said: Sequence[Remark], version: str) -> Iterator[dict[str, Any]]:
    for remark in said:
        trace_id, run_id = _raw(trace, remark.span_id or _root(trace))
        if not (_is_uuid(run_id) and _is_uuid(trace_id)):
            continue
        yield {
            "id": _id(remark), "run_id": run_id, "trace_id": trace_id, "key": remark.name, "score": remark.score,
            "value": remark.label, "comment": remark.explanation,
            "feedback_source": {"type": "api", "metadata": {"by": f"afterbell {version}"}},
        }  # fmt: skip


def _raw(trace: Trace, span_id: str) -> tuple[str, str]:
    """Return the ids of a trace and a span as their emitter wrote them."""
    span = trace.span(span_id or _root(trace))
    if span is None:
        return trace.trace_id, span_id
    return span.trace_id_raw or span.trace_id, span.span_id_raw or span.span_id


def _root(trace: Trace) -> str:
    return next(chain(trace.completeness.roots, (span.span_id for span in trace.spans)), "")


def _is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False


def _id(remark: Remark) -> str:
    return str(uuid.uuid5(_SEPARATE, remark.key))


def _text(key: str, value: str) -> dict[str, Any]:
    return {"key": key, "value": {"stringValue": value}}


def _resource() -> dict[str, Any]:
    return {"attributes": [_text("service.name", "afterbell")]}


def _scope(version: str) -> dict[str, Any]:
    return {"name": "afterbell", "version": version}
