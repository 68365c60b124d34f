"""OTLP/HTTP, the wire side: what of an export request will be read, and what a door says to it.

A request that is not plainly sound is judged by the reader that will take it in later, so that what was promised is
what happens. Nothing is kept here, and no HTTP spoken. Source: opentelemetry.io/docs/specs/otlp (OTLP/HTTP).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any

import orjson
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]  # it ships no stubs
from msgspec import Struct
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest, ExportLogsServiceResponse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

from afterbell.errors import FormatError
from afterbell.formats.items import Item
from afterbell.model.trace import Refusal

_TRACE_ID, _SPAN_ID = 16, 8
_SHOWN = 3


Reader = Callable[[bytes], Iterable[Item]]


class Signal(StrEnum):
    """What a request carries; the value is the last part of its path."""

    TRACES = "traces"
    LOGS = "logs"


class Verdict(Struct, frozen=True, kw_only=True):
    """How many spans or log records of a request will be read, how many not, and why not."""

    accepted: int
    rejected: int = 0
    why: str = ""


def judge(body: bytes, signal: Signal, read: Reader, *, json: bool) -> Verdict:
    """Say what of a request will be read; `read` is what will read it. Raises FormatError when it is none."""
    if json:
        return _read(read(body), _count_json(body, signal))
    try:
        if signal is Signal.LOGS:
            logs = ExportLogsServiceRequest.FromString(body)
            total = sum(len(scope.log_records) for resource in logs.resource_logs for scope in resource.scope_logs)
            return _read(read(body), total) if total else Verdict(accepted=0)
        request = ExportTraceServiceRequest.FromString(body)
    except DecodeError as error:
        raise FormatError(f"not an OTLP {signal.value} request: {str(error)[:120]}") from None
    total, sound = 0, True
    for resource in request.resource_spans:
        for scope in resource.scope_spans:
            total += len(scope.spans)
            sound = sound and all(
                len(span.trace_id) == _TRACE_ID and len(span.span_id) == _SPAN_ID
                and any(span.trace_id) and any(span.span_id)
                for span in scope.spans
            )  # fmt: skip
    return Verdict(accepted=total) if sound else _read(read(body), total)


def _count_json(body: bytes, signal: Signal) -> int:
    try:
        data = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise FormatError(f"not JSON: {error}") from None
    outer, scopes, inner = (
        ("resourceSpans", "scopeSpans", "spans") if signal is Signal.TRACES
        else ("resourceLogs", "scopeLogs", "logRecords")
    )  # fmt: skip
    if not isinstance(data, dict) or not isinstance(data.get(outer, []), list) or (data and outer not in data):
        raise FormatError(f"not an OTLP {signal.value} request: no {outer}")
    return sum(len(_list(scope, inner)) for resource in data.get(outer, []) for scope in _list(resource, scopes))


def _list(value: Any, key: str) -> list[Any]:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, list) else []


def _read(items: Iterable[Item], total: int) -> Verdict:
    """Read a request as ingest will, and count: what is neither read nor refused by name is refused too."""
    accepted, whys = 0, []
    for item in items:
        if isinstance(item, Refusal):
            whys.append(item.why)
        else:
            accepted += 1
    rejected = max(total - accepted, 0)
    why = "; ".join(dict.fromkeys(whys[:_SHOWN])) if rejected else ""
    return Verdict(accepted=accepted, rejected=rejected, why=why)


def answer(verdict: Verdict, signal: Signal, *, json: bool) -> bytes:
    """Return the body of the 200 that acknowledges a request: empty, or with what was rejected of it."""
    if json:
        if not verdict.rejected:
            return b"{}"
        name = "rejectedSpans" if signal is Signal.TRACES else "rejectedLogRecords"
        return orjson.dumps({"partialSuccess": {name: str(verdict.rejected), "errorMessage": verdict.why}})
    if signal is Signal.TRACES:
        spans = ExportTraceServiceResponse()
        if verdict.rejected:
            spans.partial_success.rejected_spans = verdict.rejected
            spans.partial_success.error_message = verdict.why
        return bytes(spans.SerializeToString())
    logs = ExportLogsServiceResponse()
    if verdict.rejected:
        logs.partial_success.rejected_log_records = verdict.rejected
        logs.partial_success.error_message = verdict.why
    return bytes(logs.SerializeToString())


def fault(code: int, message: str, *, json: bool) -> bytes:
    """Return a google.rpc.Status for a request that is not acknowledged; `code` is one of google.rpc.Code."""
    if json:
        return orjson.dumps({"code": code, "message": message})
    text = message.encode()
    return b"\x08" + _varint(code) + b"\x12" + _varint(len(text)) + text


def _varint(number: int) -> bytes:
    data = b""
    while number > 0x7F:  # noqa: PLR2004 - the continuation bit
        data += bytes([number & 0x7F | 0x80])
        number >>= 7
    return data + bytes([number])
