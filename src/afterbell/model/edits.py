"""Edits of a shared document: a flat map from key to text that several people change at once, in one order.

A change of a key is an edit of its text (kept, removed and inserted stretches) or a new value that is set whole. One
server puts the changes in order and rebases each over those that its author had not seen; authors do the same with
what is not in order yet, so that all texts become the same and no inserted character is lost unless it is removed.

It knows no meeting and no transport. Positions count code points. Source: operational transformation with a central
order, as in Nichols et al., "High-Latency, Low-Bandwidth Windowing in the Jupiter Collaboration System" (1995).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from afterbell.errors import UsageError

Step = int | str
Edit = tuple[Step, ...]
"""Steps over the whole of a text: a positive number keeps so many characters, a negative one removes, text inserts."""
Change = str | Edit
"""A new value, or an edit."""
Changes = Mapping[str, Change]


def applied(document: Mapping[str, str], changes: Changes) -> dict[str, str]:
    """Return the document after the changes; a key that is not there holds no text.

    Raises UsageError for an edit that is of another length than its text.
    """
    after = dict(document)
    for key, change in changes.items():
        after[key] = change if isinstance(change, str) else edited(after.get(key, ""), change)
    return after


def rebased(changes: Changes, over: Iterable[Changes]) -> dict[str, Change]:
    """Return changes as they read after others that were put in order before them, the earliest first.

    A value that is set stays: of two, the one that comes later holds. Raises UsageError for edits that do not fit.
    """
    later = dict(changes)
    for others in over:
        for key in later.keys() & others.keys():
            ours, theirs = later[key], others[key]
            if isinstance(ours, str) != isinstance(theirs, str):
                raise _unfit()
            if not isinstance(ours, str) and not isinstance(theirs, str):
                later[key] = transformed(theirs, ours)[1]
    return later


def edited(text: str, edit: Edit) -> str:
    """Return a text after an edit. Raises UsageError when the edit is of a text of another length."""
    pieces, at = [], 0
    for step in edit:
        if isinstance(step, str):
            pieces.append(step)
            continue
        end = at + abs(step)
        if step > 0:
            pieces.append(text[at:end])
        at = end
    if at != len(text):
        raise _unfit()
    return "".join(pieces)


def transformed(first: Edit, second: Edit) -> tuple[Edit, Edit]:
    """Return (first as it reads after second, second as it reads after first), both of the same text.

    Where both insert at one place, the text of `first` stands before that of `second`. Applying first and then the
    new second gives the same text as second and then the new first. Raises UsageError for edits of unequal lengths.
    """
    one, two = _Steps(first), _Steps(second)
    new_first, new_second = _Written(), _Written()
    while not (one.done and two.done):
        ours, theirs = one.next, two.next
        if isinstance(ours, str):
            new_first.add(ours)
            new_second.add(len(ours))
            one.take()
        elif isinstance(theirs, str):
            new_first.add(len(theirs))
            new_second.add(theirs)
            two.take()
        else:
            if not ours or not theirs:
                raise _unfit()
            count = min(abs(ours), abs(theirs))
            if theirs > 0:
                new_first.add(count if ours > 0 else -count)
            if ours > 0:
                new_second.add(count if theirs > 0 else -count)
            one.take(count)
            two.take(count)
    return new_first.edit, new_second.edit


class _Steps:
    """The steps of an edit, taken from the front, numbers also in part."""

    def __init__(self, edit: Edit) -> None:
        self._left = [step for step in reversed(edit) if step not in (0, "")]

    @property
    def done(self) -> bool:
        return not self._left

    @property
    def next(self) -> Step:
        """The step in front, 0 when none is left."""
        return self._left[-1] if self._left else 0

    def take(self, count: int = 0) -> None:
        """Take so many characters of a number, or all of a text."""
        step = self._left.pop()
        if isinstance(step, int) and abs(step) > count:
            self._left.append(step - count if step > 0 else step + count)


class _Written:
    """An edit that is being written, with like steps joined."""

    def __init__(self) -> None:
        self._steps: list[Step] = []

    def add(self, step: Step) -> None:
        if self._steps:
            match self._steps[-1], step:
                case (str(last), str(text)):
                    self._steps[-1] = last + text
                    return
                case (int(last), int(number)) if (last > 0) == (number > 0):
                    self._steps[-1] = last + number
                    return
        self._steps.append(step)

    @property
    def edit(self) -> Edit:
        return tuple(self._steps)


def _unfit() -> UsageError:
    return UsageError("an edit does not fit its text", "load the meeting again")
