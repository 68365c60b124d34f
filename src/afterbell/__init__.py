"""Afterbell: the postmortem system for LLM trading agents.

`import afterbell` is cheap; what a name needs is loaded when the name is first used.
"""

from __future__ import annotations

__version__ = "0.1.0"
