"""A visitor who has a keyboard and nothing else."""

from __future__ import annotations

from typing import Any

_MOST = 400
_AT = "what => document.activeElement !== null && document.activeElement.matches(what)"


class Keyboard:
    """Presses keys on a page; where the focus is, is the only thing it asks for."""

    def __init__(self, page: Any, most: int = _MOST) -> None:
        """`most` is how often a key is pressed before what it is to reach counts as out of reach."""
        self.page, self.most = page, most

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def enter(self) -> None:
        """Press what has the focus, and wait for the page that it leads to."""
        with self.page.expect_navigation():
            self.press("Enter")

    def to(self, what: str, *, key: str = "Tab") -> None:
        """Go on with a key until the focus is on what a selector names."""
        for _each in range(self.most):
            if self.page.evaluate(_AT, what):
                return
            self.page.keyboard.press(key)
        raise AssertionError(f"{what} cannot be reached with {key} on {self.page.url}")

    def part(self, name: str) -> None:
        """Go from field to field until one of the agenda is shown."""
        self.press("Escape")
        for _each in range(12):
            if self.page.evaluate("name => !document.getElementById(`part-${name}`).hidden", name):
                return
            self.press("Alt+ArrowDown")
        raise AssertionError(f"the field {name} cannot be reached")

    def write(self, text: str) -> None:
        """Write in the text that has the focus, in place of what is there."""
        self.press("Control+a")
        self.type(text)
