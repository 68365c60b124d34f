"""Which prompts of two runs are the same role's: by prompt name, else by agent, else the only one of each run.

Roles that the record tells apart are never paired. How two prompts of a role compare is in `changes`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from afterbell.model.vocabulary import ContentState, Stage
from afterbell.reading.prompts.calls import Prompt
from afterbell.reading.prompts.changes import nearness, roles_of

_LATE = frozenset({Stage.DECISION, Stage.RISK, Stage.EXECUTION})
ONLY, UNNAMED = "the only system prompt", "a prompt without a name"
_ANOTHER = 0.3  # likeness below which two texts that nothing names are other prompts; rewritten rules stay above it
_ANYBODY = frozenset({"assistant", "agent", "ai", "model", "bot", "expert", "助手"})  # what any agent may be called
_MOST = 16  # different prompts of one role that are compared; a role with more renders them anew each time


class Role(Struct, frozen=True, kw_only=True):
    """The different prompts of one role before and after. `named` when a prompt's name makes them one.

    `loose` when nothing does: the later prompt may belong to any of the earlier ones, or to none.
    """

    label: str
    early: tuple[Prompt, ...]
    late: tuple[Prompt, ...]
    named: bool = False
    loose: bool = False
    early_calls: tuple[Prompt, ...] = ()
    late_calls: tuple[Prompt, ...] = ()


def paired(early: Sequence[Prompt], late: Sequence[Prompt], *, one_run: bool = False) -> tuple[Role, ...]:
    """Return the roles that both sides have.

    Of `one_run` prompts that nothing names are one role's only where they read the same: one program does not edit its
    prompt between two calls, it has another agent.
    """
    found = []
    rest = list(late)
    names = list(dict.fromkeys(each.name for each in late if each.name))
    for name in names:
        first, second = [each for each in early if each.name == name], [each for each in late if each.name == name]
        if first:
            found.append(_role(name, first, second, named=True))
            rest = [each for each in rest if each.name != name]
    taken = {each.name for each in early if each.name in names}
    left = [each for each in early if not each.name or each.name not in taken]
    for agent in dict.fromkeys(each.agent for each in rest if each.agent):
        first = [each for each in left if each.agent == agent]
        second = [each for each in rest if each.agent == agent]
        pair = [(a, b) for a in first for b in second if not (a.name and b.name)]
        if pair:
            found.append(_role(agent, _kept(a for a, _b in pair), _kept(b for _a, b in pair)))
    if not found and not one_run:
        found += _only(left, rest)
    bare = [[each for each in side if not each.name and not each.agent] for side in (left, rest)]
    if all(bare) and not any(role.label == ONLY for role in found):
        found += (each for each in _by_text(*bare) if not (one_run and each.loose))
    return tuple(found)


def within(every: Sequence[Prompt]) -> tuple[Role, ...]:
    """Return the roles that the research and the later stages of one run share."""
    early = [each for each in every if each.call.stage not in _LATE]
    return paired(early, [each for each in every if each.call.stage in _LATE], one_run=True)


def groups(every: Iterable[Prompt]) -> tuple[tuple[str, tuple[Prompt, ...]], ...]:
    """Return prompts by name, else by agent, else together (under `ONLY`), in order of first use."""
    found: dict[tuple[int, str], list[Prompt]] = {}
    for each in every:
        key = (0, each.name) if each.name else (1, each.agent) if each.agent else (2, ONLY)
        found.setdefault(key, []).append(each)
    return tuple((label, tuple(members)) for (_rank, label), members in found.items())


def different(members: Iterable[Prompt]) -> tuple[Prompt, ...]:
    """Return one of each different prompt."""
    return tuple({each.key: each for each in reversed(list(members))}.values())[::-1]


def told_apart(one: Prompt, other: Prompt) -> bool:
    """Tell whether the record gives two prompts different roles: by name, by agent, or by "You are a …"."""
    for first, second in ((one.name, other.name), (one.agent, other.agent)):
        if first and second and first != second:
            return True
    mine, theirs = roles_of(one), roles_of(other)
    return bool(mine and theirs and mine != theirs)


def _role(label: str, early: Sequence[Prompt], late: Sequence[Prompt], *, named: bool = False) -> Role:
    return Role(
        label=label,
        early=different(early)[:_MOST],
        late=different(late)[:_MOST],
        named=named,
        early_calls=tuple(early),
        late_calls=tuple(late),
    )


def _kept(prompts: Iterable[Prompt]) -> list[Prompt]:
    return list({each.call.span_id + each.trace_id: each for each in prompts}.values())


def _only(early: Sequence[Prompt], late: Sequence[Prompt]) -> list[Role]:
    """Pair the only prompt of each side, unless the record or wholly other words tell their roles apart."""
    first, second = different(early), different(late)
    one_each = len({each.text for each in first}) == 1 == len({each.text for each in second})
    if first and second and one_each and not told_apart(first[0], second[0]) and not _strange(first[0], second[0]):
        return [_role(ONLY, early, late)]
    return []


def _strange(one: Prompt, other: Prompt) -> bool:
    """Tell whether two kept texts share so few words that nothing makes them versions of one prompt."""
    kept = one.state is other.state is ContentState.CAPTURED and bool(one.text and other.text)
    hashed, called = one.digest and other.digest, (roles_of(one) & roles_of(other)) - _ANYBODY
    return kept and not hashed and not called and nearness(one, other) < _ANOTHER


def _by_text(early: Sequence[Prompt], late: Sequence[Prompt]) -> list[Role]:
    """Pair prompts that nothing names, where a side has several: by their text, else those of no other role."""
    found, strange = [], []
    for text in list(dict.fromkeys(each.text for each in late))[:_MOST]:
        mine = [each for each in late if each.text == text]
        same = [each for each in early if each.text == text]
        if same:
            found.append(_role(UNNAMED, same, mine))
        else:
            strange += mine
    for each in different(strange)[:_MOST]:
        others = [other for other in early if not told_apart(other, each)]
        if others:
            found.append(Role(label=UNNAMED, early=different(others)[:_MOST], late=(each,), loose=True))
    return found
