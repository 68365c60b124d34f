"""Owners come from CODEOWNERS as roles; a handle or an address never does."""

import pytest

from afterbell.model.judge_beside import role_faults
from afterbell.query.owners import modules, roles

FILE = """
# the whole repository
*                 @desk/platform
/agents/risk/     @desk/risk-team @somebody
prompts/*.md      someone@example.org
*.toml            @desk/Config_Team
/agents/orders/   @desk/team2
"""


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("Added max_steps to `agents/risk/limits.py` and prompts/research.md.", ("agents/risk/limits.py", "prompts/research.md")),
        ("A cap in agents/risk/ only.", ("agents/risk/",)),
        ("config.toml now holds a cap; see version 2.3 of the loop, e.g. the caller.", ("config.toml",)),
        ("Raised the cap.", ()),
    ],
)  # fmt: skip
def test_modules_that_a_fix_names(text, paths):
    assert modules(text) == paths


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("agents/risk/limits.py", ("code owner of risk-team", "code owner")),
        ("prompts/research.md", ("code owner",)),
        ("deploy/caps.toml", ("code owner of config-team",)),
        ("agents/orders/send.py", ("code owner",)),
        ("README", ("code owner of platform",)),
    ],
)
def test_roles_by_the_last_pattern_that_fits(path, found):
    assert roles(FILE, [path]) == found
    assert not any(list(role_faults((role,))) for role in found)


def test_without_a_rule_it_is_the_code_owner():
    assert roles("", ["a.py"]) == ("code owner",)
    assert roles(FILE, []) == ("code owner",)
