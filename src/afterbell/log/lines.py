"""Bytes of a log file -> lines, and what is wrong with a line before anybody reads it as JSON.

A line ends at LF and nowhere else: U+2028, U+0085 and CR are content, or a fault.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from afterbell.log import entry
from afterbell.log.verdict import Code

if TYPE_CHECKING:
    from collections.abc import Iterator

LINES_PER_SEGMENT = 256
MAX_SEGMENT_BYTES = LINES_PER_SEGMENT * (entry.MAX_BYTES + 1)
MAX_PENDING_BYTES = entry.MAX_BYTES + 1
_BOM = b"\xef\xbb\xbf"

_WORDS = {
    Code.TORN_LINE: "the last line has no newline: the file was cut",
    Code.BLANK_LINE: "an empty line",
    Code.BOM: "starts with a byte order mark",
    Code.NUL: "holds NUL bytes",
    Code.CRLF: "ends in CR LF: line ends were converted",
    Code.TOO_LONG: f"longer than {entry.MAX_BYTES} bytes",
}


def segment_name(number: int) -> str:
    """Return the file name of the segment that holds entries 256 * number and up."""
    return f"{number:06d}.jsonl"


def split(data: bytes) -> Iterator[tuple[bytes, Code | None]]:
    """Yield every line without its newline, with its fault or None. An empty file has no lines."""
    for line in cut(data):
        yield line, fault(line)
    if rest := torn(data):
        yield rest, Code.TORN_LINE


def cut(data: bytes) -> Iterator[bytes]:
    """Yield every whole line without its newline, one at a time: the next one takes its place in memory."""
    start, find = 0, data.find
    while (end := find(b"\n", start)) >= 0:
        yield data[start:end]
        start = end + 1


def torn(data: bytes) -> bytes:
    """Return what stands after the last newline: nothing, unless the file was cut."""
    return data[data.rfind(b"\n") + 1 :]


def words(fault: Code) -> str:
    """Say a line's fault in words."""
    return _WORDS[fault]


def fault(line: bytes) -> Code | None:
    """Return what is wrong with a whole line, None for nothing. What `entry.quick` reads has no fault."""
    if not line:
        return Code.BLANK_LINE
    if line.startswith(_BOM):
        return Code.BOM
    if b"\0" in line:
        return Code.NUL
    if line.endswith(b"\r"):
        return Code.CRLF
    return Code.TOO_LONG if len(line) > entry.MAX_BYTES else None
