"""Witness: cosigns heads of other logs, over HTTP on this machine or as a job over a checkout; and asks one to.

The server speaks C2SP tlog-witness (POST /add-checkpoint) and binds to the loopback address unless told otherwise.
"""

from __future__ import annotations

import secrets
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from msgspec import Struct

from afterbell import clock
from afterbell.disk import keys
from afterbell.disk.house import House
from afterbell.disk.witnessed import Witnessed
from afterbell.errors import LogError, UsageError
from afterbell.log import checkpoint as checkpoints
from afterbell.log import note, tree, witness
from afterbell.log.note import KeyType, Signer, Verifier
from afterbell.log.outside import Outside, Remembered
from afterbell.log.verdict import Level, Ruling
from afterbell.log.witness import Reply, Request
from afterbell.steps.key import SEED_BYTES
from afterbell.steps.records import journal

PATH = "/add-checkpoint"
SECONDS = 30


class Witness:
    """A witness with its key, its logs and its memory."""

    def __init__(self, name: str, logs: Sequence[str], state: Path) -> None:
        """Take the logs' public keys as text; the witness's own key is made when it has none."""
        self.key = _own_key(name)
        self._logs: tuple[Verifier, ...] = tuple(note.verifier(text) for text in logs)
        self._state = Witnessed(state)

    def answer(self, data: bytes) -> Reply:
        """Answer one request; what must be remembered is on the disk before this returns."""
        with self._state.locked():
            now = int(clock.now().timestamp())
            reply = witness.answer(data, self._logs, self._state.heads(), self.key, now)
            if reply.remember is not None:
                self._state.remember(reply.remember)
        return reply

    def cosign(self, house: House) -> str:
        """Cosign the head of a checked-out log if the whole log verifies and extends what was cosigned before.

        Returns the signature line. Raises LogError when it does not.
        """
        log = journal(house)
        current = log.checkpoint()
        if current is None:
            raise LogError("the log has no head yet", "seal it first")
        pins = tuple(key for key in self._logs if key.name == current.origin)
        if not pins:
            raise LogError(f"{current.origin} is not watched here", "give its public key with --log")
        with self._state.locked():
            known = self._state.heads().get(current.origin)
            remembered: tuple[Remembered, ...] = ()
            if known is not None:
                head = checkpoints.Checkpoint(origin=current.origin, head=known)
                remembered = (Remembered(where="the head cosigned before", checkpoint=head),)
            verdict = log.verify(Level.L2, Outside(pins=pins, remembered=remembered))
            if verdict.verdict is not Ruling.OK:
                first = verdict.problems[0].message if verdict.problems else verdict.verdict.value
                raise LogError(f"not cosigned: {first}", "afterbell verify says more")
            line = note.sign(checkpoints.text(current), self.key, at=int(clock.now().timestamp()))
            self._state.remember(current)
        return line


def _own_key(name: str) -> Signer:
    known = keys.signer(name)
    if known is None:
        known = Signer(name=note.check_name(name), type=KeyType.COSIGNATURE, seed=secrets.token_bytes(SEED_BYTES))
        keys.store(known)
    if known.type is not KeyType.COSIGNATURE or known.name != name:
        raise UsageError(f"the key of {known.name} is no witness's key", "give the witness a name of its own")
    return known


def server(own: Witness, host: str, port: int, said: Callable[[str], None] = lambda _line: None) -> ThreadingHTTPServer:
    """Return a server that answers for the witness; the caller runs and closes it. Port 0 takes a free one."""

    class Handler(BaseHTTPRequestHandler):
        timeout = SECONDS

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if self.path != PATH:
                return self._reply(Reply(status=404, body="not found\n"))
            if not length.isdigit() or int(length) > witness.MAX_BYTES:
                return self._reply(Reply(status=413, body="a request has a length of at most a megabyte\n"))
            return self._reply(own.answer(self.rfile.read(int(length))))

        def _reply(self, reply: Reply) -> None:
            body = reply.body.encode()
            self.send_response(reply.status)
            kind = "text/x.tlog.size" if reply.status == witness.CONFLICT else "text/plain; charset=utf-8"
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - the name that http.server calls
            said(format % arguments)

    return ThreadingHTTPServer((host, port), Handler)


class Cosigned(Struct, frozen=True, kw_only=True):
    """The signature lines a witness gave for the log's head."""

    lines: tuple[str, ...]


def ask(house: House, url: str) -> Cosigned:
    """Ask the witness at `url` (http or https) to cosign the house's head, and add its lines to the checkpoint.

    Raises LogError when it refuses: a refusal may mean that another history of this log was shown to it.
    """
    log = journal(house)
    current = log.checkpoint()
    if current is None:
        raise LogError("the log has no head yet", "seal it first")
    leaves = list(log.leaves())[: current.head.size]
    old = 0
    for _attempt in range(2):
        proof = tree.consistency_proof(leaves, old) if old <= len(leaves) else ()
        status, body = _post(url, witness.encode(Request(old=old, proof=proof, checkpoint=current)))
        if status == witness.OK:
            lines = tuple(line for line in body.split("\n") if line)
            if not log.take_signatures(current, lines):
                raise LogError("the log was sealed while the witness looked at it", "ask again")
            return Cosigned(lines=lines)
        if status != witness.CONFLICT or not body.strip().isdigit() or int(body) > current.head.size:
            break
        old = int(body)
    raise LogError(
        f"the witness refused with {status}: {body.strip()[:200]}", "it may have seen another history of this log"
    )


def _post(url: str, data: bytes) -> tuple[int, str]:
    if not url.startswith(("http://", "https://")):
        raise UsageError(f"{url} is not the address of a witness", "it begins with http:// or https://")
    request = urllib.request.Request(url.rstrip("/") + PATH, data=data, method="POST")  # noqa: S310 - checked above
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as reply:  # noqa: S310 - checked above
            return reply.status, reply.read(witness.MAX_BYTES).decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        return error.code, error.read(10_000).decode("utf-8", "replace")
    except OSError as error:
        raise UsageError(f"the witness at {url} cannot be reached: {error}", "is it running?") from None
