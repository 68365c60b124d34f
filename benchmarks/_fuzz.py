"""What `fuzz` starts from, how it changes an input, and what it asks of one: any bytes give items or refusals."""

from __future__ import annotations

import base64
import csv
import gzip
import io
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import zstandard
from google.protobuf import json_format
from opentelemetry.proto.trace.v1.trace_pb2 import TracesData

from afterbell.catalog import intake, shelves
from afterbell.disk import opening, sources
from afterbell.disk.house import BUCKETS
from afterbell.disk.pattern_cache import PatternCache
from afterbell.disk.spool import Spool, Tally
from afterbell.formats import strangers
from afterbell.formats.items import Context, Item, Unit
from afterbell.model.trace import LogRecord, Refusal, Span
from afterbell.reading import compiled, secrets

OPENING = "opening"
LONGEST = 16 * 1024  # bytes of an input
_LEAST, _PER_BYTE = 1.0, 1e-4  # seconds of processor time that an input may take, instrumented
_UNPACKED = 4 * 1024 * 1024
_IDS = frozenset({"traceId", "spanId", "parentSpanId"})
_KNOWN: tuple[str, ...] = ("id", "type", "name", "content", "time", "status", "usage", "model", "error")
_DEEPEST_CHANGE = 6

_HOSTILE: tuple[Any, ...] = (
    None, True, False, 0, -1, 2**31, 2**53, 2**63, 2**64, -(2**63) - 1, 10**40, 10**400, 0.5, -0.0, 1e308, float("nan"),
    float("inf"), "", " ", "0", "-1", "nan", "Infinity", "1e999999999", "1e-999999999", "0x10", "9" * 5000,
    "\u00b2\u00b2", "\u0661\u0662", "\0", "\ud800", "\ufeff", "\u202e", "\U0001f600" * 9, "a" * 3000, "[" * 400,
    "{" * 400, "2026-13-45", "0000-00-00T00:00:00Z", "9999-12-31T23:59:60.999999999+23:59", "2026-01-05T12:00:00Z",
    "1767600000", 1767600000000, [], {}, [[]], [{}], {"": ""}, [None], "{}", "[]", "null", '{"a":', "e30=", "%", "\\",
    "'" * 9, "a" * 32, "0" * 32, "tool", "assistant", "system", "user", "ERROR", "__proto__",
)  # fmt: skip


class SlowError(Exception):
    """An input took more time than its length allows."""


class PromiseError(Exception):
    """What an envelope yields is not what its contract says."""


def targets() -> tuple[str, ...]:
    """Return what can be fuzzed: every envelope on the shelf, and the way from a file to its envelope."""
    return (OPENING, *shelves.envelopes())


def seeds(*folders: Path) -> dict[str, list[bytes]]:
    """Return inputs to start from, by target: the sources in these folders, and what they are in other forms."""
    found: dict[str, list[bytes]] = {name: [] for name in targets()}
    found["afterbell-jsonl"] += [_lines(case.given) for mode in shelves.modes().values() for case in mode.cases[:2]]
    paths = [path for folder in folders for path in folder.iterdir() if not path.name.endswith(".expected.json")]
    for path in sorted(paths):
        data = path.read_bytes()
        found[OPENING] += [data] if data.startswith(b"PAR1") else [gzip.compress(data, mtime=0)]
        with opening.open_stream(path) as stream:
            data = b"".join(opening.bytes_of(stream))
        found[OPENING].append(zstandard.compress(data))
        found[intake.envelope_of(data[: intake.HEAD], path.name).NAME] += [data, *data.splitlines(keepends=True)[:9]]
        if path.name.endswith(".otlp.jsonl"):
            rows = [json.loads(line) for line in data.splitlines()]
            found["otlp-json-document"].append(json.dumps(rows[0], indent=1).encode())
            found["otlp-proto"] += [_proto(row) for row in rows if "resourceSpans" in row]
        elif path.name == "langfuse_export.jsonl":
            found["langfuse-csv"].append(_csv([json.loads(line) for line in data.splitlines()]))
    return {name: [data for data in each if len(data) <= LONGEST] for name, each in found.items()}


def _lines(rows: Any) -> bytes:
    return b"".join(json.dumps(row, default=str).encode() + b"\n" for row in rows)


def _csv(rows: list[dict[str, Any]]) -> bytes:
    columns, text = list(dict.fromkeys(key for row in rows for key in row)), io.StringIO()
    table = csv.writer(text)
    table.writerow(columns)
    for row in rows:
        cells = [row.get(key) for key in columns]
        table.writerow([json.dumps(cell) if isinstance(cell, (dict, list)) else cell for cell in cells])
    return text.getvalue().encode()


def _proto(row: dict[str, Any]) -> bytes:
    data: bytes = json_format.ParseDict(_binary_ids(row), TracesData()).SerializeToString()
    return data


def _binary_ids(value: Any) -> Any:
    """Return ids as base64, which protobuf's JSON wants where OTLP's has hexadecimal digits."""
    if isinstance(value, list):
        return [_binary_ids(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: base64.b64encode(bytes.fromhex(item)).decode() if key in _IDS else _binary_ids(item)
        for key, item in value.items()
    }


def asked(target: str) -> Callable[[bytes], None]:
    """Return what takes one input the whole way of a target; anything that it raises is a finding."""
    folder = tempfile.TemporaryDirectory(prefix="afterbell-fuzz-")
    place = Path(folder.name)
    compiled.lend(PatternCache())

    def one(data: bytes) -> None:
        began = time.process_time()
        if target == OPENING:
            _open(data, place)
        else:
            _read(target, data, place)
        took, may = time.process_time() - began, _LEAST + _PER_BYTE * len(data)
        if took > may:
            raise SlowError(f"{took:.1f} s for {len(data)} bytes")

    one.folder = folder  # type: ignore[attr-defined]
    return one


def _open(data: bytes, place: Path) -> None:
    path = place / "input"
    path.write_bytes(data)
    with opening.open_stream(path) as stream:
        head = stream.read(intake.HEAD)
        rest = stream.read(_UNPACKED)
    strangers.name_of(head)
    envelope = intake.envelope_of(head, "x.log")
    if envelope is not None:
        _read(envelope.NAME, (head + rest)[:LONGEST], place)


def _read(name: str, data: bytes, place: Path) -> None:
    envelope = intake.envelope_named(name)
    intake.envelope_of(data, "x")
    kept, _counts = secrets.redact(data)
    items = list(_items(envelope, kept))
    if len(kept) != len(data) or not all(item.where and item.why for item in items if isinstance(item, Refusal)):
        raise PromiseError("a redaction of another length, or a refusal without a place or a reason")
    spool = Spool(place, BUCKETS)
    spool.add((item for item in items if not isinstance(item, Refusal)), 1, Tally())
    spool.close()
    spans: dict[str, list[Span]] = {}
    logs: dict[str, list[LogRecord]] = {}
    for item in items:
        if isinstance(item, Span):
            spans.setdefault(item.trace_id, []).append(item)
        elif isinstance(item, LogRecord):
            logs.setdefault(item.trace_id, []).append(item)
    for trace_id in dict.fromkeys((*spans, *logs)):
        intake.kinds_of(intake.trace_of(trace_id, spans.get(trace_id, ()), logs.get(trace_id, ())))


def _items(envelope: Any, data: bytes) -> Iterator[Item]:
    if envelope.UNIT is Unit.STREAM:
        yield from envelope.read(io.BytesIO(data), Context(name="runs/x.log", position=1, last=True))
        return
    for block in sources.blocks(b"", opening.Stream(io.BytesIO(data)), size=1024):
        lines = block.data.split(b"\n")
        for number, line in enumerate(lines[: len(lines) - (not lines[-1])], block.first_line):
            yield from envelope.read(line, Context(name="x", position=number, last=block.last))


def changed(data: bytes, random: Random) -> bytes | None:
    """Return an input with a value, key or line of it made hostile; None where it has no structure to be seen."""
    lines = data.splitlines(keepends=True)
    if not lines:
        return None
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        at = random.randrange(len(lines))
        lines[at] = _line(lines[at], random)
        if random.random() < 0.1:  # noqa: PLR2004 - a tenth
            lines.insert(random.randrange(len(lines)), lines[at])
        return b"".join(lines)
    return json.dumps(_value(value, random), indent=random.choice((None, 1))).encode()


def _line(line: bytes, random: Random) -> bytes:
    try:
        return json.dumps(_value(json.loads(line), random)).encode() + b"\n"
    except (ValueError, RecursionError):
        pass
    for mark in (b",", b":", b" "):
        if mark in line:
            cells = line.rstrip(b"\r\n").split(mark)
            cells[random.randrange(len(cells))] = str(random.choice(_HOSTILE)).encode("utf-8", "replace")
            return mark.join(cells) + b"\n"
    return line + line


def _value(value: Any, random: Random, depth: int = 0) -> Any:
    """Return a JSON value in which one place, at any depth, is another."""
    if isinstance(value, str) and value[:1] in ("{", "[") and random.random() < 0.5:  # noqa: PLR2004 - a half
        try:
            return json.dumps(_value(json.loads(value), random, depth + 1))
        except (ValueError, RecursionError):
            pass
    stop = random.random() < 1 / (_DEEPEST_CHANGE - min(depth, _DEEPEST_CHANGE - 1))
    if not isinstance(value, (dict, list)) or not value or (stop and depth):
        return random.choice(_HOSTILE)
    if isinstance(value, list):
        at = random.randrange(len(value))
        kind = random.randrange(8)
        if kind == 0:
            return [*value[:at], *value[at + 1 :]]
        if kind == 1:
            return [*value, value[at]]
        return [*value[:at], _value(value[at], random, depth + 1), *value[at + 1 :]]
    key = random.choice(list(value))
    kind = random.randrange(8)
    if kind == 0:
        return {name: item for name, item in value.items() if name != key}
    if kind == 1:
        return value | {random.choice((*value, *_KNOWN)): random.choice((*_HOSTILE, *value.values()))}
    return value | {key: _value(value[key], random, depth + 1)}
