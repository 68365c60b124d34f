"""Plain text logs: one line a message, most with a stamp or a level, as logging libraries and shells write them.

A file becomes one trace: a root span named after the file, and for each line a log record, called after the line's
number, with the line as its body. Nothing of the words is read here. Lines without a level have that of the line before
(a traceback is part of its error), lines without a stamp its time, and those before the first stamp stand just before
it. Stamps without a zone are read as UTC, with a remark; records of one stamp stand a nanosecond apart, in the order of
the lines. Where no line has a stamp, times only say the order.

The trace's id comes from the beginning of the log, so that a log that has grown is the same trace. It is tried last:
what is a record of anything else is read as that.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO

from msgspec import structs

from afterbell.formats import bounded
from afterbell.formats.items import Context, Item, Unit
from afterbell.model.trace import LogRecord, Refusal, Span, span_hex
from afterbell.reading.times import read as read_stamp

NAME = "text-log"
TITLE = "Plain text logs (a stamp or a level at the beginning of most lines, or a .log file)"
UNIT = Unit.STREAM
RANK = 95

_ANSI = re.compile(r"\x1b\[[0-9;?]{0,20}[A-Za-z]")
_STAMP = re.compile(
    r"\[?(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?)(\s?Z\b|\s?UTC\b|[+-]\d\d:?\d\d)?\]?(?=[\s:|,-]|\Z)",
    re.ASCII,
)
_LEVEL = re.compile(
    r"(?:^|[\s\[|:-])(TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|CRITICAL|FATAL)(?=[\s\]|:-]|\Z)", re.ASCII
)
_LEVEL_WITHIN, _LOOKED_AT, _FEWEST = 80, 60, 3
_MOST, _OF = 3, 5  # three lines of five must look like a log's
_LONGEST = 4000
_BEGINNING = 64 * 1024  # bytes of a line that are looked at
_HEAD = 2000
_AWAITED = 10_000  # lines that are held back until a stamp comes


def recognise(head: bytes, name: str) -> bool:
    """Tell whether most of the first lines have a stamp or a level; a file called .log may be any plain text."""
    if b"\0" in head or head.lstrip()[:1] in (b"{", b"<"):
        return False
    text = head.decode("utf-8", "replace")
    whole = text.splitlines()
    if len(whole) > 1 and not text.endswith("\n"):
        whole.pop()  # the beginning may end inside a line
    lines = [line for line in whole if line.strip()][:_LOOKED_AT]
    if not lines or "\ufffd" in lines[0]:
        return False
    marked = sum(_is_marked(_ANSI.sub("", line)) for line in lines)
    if len(lines) >= _FEWEST and marked * _OF >= len(lines) * _MOST:
        return True
    return name.lower().endswith(".log") and lines[0].lstrip()[:1] != "["


def _is_marked(line: str) -> bool:
    return _STAMP.match(line) is not None or _LEVEL.search(line[:_LEVEL_WITHIN]) is not None


def read(stream: BinaryIO, context: Context) -> Iterator[Item]:
    """Read a log into its records, and at the end its span."""
    title = re.split(r"[/\\]", context.name)[-1] or "log"
    head = stream.read(_HEAD)
    trace = hashlib.sha256(head).hexdigest()[:32]
    root = span_hex(f"{trace}:log")
    began = ended = last = 0
    severity, local, stamped = "", False, False
    undated: list[LogRecord] = []
    for number, raw in enumerate(_lines(head, stream), start=1):
        line = _ANSI.sub("", raw.decode("utf-8", "replace")).rstrip()
        if not line:
            continue
        stamp = _STAMP.match(line)
        level = _LEVEL.search(line[:_LEVEL_WITHIN])
        severity = level[1] if level else severity
        if stamp is not None:
            local = local or not stamp[2]
            at = _ns(stamp)
            if at and not stamped:
                stamped = True
                undated = [structs.replace(each, time_ns=at - place) for place, each in
                           zip(range(len(undated), 0, -1), undated, strict=True)]  # fmt: skip
                began = undated[0].time_ns if undated else 0
                yield from undated
                undated = []
            last = at if at > last else last + 1
        else:
            last += 1
        began, ended = began or last, last
        record = LogRecord(
            trace_id=trace, span_id=root, time_ns=last, severity=severity, event_name=f"line {number}",
            body=line[:_LONGEST], format=NAME, position=number,
        )  # fmt: skip
        if not stamped and len(undated) < _AWAITED:
            undated.append(record)
            continue
        stamped = True  # no stamp came in time: what follows is held back no longer
        yield from undated
        undated = []
        yield record
    yield from undated
    if not ended:
        yield Refusal(where="the file", why="no line holds anything")
        return
    if local:
        yield Refusal(where="stamps", why="they name no zone and are read as UTC", taken=True)
    yield Span(trace_id=trace, trace_id_raw=title, span_id=root, name=title, start_ns=began, end_ns=ended, format=NAME,
               position=1)  # fmt: skip


def _lines(head: bytes, stream: BinaryIO) -> Iterator[bytes]:
    """Yield the lines of what was read already and of the rest, the beginning of one that is very long."""
    *begun, last = BytesIO(head).readlines() or [b""]
    yield from begun
    rest = (line for line, _whole in bounded.lines(stream, _BEGINNING))
    if last:
        yield last if last.endswith(b"\n") else last + next(rest, b"")
    yield from rest


def _ns(stamp: re.Match[str]) -> int:
    found = read_stamp(f"{stamp[1].replace(',', '.')}{(stamp[2] or 'Z').strip().replace('UTC', 'Z')}")
    return found.first if found is not None and found.exact and found.first > 0 else 0
