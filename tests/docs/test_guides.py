"""The guides say what the code does: own-format examples parse, and every key, column and attribute is listed."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

from afterbell.blameless.lint import lint_text
from afterbell.formats.book_columns import COLUMNS
from afterbell.formats.dialects import trading
from afterbell.formats.envelopes import afterbell_jsonl as own
from afterbell.formats.items import Context
from afterbell.model.policy import Limits, from_mapping
from afterbell.model.trace import LogRecord, Span

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "guide"
OWN = (GUIDE / "own-format.md").read_text(encoding="utf-8")
POLICY = (GUIDE / "policy.md").read_text(encoding="utf-8")
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
BOOKS = (GUIDE / "books.md").read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def rows() -> list[str]:
    return [line for block in blocks(OWN, "json") for line in block.splitlines()]


@pytest.mark.parametrize("row", rows())
def test_every_row_of_the_own_format_guide_reads(row: str) -> None:
    (item,) = own.read(row.encode(), Context(position=1))
    assert isinstance(item, Span | LogRecord)
    if isinstance(item, Span) and item.name.startswith("trading."):
        assert trading.speaks(item)


def test_the_first_example_is_recognised() -> None:
    assert own.recognise(blocks(OWN, "json")[0].encode(), "run.jsonl")


def test_examples_show_every_type() -> None:
    shown = set(re.findall(r'"type": "(\w+)", "trace"', OWN))
    assert shown == own._TYPES


def test_own_format_guide_names_every_key() -> None:
    keys = {*own._FRAME, *own._IDS, *own._TYPES, *own._TOKENS, *own._REPORT_KEYS, *own._BUDGET_KEYS}
    read = set(re.findall(r'(?:row\.get|_text|_stamp)\(?(?:row, )?\(?"(\w+)"', Path(own.__file__).read_text("utf-8")))
    missing = {key for key in keys | read if f"`{key}`" not in OWN}
    assert not missing


def test_own_format_guide_names_every_trading_attribute_that_the_code_reads() -> None:
    names = set()
    for path in (ROOT / "src").rglob("*.py"):
        if path.name == "cases.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                names |= {node.value} if re.fullmatch(r"trading(\.[a-z_0-9]+){1,4}", node.value) else set()
    missing = {name for name in names if f"`{name}`" not in OWN}
    assert not missing


def test_policy_guide_lists_the_keys_and_defaults_of_the_policy() -> None:
    listed = dict(re.findall(r"^\| `(\w+)` \| (.+?) \|", POLICY, re.MULTILINE))
    assert list(listed) == list(Limits.__struct_fields__)
    default = Limits()
    table = {key: tomllib.loads(f"x = {shown.strip('`')}")["x"] for key, shown in listed.items() if shown != "not set"}
    assert from_mapping({"policy": table}, {}).limits == default
    assert all(getattr(default, key) is None for key in listed.keys() - table.keys())


@pytest.mark.parametrize("block", blocks(POLICY, "toml"))
def test_policy_examples_read(block: str) -> None:
    document = tomllib.loads(block)
    policy = from_mapping(document, {})
    assert policy.limits == Limits()
    assert policy.strategies.keys() == document["policy"].get("strategy", {}).keys()


def test_books_guide_lists_the_columns_of_every_book() -> None:
    listed = {
        book: re.findall(r"`(\w+)`", columns.replace("`deposit`", "").replace("`withdrawal`", ""))
        for book, columns in re.findall(r"^\| `(\w+)` \| (.+) \|$", BOOKS, re.MULTILINE)
    }
    assert {book.value: sorted(columns) for book, columns in COLUMNS.items()} == {
        book: sorted(columns) for book, columns in listed.items()
    }


def test_the_python_example_files_a_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (example,) = blocks((GUIDE / "record.md").read_text(encoding="utf-8"), "python")
    exec(compile(example, "record.md", "exec"), {})  # noqa: S102 - our own page
    assert len(list((tmp_path / "postmortems" / "pending").glob("*.json"))) == 2


def test_links_between_pages_lead_somewhere() -> None:
    lost = [
        f"{page.name}: {target}"
        for page in PAGES
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", _prose(page))
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert not lost


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_our_prose_passes_our_own_linter(page: Path) -> None:
    text = re.sub(r"^\|.*$", "", _prose(page), flags=re.MULTILINE)  # tables quote what not to write
    assert [text[fault.start : fault.end] for fault in lint_text(text)] == []


def _prose(page: Path) -> str:
    return re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
