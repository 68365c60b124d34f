"""The commands. Each module in `commands/` holds one: it parses, calls a step, and renders; the work is the step's."""

from __future__ import annotations

import keyword
import pkgutil
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import click

from afterbell import __version__

FLOW = (
    "demo",
    "init",
    "ingest",
    "traces",
    "show",
    "triggers",
    "scan",
    "explain",
    "draft",
    "meet",
    "lint",
    "append",
    "amend",
    "complete",
    "seal",
    "verify",
    "log",
    "search",
    "similar",
    "stats",
    "report",
    "due",
    "check-fix",
    "review",
    "watch",
    "serve",
)


def _name(module: str) -> str:
    """Return a command's name: dashes for underscores; `import_` is `import`, which no module may be called."""
    return module.rstrip("_").replace("_", "-")


class _Commands(click.Group):
    """Finds commands on the shelf and imports only the one that is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        commands = import_module("afterbell.cli.commands")
        found = {_name(module.name) for module in pkgutil.iter_modules(commands.__path__)}
        return sorted(found, key=lambda name: (FLOW.index(name) if name in FLOW else len(FLOW), name))

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in self.list_commands(ctx):
            return None
        module = name.replace("-", "_") + "_" * keyword.iskeyword(name)
        command = import_module(f"afterbell.cli.commands.{module}").command
        return command if isinstance(command, click.Command) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        from difflib import get_close_matches

        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            near: Sequence[str] = get_close_matches(args[0], self.list_commands(ctx), n=1)
            if not near:
                raise
            raise click.UsageError(f"{error.message} Did you mean {near[0]}?", ctx) from None


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--house",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    help="The house to work in (default: the working directory or the nearest parent that is one).",
)
@click.version_option(__version__, message="afterbell %(version)s")
@click.pass_context
def afterbell(ctx: click.Context, house: Path | None) -> None:
    """Postmortems for LLM trading agents.

    ingest -> triggers -> scan -> draft -> lint -> append -> seal -> verify -> search. Start with: afterbell demo
    """
    ctx.obj = house
