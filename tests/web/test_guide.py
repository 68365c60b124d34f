"""The page on live traces says what the door and the helper do."""

from __future__ import annotations

import re
from pathlib import Path

from afterbell import record
from afterbell.cli.commands import serve
from afterbell.render.write_back import Place

PAGE = (Path(__file__).parents[2] / "docs" / "guide" / "live.md").read_text(encoding="utf-8")


def test_every_function_of_the_helper_and_every_place_is_named():
    assert {name for name in record.__all__ if name != "Recorded" and f"`{name}`" not in PAGE} == set()
    assert set(re.findall(r"--for (\w+)", PAGE)) == {place.value for place in Place}


def test_every_option_that_it_names_is_there():
    known = {option for parameter in serve.command.params for option in parameter.opts}
    assert set(re.findall(r"`(--[a-z-]+)`", PAGE)) - {"--for"} <= known
