"""What the commands that serve have in common: where they listen, and how they open the pages."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

import click

from afterbell.cli import output
from afterbell.errors import MissingExtraError

if TYPE_CHECKING:
    from afterbell.disk.house import House
    from afterbell.model.sso import Settings
    from afterbell.steps.sso import Provider
    from afterbell.web.visit import Rooms

host_option = click.option(
    "--host", default="127.0.0.1", show_default=True, help="Where to listen; only this machine by default."
)
state_option = click.option(
    "--state", "state_url", default="", metavar="URL", envvar="AFTERBELL_STATE",
    help="Where the pages keep their state: postgresql://...; in the house's store by default.",
)  # fmt: skip


_host_names = click.option(
    "--host-name", "host_names", multiple=True, metavar="NAME",
    help="A name under which the pages may be asked for, such as that of a proxy in front. May be given several times.",
)  # fmt: skip
_proxy = click.option(
    "--behind-proxy", "proxy", default="", metavar="ADDRESS",
    help="Where a TLS proxy asks from: what it says in X-Forwarded-Proto and X-Forwarded-For is believed.",
)  # fmt: skip


class Front(NamedTuple):
    """What stands in front of the pages: the names they have there, and where the proxy asks from."""

    host_names: tuple[str, ...]
    proxy: str

    def address(self, host: str, port: int) -> str:
        """Return where browsers ask: the first name of the proxy, or where we listen."""
        return f"https://{self.host_names[0]}" if self.proxy and self.host_names else f"http://{place(host)}:{port}"


def front_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of a proxy in front, as its `front`."""

    @wraps(command)
    def wrapped(*given: Any, host_names: tuple[str, ...], proxy: str, **named: Any) -> None:
        command(*given, front=Front(host_names, proxy), **named)

    return _host_names(_proxy(wrapped))


def port_option(default: int) -> Callable[[Any], Any]:
    """Return the option of a port."""
    return click.option(
        "--port", type=click.IntRange(0, 65535), default=default, show_default=True, help="0 = any free one."
    )


@contextmanager
def needed(feature: str, extra: str = "serve") -> Iterator[None]:
    """Say in one line that the extra is missing, where an import of it fails."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name is not None and error.name.startswith("afterbell"):
            raise
        raise MissingExtraError(feature, extra) from None


@contextmanager
def rooms(house: House, host: str, state_url: str, host_names: Sequence[str] = ()) -> Iterator[Rooms]:
    """Lend the rooms of a house's pages, and close their state afterwards.

    They are asked for under numbers, `localhost`, `host`, or one of `host_names`.
    """
    with needed("the pages"):
        from afterbell.disk.state import state
        from afterbell.web.visit import Rooms
    from afterbell.model.sso import settings

    said = settings(house.policy())
    kept = state(house, state_url)
    provider = _provider(said) if said else None
    try:
        yield Rooms(house, kept, frozenset({"localhost", host.lower(), *map(str.lower, host_names)}), provider)
    finally:
        kept.close()
        if provider:
            provider.close()


def _provider(said: Settings) -> Provider:
    from afterbell.model.sso import SECRET

    with needed("signing in with a provider", "sso"):
        from afterbell.steps.sso import Provider
    return Provider(said, os.environ.get(SECRET, ""))


def invite(rooms: Rooms, address: str, to: str = "/") -> None:
    """Print the link that lets one browser in, as a facilitator."""
    from afterbell.model.access import Role

    then = "" if to == "/" else f"&to={quote(to)}"
    output.say(f"open {address}/enter?token={rooms.access.link(Role.FACILITATOR)}{then}")
    sys.stdout.flush()


def place(host: str) -> str:
    """Return a host as it stands in an address."""
    return f"[{host}]" if ":" in host else host
