"""The page's edits.js against the server's rules: the same answers, and any interleaving with real authors converges."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afterbell.model.edits import applied, edited, rebased, transformed

SCRIPT = Path(__file__).parents[2] / "src/afterbell/web/static/edits.js"
DRIVER = Path(__file__).with_name("authors.mjs")
KEYS = ("summary", "prevention")
CHOICE = "root_cause"
TEXT = st.text(st.sampled_from("ab\U0001f514é\n"), max_size=5)


class Authors:
    """A node process that holds browsers' copies."""

    def __init__(self, node: str) -> None:
        self._node = subprocess.Popen(
            [node, str(DRIVER), str(SCRIPT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __call__(self, do: str, **command: Any) -> Any:
        assert self._node.stdin
        assert self._node.stdout
        self._node.stdin.write(json.dumps({"do": do, **command}) + "\n")
        self._node.stdin.flush()
        return json.loads(self._node.stdout.readline())

    def end(self) -> None:
        self._node.communicate()


@pytest.fixture(scope="module")
def authors() -> Iterator[Authors]:
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node here: the browser tests run the script too")
    made = Authors(node)
    yield made
    made.end()


@st.composite
def edits(draw, text):
    steps, at = [], 0
    while at < len(text):
        steps.append(draw(TEXT))
        length = draw(st.integers(1, len(text) - at))
        steps.append(length if draw(st.booleans()) else -length)
        at += length
    return [step for step in (*steps, draw(TEXT)) if step != ""]


@given(data=st.data())
def test_both_sides_transform_alike(authors, data):
    text = data.draw(TEXT)
    first, second = data.draw(edits(text)), data.draw(edits(text))
    ours = [list(each) for each in transformed(tuple(first), tuple(second))]
    assert authors("transform", first=first, second=second) == ours
    assert authors("edit", text=text, edit=first) == edited(text, tuple(first))


@given(TEXT, TEXT)
def test_a_difference_leads_from_one_text_to_the_other(authors, before, after):
    edit = authors("difference", before=before, after=after)
    assert (edit is None) == (before == after)
    if edit is not None:
        assert edited(before, tuple(edit)) == after


@pytest.mark.parametrize(
    ("place", "edit", "now"),
    [(2, [1, "xx", 3], 4), (2, [2, "xx", 2], 2), (2, [-3, 1], 0), (2, [3, -1], 2), (3, ["\U0001f514", -2, 2], 2)],
)
def test_a_caret_moves_with_its_text(authors, place, edit, now):
    assert authors("moved", place=place, edit=edit) == now


@settings(max_examples=200)
@given(data=st.data())
def test_any_interleaving_of_real_authors_converges_and_loses_nothing(authors, data):
    """Authors type, send, hear, send again what may have been lost, and end and come back, in any order."""
    names = [f"browser {number}" for number in range(data.draw(st.integers(2, 3)))]
    letters = (chr(0x4E00 + number) for number in count())
    start = {"summary": "", "prevention": "", CHOICE: ""}
    authors("begin", names=names, sheet=start)
    order: list[dict[str, Any]] = []
    inserted: set[str] = set()
    removed: set[str] = set()

    def sheet():
        now = dict(start)
        for batch in order:
            now = applied(now, _changes(batch["changes"]))
        return now

    def type_(who):
        key = data.draw(st.sampled_from(KEYS))
        text = authors("look", who=who)["sheet"][key]
        at = data.draw(st.integers(0, len(text)))
        cut = data.draw(st.integers(0, min(3, len(text) - at)))
        new = "".join(next(letters) for _ in range(data.draw(st.integers(0, 3))))
        inserted.update(new)
        removed.update(text[at : at + cut])
        authors("type", who=who, key=key, at=at, cut=cut, text=new)

    def choose(who):
        authors("choose", who=who, key=CHOICE, value=data.draw(st.sampled_from(["cost", "security", ""])))

    def send(who):
        batch = authors("next", who=who)
        if batch and not any((each["author"], each["count"]) == (who, batch["count"]) for each in order):
            over = [_changes(each["changes"]) for each in order[batch["base"] :]]
            changes = rebased(_changes(batch["changes"]), over)
            order.append({"seq": len(order) + 1, "author": who, "count": batch["count"], "changes": changes})

    def hear(who):
        base = authors("look", who=who)["base"]
        if base < len(order):
            authors("receive", who=who, batch=order[base])

    def die(who):
        base = authors("look", who=who)["base"]
        authors("die", who=who, seq=len(order), sheet=sheet(), batches=order[base:])

    for _ in range(data.draw(st.integers(1, 25))):
        data.draw(st.sampled_from([type_, choose, send, hear, die]))(data.draw(st.sampled_from(names)))
    while not all((seen := authors("look", who=who))["settled"] and seen["base"] == len(order) for who in names):
        for who in names:
            send(who)
            hear(who)

    for who in names:
        assert authors("look", who=who)["sheet"] == sheet()
    assert sorted(letter for key in KEYS for letter in sheet()[key]) == sorted(inserted - removed)


def _changes(given):
    return {key: change if isinstance(change, str) else tuple(change) for key, change in given.items()}
