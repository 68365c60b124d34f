"""Gathers what the other traces of a house say around each of its traces: one pass of SQL for each kind of aggregate.

Read once per process and state of the store, and only when a trace first asks for it; it loads no trace.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import cached_property
from typing import Any

from msgspec import structs

from afterbell.catalog import shelves
from afterbell.disk import shards
from afterbell.errors import PolicyError
from afterbell.formats.usage import CACHE_READ
from afterbell.model.casefile import CaseFile
from afterbell.model.policy import duration
from afterbell.model.surroundings import Answered, CacheRead, Surroundings
from afterbell.reading.results.deeds import Deed, DeedRow, Deeds, deed_of
from afterbell.steps.store import Store

_KEY = "trading.cache.key"
_CALIBRATOR = "trading.decision.calibrator."
_WINDOWED = 19  # the question that is asked of the days around a run

# What runs did with ideas. A decision that names no idea is of its run's only one; a run that names none and called a
# model is one of its own.
_DEEDS = """SELECT * FROM (
    WITH runs AS (SELECT trace_id, min(nullif(start_ns, 0)) AS start, min(idea_id) AS idea,
            count(DISTINCT idea_id) AS ideas FROM t GROUP BY trace_id),
        modes AS (SELECT trace_id, min(json_extract_string(attributes, '$."trading.mode"')) AS mode
            FROM t WHERE contains(attributes::VARCHAR, '"trading.mode"') GROUP BY trace_id),
        decided AS (SELECT trace_id, idea_id, json_extract_string(attributes, '$."trading.decision.action"') AS action,
            json_extract_string(attributes, '$."trading.mode"') AS mode,
            json_extract_string(attributes, '$."trading.decision.rejected_ideas.count"') AS counted
            FROM t WHERE contains(attributes::VARCHAR, '"trading.decision.'))
    SELECT start, idea_id, NULL, NULL, NULL FROM (SELECT DISTINCT trace_id, idea_id FROM t WHERE idea_id IS NOT NULL)
        JOIN runs USING (trace_id)
    UNION ALL SELECT start, trace_id, NULL, NULL, NULL FROM (SELECT DISTINCT trace_id FROM t
            WHERE contains(attributes::VARCHAR, '"gen_ai.request.model"') OR contains(attributes::VARCHAR, '"llm.'))
        JOIN runs USING (trace_id) WHERE ideas = 0
    UNION ALL SELECT start, coalesce(decided.idea_id, CASE WHEN ideas = 1 THEN idea ELSE trace_id END), lower(action),
        lower(coalesce(decided.mode, modes.mode)), counted
        FROM decided JOIN runs USING (trace_id) LEFT JOIN modes USING (trace_id)
        WHERE action IS NOT NULL OR counted IS NOT NULL
    ) ORDER BY 1"""
# The first answer of each model on each day.
_ANSWERS = """SELECT model, min(start_ns) FROM (SELECT start_ns, coalesce(
            json_extract_string(attributes, '$."gen_ai.response.model"'),
            json_extract_string(attributes, '$."llm.response.model_name"'),
            json_extract_string(attributes, '$."llm.model_name"')) AS model
        FROM t WHERE start_ns > 0 AND (contains(attributes::VARCHAR, '"gen_ai.response.model"')
            OR contains(attributes::VARCHAR, '"llm.')))
    WHERE model IS NOT NULL GROUP BY model, start_ns // 86400000000000 ORDER BY 2"""
_READ_AS = ", ".join(f"""json_extract_string(attributes, '$."{name}"')""" for name in CACHE_READ)
_FIRST_READERS = 64  # of a key that a million traces read, these show that others did
_CACHE_READS = f"""SELECT key, trace_id, sum(read)::BIGINT, min(start_ns), min_by(span_id, start_ns) FROM (
        SELECT trace_id, span_id, start_ns, json_extract_string(attributes, '$."trading.cache.key"') AS key,
            try_cast(coalesce({_READ_AS}) AS BIGINT) AS read
        FROM t WHERE contains(attributes::VARCHAR, '"trading.cache.key"'))
    WHERE read > 0 AND key IS NOT NULL GROUP BY key, trace_id
    QUALIFY row_number() OVER (PARTITION BY key ORDER BY min(start_ns), trace_id) <= {_FIRST_READERS}"""  # noqa: S608 - names of our own


class Around:
    """The surroundings of every trace of one house."""

    def __init__(self, store: Store) -> None:
        """Nothing is read yet."""
        self._store = store

    def complete(self, case: CaseFile) -> CaseFile:
        """Return the case file with what the other traces say around its trace."""
        trace = case.trace
        span = _window(case)
        ends = max(trace.started_ns, trace.ended_ns)
        ideas = self._deeds.between(trace.started_ns - span, ends + span, trace.started_ns)
        calibrated = any(key.startswith(_CALIBRATOR) for each in trace.trades for key in each.attributes)
        answered = self._answered if calibrated or case.books.calibrators else ()
        keys = {str(each.attributes[_KEY]) for each in trace.spans if _KEY in each.attributes}
        keys |= {row.cache_key for row in case.books.cost_ledger if row.trace_id == trace.trace_id and row.cache_key}
        reads = tuple(read for key in sorted(keys) for read in self._reads.get(key, ()))
        return structs.replace(case, around=Surroundings(ideas=ideas, answered=answered, cache_reads=reads))

    @cached_property
    def _deeds(self) -> Deeds:
        return Deeds(_deeds(self._query(_DEEDS)))

    @cached_property
    def _answered(self) -> tuple[Answered, ...]:
        return tuple(Answered(model=str(model), at_ns=at) for model, at in self._query(_ANSWERS))

    @cached_property
    def _reads(self) -> Mapping[str, tuple[CacheRead, ...]]:
        found: dict[str, list[CacheRead]] = {}
        for key, trace_id, tokens, at, span_id in self._query(_CACHE_READS):
            read = CacheRead(key=str(key), trace_id=trace_id, tokens=tokens, at_ns=at or 0, span_id=span_id)
            found.setdefault(read.key, []).append(read)
        return {key: tuple(reads) for key, reads in found.items()}

    def _query(self, sql: str) -> list[Any]:
        return shards.query(self._store.house.store, self._store.commits, "spans", sql)


def _deeds(rows: Iterable[Sequence[Any]]) -> Iterator[DeedRow]:
    """Yield what each run did with its ideas, in order of the run's start."""
    for start, idea, action, mode, counted in rows:
        if action is None and counted is None:
            yield DeedRow(start or 0, Deed.RESEARCHED, str(idea))
            continue
        deed = deed_of(action or "", mode or "")
        if deed is not None:
            yield DeedRow(start or 0, deed, str(idea))
        if counted is not None and counted.isdecimal():
            yield DeedRow(start or 0, Deed.COUNTED, str(idea), int(counted[:9]))


def _window(case: CaseFile) -> int:
    """Return the window of the policy in ns; nothing for one that cannot be read, which the question itself says."""
    mode = shelves.modes()[_WINDOWED]
    stated = {**mode.knobs, **case.policy.knobs.get(mode.slug, {})}["window"]
    try:
        return duration(str(stated)) // timedelta(microseconds=1) * 1000
    except PolicyError:
        return duration(str(mode.knobs["window"])) // timedelta(microseconds=1) * 1000
