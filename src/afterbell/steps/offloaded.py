"""Puts content that was written to files of its own where spans refer to it, after an ingest has been committed.

What is found becomes log records of the spans' traces in a commit of its own, whose evidence is the files that were
used. Only what was handed in is looked at: an address in a trace is compared with names, and never opened.
"""

from __future__ import annotations

import shutil
from collections import Counter, OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from secrets import token_hex

from msgspec import Struct, structs

from afterbell import clock
from afterbell.disk import commits, evidence, files, shards
from afterbell.disk.commits import Commit, Kept
from afterbell.disk.house import BUCKETS, House
from afterbell.disk.spool import Spool, Tally, bucket_of
from afterbell.errors import StoreError
from afterbell.formats.references import EVENT, FORMAT, Index, Reference, content, references
from afterbell.model.trace import LogRecord, Span

_AT_ONCE = 500  # traces
_REMEMBERED = 64  # texts
_SHOWN = 5
_CANDIDATES = """SELECT DISTINCT trace_id FROM t
    WHERE contains(attributes::VARCHAR, 'ref":') OR contains(coalesce(refs::VARCHAR, ''), 'ref":')"""


class Joined(Struct, frozen=True, kw_only=True):
    """How many texts each file gave (by the hash of its evidence), and what each source still lacks.

    `missing` holds, by the hash of the source's evidence, how many texts are elsewhere and the first addresses.
    """

    used: Mapping[str, int] = {}
    missing: Mapping[str, tuple[int, tuple[str, ...]]] = {}
    committed: bool = False


def join(house: House, history: Sequence[Commit], *, everywhere: bool) -> Joined:
    """Join the traces of the last commit (or of the whole store) with the files in it that hold their content.

    Raises StoreError or DiskError when the store cannot be read or written; the commit itself stands by then.
    """
    last = history[-1]
    fresh = {kept.sha256 for kept in last.evidence}
    held = {kept.name: kept for commit in history for kept in commit.evidence if kept.format == FORMAT}
    index, texts = Index(held), _Texts(house)
    scratch = house.spool / token_hex(8)
    files.make_dirs(scratch)
    spool, tally, used = Spool(scratch, BUCKETS), Tally(), Counter[str]()
    places = {name: place for place, name in enumerate(held)}
    missing: dict[str, tuple[int, tuple[str, ...]]] = {}
    for item, found in _wanted(house, history, history if everywhere else (last,)):
        name = index.find(found.address)
        text = texts.of(held[name]) if name else ""
        if text:
            used[name] += 1
            spool.add([_record(item, found, text)], places[name], tally)
        elif item.evidence in fresh:
            count, shown = missing.get(item.evidence, (0, ()))
            missing[item.evidence] = count + 1, (*shown, found.address)[:_SHOWN]
    spool.flush()
    spool.close()
    if used:
        _commit(house, commits.next_number(history), scratch, tally, [
            structs.replace(held[name], source=places[name], logs=count, spans=0, rows=0, traces=0)
            for name, count in used.items()
        ])  # fmt: skip
    shutil.rmtree(scratch, ignore_errors=True)
    return Joined(
        used={held[name].sha256: count for name, count in used.items()}, missing=missing, committed=bool(used)
    )


def _wanted(
    house: House, history: Sequence[Commit], scope: Sequence[Commit]
) -> Iterator[tuple[Span | LogRecord, Reference]]:  # fmt: skip
    """Yield what refers to content elsewhere in the traces of `scope`, each once and not what was joined before."""
    rows = (row for table in ("spans", "logs") for row in shards.query(house.store, scope, table, _CANDIDATES))
    ids = {str(row[0]) for row in rows if row[0]}
    within: dict[int, list[str]] = {}
    for trace_id in sorted(ids):
        within.setdefault(bucket_of(trace_id, BUCKETS), []).append(trace_id)
    for bucket in sorted(within):
        rest = iter(within[bucket])
        while some := list(islice(rest, _AT_ONCE)):
            for trace in shards.physical(house.store, history, bucket, some):
                known = {(log.span_id, key) for log in trace.logs if log.event_name == EVENT for key in log.attributes}
                items: tuple[Span | LogRecord, ...] = (*trace.spans, *trace.logs)
                for item in items:
                    for found in references(item.attributes):
                        if (item.span_id, found.attribute) not in known:
                            known.add((item.span_id, found.attribute))
                            yield item, found


def _record(item: Span | LogRecord, found: Reference, text: str) -> LogRecord:
    at = item.time_ns or item.observed_ns if isinstance(item, LogRecord) else item.end_ns or item.start_ns
    return LogRecord(
        trace_id=item.trace_id, span_id=item.span_id, time_ns=at, event_name=EVENT,
        attributes={found.attribute: text}, format=FORMAT, position=1,
    )  # fmt: skip


class _Texts:
    """What files hold, the last ones remembered: a system prompt is referred to by many spans."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._known: OrderedDict[str, str] = OrderedDict()

    def of(self, kept: Kept) -> str:
        """Return the list in a file as JSON text; empty where it holds none, as its own report said, or is gone."""
        if kept.sha256 not in self._known:
            try:
                text = content(b"".join(evidence.chunks(self._house.evidence, kept.sha256)))
            except (ValueError, StoreError):
                text = ""
            self._known[kept.sha256] = text
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return self._known[kept.sha256]


def _commit(house: House, number: int, scratch: Path, tally: Tally, used: Sequence[Kept]) -> None:
    parts = shards.publish(scratch, house.store, number, tally.longest, [kept.source for kept in used])
    commit = Commit(
        version=commits.VERSION, number=number, created=clock.now().isoformat(), evidence=tuple(used), parts=parts
    )
    commits.write(house.commits, commit)
