"""Senders of export requests, in a process of their own: some connections that each send as fast as they are answered.

    python benchmarks/_senders.py URL CONNECTIONS SECONDS FIRST SPANS

FIRST is the number of the first request; a request's number is its trace id. Prints one JSON object: the numbers that
were acknowledged, when (seconds from the start) and how long each answer took, and the answers that were not 200. Ends
early when the other side is gone.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter
from itertools import count
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

TOKEN = "bench"  # noqa: S105 - it opens nothing else
_MARK = bytes(range(1, 17))
_PAUSE = 0.05  # seconds after a refusal: a sender that obeyed Retry-After would let the door rest
_TEXT = "The gross margin of SYNTHETIC_A rose from 38.9 to 39.1 percent, and the desk keeps its position. "


def template(spans: int) -> bytes:
    """Return a request with so many spans of about a kilobyte, all of one trace with a mark for its id."""
    request = ExportTraceServiceRequest()
    scope = request.resource_spans.add().scope_spans.add()
    for number in range(1, spans + 1):
        span = scope.spans.add()
        span.trace_id, span.span_id, span.name = _MARK, number.to_bytes(8, "big"), "chat gpt-5"
        span.start_time_unix_nano, span.end_time_unix_nano = 10**18 + number, 10**18 + number + 10**9
        for key, text in (
            ("gen_ai.operation.name", "chat"), ("gen_ai.request.model", "gpt-5"),
            ("gen_ai.input.messages", _message("user", _TEXT * 5)),
            ("gen_ai.output.messages", _message("assistant", f"{number} {_TEXT * 3}")),
        ):  # fmt: skip
            attribute = span.attributes.add()
            attribute.key, attribute.value.string_value = key, text
    return bytes(request.SerializeToString())


def _message(role: str, text: str) -> str:
    return json.dumps([{"role": role, "parts": [{"type": "text", "content": text}]}])


async def send(host: str, port: int, connections: int, seconds: float, first: int, spans: int) -> dict[str, Any]:
    """Send from all connections until the time is over, and return what came of it."""
    numbers, body = count(first), template(spans)
    acked: list[int] = []
    took: list[float] = []
    acked_at: list[float] = []
    others: Counter[str] = Counter()
    started = time.perf_counter()
    refused_at = 0.0

    async def one() -> None:
        nonlocal refused_at
        reader, writer = await asyncio.open_connection(host, port)
        head = (
            f"POST /v1/traces HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {TOKEN}\r\n"
            f"content-type: application/x-protobuf\r\ncontent-length: {len(body)}\r\n\r\n"
        ).encode()
        while time.perf_counter() - started < seconds:
            number = next(numbers)
            begun = time.perf_counter()
            writer.write(head + body.replace(_MARK, number.to_bytes(16, "big")))
            answer = await reader.readuntil(b"\r\n\r\n")
            length = next(
                (int(line[15:]) for line in answer.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0
            )
            await reader.readexactly(length)
            status = answer[9:12].decode()
            if status == "200":
                took.append(time.perf_counter() - begun)
                acked.append(number)
                acked_at.append(time.perf_counter() - started)
            else:
                others[status] += 1
                refused_at = refused_at or time.perf_counter() - started
                await asyncio.sleep(_PAUSE)
        writer.close()

    ended = await asyncio.gather(*(one() for _connection in range(connections)), return_exceptions=True)
    gone = (OSError, asyncio.IncompleteReadError)
    broken = [each for each in ended if isinstance(each, BaseException) and not isinstance(each, gone)]
    if broken:
        raise broken[0]
    return {
        "acked": acked, "took": took, "acked_at": acked_at, "others": others, "seconds": time.perf_counter() - started,
        "refused_at": refused_at, "bytes": len(body),
    }  # fmt: skip


def main() -> None:
    """Send as the command line says."""
    url, connections, seconds, first, spans = sys.argv[1:]
    host, _, port = url.removeprefix("http://").partition(":")
    found = asyncio.run(send(host, int(port), int(connections), float(seconds), int(first), int(spans)))
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
