"""Afterbell: the postmortem system for LLM trading agents.

`import afterbell` is cheap; what a name needs is loaded when the name is first used. The specification's three names
work as it wrote them: `Postmortem(...)`, `append(pm, path=...)`, `amend(parent_id, note, path=...)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from afterbell.steps.postmortem import Postmortem, amend, append

__version__ = "0.1.0"
__all__ = ["Postmortem", "__version__", "amend", "append"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'afterbell' has no attribute {name!r}")
    from afterbell.steps import postmortem  # noqa: PLC0415 - keeps the import cheap

    return getattr(postmortem, name)
