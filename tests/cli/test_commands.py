"""What commands say when something is not as it should be: one line what, one line hint, and the exit code."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from afterbell.__main__ import main


def test_help_names_every_command_in_the_order_of_the_flow(at_desk):
    shown = at_desk("--help")
    order = [
        shown.index(f"\n  {name} ")
        for name in ("ingest", "triggers", "scan", "draft", "lint", "append", "seal", "verify", "search")
    ]
    assert order == sorted(order)


@pytest.mark.usefixtures("at_desk")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("traces",), "no afterbell house"),
        (("ingest", "gone.jsonl"), "nothing at gone.jsonl"),
        (("ingest", "x", "--format", "nope"), "unknown format"),
        (("scna",), "Did you mean scan?"),
        (("scan",), "no afterbell house"),
        (("explain", "token_runway"), "did you mean token_runaway"),
        (("lint", "gone.md"), "no file gone.md"),
        (("amend", "abcd"), "give --note TEXT or a FILE"),
        (("verify", "--level", "9"), "is not one of"),
    ],
)
def test_a_wrong_request_is_one_line_and_a_hint(capsys, arguments, said):
    assert main(list(arguments)) == 2
    seen = capsys.readouterr()
    assert seen.out == ""
    assert said in seen.err
    assert "Traceback" not in seen.err


def test_an_unknown_key_of_the_policy_stops_a_judgement(at_desk, capsys):
    at_desk("init")
    Path("afterbell.toml").write_text("[policy]\ndrawdown_sesion_pct = '1.0'\n")
    assert main(["triggers"]) == 2
    assert "did you mean 'drawdown_session_pct'" in capsys.readouterr().err


def test_a_long_path_is_cut_with_a_mark(at_desk):
    for length in (59, 60, 61):
        path = Path("d" * 20) / f"{'f' * (length - 25)}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text("nothing that anybody reads")
        shown = at_desk("ingest", str(path), code=1)
        assert len(str(path)) == length
        assert (f" {str(path)[:40]}" in shown) == (length <= 60)
        assert (f" …{str(path)[-59:][:40]}" in shown) == (length > 60)


def test_what_is_refused_is_named_and_the_rest_is_kept(at_desk):
    Path("mixed.jsonl").write_text(
        '{"type":"run","trace":"t","id":"a","at":"2026-01-05T14:00:00Z"}\n{"type":"call","trace":"t"\n{"type":"dance","trace":"t"}\n'
    )
    Path("picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    rows = [json.loads(line) for line in at_desk("ingest", "mixed.jsonl", "picture.png", "--json").splitlines()]
    assert rows[0]["spans"] == 1
    assert [each["where"] for each in rows[0]["refused"]] == ["line 2", "line 3"]
    assert rows[1]["outcome"] == "refused"
    assert rows[1]["refused"][0]["why"]


def test_hostile_text_cannot_move_the_terminal(at_desk):
    row = {
        "type": "call",
        "trace": "t",
        "id": "a",
        "at": 1,
        "until": 2,
        "model": "m\x1b[2J",
        "messages": "\x1b]0;owned\x07 \u202etxt",
        "output": "x",
    }
    Path("hostile.jsonl").write_text(json.dumps(row) + "\n")
    at_desk("ingest", "hostile.jsonl")
    for command in (("traces",), ("show", "t"), ("scan", "t")):
        shown = at_desk(*command)
        assert "\x1b" not in shown
        assert "\x07" not in shown
        assert "\u202e" not in shown


def test_init_twice_changes_nothing(at_desk):
    at_desk("init")
    Path("afterbell.toml").write_text("# mine\n")
    assert "kept" in at_desk("init")
    assert Path("afterbell.toml").read_text() == "# mine\n"


def test_a_draft_is_never_written_over(at_desk):
    Path("run.jsonl").write_text(
        '{"type":"run","trace":"t1","id":"a","at":"2026-01-05T14:00:00Z","until":"2026-01-05T14:01:00Z"}\n'
    )
    at_desk("ingest", "run.jsonl")
    at_desk("draft", "t1", "-o", "form.md")
    Path("form.md").write_text("edited by people")
    at_desk("draft", "t1", "-o", "form.md", code=2)
    assert Path("form.md").read_text() == "edited by people"


@pytest.mark.usefixtures("at_desk")
def test_our_own_bug_is_a_report_to_paste(capsys, monkeypatch):
    import afterbell.steps.init as step

    monkeypatch.setattr(step, "init", lambda _house: 1 / 0)
    assert main(["init"]) == 70
    assert "this is a bug of ours (ZeroDivisionError" in capsys.readouterr().err


def test_a_closed_pipe_is_no_error(tmp_path):
    command = f"{sys.executable} -m afterbell explain | head -1"
    done = subprocess.run(["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, cwd=tmp_path, check=False)
    assert b"Traceback" not in done.stderr
    assert b"bug of ours" not in done.stderr
