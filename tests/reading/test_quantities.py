"""What is read as a figure, with which value, and that no text breaks the reading."""

# ruff: noqa: RUF001 - full-width digits and typographic dashes are what is read here

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afterbell.reading.quantities import grammar, labels, scales, text
from afterbell.reading.quantities.quantity import Kind


def values(words, **more):
    return [each.value for each in grammar.read(words, **more)]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Revenue of $4.2bn", ["4.2e9"]),
        ("4.2 billion", ["4.2e9"]),
        ("4.2B and 113M and 500k", ["4.2e9", "1.13e8", "5e5"]),
        ("a loss of (1,234)", ["-1234"]),
        ("-1,234 against 1,234", ["-1234", "1234"]),
        ("$(9.8) million", ["-9.8e6"]),
        ("(48.3)%", ["-48.3"]),
        ("sales fell (12%) in sales", ["12"]),
        ("1.2x and 3.5 times", ["1.2", "3.5"]),
        ("250 bps, 25 basis points", ["2.5", "0.25"]),
        ("20-25%", ["20", "25"]),
        ("7.6 to 8.2 million", ["7.6e6", "8.2e6"]),
        ("between $1.2 and $1.5 billion", ["1.2e9", "1.5e9"]),
        ("营收123.4亿元，同比增长12％，净利润－5.6万元", ["1.234e10", "12", "-5.6e4"]),
        ("１，２３４．５", ["1234.5"]),
        ("1\u00a0234\u00a0567 shares", ["1234567"]),
        ("12 500 units", ["12500"]),
        ("1.234.567,89 €", ["1234567.89"]),
        ("1,5 Mrd EUR", ["1.5e9"]),
        ("12,34,567", ["1234567"]),
        ("RMB77 million", ["7.7e7"]),
        ("AU 18 cents", ["0.18"]),
        (".58 of it", ["0.58"]),
        ("1.5e-3", ["0.0015"]),
    ],
)
def test_values(words, expected):
    assert values(words) == [Decimal(each) for each in expected]


@pytest.mark.parametrize(
    "words",
    [
        "on December 31, 2019 and 2025-08-07T15:33:43Z, 7/31/2024, 9:30 am",
        "in FY2024, Q3 2025, 2Q25, H1, fiscal 2026 and 2019",
        "Form 10-K, Item 1.01, Note 12, Exhibit 99.1, ASC 606",
        "as shown [1], [23]",
        "rated 7/10 and 85/100, around the clock 24/7",
        "the 1st and the 22nd",
        "1. first\n2) second\n(3) third",
        "GPT-4, COVID-19, the S&P 500, A100, SYNTHETIC_A3",
        "https://one.example/a/2024/123456?x=9",
        "version 1.2.3 of 401(k), accession 0000320193-18-000070",
        "第3季度 2025年8月7日，600028.SH",
    ],
)
def test_what_only_looks_like_a_figure(words):
    assert values(words) == []


def test_a_cell_is_read_as_one_figure():
    assert values("(13)", cell=True) == [Decimal(-13)]
    assert values("1 234", cell=True) == [Decimal(1234)]


def test_units_and_hedges():
    percent, money, count, near = grammar.read("12%, $3 per share, 300 shares, over 40 million")
    assert (percent.kind, money.kind, count.kind) == (Kind.PERCENT, Kind.MONEY, Kind.COUNT)
    assert money.per_share
    assert near.hedge == "over"


@pytest.mark.parametrize(
    ("words", "power"),
    [
        ("(in thousands, except per share data)", 3),
        ("(In millions of U.S. dollars)", 6),
        ("Amounts in thousands of euros", 3),
        ("Dollars in millions", 6),
        ("$ millions", 6),
        ("£m", 6),
        ("RMB'000", 3),
        ("$000", 3),
        ("US$ billion", 9),
        ("(单位：万元)", 4),
        ("人民币百万元", 6),
        ("we invested in millions of homes", None),
        ("Years ended December 31", None),
    ],
)
def test_header_scales(words, power):
    assert scales.header_scale(words) == power


TABLES = {
    "markdown": "(in thousands)\n\n| | 2025 | 2024 | % change |\n|---|---|---|---|\n| Sales | $ 1,452.4 | (1,146) | 26.7 |\n| EPS | 1.25 | 2 | |\n",
    "csv": 'In thousands,2025,2024,% change\nSales,"1,452.4","(1,146)",26.7\nEPS,1.25,2,\n',
    "tabs": "(in thousands)\t2025\t2024\t% change\nSales\t1,452.4\t(1,146)\t26.7\nEPS\t1.25\t2\t\n",
    "aligned": "(in thousands)     2025      2024     % change\nSales     $1,452.4    (1,146)    26.7\nEPS     1.25     2\n",
    "json": '{"table": [["(in thousands)", "2025", "2024", "% change"], ["Sales", "1,452.4", "(1,146)", "26.7"], ["EPS", "1.25", "2", ""]]}',
    "html": "<p>(in thousands)</p><table><tr><td></td><td>2025</td><td>2024</td><td>% change</td></tr><tr><td>Sales</td><td>$</td><td>1,452.4</td><td>(1,146</td><td>)</td><td>26.7</td></tr><tr><td><div>EPS</div></td><td><p>1.25</p></td><td>2</td></tr></table>",
}


@pytest.mark.parametrize("form", TABLES)
def test_a_table_is_read_the_same_in_every_form(form):
    found = text.read(TABLES[form])
    assert [each.value for each in found] == [Decimal(each) for each in ("1452400", "-1146000", "26.7", "1.25", "2")]
    sales, before, change, eps, _ = found
    assert sales.label >= {"sale", "2025"}
    assert before.label >= {"sale", "2024"}
    assert change.kind is Kind.PERCENT
    assert eps.per_share
    assert set(sales.groups) & set(before.groups), "a row stands together"
    assert set(sales.groups) & set(eps.groups), "a column stands together"


def test_json_names_figures_by_keys_and_states_units():
    found = text.read(
        '{"units": "USD millions", "income": {"totalRevenue": {"2025": 412.3, "2024": "380.0"}}, "dilutedEPS": 2.31}'
    )
    assert [each.value for each in found] == [Decimal(412300000), Decimal(380000000), Decimal("2.31")]
    assert found[0].label >= {"revenue", "total", "2025"}
    assert found[2].basis == {"diluted"}


def test_a_fraction_is_left_out_of_the_scale_of_its_neighbours():
    found = text.read('{"units": "thousands", "grossMargin": 0.412, "revenue": 412.5}')
    assert [each.value for each in found] == [Decimal("0.412"), Decimal(412500)]


def test_json_within_json_and_text_within_json_keep_their_places():
    whole = '{"result": "{\\"note\\": \\"Revenue rose to $3.5 million\\\\nin 2025\\"}"}'
    (found,) = text.read(whole)
    assert whole[found.start : found.end] == "$3.5 million"


def test_the_units_of_a_document_hold_where_the_text_states_none():
    assert text.read("| | 2025 |\n|---|---|\n| Sales | 5 |", scale=3)[0].value == 5000
    assert text.read("(in millions)\n| | 2025 |\n|---|---|\n| Sales | 5 |", scale=3)[0].value == 5_000_000
    assert text.read("Sales were 5 pieces of 7 dollars.", scale=3)[0].value == 5, "prose says its own scale"


@given(st.integers(-(10**12), 10**12), st.integers(0, 4), st.booleans())
def test_what_is_written_is_read(whole, decimals, grouped):
    number = Decimal(whole).scaleb(-decimals)
    written = f"{number:,f}" if grouped else f"{number:f}"
    if 1900 <= abs(number) < 2100 and written.lstrip("-").isdigit():
        written += ".0"
    assert values(f"It was {written}.") == [number]


noise = st.text(st.sampled_from("0123456789.,-–()[]{}%$€|\t\n \"'\\:;/abkmxX年万亿元eE<>t＋１，"), max_size=300)


@settings(max_examples=200)
@given(noise | st.text(max_size=200))
def test_no_text_breaks_the_reading_and_places_are_within(words):
    for each in text.read(words):
        assert 0 <= each.start < each.end <= len(words)
        assert each.value.is_finite()


@pytest.mark.parametrize(
    "words",
    ["1," * 20_000, "[" * 20_000, "1 000 " * 8000, "(" * 20_000 + "1", "{'a':" * 5000, "1-" * 20_000, "| 1 " * 10_000,
     "$ " * 20_000, "<td>1" * 8000, '"' * 20_001, "9" * 40_000, "1.1" * 20_000],
)  # fmt: skip
def test_hostile_text_is_read(words):
    assert len(text.read(words)) <= len(words)


def test_a_year_is_not_read_out_of_a_longer_number() -> None:
    assert labels.years(labels.words("Goodwill 222000 and 120191")) == frozenset()
    assert labels.years(labels.words("Goodwill 2019, FY2020, 2018年")) == {"2018", "2019", "2020"}
