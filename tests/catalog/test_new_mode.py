"""Mode 21 is one folder: scaffolded, found by its entry point, held to every check, asked and explained."""

import sys
from importlib.metadata import EntryPoint

import pytest

from afterbell.__main__ import main
from afterbell.catalog import cases, shelves
from afterbell.catalog.scan import ask, scan
from afterbell.errors import CatalogError, UsageError
from afterbell.steps.scaffold.new_mode import new_mode


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A user's package on the path, whose entry points are those in the returned list."""
    folder = tmp_path / "desk_modes"
    folder.mkdir()
    (folder / "__init__.py").write_text('"""Ours."""\n')
    monkeypatch.syspath_prepend(str(tmp_path))
    points = []
    monkeypatch.setattr(shelves, "entry_points", lambda group: points if group == "afterbell.modes" else [])
    shelves.modes.cache_clear()
    yield folder, points
    shelves.modes.cache_clear()
    for name in [name for name in sys.modules if name.startswith("desk_modes")]:
        del sys.modules[name]


def known(points, folder):
    points.append(EntryPoint(folder.name, f"desk_modes.{folder.name}", "afterbell.modes"))
    shelves.modes.cache_clear()


def test_a_scaffolded_mode_is_asked_tested_and_explained(package, capsys):
    folder, points = package
    made = new_mode("filtered-answer", folder)
    assert made.name == "m21_filtered_answer"
    assert sorted(path.name for path in made.iterdir()) == ["__init__.py", "cases.py", "mode.py"]
    known(points, made)
    mode = shelves.modes()[21]
    for case in mode.cases:
        assert ask(mode, cases.casefile(case, mode.slug)).answer is case.answer, case.name
    answers = scan(cases.casefile(mode.cases[0], mode.slug))
    assert [answer.number for answer in answers] == list(range(1, 22))
    assert "filtered_answer" in shelves.knobs()
    assert main(["explain", "21"]) == 0
    assert "What would prevent it" in capsys.readouterr().out


def test_an_incomplete_mode_is_refused_not_passed_over(package):
    folder, points = package
    made = new_mode("filtered answer", folder)
    path = made / "cases.py"
    path.write_text(path.read_text().replace("Answer.UNKNOWN", "Answer.NO"))
    known(points, made)
    with pytest.raises(CatalogError, match="answer unknown"):
        shelves.modes()
    (made / "mode.py").write_text("import nothing_like_this\n")
    for name in [name for name in sys.modules if name.startswith("desk_modes")]:
        del sys.modules[name]
    shelves.modes.cache_clear()
    with pytest.raises(CatalogError, match="does not import"):
        shelves.modes()


@pytest.mark.parametrize(
    ("name", "number"), [("x", 0), ("price_blind_leak", 0), ("Ünïcode", 0), ("fine_name", 4), ("fine_name", -1)]
)
def test_names_and_numbers_that_cannot_be(package, name, number):
    with pytest.raises(UsageError):
        new_mode(name, package[0], number)


def test_nothing_is_written_over(package):
    new_mode("fine_name", package[0], 30)
    with pytest.raises(UsageError, match="is there already"):
        new_mode("fine_name", package[0], 30)
