"""Init: makes a house in the agents' own repository. Safe to run twice: nothing that is there is touched."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from afterbell.disk import files
from afterbell.disk.house import House

POLICY = """\
# The policy of this house. Every key is optional; the values below are the defaults.
# A key that nothing understands is an error. All keys: docs/guide/policy.md

[house]
# origin = "example.com/team/postmortems"   # the log's name; it never changes after the first seal

[policy]
# drawdown_session_pct = "1.0"        # of deployed capital in one session, strictly greater
# drawdown_rolling_pct = "3.0"
# drawdown_rolling_sessions = 5
# token_overrun_factor = 5
# tokens_planned = 0                  # per trace, where the trace states no plan; 0 = none known
# thesis_grace = "PT0S"
# decay_window = "P7D"
# meeting_due_hours = 72
# reconvene_days = 7

# [policy.strategy.NAME]              # overrides for trading.strategy.id = NAME
# [policy.mode.token_runaway]         # a mode's knobs: afterbell explain token_runaway
"""

SNIPPET = """\
# Checks the postmortem log on every change. Copy these steps into your CI.
# Verify exits with 1 when anything was edited, deleted, reordered or cut, and with 2 when it cannot judge.
steps:
  - run: pip install afterbell
  - run: afterbell verify
  - run: afterbell triggers --fail   # only where the working store (.afterbell/) is at hand
"""


class Made(Struct, frozen=True, kw_only=True):
    """Which files were made, and which were there already."""

    made: tuple[Path, ...]
    kept: tuple[Path, ...]


def init(house: House) -> Made:
    """Make the policy file, the postmortems folder with its drafts, a CI snippet, and the store."""
    files.make_dirs(house.drafts)
    house.make_store()
    made, kept = [], []
    wanted = (
        (house.policy_file, POLICY),
        (house.postmortems / ".gitattributes", "* -text\n"),
        (house.postmortems / "ci-snippet.yml", SNIPPET),
    )
    for path, text in wanted:
        try:
            files.write_once(path, text.encode())
            made.append(path)
        except files.ExistsError:
            kept.append(path)
    return Made(made=tuple(made), kept=tuple(kept))
