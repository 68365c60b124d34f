"""Sends a notice to addresses of any of the services that apprise knows. Addresses hold secrets and are never printed.

Needs the optional `notify` packages. What a notice says is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from afterbell.errors import MissingExtraError, StoreError, UsageError


def send(addresses: Sequence[str], title: str, text: str) -> int:
    """Send one notice to every address and return how many took it.

    Raises MissingExtraError without the packages, UsageError for an address that is none, StoreError when a service
    did not take it.
    """
    services = [_service(number, address) for number, address in enumerate(addresses, start=1)]
    failed = [number for number, service in enumerate(services, start=1) if not service.notify(body=text, title=title)]
    if failed:
        listed = ", ".join(str(number) for number in failed)
        raise StoreError(
            f"the notice was not taken by address {listed} of {len(services)}",
            "see what the service says, or try later",
        )
    return len(services)


def _service(number: int, address: str) -> Any:
    try:
        import apprise  # noqa: PLC0415 - an extra
    except ImportError:
        raise MissingExtraError("a notice", "notify") from None
    service = apprise.Apprise()
    if not service.add(address):
        raise UsageError(f"address {number} is none that apprise knows", "like json://example.com/hook or mailto://…")
    return service
