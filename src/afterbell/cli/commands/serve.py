"""afterbell serve: the pages, and the live door."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import click

from afterbell.cli import output, serving


@click.command()
@serving.host_option
@serving.port_option(4318)
@click.option(
    "--token", default="", metavar="TEXT", envvar="AFTERBELL_TOKEN",
    help="What senders show as 'authorization: Bearer TEXT'; better given by AFTERBELL_TOKEN. Without it, one is made.",
)  # fmt: skip
@click.option("--no-token", is_flag=True, help="Let everybody on this machine send; refused for other hosts.")
@click.option(
    "--every", type=click.FloatRange(min=0.05), default=5, show_default=True,
    help="Seconds between taking in what was acknowledged.",
)  # fmt: skip
@click.option(
    "--in-memory", type=click.IntRange(32), default=64, show_default=True, metavar="MIB",
    help="What may wait to be written; beyond it senders are told to wait.",
)  # fmt: skip
@click.option(
    "--on-disk", type=click.IntRange(1), default=1024, show_default=True, metavar="MIB",
    help="What may wait to be taken in; beyond it senders are told to wait.",
)  # fmt: skip
@serving.state_option
@serving.front_options
@click.option("--no-link", is_flag=True, help="Print no link to come in by: what is printed may end in a journal.")
@click.pass_context
def command(
    ctx: click.Context, /, host: str, port: int, token: str, no_token: bool, state_url: str,
    front: serving.Front, no_link: bool, **limits: float,
) -> None:  # fmt: skip
    """Serve the pages, and take in traces and logs as they happen: OTLP over HTTP (protobuf and JSON).

    The link that is printed lets one browser in. What senders are answered with 200 is on the disk. `afterbell watch`
    beside it says the events. Needs the 'serve' extra.
    """
    with serving.needed("the pages and the live door"):
        from afterbell.web import door as web
        from afterbell.web import rooms, server
    from afterbell.disk import door_keys
    from afterbell.steps import serve as step

    house = output.the_house(ctx, must_exist=False)
    shown = step.token_of(house, host, token, none=no_token)
    sizes = {name: round(limits[name]) * step.MIB for name in ("in_memory", "on_disk")}
    door = step.Door(house, step.Limits(every=limits["every"], **sizes), output.warn)
    with serving.rooms(house, host, state_url, front.host_names) as pages, server.bind(host, port) as listening:
        port = listening.getsockname()[1]
        address = f"http://{serving.place(host)}:{port}"
        kept = door_keys.place(house.root) if shown and not token else None

        def ready() -> None:
            _say(address, kept)
            if not no_link:
                serving.invite(pages, front.address(host, port))

        server.run(
            [*web.routes(door, shown, pages.hosts), *rooms.routes(pages)], door.open(), listening, ready, pages.end,
            front.proxy,
        )  # fmt: skip


def _say(address: str, token: Path | None) -> None:
    """Print what a sender's environment needs; the token itself is not shown."""
    output.say(f"export OTEL_EXPORTER_OTLP_ENDPOINT={address}")
    if token is not None:
        output.say(f'export OTEL_EXPORTER_OTLP_HEADERS="authorization=Bearer%20$(cat {shlex.quote(str(token))})"')
    sys.stdout.flush()
