"""A record on paper: the same bytes for the same record, and hostile text that stays text."""

from datetime import UTC, datetime

import pytest
import typst
from msgspec.structs import replace

from afterbell.cli import afterbell
from afterbell.disk.house import House
from afterbell.model.amendment import amended
from afterbell.model.record import Addendum, Content, Factor, Record
from afterbell.render.paper import paper as values
from afterbell.steps import init, paper, records, seal
from afterbell.steps.entries import add_record

CREATED = datetime(2026, 1, 6, 9, 0, tzinfo=UTC)
ATTACKS = (
    '#panic("x")', '#import "a.typ": * ] ) } #sys.inputs', "$ x $ @nobody <label> *b* _i_ `c` // gone /* gone", "\\",
    "= heading\n- list\n+ enum\n/ term: x", "\u202e\u200b\ufeff", "\u6f22\u5b57 \U0001f4a5 \u05d0\u0627", "x" * 5000,
    '"', "'\"`#[]{}()$\\*_~^@<>=-+/%&|!?.,;:", "https://evil.example/#x", "\ud7ff\ue000",
)  # fmt: skip


@pytest.fixture
def house(tmp_path):
    made = House(tmp_path / "desk")
    init.init(made)
    return made


def record_of(sound, text="plain"):
    shared = {name: getattr(sound, name) for name in Content.__struct_fields__}
    made = Record(**shared, created=CREATED)
    return replace(made, summary=text, prevention=text, roles=(text,), trace_ids=(text,), evidence=(text,),
                   timeline=tuple(replace(row, event=text, trace_id=text) for row in sound.timeline),
                   contributing_factors=(Factor(text=text, modes=(text,)),),
                   fix=replace(sound.fix, paragraph=text, commit_sha=text, ticket=text),
                   answers=tuple(replace(row, note=text, mode=text) for row in sound.answers))  # fmt: skip


@pytest.mark.parametrize("text", ATTACKS)
def test_hostile_text_is_set_as_text(sound, text):
    record = record_of(sound, text)
    item = Addendum(id="a", parent_id=record.id, created=CREATED, role=text, field="fix", note=text)
    made = paper._set(amended(record, (item,)), [("place", text)])
    assert made.startswith(b"%PDF-")
    assert b"/URI" not in made


def test_what_is_hidden_is_spelled_out_and_everything_else_kept_letter_by_letter(sound):
    given = values(amended(record_of(sound, "a\u202eb #c"), ()), ())
    assert given["sections"][0]["text"] == "a\\u{202E}b #c"
    assert values(amended(record_of(sound, "\u6f22"), ()), (), plain=True)["sections"][0]["text"] == "\\u{6F22}"
    long = values(amended(record_of(sound, "x" * 300), ()), ())["sections"][0]["text"]
    assert long.replace("\u200b", "") == "x" * 300


def test_a_text_that_no_font_holds_does_not_stop_the_page(sound, monkeypatch):
    real, asked = typst.compile, []

    def poor(*given, **options):
        asked.append(options["ignore_system_fonts"])
        if len(asked) < 3:
            raise typst.TypstError("no such glyph")
        return real(*given, **options)

    monkeypatch.setattr(typst, "compile", poor)
    assert paper._set(amended(record_of(sound, "\u6f22"), ()), []).startswith(b"%PDF-")
    assert asked == [True, False, True]


def test_the_same_record_gives_the_same_bytes_also_by_export(house, sound, tmp_path):
    from click.testing import CliRunner

    record = record_of(sound)
    add_record(records.journal(house), record, "system operator")
    seal.seal(house)
    once = paper.pdf(house, record.id)
    assert once == paper.pdf(house, record.id)
    done = CliRunner().invoke(afterbell, ["--house", str(house.root), "export", "--pdf", str(tmp_path / "out")])
    assert done.exit_code in {0, None}, done.output
    (file,) = (tmp_path / "out").iterdir()
    assert (file.name, file.read_bytes()) == (f"2026-01-06-{record.id}.pdf", once)
