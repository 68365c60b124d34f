"""afterbell meet: the meeting about an event, a trace, a form or an incomplete record, in the browser."""

from __future__ import annotations

import click

from afterbell.cli import output, serving


@click.command()
@click.argument("subject", metavar="DRAFT|EVENT|TRACE|RECORD")
@serving.host_option
@serving.port_option(0)
@serving.state_option
@serving.front_options
@click.pass_context
def command(
    ctx: click.Context, subject: str, host: str, port: int, state_url: str, front: serving.Front
) -> None:  # fmt: skip
    """Open the meeting, or go on with it, and serve its page until Ctrl-C.

    DRAFT is the file of a form. The link that is printed lets one browser in, as the facilitator; the page makes links
    for the others. What was typed is kept: ending this ends no meeting. Needs the 'serve' extra.
    """
    with serving.needed("the meeting"):
        from afterbell.web import rooms, server
    from afterbell.steps import meet

    house = output.the_house(ctx)
    with serving.rooms(house, host, state_url, front.host_names) as pages, server.bind(host, port) as listening:
        opened = meet.open_subject(house, pages.state, subject)
        address = front.address(host, listening.getsockname()[1])

        def ready() -> None:
            serving.invite(pages, address, f"/meetings/{opened.id}")

        server.run(rooms.routes(pages), server.nothing(), listening, ready, pages.end, front.proxy)
