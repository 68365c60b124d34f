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
# cost_planned = 0                    # the same in money, in the currency of the trace
# thesis_grace = "PT0S"
# decay_window = "P7D"                # how old a source may be at decision time
# decay_window_quote = "PT15M"        # for quotes; without it decay_window holds
# decay_window_filing = "P120D"       # for filings; without it decay_window holds
# meeting_due_hours = 72
# reconvene_days = 7
# fix_shown_days = 0                  # days until check-fix must have shown a claimed fix; 0 = no deadline

# [policy.strategy.NAME]              # overrides for trading.strategy.id = NAME
# [policy.mode.token_runaway]         # a mode's knobs: afterbell explain token_runaway
"""

GITHUB = """\
# Copy to .github/workflows/postmortems.yml. It refuses a change that does more to the log than add to it.
# verify exits with 1 when the log was tampered with and with 2 when that cannot be judged.
name: postmortems
on: [push, pull_request]
jobs:
  log:
    runs-on: ubuntu-latest
    env:
      AFTERBELL_PIN: ${{ vars.AFTERBELL_PIN }}   # the line that `afterbell key new` prints
    steps:
      - uses: actions/checkout@v4
        with: {fetch-depth: 0}
      - run: pip install afterbell
      - run: afterbell guard "${{ github.event.pull_request.base.sha || github.event.before }}" "${{ github.sha }}"
      - run: afterbell verify
"""

GITLAB = """\
# Copy into .gitlab-ci.yml. It refuses a change that does more to the log than add to it.
# verify exits with 1 when the log was tampered with and with 2 when that cannot be judged.
postmortems:
  image: python:3.12
  variables: {GIT_DEPTH: 0}    # set AFTERBELL_PIN in the project's settings: the line that `afterbell key new` prints
  script:
    - pip install afterbell
    - afterbell guard "${CI_MERGE_REQUEST_DIFF_BASE_SHA:-$CI_COMMIT_BEFORE_SHA}" "$CI_COMMIT_SHA"
    - afterbell verify
"""

HOOK = """\
#!/bin/sh
# A pre-receive hook for the server: copy to hooks/pre-receive of the bare repository and make it executable.
# It refuses a push that changes, deletes or rewrites anything in the log, and the deletion of a branch that holds one.
zero=0000000000000000000000000000000000000000
while read -r old new ref; do
  case "$ref" in refs/heads/*) ;; refs/replace/*) echo "refs/replace is refused" >&2; exit 1 ;; *) continue ;; esac
  if [ "$new" = "$zero" ]; then
    echo "a branch with a log is not deleted: $ref" >&2; exit 1
  fi
  afterbell guard "$old" "$new" --folder postmortems >&2 || exit 1
done
"""


class Made(Struct, frozen=True, kw_only=True):
    """Which files were made, and which were there already."""

    made: tuple[Path, ...]
    kept: tuple[Path, ...]


def init(house: House) -> Made:
    """Make the policy file, the postmortems folder with its drafts, CI snippets and a server hook, and the store."""
    files.make_dirs(house.drafts)
    files.make_dirs(house.postmortems / "ci")
    house.make_store()
    made, kept = [], []
    wanted = (
        (house.policy_file, POLICY),
        (house.postmortems / ".gitattributes", "* -text\n"),
        (house.postmortems / "ci" / "github.yml", GITHUB),
        (house.postmortems / "ci" / "gitlab.yml", GITLAB),
        (house.postmortems / "ci" / "pre-receive", HOOK),
    )
    for path, text in wanted:
        try:
            files.write_once(path, text.encode())
            made.append(path)
        except files.ExistsError:
            kept.append(path)
    return Made(made=tuple(made), kept=tuple(kept))
