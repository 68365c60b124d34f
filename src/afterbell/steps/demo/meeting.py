"""The meeting of the demo: what people would say of the three bundled incidents, laid over the machine's draft."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec

from afterbell.disk import files
from afterbell.disk.house import House
from afterbell.errors import UsageError
from afterbell.model.checklist import CHECKLIST
from afterbell.model.event import Event
from afterbell.model.policy import Limits
from afterbell.model.record import Draft, Factor, Fix, Reference, ReferenceKind
from afterbell.model.scan import ModeAnswer, PersonAnswer
from afterbell.model.vocabulary import Answer, RootCause, TriggerName, Verdict
from afterbell.render.form import to_markdown
from afterbell.render.form_parts import lack

EVENTS = (
    TriggerName.INJECTION_OR_SCHEMA,
    TriggerName.THESIS_NOT_EXITED,
    TriggerName.DRAWDOWN,
    TriggerName.DRAWDOWN,
    TriggerName.TOKEN_OVERRUN,
)
"""The triggers of the events that the bundled data must give."""
DEFERRED = "no change; documented and deferred"


@cache
def _script() -> dict[str, Any]:
    text = (resources.files("afterbell.steps.demo") / "data" / "meetings.toml").read_text("utf-8")
    return tomllib.loads(text)


def _kind(draft: Draft) -> str:
    if draft.trigger is TriggerName.TOKEN_OVERRUN:
        return "token_overrun"
    rolling = draft.event is not None and draft.event.limit == str(Limits().drawdown_rolling_pct)
    return "drawdown_rolling" if rolling else "drawdown_session"


def is_told(event: Event) -> bool:
    """Tell whether a meeting of its own is held: the steered article made three events, and its loss stands for all."""
    return event.trigger in {TriggerName.DRAWDOWN, TriggerName.TOKEN_OVERRUN}


def hold(draft: Draft, sha: str) -> Draft:
    """Return the draft as the meeting leaves it; without a commit (`sha` empty) the fix is deferred to its ticket."""
    said = _script()[_kind(draft)]
    known = {answer.mode: answer for answer in draft.suggestions}
    found = {mode for mode, answer in known.items() if answer.suggestion.answer is Answer.YES}
    factors = tuple(
        Factor(text=each["text"], modes=tuple(mode for mode in each.get("modes", ()) if mode in found))
        for each in said["factors"]
    )
    cited = {mode for factor in factors for mode in factor.modes}
    factors += tuple(
        Factor(text=known[mode].suggestion.reason, modes=(mode,))
        for _number, mode in CHECKLIST
        if mode in found - cited
    )
    trace = tuple(each for each in draft.references if each.kind is ReferenceKind.TRACE)[:2]
    change = (
        Reference(kind=ReferenceKind.COMMIT, value=sha)
        if sha
        else Reference(kind=ReferenceKind.TICKET, value=said["ticket"])
    )
    return msgspec.structs.replace(
        draft,
        summary=said["summary"],
        root_cause=RootCause(said["root_cause"]),
        contributing_factors=factors[:5],
        fix=Fix(paragraph=said["fix"], commit_sha=sha)
        if sha
        else Fix(paragraph=DEFERRED, ticket=said["ticket"], changed=False),
        prevention=said["prevention"],
        references=(*trace, change, Reference(kind=ReferenceKind.PR, value=said["pr"])),
        verdict=Verdict(said["verdict"]),
        roles=tuple(said["roles"]),
        answers=tuple(_answer(known[mode]) for _number, mode in CHECKLIST if mode in known),
    )


def _answer(machine: ModeAnswer) -> PersonAnswer:
    suggestion = machine.suggestion
    return PersonAnswer(
        number=machine.number,
        mode=machine.mode,
        answer=suggestion.answer,
        suggested=suggestion.answer,
        note=lack(suggestion),
    )


def write(house: House, draft: Draft) -> Path:
    """Write the form where `afterbell draft` would, and return its path."""
    path = house.drafts / f"{draft.id}.md"
    files.make_dirs(path.parent)
    files.write_once(path, to_markdown(draft, checklist=CHECKLIST).encode())
    return path


def with_summary(form: str, summary: str) -> str:
    """Return the form with another summary, as an editor would leave it."""
    head, mark, rest = form.partition("## Timeline")
    start = head.rfind("-->")
    if not mark or start < 0:
        raise UsageError("the form has no summary and timeline", "afterbell draft writes one")
    return f"{head[: start + 3]}\n\n{summary}\n\n{mark}{rest}"
