"""The values of a trace's page: the run told as steps, as a waterfall of spans, and what was found in it.

Times are nanoseconds since the Unix epoch, 0 = not stated. Texts are as recorded: whoever shows them makes them inert.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from afterbell.model.paging import Pages
from afterbell.model.scan import Evidence, ModeAnswer
from afterbell.model.vocabulary import SpanKind
from afterbell.model.wording import since


class Lane(StrEnum):
    """The lanes of the time axis; every step stands in one."""

    PROMPTS = "prompts"
    ANSWERS = "answers"
    TOOLS = "tools"
    DOCUMENTS = "documents"
    DECISIONS = "decisions"
    ORDERS = "orders"
    FILLS = "fills"
    OTHER = "other"


class Passage(Struct, frozen=True, kw_only=True):
    """One text of a step and the field it was read from. `label` says what it is.

    A text that an earlier step shows already is not repeated: `same_as` is that step's number, `text` is empty.
    """

    label: str = ""
    text: str = ""
    span_id: str = ""
    field: str = ""
    same_as: int = 0


class Step(Struct, frozen=True, kw_only=True):
    """One thing that became known in a run: a prompt was sent, an answer came, an order was filled.

    `number` counts from 1 in order of time. `repeated` counts the messages of a prompt that earlier steps show, the
    last of them in step `repeated_to`. `gone` says which content was not kept.
    """

    number: int
    lane: Lane
    at_ns: int
    span_id: str
    heading: str
    passages: tuple[Passage, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    repeated: int = 0
    repeated_to: int = 0
    gone: tuple[str, ...] = ()
    failed: bool = False


class Row(Struct, frozen=True, kw_only=True):
    """A span in the waterfall. `depth` counts from 0; `note` says what is odd about its place; `steps` are its own."""

    place: int
    span_id: str
    name: str
    depth: int
    start_ns: int
    end_ns: int
    running: bool = False
    failed: bool = False
    failure: str = ""
    tokens: str = ""
    steps: tuple[int, ...] = ()
    note: str = ""

    @property
    def took(self) -> str:
        """How long the span took, in words."""
        if self.running:
            return "still running"
        if not self.end_ns:
            return "never ended"
        return since(self.end_ns - self.start_ns) if self.start_ns else "not stated"


class Bar(Struct, frozen=True, kw_only=True):
    """Where a span is drawn: percent of the width; `before` and `after` tell that it goes on beyond the window."""

    x: float
    width: float
    before: bool = False
    after: bool = False


class Line(Struct, frozen=True, kw_only=True):
    """A row as it is shown: what kind of span it is, its bar (None without a start), and the findings in it."""

    row: Row
    kind: SpanKind
    bar: Bar | None
    findings: tuple[int, ...] = ()


class Tick(Struct, frozen=True, kw_only=True):
    """A mark of the axis: percent of the width, and the time since the run began in words."""

    x: float
    text: str


class Blip(Struct, frozen=True, kw_only=True):
    """Steps of one lane at one place of the axis: percent of the width, and how many."""

    x: float
    count: int


class Track(Struct, frozen=True, kw_only=True):
    """One lane of the axis with how many steps it holds."""

    lane: Lane
    total: int
    blips: tuple[Blip, ...]


class Field(Struct, frozen=True, kw_only=True):
    """One raw field of a span: its path in the words of evidence, and its value as text."""

    name: str
    text: str


class Place(Struct, frozen=True, kw_only=True):
    """Where an excerpt stands: in a passage of a step (its number, and the passage's from 0), or in a raw field.

    `step` is 0 for a raw field. `start` and `end` are offsets in the passage's or the field's text.
    """

    span_id: str
    field: str
    start: int
    end: int
    step: int = 0
    passage: int = 0


class Finding(Struct, frozen=True, kw_only=True):
    """One piece of evidence: whose it is (`title`, and the checklist's number or 0), and where it stands, if found.

    `number` counts from 1 on a page. `said` tells people how the place was found, or why there is none.
    """

    number: int
    mode: int
    title: str
    evidence: Evidence
    place: Place | None
    said: str


class Piece(Struct, frozen=True, kw_only=True):
    """A stretch of a shown text: plain, marked by findings, or (`left_out` > 0) so many characters not shown.

    `begins` are the findings of which this is the first piece.
    """

    text: str = ""
    findings: tuple[int, ...] = ()
    begins: tuple[int, ...] = ()
    left_out: int = 0


class Asked(Struct, frozen=True, kw_only=True):
    """A question with the machine's suggestion and the numbers of its findings on the page."""

    row: ModeAnswer
    findings: tuple[Finding, ...]


class Moment(Struct, frozen=True, kw_only=True):
    """The step up to which a run is replayed, what it is, how many there are, and the time since the run began."""

    step: int
    steps: int
    at_ns: int
    since: str
    heading: str


class Summary(Struct, frozen=True, kw_only=True):
    """What stands at the head of each page of a trace. `facts` are (name, value); `notes` what was not recorded."""

    trace_id: str
    name: str
    started_ns: int
    facts: tuple[tuple[str, str], ...]
    notes: tuple[str, ...] = ()


class Waterfall(Struct, frozen=True, kw_only=True):
    """A page of rows with its axis; `above` are the spans that the first row hangs on.

    `tracks` cover the whole run (`axis` are its ticks), of which the rows' window begins at `x` and is `width` wide.
    """

    lines: tuple[Line, ...]
    above: tuple[Row, ...]
    pages: Pages
    ticks: tuple[Tick, ...]
    axis: tuple[Tick, ...]
    tracks: tuple[Track, ...]
    x: float
    width: float


class ShownPassage(Struct, frozen=True, kw_only=True):
    """A passage as it is shown: `pieces` in order, `short` when it fits on a line, `cut` when something is left out."""

    passage: Passage
    pieces: tuple[Piece, ...]
    short: bool
    cut: bool


class ShownStep(Struct, frozen=True, kw_only=True):
    """A step as it is shown, with the time since the run began and the name of its span."""

    step: Step
    since: str
    span: str
    passages: tuple[ShownPassage, ...]


class Talk(Struct, frozen=True, kw_only=True):
    """A page of steps; `lanes` are those that the run has, with how many steps each holds."""

    steps: tuple[ShownStep, ...]
    pages: Pages
    lanes: tuple[tuple[Lane, int], ...]


class ShownField(Struct, frozen=True, kw_only=True):
    """A raw field of a span as it is shown; `place` counts from 0 in the span, `length` is in characters."""

    place: int
    name: str
    pieces: tuple[Piece, ...]
    length: int
    cut: bool


class ShownSpan(Struct, frozen=True, kw_only=True):
    """One span with everything that was recorded of it; `hidden` while a replay has not reached its end."""

    row: Row
    kind: SpanKind
    since: str
    length: str
    fields: tuple[ShownField, ...]
    findings: tuple[Finding, ...] = ()
    hidden: bool = False
