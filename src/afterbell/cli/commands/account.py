"""afterbell account: local accounts, with which a team signs in to the pages."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from afterbell.cli import output, serving
from afterbell.errors import AfterbellError

if TYPE_CHECKING:
    from afterbell.model.access import Role
    from afterbell.steps.access import Access
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
    with _changing(ctx, state_url, name=name, role=role) as accounts:
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

    with _opened(ctx, state_url) as (accounts, _audit):
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
    with _changing(ctx, state_url, name=name, role=role) as accounts:
        accounts.set_role(name, _role(role))
    output.say(f"{name} may sign in as {role}; its sessions have ended")


@command.command()
@click.argument("name")
@serving.state_option
@click.pass_context
def password(ctx: click.Context, name: str, state_url: str) -> None:
    """Give an account another password; its sessions end."""
    with _changing(ctx, state_url, name=name) as accounts:
        accounts.set_password(name, _password(name))
    output.say(f"{name} has another password; its sessions have ended")


@command.command()
@click.argument("name")
@serving.state_option
@click.pass_context
def remove(ctx: click.Context, name: str, state_url: str) -> None:
    """Remove an account; its sessions end."""
    with _changing(ctx, state_url, name=name) as accounts:
        accounts.remove(name)
    output.say(f"{name} is removed; its sessions have ended")


@contextmanager
def _opened(ctx: click.Context, state_url: str) -> Iterator[tuple[Accounts, Access]]:
    """Lend the house's accounts, and its audit."""
    with serving.needed("local accounts"):
        from afterbell.disk.state import state
        from afterbell.steps.access import Access
        from afterbell.steps.accounts import Accounts

    kept = state(output.the_house(ctx), state_url)
    try:
        yield Accounts(kept), Access(kept)
    finally:
        kept.close()


@contextmanager
def _changing(ctx: click.Context, state_url: str, **about: str) -> Iterator[Accounts]:
    """Lend the house's accounts for a change, which is kept in the audit before it is made, and then how it ended."""
    from afterbell.model.access import SHELL

    with _opened(ctx, state_url) as (accounts, access):
        number = access.note(SHELL, f"account {ctx.info_name}", about)
        try:
            yield accounts
        except AfterbellError:
            access.answered(number, about, _REFUSED)
            raise
        access.answered(number, about, _DONE)


def _role(name: str) -> Role:
    from afterbell.model.access import Role

    return Role[name.upper()]


def _password(name: str) -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    asked: str = click.prompt(f"password for {name}", hide_input=True, confirmation_prompt=True)
    return asked
