"""Each shape of the tables matches its examples, and its table none of its counterexamples."""

import re
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

import pytest

from afterbell.reading import log_lines
from afterbell.reading.log_lines.shapes import Shape, any_of


def _tables() -> Iterator[tuple[str, tuple[Shape, ...]]]:
    for module in iter_modules(log_lines.__path__, f"{log_lines.__name__}."):
        for name, value in vars(import_module(module.name)).items():
            if isinstance(value, tuple) and value and all(isinstance(each, Shape) for each in value):
                yield f"{module.name.rpartition('.')[2]}.{name}", value


TABLES = dict(_tables())
SHAPES = [pytest.param(shapes, shape, id=f"{table}: {shape.name}") for table, shapes in TABLES.items()
          for shape in shapes]  # fmt: skip


def test_the_tables_are_found() -> None:
    assert {"calls.CALLS", "defaults.DEFAULTS", "endings.REFUSALS", "faults.FAULTS", "stand_ins.STAND_INS"} <= set(
        TABLES
    )


@pytest.mark.parametrize(("table", "shape"), SHAPES)
def test_a_shape_matches_its_examples_only(table: tuple[Shape, ...], shape: Shape) -> None:
    assert len(shape.examples) >= 2
    assert shape.counterexamples
    assert [text for text in shape.examples if not any_of([shape]).search(text)] == []
    assert [text for text in shape.counterexamples if any_of(table).search(text)] == []


@pytest.mark.parametrize("shapes", TABLES.values(), ids=TABLES.keys())
def test_a_table_is_bounded_and_its_names_are_different(shapes: tuple[Shape, ...]) -> None:
    assert len({shape.name for shape in shapes}) == len(shapes)
    for shape in shapes:
        plain = re.sub(r"\\.|\[(?:\\.|[^\]\\])*\]", "", shape.pattern)
        assert not re.search(r"[*+]|\{\d*,\}", plain), shape.name
