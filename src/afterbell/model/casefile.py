"""The `CaseFile`: everything a detector may look at, gathered before it is called; and what a detector may need.

A detector never fetches. What is not in its case file was not there, and the answer then is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from msgspec import Struct

from afterbell.model.books import Books
from afterbell.model.policy import Limits, Policy
from afterbell.model.run import Trace
from afterbell.model.surroundings import Surroundings


class Need(StrEnum):
    """Evidence without which a question cannot be asked of a trace at all (finer lacks are the detector's to name)."""

    SPANS = "spans"
    MODEL_CALLS = "model calls"
    PROMPT_TEXT = "prompt text"


class Writer(Struct, frozen=True, kw_only=True):
    """The run that wrote what another read from a cache or memory, as its own scan and the log have it.

    `bad` are the slugs of modes answered yes and "security postmortem"; `unsure` those answered unknown, and what
    of its content was not captured. `here` is False for a run that the house does not hold. `records` are the ids of
    the records read that this run was the last to write.
    """

    trace_id: str
    here: bool = True
    bad: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    records: tuple[str, ...] = ()


class CaseFile(Struct, frozen=True, kw_only=True):
    """A trace with its kin (other traces of the idea, the batch or the window), the books and the policy.

    `knobs` are the asking mode's KNOBS with the policy's values laid over them; the catalog fills them in.
    `writers` are, by span id of a read of a cache or memory, the runs that wrote what was read; `around` is what the
    traces say that are not loaded.
    """

    trace: Trace
    kin: tuple[Trace, ...] = ()
    books: Books = Books()
    policy: Policy = Policy()
    knobs: Mapping[str, Any] = {}
    writers: Mapping[str, tuple[Writer, ...]] = {}
    around: Surroundings = Surroundings()

    @property
    def limits(self) -> Limits:
        """The limits of the trace's strategy."""
        ids = self.trace.strategy_ids
        return self.policy.of(ids[0] if ids else "")

    @property
    def runs(self) -> tuple[Trace, ...]:
        """The trace itself and then its kin."""
        return (self.trace, *self.kin)
