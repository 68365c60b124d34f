"""What the commands that serve have in common: where they listen, and how they open the pages."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import click

from afterbell.cli import output
from afterbell.errors import MissingExtraError

if TYPE_CHECKING:
    from afterbell.disk.house import House
    from afterbell.web.visit import Rooms

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})

host_option = click.option(
    "--host", default="127.0.0.1", show_default=True, help="Where to listen; only this machine by default."
)
state_option = click.option(
    "--state", "state_url", default="", metavar="URL", envvar="AFTERBELL_STATE",
    help="Where the pages keep their state: postgresql://...; in the house's store by default.",
)  # fmt: skip


def port_option(default: int) -> Callable[[Any], Any]:
    """Return the option of a port."""
    return click.option(
        "--port", type=click.IntRange(0, 65535), default=default, show_default=True, help="0 = any free one."
    )


@contextmanager
def needed(feature: str) -> Iterator[None]:
    """Say in one line that the extra is missing, where an import of it fails."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name is not None and error.name.startswith("afterbell"):
            raise
        raise MissingExtraError(feature, "serve") from None


@contextmanager
def rooms(house: House, host: str, state_url: str) -> Iterator[Rooms]:
    """Lend the rooms of a house's pages, and close their state afterwards."""
    with needed("the pages"):
        from afterbell.disk.state import state
        from afterbell.web.visit import Rooms
    kept = state(house, state_url)
    try:
        yield Rooms(house, kept, _LOOPBACK if place(host) in _LOOPBACK else None)
    finally:
        kept.close()


def invite(rooms: Rooms, address: str, to: str = "/") -> None:
    """Print the link that lets one browser in, as a facilitator."""
    from afterbell.model.access import Role

    then = "" if to == "/" else f"&to={quote(to)}"
    output.say(f"open {address}/enter?token={rooms.access.link(Role.FACILITATOR)}{then}")
    sys.stdout.flush()


def place(host: str) -> str:
    """Return a host as it stands in an address."""
    return f"[{host}]" if ":" in host else host
