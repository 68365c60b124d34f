"""afterbell account: local accounts, with which a team signs in to the pages."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from afterbell.cli import output, serving
from afterbell.errors import AfterbellError

if TYPE_CHECKING:
    from afterbell.model.access import Role
    from afterbell.steps.accounts import Accounts

_DONE, _REFUSED = 200, 400
_ROLES = ("reader", "operator", "facilitator")
role_option = click.option("--role", type=click.Choice(_ROLES), required=True, help="What the account may do.")


@click.group()
def command() -> None:
    """Look after local accounts: who signs in to the pages with a name and a password, and what they may do.

    A password is asked for, or read from the first line of stdin; it is never an argument. Needs the 'serve' extra.
    """


@command.command()
@click.argument("name")
@role_option
@serving.state_option
@click.pass_context
def add(ctx: click.Context, name: str, role: str, state_url: str) -> None:
    """Add an account."""
    with _accounts(ctx, state_url, "account add", {"name": name, "role": role}) as accounts:
        accounts.add(name, _role(role), _password(name))
    output.say(f"{name} may sign in as {role}")


@command.command("list")
@output.json_option
@serving.state_option
@click.pass_context
def list_(ctx: click.Context, state_url: str, as_json: bool) -> None:
    """List the accounts."""
    from datetime import UTC, datetime

    from afterbell.model.access import Role

    with _accounts(ctx, state_url) as accounts:
        found = accounts.all()
    rows = [(each.name, Role(each.role).name.lower(), datetime.fromtimestamp(each.since, UTC)) for each in found]
    if as_json:
        for name, role, since in rows:
            output.emit({"name": name, "role": role, "since": since})
        return
    output.table("", ("=name", "role", "since"), [(name, role, f"{since:%Y-%m-%d}") for name, role, since in rows])


@command.command()
@click.argument("name")
@role_option
@serving.state_option
@click.pass_context
def role(ctx: click.Context, name: str, role: str, state_url: str) -> None:
    """Give an account another role; its sessions end."""
    with _accounts(ctx, state_url, "account role", {"name": name, "role": role}) as accounts:
        accounts.set_role(name, _role(role))
    output.say(f"{name} may sign in as {role}; its sessions have ended")


@command.command()
@click.argument("name")
@serving.state_option
@click.pass_context
def password(ctx: click.Context, name: str, state_url: str) -> None:
    """Give an account another password; its sessions end."""
    with _accounts(ctx, state_url, "account password", {"name": name}) as accounts:
        accounts.set_password(name, _password(name))
    output.say(f"{name} has another password; its sessions have ended")


@command.command()
@click.argument("name")
@serving.state_option
@click.pass_context
def remove(ctx: click.Context, name: str, state_url: str) -> None:
    """Remove an account; its sessions end."""
    with _accounts(ctx, state_url, "account remove", {"name": name}) as accounts:
        accounts.remove(name)
    output.say(f"{name} is removed; its sessions have ended")


@contextmanager
def _accounts(
    ctx: click.Context, state_url: str, action: str = "", about: Mapping[str, str] | None = None
) -> Iterator[Accounts]:
    """Lend the house's accounts; an action is kept in the audit before it is done, and then how it ended."""
    with serving.needed("local accounts"):
        from afterbell.disk.state import state
        from afterbell.steps.accounts import Accounts
    from afterbell.model.access import SHELL
    from afterbell.steps.access import Access

    kept = state(output.the_house(ctx), state_url)
    try:
        if not action:
            yield Accounts(kept)
            return
        access, told = Access(kept), about or {}
        number = access.note(SHELL, action, told)
        try:
            yield Accounts(kept)
        except AfterbellError:
            access.answered(number, told, _REFUSED)
            raise
        access.answered(number, told, _DONE)
    finally:
        kept.close()


def _role(name: str) -> Role:
    from afterbell.model.access import Role

    return Role[name.upper()]


def _password(name: str) -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    asked: str = click.prompt(f"password for {name}", hide_input=True, confirmation_prompt=True)
    return asked
