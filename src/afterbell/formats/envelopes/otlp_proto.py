"""OTLP as protobuf: a bare TracesData or LogsData message, or frames of [uint32 length][message].

The Collector's file exporter writes frames (`format: proto`), big-endian, and metrics between them where one exporter
serves all pipelines. Lengths of the other byte order, and varints (protobuf's own way to delimit), are told by what
follows them. Compression is undone before it comes here. Messages are taken one resource at a time, so that neither a
large file nor a cut tail costs what stands before it. Metrics are not read, which is told of each resource.
"""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]  # it ships no stubs
from opentelemetry.proto.logs.v1.logs_pb2 import ResourceLogs
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans

from afterbell.formats import wire
from afterbell.formats.items import Context, Item, Unit
from afterbell.formats.otlp_values import span_id, span_kind, status_code, trace_id, whole
from afterbell.model.trace import LogRecord, Refusal, Span, SpanEvent, SpanLink

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "otlp-proto"
TITLE = "OpenTelemetry (OTLP) as protobuf"
UNIT = Unit.STREAM

LARGEST = 256 * 1024 * 1024
_HEAD = 64 * 1024
_PREFIX = 4
_LONGEST_HEADER = 20
_Order = Literal["big", "little", "varint"]


def recognise(head: bytes, _name: str) -> bool:
    """Tell whether the bytes begin with an OTLP message, bare or in a frame."""
    return _shape(head) is not None


def _shape(head: bytes) -> _Order | Literal["bare"] | None:
    """Return how messages stand in the bytes: bare, or in frames of a kind; None for neither."""
    if wire.holds(head, 0, LARGEST):
        return "bare"
    orders: tuple[_Order, ...] = ("big", "little", "varint")
    for order in orders:
        try:
            length, size = _length(head, order)
        except wire.WireError:
            continue
        if len(head) > size and length <= LARGEST and wire.holds(head, size, size + length):
            return order
    return None


def _length(head: bytes, order: _Order) -> tuple[int, int]:
    """Return the length that a frame announces, and in how many bytes. Raises WireError where they are cut off."""
    if order == "varint":
        return wire.varint(head, 0)
    if len(head) < _PREFIX:
        raise wire.WireError("cut off")
    return int.from_bytes(head[:_PREFIX], order), _PREFIX


def read(stream: BinaryIO, _context: Context) -> Iterator[Item]:
    """Read every whole message; a cut or broken rest is refused with its byte offset."""
    source = _Bytes(stream)
    order = _shape(source.peek(_HEAD))
    if order is None:
        yield Refusal(where="byte 0", why="not an OTLP message, bare or in frames")
    elif order == "bare":
        yield from _bare(source)
    else:
        yield from _frames(source, order)


class _Bytes:
    """A stream that knows its place and can look ahead."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._ahead = b""
        self.place = 0

    def peek(self, size: int) -> bytes:
        while len(self._ahead) < size:
            more = self._stream.read(size - len(self._ahead))
            if not more:
                break
            self._ahead += more
        return self._ahead[:size]

    def take(self, size: int) -> bytes:
        taken = self._ahead[:size]
        self._ahead = self._ahead[size:]
        parts = [taken]
        missing = size - len(taken)
        while missing:
            more = self._stream.read(missing)
            if not more:
                break
            parts.append(more)
            missing -= len(more)
        whole = b"".join(parts)
        self.place += len(whole)
        return whole


def _frames(source: _Bytes, order: _Order) -> Iterator[Item]:
    number = 0
    while head := source.peek(_LONGEST_HEADER):
        start = source.place
        number += 1
        try:
            length, size = _length(head, order)
        except wire.WireError:
            yield Refusal(where=f"byte {start}", why=f"cut off inside the length of frame {number}")
            return
        if length > LARGEST:
            why = f"frame {number} announces {length} bytes, over the limit; the rest was not read"
            yield Refusal(where=f"byte {start}", why=why)
            return
        source.take(size)
        data = source.take(length)
        if len(data) < length:
            yield Refusal(where=f"byte {start}", why=f"cut off: frame {number} lacks {length - len(data)} bytes")
            return
        try:
            for field, kind, begin, stop in wire.fields(data, 0, length):
                if (field, kind) == (1, wire.BYTES):
                    yield from _resource(data[begin:stop], f"byte {start + size + begin}", number)
        except wire.WireError as error:
            yield Refusal(where=f"byte {start}", why=f"frame {number} is not an OTLP message: {error}")


def _bare(source: _Bytes) -> Iterator[Item]:
    number = 0
    while head := source.peek(_LONGEST_HEADER):
        start = source.place
        number += 1
        try:
            tag, after = wire.varint(head, 0)
            length, after = wire.varint(head, after)
        except wire.WireError as error:
            yield Refusal(where=f"byte {start}", why=f"the rest is not an OTLP message: {error}")
            return
        if tag != (1 << 3 | wire.BYTES) or length > LARGEST:
            yield Refusal(where=f"byte {start}", why="the rest is not an OTLP message")
            return
        source.take(after)
        data = source.take(length)
        if len(data) < length:
            why = f"cut off: the message lacks {length - len(data)} bytes"
            yield Refusal(where=f"byte {start}", why=why)
            return
        yield from _resource(data, f"byte {start}", number)


def _resource(data: bytes, where: str, position: int) -> Iterator[Item]:
    try:
        found = wire.resource_holds(data, 0, len(data))
        if found is wire.Holds.SPANS:
            yield from _spans(ResourceSpans.FromString(data), where, position)
        elif found is wire.Holds.LOGS:
            yield from _logs(ResourceLogs.FromString(data), position)
        elif found is wire.Holds.METRICS:
            yield Refusal(where=where, why="metrics are not read")
    except (wire.WireError, DecodeError) as error:
        yield Refusal(where=where, why=f"not an OTLP resource with spans or logs: {str(error)[:120]}")


def _value(value: Any) -> Any:
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return [_value(item) for item in value.array_value.values]
    if kind == "kvlist_value":
        return {pair.key: _value(pair.value) for pair in value.kvlist_value.values}
    if kind == "bytes_value":
        return b64encode(value.bytes_value).decode()
    return getattr(value, kind) if kind else None


def _attributes(pairs: Any) -> dict[str, Any]:
    return {pair.key: _value(pair.value) for pair in pairs}


def _spans(message: Any, where: str, position: int) -> Iterator[Item]:
    shared = _attributes(message.resource.attributes)
    for scoped in message.scope_spans:
        name, version = scoped.scope.name, scoped.scope.version
        schema = scoped.schema_url or message.schema_url
        for number, span in enumerate(scoped.spans, 1):
            raw_trace, raw_span = span.trace_id.hex(), span.span_id.hex()
            trace, own = trace_id(raw_trace), span_id(raw_span)
            if not trace or not own:
                yield Refusal(where=f"{where}, span {number}", why="no trace id or no span id")
                continue
            yield Span(
                trace_id=trace,
                span_id=own,
                parent_span_id=span_id(span.parent_span_id.hex()),
                trace_id_raw=raw_trace,
                span_id_raw=raw_span,
                name=span.name,
                otel_kind=span_kind(span.kind),
                start_ns=whole(span.start_time_unix_nano),
                end_ns=whole(span.end_time_unix_nano),
                status_code=status_code(span.status.code),
                status_message=span.status.message,
                trace_state=span.trace_state,
                flags=span.flags,
                resource=shared,
                scope_name=name,
                scope_version=version,
                schema_url=schema,
                attributes=_attributes(span.attributes),
                events=tuple(
                    SpanEvent(
                        name=event.name,
                        time_ns=whole(event.time_unix_nano),
                        attributes=_attributes(event.attributes),
                        dropped_attributes=event.dropped_attributes_count,
                    )
                    for event in span.events
                ),
                links=tuple(
                    SpanLink(
                        trace_id=trace_id(link.trace_id.hex()),
                        span_id=span_id(link.span_id.hex()),
                        attributes=_attributes(link.attributes),
                    )
                    for link in span.links
                ),
                dropped_attributes=span.dropped_attributes_count,
                dropped_events=span.dropped_events_count,
                dropped_links=span.dropped_links_count,
                format=NAME,
                position=position,
            )


def _logs(message: Any, position: int) -> Iterator[Item]:
    shared = _attributes(message.resource.attributes)
    for scoped in message.scope_logs:
        for log in scoped.log_records:
            facts = _attributes(log.attributes)
            yield LogRecord(
                trace_id=trace_id(log.trace_id.hex()),
                span_id=span_id(log.span_id.hex()),
                time_ns=whole(log.time_unix_nano),
                observed_ns=whole(log.observed_time_unix_nano),
                severity=log.severity_text or str(log.severity_number or ""),
                event_name=log.event_name or str(facts.get("event.name") or ""),
                body=_value(log.body),
                attributes=facts,
                resource=shared,
                scope_name=scoped.scope.name,
                dropped_attributes=log.dropped_attributes_count,
                format=NAME,
                position=position,
            )
