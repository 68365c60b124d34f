"""afterbell serve: the live door."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import click

from afterbell.cli import output
from afterbell.errors import MissingExtraError


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen; only this machine by default.")
@click.option("--port", type=click.IntRange(0, 65535), default=4318, show_default=True, help="0 = any free one.")
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
@click.pass_context
def command(
    ctx: click.Context, host: str, port: int, token: str, no_token: bool, every: float, in_memory: int,
    on_disk: int,
) -> None:  # fmt: skip
    """Take in traces and logs as they happen: OTLP over HTTP (protobuf and JSON), into this house's store.

    What is answered with 200 is on the disk. `afterbell watch` beside it says the events. Needs the 'serve' extra.
    """
    try:
        from afterbell.web import door as web
        from afterbell.web import server
    except ModuleNotFoundError as error:
        if error.name is not None and error.name.startswith("afterbell"):
            raise
        raise MissingExtraError("the live door", "serve") from None
    from afterbell.disk import door_keys
    from afterbell.steps import serve as step

    house = output.the_house(ctx, must_exist=False)
    shown = step.token_of(house, host, token, none=no_token)
    limits = step.Limits(in_memory=in_memory * step.MIB, on_disk=on_disk * step.MIB, every=every)
    door = step.Door(house, limits, output.warn)
    with server.bind(host, port) as listening:
        address = f"http://{_place(host)}:{listening.getsockname()[1]}"
        kept = door_keys.place(house.root) if shown and not token else None
        server.run(web.app(door, shown), door.open(), listening, lambda: _say(address, kept))


def _say(address: str, token: Path | None) -> None:
    """Print what a sender's environment needs; the token itself is not shown."""
    output.say(f"export OTEL_EXPORTER_OTLP_ENDPOINT={address}")
    if token is not None:
        output.say(f'export OTEL_EXPORTER_OTLP_HEADERS="authorization=Bearer%20$(cat {shlex.quote(str(token))})"')
    sys.stdout.flush()


def _place(host: str) -> str:
    return f"[{host}]" if ":" in host else host
