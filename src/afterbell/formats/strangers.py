"""Names what no envelope reads, so that a refusal can say what was there.

A name is told from magic bytes or from the keys of a JSON text, never from content inside its strings. It is a hint
for people; nothing is read and no format is promised.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from msgspec import Struct

from afterbell.formats import json_rows

_MAGIC = (
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"PAR1", "a Parquet file in a pipe (it is read from its end: give it as a file)"),
    (b"Obj\x01", "an Avro file"),
    (b"ARROW1", "an Arrow file"),
    (b"ORC", "an ORC file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\x89HDF", "an HDF5 file"),
    (b"<!doctype html", "an HTML page"),
    (b"<html", "an HTML page"),
    (b"<?xml", "an XML document"),
)
_GLANCE, _SHOWN = 2000, 4


class _Sign(Struct, frozen=True, kw_only=True):
    """What a format is known by: all of some keys, at least one of others, or a key that begins so."""

    name: str
    every: frozenset[str] = frozenset()
    some: frozenset[str] = frozenset()
    begins: str = ""

    def fits(self, keys: AbstractSet[str]) -> bool:
        """Tell whether these keys are the format's."""
        return (
            self.every <= keys
            and (not self.some or not self.some.isdisjoint(keys))
            and (not self.begins or any(key.startswith(self.begins) for key in keys))
        )


def _sign(name: str, every: str = "", some: str = "", begins: str = "") -> _Sign:
    return _Sign(name=name, every=frozenset(every.split()), some=frozenset(some.split()), begins=begins)


# In order: the particular before the general.
_SIGNS = (
    _sign("MLflow spans outside a trace", begins="mlflow."),
    _sign("a LangSmith dataset or feedback export", "dataset_id inputs outputs"),
    _sign("a LangSmith run export", "run_type", "dotted_order session_id parent_run_id inputs"),
    _sign("a Claude Code session", "leafUuid summary"),
    _sign("an Inspect evaluation log", "eval samples", "plan results status"),
    _sign("Weave calls", "op_name trace_id", "inputs output"),
    _sign("an ATIF trajectory", "trajectory_id steps"),
    _sign("a Jaeger trace", "traceID", "processes operationName spans"),
    _sign("Zipkin spans", "traceId localEndpoint"),
    _sign("spans of the Vercel AI SDK outside an OTLP export", begins="ai.operationId"),
    _sign("OpenTelemetry spans outside an OTLP export", "attributes", "spanContext spanId span_id"),
    _sign("a JSON Schema", "$schema"),
    _sign("a JSON Schema", "$defs"),
    _sign("chat messages without a trace", "role", "content parts"),
)


def name_of(head: bytes) -> str:
    """Return what the beginning of a source looks like, with its article, or an empty text.

    `head` is up to 64 KiB of the decompressed beginning.
    """
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    lowered = text[:32].lower()
    for magic, title in _MAGIC:
        if head.startswith(magic) or lowered.startswith(magic):
            return title
    return _json_name(text) if text[:1] in (b"{", b"[") else ""


def _json_name(text: bytes) -> str:
    keys = frozenset(json_rows.keys(text))
    found = next((sign.name for sign in _SIGNS if sign.fits(keys)), "")
    if found:
        return found
    first = json_rows.keys(text[:_GLANCE])
    return f"JSON with the keys {', '.join([*first][:_SHOWN])}" if first else ""
