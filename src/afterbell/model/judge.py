"""Judges a draft by the rules of the seven fields and of what stands beside them: every fault at once.

It looks nothing up: whether a commit exists is found by a step and handed in. It does not judge language;
`blameless` does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from afterbell import canon
from afterbell.errors import CanonError
from afterbell.model import judge_beside, judge_fields
from afterbell.model.body import plain
from afterbell.model.fault import Fault
from afterbell.model.record import Content
from afterbell.model.rules import BODY_BYTES, fault


def judge(
    draft: Content,
    *,
    known_modes: Sequence[str],
    commits: Mapping[str, bool] | None = None,
    met: bool = True,
) -> tuple[Fault, ...]:
    """Return every fault of the draft, in the order of the fields; none means that a complete record can be filed.

    `known_modes` are the slugs of the checklist in its order; each needs a person's answer. `commits` tells of a SHA
    whether the repository holds it (a SHA that is not a key is not judged). `met` is false for a record that was
    written without a meeting: then verdict and roles are not asked for. Rules: the template of the specification.
    """
    found: list[Fault] = []
    found += judge_fields.summary(draft)
    found += judge_fields.timeline(draft)
    found += judge_fields.root_cause(draft)
    found += judge_fields.contributing_factors(draft, known_modes)
    found += judge_fields.fix(draft, commits or {})
    found += judge_fields.prevention(draft)
    found += judge_fields.references(draft)
    found += judge_beside.answers(draft, known_modes)
    found += judge_beside.beside(draft, met=met)
    found += _writable(draft)
    return tuple(found)


def _writable(draft: Content) -> Iterator[Fault]:
    """Every text must have a place in the log's canonical JSON, and all of it must fit into one entry."""
    sizes = []
    for field in msgspec.structs.fields(draft):
        try:
            value = plain(msgspec.to_builtins(getattr(draft, field.name)))
            sizes.append(len(canon.dumps({field.name: value})))
        except CanonError as error:
            yield fault("text.unwritable", f"{field.name}: {error.message}", field=field.name)
        except RecursionError:
            yield fault("text.unwritable", f"{field.name}: nested too deep", field=field.name)
    if sum(sizes) > BODY_BYTES:
        yield fault("record.size", f"the record takes {sum(sizes)} bytes; the limit is {BODY_BYTES}")
