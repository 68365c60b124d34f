"""The claims of a run's model outputs, each with its ground in the run's sources: what modes 2 and 11 both judge.

One pass for both: outputs once each (a history repeats them), sources once each. It does not judge.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from afterbell.model.calls import ROLLUP, LlmCall, PartKind, Source
from afterbell.model.run import Trace
from afterbell.model.scan import Evidence
from afterbell.model.vocabulary import ContentState, Stage
from afterbell.reading.legs.calls import behind, summed
from afterbell.reading.quantities import text
from afterbell.reading.quantities.claims import Claimed, claims
from afterbell.reading.quantities.grounding import Grounding, ground
from afterbell.reading.quantities.pool import Pool
from afterbell.reading.quantities.quantity import Quantity
from afterbell.reading.quantities.sources import Told, told

_QUESTION = 600
_SENTENCE = 4  # words
_WORDS = "query search question prompt code sql expression command script filter url path pattern instruction task"
_ASKING = frozenset(_WORDS.split())
"""Keys of arguments whose text asks for something and claims nothing."""


class Grounded(Struct, frozen=True, kw_only=True):
    """A claim, where it stands, and its ground."""

    claimed: Claimed
    source: Source
    stage: Stage | None
    words: str
    grounding: Grounding

    @property
    def figure(self) -> Quantity:
        """The claimed figure."""
        return self.claimed.figure

    @property
    def excerpt(self) -> str:
        """The figure as the output writes it."""
        return self.words[self.figure.start : self.figure.end]

    @property
    def evidence(self) -> Evidence:
        """Where the claim stands."""
        return Evidence(trace_id=self.source.trace_id, span_id=self.source.span_id, field=self.source.field,
                        excerpt=self.excerpt, start=self.figure.start, end=self.figure.end)  # fmt: skip


class Account(Struct, frozen=True, kw_only=True):
    """All claims of a run in order, the pool of its sources, and the texts that the pool's `text` numbers name."""

    claims: tuple[Grounded, ...]
    pool: Pool
    told: tuple[Told, ...]
    spoken: int
    lost: tuple[str, ...]

    def shown(self, place: int) -> str:
        """Return a figure of the pool as its source writes it."""
        held = self.pool.held[place]
        return self.told[held.text].words[held.figure.start : held.figure.end]

    def evidence(self, place: int) -> Evidence:
        """Return where a figure of the pool stands."""
        held = self.pool.held[place]
        source = self.told[held.text].source
        return Evidence(trace_id=source.trace_id, span_id=source.span_id, field=source.field, excerpt=self.shown(place),
                        start=held.figure.start, end=held.figure.end)  # fmt: skip


class _Output(Struct, frozen=True, kw_only=True):
    """What a model wrote; `filed`: as arguments of a tool, of which only sentences are claims and not settings."""

    call: LlmCall
    words: str
    source: Source
    filed: bool = False


def account(trace: Trace) -> Account:
    """Return the claims of a trace with their grounds. `spoken` counts the outputs read, `lost` names those gone."""
    outputs = tuple(_outputs(trace))
    found = [(each, claim) for each in outputs for claim in _claims(trace, each)]
    sources = told(trace) if found else ()
    pool = Pool(text.read(each.words, scale=each.scale) for each in sources)
    return Account(
        claims=tuple(_grounded(pool, found)), pool=pool, told=sources, spoken=len(outputs), lost=tuple(_lost(trace))
    )


def _outputs(trace: Trace) -> Iterator[_Output]:
    seen = set()
    for call in trace.calls:
        if call.operation == ROLLUP and len(trace.calls) > 1:
            continue
        for ref in call.output:
            if ref.sha256 in seen:
                continue
            seen.add(ref.sha256)
            message = trace.message(ref)
            for part, source in zip(message.parts, ref.sources, strict=True):
                if part.kind in {PartKind.TEXT, PartKind.TOOL_CALL} and part.text:
                    filed = part.kind is PartKind.TOOL_CALL
                    yield _Output(call=call, words=part.text, source=source, filed=filed)


def _claims(trace: Trace, output: _Output) -> Iterator[Claimed]:
    if not output.filed:
        yield from claims(output.words, _question(trace, output.call))
        return
    for each in claims(output.words):
        figure = each.figure
        in_data = figure.groups[:1] and figure.groups[0][0] in "ro"
        if not in_data and figure.label.isdisjoint(_ASKING) and len(each.sentence.split()) >= _SENTENCE:
            yield each


def _question(trace: Trace, call: LlmCall) -> str:
    """Return the end of what the user asked last."""
    last = ""
    for message, part, _source in trace.parts(call.input):
        if message.role == "user" and part.kind is PartKind.TEXT:
            last = part.text
    return last[-_QUESTION:].strip().rsplit("\n", 1)[-1]


def _grounded(pool: Pool, found: list[tuple[_Output, Claimed]]) -> Iterator[Grounded]:
    """Yield the claims with their grounds; a second look at those without uses the grounds of their neighbours."""
    first = [ground(pool, claimed.claim, derive=False) for _, claimed in found]
    beside: dict[tuple[int, str], list[int]] = {}
    for (output, claimed), each in zip(found, first, strict=True):
        if each.held and not each.shift:
            for group in claimed.figure.groups:
                beside.setdefault((id(output), group), []).append(each.places[0])
    for (output, claimed), each in zip(found, first, strict=True):
        grounding = each
        if not each.held or each.shift:
            near = tuple(place for group in claimed.figure.groups for place in beside.get((id(output), group), ()))
            grounding = ground(pool, claimed.claim, beside=near)
        yield Grounded(
            claimed=claimed, source=output.source, stage=output.call.stage, words=output.words, grounding=grounding
        )


def _lost(trace: Trace) -> Iterator[str]:
    for call in trace.calls:
        state = call.states.get("output", ContentState.CAPTURED if call.output else ContentState.NOT_CAPTURED)
        if (
            state is not ContentState.CAPTURED
            and call.operation != ROLLUP
            and not (call.failed and state is ContentState.NOT_CAPTURED)
        ):
            yield f"output of call {call.span_id} ({state.replace('_', ' ')})"
    yield from behind(summed(trace))
