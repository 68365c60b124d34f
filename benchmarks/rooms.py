"""The pages under load from a second process, beside a bare template of the same stack in the same run.

    python benchmarks/rooms.py [--seconds 3] [--connections 8] [--records 1000]

The bare page is the frame that all pages have (`room.html` with one sentence), rendered by the same templates and
served by the same server, without a session, a store or a log behind it. Requests a second and the 95th percentile of
an answer's time, for each page, and how many times longer the page takes than the bare one. Server and visitors share
the machine's processors.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

import _houses
from afterbell.disk.house import House
from afterbell.model.access import Role, Viewer
from afterbell.render import html
from afterbell.steps import ingest, trigger
from afterbell.steps.store import Store
from afterbell.web import server

HERE = Path(__file__).parent
SPANS = 5000
_THOUSAND = 1000


def serve_bare() -> None:
    """Serve the bare page as the pages are served, and print where."""
    viewer = Viewer(subject="bench", role=Role.READER)

    def answer(_request: Request) -> Response:
        text = html.room("refused.html", viewer=viewer, role=viewer.role, roles=Role, here="/", csrf="", csrf_field="",
                         house="bench", code=404, message="Nothing stands here.", hint="")  # fmt: skip
        return Response(text, media_type="text/html")

    listening = server.bind("127.0.0.1", 0)
    sys.stdout.write(f"open http://127.0.0.1:{listening.getsockname()[1]}/\n")
    sys.stdout.flush()
    app = Starlette(routes=[Route("/", answer)])
    config = uvicorn.Config(app, http="httptools", ws="none", lifespan="off", log_config=None, access_log=False)
    asyncio.run(uvicorn.Server(config).serve(sockets=[listening]))


@contextmanager
def running(*command: str) -> Iterator[str]:
    """Run a server and yield the address that it tells one to open."""
    environment = {**os.environ, "AFTERBELL_TOKEN": "bench"}
    with subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout  # noqa: S101 - Popen was asked for it
        try:
            yield next(line for line in process.stdout if line.startswith("open ")).removeprefix("open ").strip()
        finally:
            process.terminate()


def long_trace(place: Path) -> str:
    """Write a trace of `SPANS` spans and return its id: a loop of calls and tools as agents make them."""
    trace, spans = "bee0" * 8, []
    for number in range(SPANS):
        at = 1_767_690_000_000_000_000 + number * 2_000_000_000
        said = f"Step {number}: the gross margin of SYNTHETIC_A rose from 38.9 to 39.1 percent. " * 3
        message = json.dumps([{"role": "user", "parts": [{"type": "text", "content": said}]}])
        spans.append({
            "traceId": trace, "spanId": f"{number + 1:016x}", "parentSpanId": f"{1:016x}" if number else "",
            "name": "chat gpt-5" if number % 2 else "execute_tool get_filing", "kind": 1,
            "startTimeUnixNano": str(at), "endTimeUnixNano": str(at + 1_500_000_000),
            "attributes": [
                {"key": "gen_ai.operation.name", "value": {"stringValue": "chat" if number % 2 else "execute_tool"}},
                {"key": "gen_ai.request.model", "value": {"stringValue": "gpt-5"}},
                {"key": "gen_ai.input.messages", "value": {"stringValue": message}},
                {"key": "gen_ai.usage.input_tokens", "value": {"intValue": "400"}},
            ],
        })  # fmt: skip
    line = {"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]}
    place.write_text(json.dumps(line) + "\n", "utf-8")
    return trace


def furnished(root: Path, records: int) -> tuple[House, str]:
    """Return a house with the demo's traces, a long one, events and so many records; and the long one's id."""
    house = _houses.filled(root / "desk", records)
    trace = long_trace(root / "long.jsonl")
    with resources.as_file(resources.files("afterbell.steps.demo") / "data") as data:
        list(ingest.ingest(house, [str(root / "long.jsonl"), str(data)], jobs=1))
    trigger.fire(Store(house))
    return house, trace


def signed_in(link: str) -> tuple[str, str]:
    """Follow the link and return the address of the pages and the session's cookie."""
    parts = urlsplit(link)
    connection = HTTPConnection(parts.netloc)
    connection.request("GET", f"{parts.path}?{parts.query}")
    cookie = connection.getresponse().headers["set-cookie"].partition(";")[0]
    return f"http://{parts.netloc}", cookie


def visited(url: str, options: argparse.Namespace, cookie: str = "") -> tuple[float, float, dict[str, int]]:
    """Return requests a second, the 95th percentile in milliseconds, and the answers that were not 200."""
    command = [sys.executable, str(HERE / "_visitors.py"), url, str(options.connections), str(options.seconds), cookie]
    found: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    took = sorted(found["took"]) or [0.0]
    return len(found["took"]) / options.seconds, took[int(len(took) * 0.95)] * _THOUSAND, found["others"]


def measured(options: argparse.Namespace) -> int:
    """Print the table; 1 when a page answered with anything but 200 or the long trace misses its goal."""
    with tempfile.TemporaryDirectory(prefix="afterbell-rooms-") as directory:
        house, trace = furnished(Path(directory), options.records)
        pages = ("/", "/events", "/records", "/search?q=margin", "/traces", f"/traces/{trace}", "/meetings", "/reviews")
        command = ("-m", "afterbell", "--house", str(house.root), "serve", "--port", "0")
        with running(__file__, "--bare") as bare, running(*command) as link:
            origin, cookie = signed_in(link)
            floor, slowest, _others = visited(bare, options)
            say = "{:<28} {:>12} {:>10} {:>12}\n".format
            out = [say("page", "requests/s", "p95 ms", "times bare")]
            out.append(say("a bare template", f"{floor:.0f}", f"{slowest:.1f}", "1.0"))
            failed = False
            for path in pages:
                visited(origin + path, argparse.Namespace(connections=1, seconds=0.1), cookie)  # what is kept is there
                rate, late, others = visited(origin + path, options, cookie)
                failed |= bool(others)
                name = path.replace(trace, f"({SPANS} spans)")
                out.append(say(name, f"{rate:.1f}", f"{late:.1f}", f"{floor / rate:.1f}" if rate else "-"))
                if others:
                    out.append(f"  answers that were not 200: {others}\n")
            alone = argparse.Namespace(**{**vars(options), "connections": 1})
            _rate, late, _others = visited(f"{origin}/traces/{trace}", alone, cookie)
            out.append(f"{SPANS} spans, one visitor: p95 {late:.0f} ms (goal 200)\n")
            sys.stdout.write("".join(out))
    return int(failed or late > 200)  # noqa: PLR2004 - the goal


def main() -> int:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--records", type=int, default=1000)
    parser.add_argument("--bare", action="store_true", help="serve the bare page (used by the benchmark itself)")
    options = parser.parse_args()
    if options.bare:
        serve_bare()
        return 0
    return measured(options)


if __name__ == "__main__":
    sys.exit(main())
