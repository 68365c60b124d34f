"""One trace all the way: ingest, triggers, scan, draft, edit, lint, append, seal, verify, search, amend, show."""

import json
import re
from importlib import resources
from pathlib import Path

from afterbell.disk import git

DATA = resources.files("afterbell.steps.demo") / "data"


def bundled(*names):
    for name in names:
        Path(name).write_bytes((DATA / name).read_bytes())
    return names


def edited(form, sha):
    """What people write in their editor during the meeting."""
    text = form.read_text()
    text = re.sub(r"verdict: .*", "verdict: control failed", text, count=1)
    text = re.sub(r"roles: .*", "roles: system operator, code owner", text, count=1)
    fields = {
        "Summary": "The filing research loop on SYNTHETIC_A used 310,980 tokens against a plan of 50,000; no position was opened.",
        "Root cause": "cost",
        "Fix implemented": f"The loop of the filing research agent stops at the planned tokens.\n\n- change: yes\n- commit: {sha}\n- ticket: [ ]",
        "Prevention": "A budget gate compares used with planned tokens after every model call, and an alert fires at twice the plan.",
    }
    for heading, words in fields.items():
        text = re.sub(
            rf"(## {heading}\n\n<!-- .*? -->\n\n).*?(?=\n\n## )",
            lambda hit, words=words: hit[1] + words,
            text,
            count=1,
            flags=re.DOTALL,
        )
    text = text.replace(
        "\n\n## Fix implemented",
        "\n- No max_steps ceiling stood in the research loop\n- The get_filing tool has no end-of-document marker\n\n## Fix implemented",
        1,
    )
    text = text.replace(
        "\n\n## Scan", f"\n- commit: {sha}\n- pr: https://git.example.org/agents/pull/311\n\n## Scan", 1
    )
    rows = []
    for line in text.split("\n"):
        cells = line.split(" | ")
        asked = re.match(r"\| \d+ \| ", line) and len(cells) == 5
        rows.append(" | ".join([*cells[:3], cells[2].partition(":")[0], cells[4]]) if asked else line)
    form.write_text("\n".join(rows))


def test_one_trace_all_the_way(at_desk, golden, monkeypatch):
    at_desk("init")
    git_sha = git.start(Path.cwd(), "Budget gate in the research loop")
    at_desk("ingest", *bundled("1-filing-loop.otlp.jsonl"))
    at_desk("ingest", "1-filing-loop.otlp.jsonl")
    at_desk("traces")
    event = json.loads(at_desk("triggers", "--json"))
    at_desk("triggers", "--fail", code=1)
    trace = event["trace_ids"][0]
    at_desk("scan", trace)
    at_desk("draft", event["event_id"], "-o", "form.md")
    at_desk("lint", "form.md", code=1)
    at_desk("append", "form.md", code=1)
    at_desk.note("people fill in the form")
    edited(Path("form.md"), git_sha)
    at_desk("lint", "form.md")
    record = json.loads(at_desk("append", "form.md", "--json"))["id"]
    at_desk("append", "form.md", code=1)
    at_desk("verify", code=3)
    at_desk("seal")
    at_desk("verify")
    at_desk("search", "budget", "gate")
    monkeypatch.setenv("AFTERBELL_NOW", "2026-01-09T10:30:00Z")
    at_desk(
        "amend",
        record,
        "--field",
        "prevention",
        "--note",
        "A replay shows that the alert must also fire on retries.",
        "--role",
        "code owner",
    )
    at_desk("seal")
    at_desk("verify")
    filed = at_desk("show", record, "--as-filed")
    amended = at_desk("show", record, "--as-amended")
    assert "retries" in amended
    assert "retries" not in filed
    at_desk("log")
    golden("flow.txt", at_desk.text.replace(git_sha, "<SHA>"))


def test_a_red_day_within_the_limits_is_no_event(at_desk):
    at_desk("ingest", *bundled("4-ordinary-day.jsonl"))
    Path("equity.csv").write_text(
        "session_date,account_id,exchange,currency,deployed_capital,realized_pnl\n2026-01-05,ACC-3,XNYS,USD,100000,-240.00\n"
    )
    at_desk("ingest", "equity.csv")
    assert at_desk("triggers", "--json") == ""
    answers = json.loads(at_desk("scan", "--all", "--json"))["answers"]
    assert [row["number"] for row in answers] == list(range(1, 21))
    assert not [row["mode"] for row in answers if row["answer"] == "yes"]
    assert all(row["missing"] for row in answers if row["answer"] == "unknown")
