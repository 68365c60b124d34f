"""Visitors of pages, in a process of their own: some connections that each ask again as soon as they are answered.

    python benchmarks/_visitors.py URL CONNECTIONS SECONDS [COOKIE]

Prints one JSON object: how long each answer took (seconds), and the answers that were not 200.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter
from typing import Any
from urllib.parse import urlsplit

_LENGTH, _END = b"content-length:", b"\r\n\r\n"


async def visit(url: str, connections: int, seconds: float, cookie: str) -> dict[str, Any]:
    """Ask from all connections until the time is over, and return what came of it."""
    parts = urlsplit(url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    asked = f"GET {path} HTTP/1.1\r\nhost: {parts.netloc}\r\naccept: text/html\r\ncookie: {cookie}\r\n\r\n".encode()
    took: list[float] = []
    others: Counter[str] = Counter()
    until = time.perf_counter() + seconds

    async def one() -> None:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        while time.perf_counter() < until:
            began = time.perf_counter()
            writer.write(asked)
            head = await reader.readuntil(_END)
            await reader.readexactly(_length(head))
            status = head.split(b" ", 2)[1].decode()
            if status == "200":
                took.append(time.perf_counter() - began)
            else:
                others[status] += 1
        writer.close()

    await asyncio.gather(*(one() for _each in range(connections)))
    return {"took": took, "others": dict(others)}


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(_LENGTH):
            return int(line[len(_LENGTH) :])
    return 0


if __name__ == "__main__":
    _url, _connections, _seconds, *_cookie = sys.argv[1:]
    found = asyncio.run(visit(_url, int(_connections), float(_seconds), "".join(_cookie)))
    sys.stdout.write(json.dumps(found))
