"""Unpacks the body of a request within a limit, whatever it would unpack to."""

from __future__ import annotations

import zlib

_HEADERS = {"gzip": 31, "deflate": 15}  # zlib's window bits for a gzip and for a zlib header
ENCODINGS = ("identity", *_HEADERS)


class TooLargeError(Exception):
    """The body is, or unpacks to, more than the limit."""


class BrokenError(Exception):
    """The body is not what its encoding says."""


def unpack(body: bytes, encoding: str, limit: int) -> bytes:
    """Return the unpacked body, at most `limit` bytes. `encoding` is one of ENCODINGS, and not identity."""
    unpacker = zlib.decompressobj(_HEADERS[encoding])
    try:
        data = unpacker.decompress(body, limit + 1)
    except zlib.error as error:
        raise BrokenError(f"not {encoding}: {error}") from None
    if len(data) > limit:
        raise TooLargeError
    if not unpacker.eof or unpacker.unused_data:
        raise BrokenError(f"not one whole {encoding} body")
    return data
