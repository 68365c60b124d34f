"""RFC 3161 time stamps over a head: that it existed before a moment which an authority vouches for.

Needs the optional `tsa` packages. Bytes in, bytes and times out; which authority to trust is the caller's to say.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from cryptography import x509

from afterbell.errors import LogError, MissingExtraError

MAX_BYTES = 200_000
_HINT = "ask the authority for another stamp"


def request(text: str) -> bytes:
    """Return the DER request for a stamp over a checkpoint's text (SHA-256, with the authority's certificate)."""
    client = _client()
    builder = client.TimestampRequestBuilder().data(text.encode()).hash_algorithm(client.HashAlgorithm.SHA256)
    return bytes(builder.cert_request(cert_request=True).build().as_bytes())


def claimed(response: bytes, text: str) -> datetime:
    """Return the time a response claims for this text, without asking who says so.

    Raises LogError when it is no granted stamp over the text.
    """
    found = _decode(response)
    info = found.tst_info
    if bytes(info.message_imprint.message) != hashlib.sha256(text.encode()).digest():
        raise LogError("the time stamp is over another text", _HINT)
    return _utc(info.gen_time)


def vouched(response: bytes, text: str, roots: bytes) -> datetime:
    """Return the time that an authority under one of the PEM `roots` vouches for. Raises LogError otherwise."""
    client = _client()
    try:
        certificates = x509.load_pem_x509_certificates(roots)
    except ValueError:
        raise LogError("the authority's certificate is not PEM", "give the root certificate that you trust") from None
    builder = client.VerifierBuilder()
    for certificate in certificates:
        builder = builder.add_root_certificate(certificate)
    at = claimed(response, text)
    try:
        builder.build().verify_message(_decode(response), text.encode())
    except (client.VerificationError, ValueError) as error:
        raise LogError(f"the time stamp does not hold: {error}", "is this the authority's root certificate?") from None
    return at


def _decode(response: bytes) -> Any:
    if len(response) > MAX_BYTES:
        raise LogError("the time stamp is too long", _HINT)
    try:
        found = _client().decode_timestamp_response(response)
        if found.status != 0:
            raise LogError(f"the authority refused: {'; '.join(found.status_string)[:200]}", _HINT)
        _ = found.tst_info
    except ValueError as error:
        raise LogError(f"not a time stamp: {str(error)[:200]}", _HINT) from None
    return found


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _client() -> Any:
    try:
        import rfc3161_client  # noqa: PLC0415 - an extra
    except ImportError:
        raise MissingExtraError("a time stamp", "tsa") from None
    return rfc3161_client
