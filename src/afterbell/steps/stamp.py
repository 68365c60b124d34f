"""Stamp: asks a time-stamping authority (RFC 3161) to vouch for the present head, and keeps the answer beside it."""

from __future__ import annotations

import urllib.error
import urllib.request
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from afterbell.disk import files
from afterbell.disk.house import House
from afterbell.errors import LogError, UsageError
from afterbell.log import checkpoint as checkpoints
from afterbell.log import stamp as stamps
from afterbell.steps.records import journal

SECONDS = 30


class Stamped(Struct, frozen=True, kw_only=True):
    """The time the authority states, and where its answer lies."""

    at: datetime
    path: Path


def place(house: House, size: int) -> Path:
    """Return where the stamp of the head of this size lies."""
    return house.postmortems / "heads" / f"{size}.tsr"


def stamp(house: House, url: str) -> Stamped:
    """Have the head stamped by the authority at `url`; an old stamp of the same head stays.

    Raises LogError when there is no head or the answer is no stamp over it, UsageError when nobody answers.
    """
    current = journal(house).checkpoint()
    if current is None:
        raise LogError("the log has no head yet", "seal it first")
    text = checkpoints.text(current)
    answer = _post(url, stamps.request(text))
    at = stamps.claimed(answer, text)
    path = place(house, current.head.size)
    try:
        files.write_once(path, answer)
    except files.ExistsError:
        raise UsageError(f"this head has a stamp already: {path}", "stamp the next one") from None
    return Stamped(at=at, path=path)


def _post(url: str, data: bytes) -> bytes:
    if not url.startswith(("http://", "https://")):
        raise UsageError(f"{url} is not the address of an authority", "it begins with http:// or https://")
    headers = {"Content-Type": "application/timestamp-query"}
    request = urllib.request.Request(url, data=data, headers=headers, method="POST")  # noqa: S310 - checked above
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as reply:  # noqa: S310 - checked above
            return bytes(reply.read(stamps.MAX_BYTES + 1))
    except (urllib.error.HTTPError, OSError) as error:
        raise UsageError(f"the authority at {url} did not answer: {error}", "is the address right?") from None
