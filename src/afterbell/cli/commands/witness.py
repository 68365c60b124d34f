"""afterbell witness: cosigns heads of other logs."""

from __future__ import annotations

from pathlib import Path

import click

from afterbell.cli import output

_name = click.option("--name", required=True, help="The witness's name, like witness.example.com/desk.")
_logs = click.option(
    "--log", "logs", multiple=True, required=True, metavar="VKEY", help="The public key of a log to watch."
)
_state = click.option(
    "--state",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Where it remembers what it cosigned; keep it for ever.",
)


@click.group()
def command() -> None:
    """Cosign heads of other logs that extend what was cosigned before; or ask a witness to cosign ours."""


@command.command()
@_name
@_logs
@_state
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=int, default=8777, show_default=True)
def serve(name: str, logs: tuple[str, ...], state: Path, host: str, port: int) -> None:
    """Answer POST /add-checkpoint (C2SP tlog-witness) until interrupted."""
    from afterbell.steps import witness as step

    own = step.Witness(name, logs, state)
    with step.server(own, host, port, output.warn) as server:
        output.say(str(own.key.verifier))
        output.say(f"listening on {host}:{server.server_address[1]}")
        server.serve_forever()


@command.command()
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
@_name
@_logs
@_state
def cosign(directory: Path, name: str, logs: tuple[str, ...], state: Path) -> None:
    """Cosign the head of the log checked out in DIRECTORY (a house): for a CI job in a second repository."""
    from afterbell.disk.house import House
    from afterbell.steps import witness as step

    own = step.Witness(name, logs, state)
    output.say(own.cosign(House(directory)))


@command.command()
@click.argument("url")
@output.json_option
@click.pass_context
def ask(ctx: click.Context, url: str, as_json: bool) -> None:
    """Ask the witness at URL to cosign our head, and keep its signature in the checkpoint."""
    from afterbell.steps import witness as step

    done = step.ask(output.the_house(ctx), url)
    if as_json:
        output.emit({"lines": done.lines})
        return
    for line in done.lines:
        output.say(line)
