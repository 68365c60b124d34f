"""Edits in a central order: whatever is typed where and whenever it arrives, all texts become the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afterbell.errors import UsageError
from afterbell.model.edits import Change, Edit, applied, edited, rebased, transformed

KEYS = ("summary", "prevention")
CHOICE = "root_cause"
SMALL = st.text(st.sampled_from("ab\U0001f514é"), max_size=4)


@st.composite
def edits(draw: st.DrawFn, text: str, inserted: st.SearchStrategy[str] = SMALL) -> Edit:
    steps: list[int | str] = []
    at = 0
    while at < len(text):
        steps.append(draw(inserted))
        length = draw(st.integers(1, len(text) - at))
        steps.append(length if draw(st.booleans()) else -length)
        at += length
    steps.append(draw(inserted))
    return tuple(step for step in steps if step != "")


@given(st.data())
def test_both_orders_give_the_same_text(data: st.DataObject) -> None:
    text = data.draw(SMALL)
    first, second = data.draw(edits(text)), data.draw(edits(text))
    after_second, after_first = transformed(first, second)
    assert edited(edited(text, first), after_first) == edited(edited(text, second), after_second)


def test_what_is_inserted_into_a_stretch_that_another_removes_stays() -> None:
    removes, inserts = (1, -4, 1), (3, "NEW", 3)
    _, later = transformed(removes, inserts)
    assert edited(edited("abcdef", removes), later) == "aNEWf"
    _, later = transformed(inserts, removes)
    assert edited(edited("abcdef", inserts), later) == "aNEWf"


def test_of_two_texts_at_one_place_the_one_in_order_first_stands_first() -> None:
    _, later = transformed(("one ",), ("two",))
    assert edited(edited("", ("one ",)), later) == "one two"


def test_a_value_set_later_holds() -> None:
    assert rebased({CHOICE: "cost"}, [{CHOICE: "security"}]) == {CHOICE: "cost"}


@pytest.mark.parametrize("edit", [(3,), (1,), (-5,), ("x",), ()])
def test_an_edit_of_another_length_is_refused(edit: Edit) -> None:
    with pytest.raises(UsageError):
        edited("ab", edit)


@pytest.mark.parametrize(("ours", "theirs"), [((2,), (3,)), ((2, "x"), ()), ("set", (1,)), ((1,), "set")])
def test_changes_that_are_of_different_texts_are_refused(ours: Change, theirs: Change) -> None:
    with pytest.raises(UsageError):
        rebased({"key": ours}, [{"key": theirs}])


STEPS = st.lists(st.integers(-6, 6) | st.integers() | SMALL, max_size=6).map(tuple)


@given(SMALL, STEPS, STEPS)
def test_whatever_is_sent_either_fits_or_is_refused(text: str, sent: Edit, other: Edit) -> None:
    try:
        over = edited(text, other)
        later = rebased({"key": sent}, [{"key": other}])["key"]
        assert isinstance(later, tuple)
        edited(text, sent)
    except UsageError:
        return
    edited(over, later)


class Author:
    """One browser: what it shows, what is under way to the server, and what waits behind that."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.shows: dict[str, str] = {}
        self.base = 0
        self.waiting: list[dict[str, Change]] = []
        self.under_way = False

    def change(self, changes: Mapping[str, Change]) -> None:
        self.shows = applied(self.shows, changes)
        self.waiting.append(dict(changes))

    def receive(self, author: str, changes: Mapping[str, Change]) -> None:
        self.base += 1
        if author == self.name:
            self.waiting.pop(0)
            self.under_way = False
            return
        incoming = dict(changes)
        for place, ours in enumerate(self.waiting):
            for key in incoming.keys() & ours.keys():
                theirs, own = incoming[key], ours[key]
                if isinstance(theirs, str) or isinstance(own, str):
                    del incoming[key]
                else:
                    incoming[key], self.waiting[place][key] = transformed(theirs, own)
        self.shows = applied(self.shows, incoming)


def _letters() -> Iterator[str]:
    return (chr(0x4E00 + number) for number in count())


@settings(max_examples=300)
@given(st.data())
def test_any_interleaving_converges_and_loses_nothing(data: st.DataObject) -> None:
    """Each inserted character is its own, so that it can be told which are there and which somebody removed."""
    letters = _letters()
    inserted: set[str] = set()
    removed: set[str] = set()
    authors = [Author(f"browser {number}") for number in range(data.draw(st.integers(2, 3)))]
    order: list[tuple[str, dict[str, Change]]] = []

    def type_(author: Author) -> None:
        if data.draw(st.booleans(), "a choice"):
            author.change({CHOICE: data.draw(st.sampled_from(["cost", "security", ""]))})
            return
        key = data.draw(st.sampled_from(KEYS))
        text = author.shows.get(key, "")
        at = data.draw(st.integers(0, len(text)))
        cut = data.draw(st.integers(0, min(3, len(text) - at)))
        new = "".join(next(letters) for _ in range(data.draw(st.integers(0, 3))))
        inserted.update(new)
        removed.update(text[at : at + cut])
        edit = tuple(step for step in (at, -cut, new, len(text) - at - cut) if step)
        author.change({key: edit})

    def send(author: Author) -> None:
        if author.waiting and not author.under_way:
            author.under_way = True
            over = [changes for _name, changes in order[author.base :]]
            order.append((author.name, rebased(author.waiting[0], over)))

    def hear(author: Author) -> None:
        if author.base < len(order):
            author.receive(*order[author.base])

    for _ in range(data.draw(st.integers(1, 25))):
        data.draw(st.sampled_from([type_, send, hear]))(data.draw(st.sampled_from(authors)))
    while any(author.waiting or author.base < len(order) for author in authors):
        for author in authors:
            send(author)
            hear(author)

    document: dict[str, str] = {}
    for _name, changes in order:
        document = applied(document, changes)
    for author in authors:
        assert {key: text for key, text in author.shows.items() if text} == {
            key: text for key, text in document.items() if text
        }
    there = [letter for key in KEYS for letter in document.get(key, "")]
    assert sorted(there) == sorted(inserted - removed)
