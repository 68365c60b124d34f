"""Changes the log's code in one place at a time and asks the tests to notice. Takes long; not part of `make bench`.

    python benchmarks/_mutate.py log/tree.py [--tests tests/log/test_tree.py ...] [--only LINE]

Every comparison, operator, constant, condition, call without result, raise and return of the file is changed
once. The tests run in a fork that imports the changed file; the first failure counts as noticed. What nobody noticed
is printed with its line; docs/mutants.md says why what is left is left. Words in messages are not changed.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import copy
import importlib.abc
import importlib.util
import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[1]
SECONDS = 200
TESTS = {
    "log/tree.py": ["tests/log/test_tree.py", "tests/log/test_edges.py"],
    "log/note.py": ["tests/log/test_note.py", "tests/log/test_edges.py"],
    "log/proof.py": ["tests/log/test_proof.py", "tests/log/test_edges.py"],
    "log/quorum.py": ["tests/log/test_quorum.py", "tests/log/test_edges.py"],
    "log/checkpoint.py": ["tests/log/test_checkpoint.py", "tests/log/test_edges.py"],
    "log/special.py": ["tests/log/test_edges.py", "tests/disk/test_journal_special.py", "tests/steps/test_verify.py"],
    "log/holes.py": ["tests/disk/test_journal_special.py", "tests/steps/test_verify.py"],
    "disk/journal.py": [
        "tests/disk/test_journal.py", "tests/disk/test_journal_special.py", "tests/disk/test_journal_edges.py",
        "tests/disk/test_journal_attacks.py", "tests/disk/test_journal_busy.py", "tests/disk/test_journal_cuts.py",
        "tests/disk/test_journal_crash.py", "tests/steps/test_rebase.py",
    ],
}  # fmt: skip

_COMPARE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_OPERATOR: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.LShift: ast.RShift,
    ast.RShift: ast.LShift, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.Mod: ast.Mult,
}  # fmt: skip


def mutants(source: str) -> Iterator[tuple[int, str, str]]:
    """Yield (line, what was changed, the changed source)."""
    whole = ast.parse(source)
    places = [(node, parent) for parent in ast.walk(whole) for node in ast.iter_child_nodes(parent)]
    spoken = {id(inner) for node, _ in places if _speaks(node) for inner in ast.walk(node)}
    for node, _ in places:
        for name in ("annotation", "returns"):
            spoken |= {id(inner) for inner in ast.walk(getattr(node, name, None) or ast.Pass())}
    spoken |= {id(each.value) for node, _ in places if isinstance(node, ast.ClassDef) for each in node.keywords}
    seen = set()
    for at, (node, _) in enumerate(places):
        if id(node) in spoken:
            continue
        for kind in range(3):
            tree = copy.deepcopy(whole)
            target, parent = _nth(tree, at)
            words = _change(target, parent, kind)
            if words is None:
                break
            changed = ast.unparse(ast.fix_missing_locations(tree))
            if changed not in seen:
                seen.add(changed)
                yield getattr(node, "lineno", 0), words, changed


def _nth(tree: ast.Module, at: int) -> tuple[ast.AST, ast.AST]:
    places = ((node, parent) for parent in ast.walk(tree) for node in ast.iter_child_nodes(parent))
    return next(place for number, place in enumerate(places) if number == at)


def _speaks(node: ast.AST) -> bool:
    """Tell whether a node only makes words for people, or is for type checkers."""
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return True
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and node.value.count(" ") > 1
    call = node.func if isinstance(node, ast.Call) else None
    name = call.id if isinstance(call, ast.Name) else ""
    return name in {"LogError", "DiskError", "Problem"}


def _change(node: ast.AST, parent: ast.AST, kind: int) -> str | None:
    """Change a node in its `kind`th way and say how; None when there is no such way."""
    if isinstance(node, ast.Compare) and kind < len(node.ops):
        before = node.ops[kind]
        node.ops[kind] = _COMPARE[type(before)]()
        return f"{type(before).__name__} -> {type(node.ops[kind]).__name__}"
    if kind:
        return None
    if isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in _OPERATOR:
        before_op = type(node.op)
        node.op = _OPERATOR[before_op]()
        return f"{before_op.__name__} -> {type(node.op).__name__}"
    if isinstance(node, ast.BoolOp):
        node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        return "and <-> or"
    if isinstance(node, ast.Constant):
        return _change_constant(node, parent)
    return _change_statement(node)


def _change_constant(node: ast.Constant, parent: ast.AST) -> str | None:
    before = node.value
    if isinstance(parent, ast.Expr):
        return None
    if isinstance(before, bool):
        node.value = not before
    elif isinstance(before, int):
        node.value = before + 1
    elif isinstance(before, str):
        node.value = before + "X"
    elif isinstance(before, bytes):
        node.value = before + b"X"
    else:
        return None
    return f"{before!r:.40} -> {node.value!r:.40}"


def _change_statement(node: ast.AST) -> str | None:
    if isinstance(node, ast.If | ast.While | ast.IfExp):
        node.test = ast.UnaryOp(op=ast.Not(), operand=node.test)
        return "condition turned round"
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        node.value = ast.Constant(value=None)
        return "call left out"
    if isinstance(node, ast.Raise):
        node.exc, node.cause = ast.parse("RuntimeError('mutant')", mode="eval").body, None
        return "another error raised"
    if isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        node.value = ast.Constant(value=None)
        return "None returned"
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        node.operand = ast.UnaryOp(op=ast.Not(), operand=node.operand)
        return "not left out"
    return None


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


class Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives the changed source where one module is asked for."""

    def __init__(self, name: str, source: str, path: Path) -> None:
        self.name, self.source, self.path = name, source, path

    def find_spec(self, fullname: str, _path: object = None, _target: object = None) -> ModuleSpec | None:
        """Answer for the one module."""
        return importlib.util.spec_from_loader(fullname, self, origin=str(self.path)) if fullname == self.name else None

    def exec_module(self, module: ModuleType) -> None:
        """Run the changed source."""
        module.__file__ = str(self.path)
        exec(compile(self.source, str(self.path), "exec"), module.__dict__)  # noqa: S102 - our own code, changed


def noticed(name: str, source: str, path: Path, tests: Sequence[str]) -> str:
    """Run the tests on a changed module: "noticed", "survived" or "endless"."""
    process = os.fork()
    if not process:
        os.setpgid(0, 0)
        with open(os.devnull, "w") as nowhere:  # noqa: PTH123 - a device
            os.dup2(nowhere.fileno(), 1)
            os.dup2(nowhere.fileno(), 2)
        sys.meta_path.insert(0, Changed(name, source, path))
        import hypothesis  # noqa: PLC0415 - loaded before, so that the fork has it
        import pytest  # noqa: PLC0415 - the same

        with contextlib.suppress(BaseException):
            hypothesis.settings.register_profile("few", max_examples=15, deadline=None)
            hypothesis.settings.load_profile("few")
            code = pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-W", "ignore", "--hypothesis-seed=1", *tests])
            os._exit(0 if code == 0 else 1)
        os._exit(1)
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        done, status = os.waitpid(process, os.WNOHANG)
        if done:
            return "survived" if status == 0 else "noticed"
        time.sleep(0.02)
    os.killpg(process, signal.SIGKILL)
    os.waitpid(process, 0)
    return "endless"


def main() -> int:
    """Try every mutant of one file and print those that survive."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", choices=sorted(TESTS))
    parser.add_argument("--tests", nargs="*")
    parser.add_argument("--only", type=int, nargs="*", help="lines")
    chosen = parser.parse_args()
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT / "src"))
    import cryptography.hazmat.primitives.asymmetric.ed25519  # noqa: F401,PLC0415 - loaded once, before the forks
    import filelock  # noqa: F401,PLC0415
    import hypothesis  # noqa: F401,PLC0415
    import msgspec  # noqa: F401,PLC0415
    import orjson  # noqa: F401,PLC0415
    import pytest  # noqa: F401,PLC0415

    path = ROOT / "src" / "afterbell" / chosen.file
    name = "afterbell." + chosen.file.removesuffix(".py").replace("/", ".")
    tests = chosen.tests or [each for each in TESTS[chosen.file] if (ROOT / each).exists()]
    source = path.read_text(encoding="utf-8")
    if noticed(name, source, path, tests) != "survived":
        print("the tests fail on the unchanged file")
        return 2
    counts = {"noticed": 0, "survived": 0, "endless": 0}
    for line, words, changed in mutants(source):
        if chosen.only and line not in chosen.only:
            continue
        result = noticed(name, changed, path, tests)
        counts[result] += 1
        if result == "survived":
            print(f"{chosen.file}:{line}: {words}: {source.splitlines()[line - 1].strip()[:100]}", flush=True)
    print(f"{chosen.file}: {counts['noticed']} noticed, {counts['endless']} endless, {counts['survived']} survived")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
