from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterbell.formats.envelopes import books
from afterbell.formats.items import Context
from afterbell.model.books import EquityRow, Fill, Flow, GatewayRow, PositionRow, PriceBar, book_of
from afterbell.model.trace import Refusal, trace_hex
from afterbell.model.vocabulary import Book

EQUITY = "session_date,account_id,deployed_capital,realized_pnl"


def read(text: str | bytes, name: str = "any.csv") -> tuple[list, list[Refusal], list[Refusal]]:
    """Return rows, refusals and remarks."""
    data = text.encode() if isinstance(text, str) else text
    items = list(books.read(BytesIO(data), Context(name=name)))
    refusals = [item for item in items if isinstance(item, Refusal)]
    rows = [item for item in items if not isinstance(item, Refusal)]
    return rows, [each for each in refusals if not each.taken], [each for each in refusals if each.taken]


@pytest.mark.parametrize(
    ("header", "book"),
    [
        ("transact_time,account_id,symbol,side,last_quantity,last_price", Book.FILLS),
        (EQUITY, Book.EQUITY),
        ("at,account_id,kind,amount,currency", Book.FLOWS),
        ("at,symbol,interval,open,high,low,close,currency", Book.PRICES),
        ("at,account_id,cash,positions", Book.POSITIONS),
        ("Transact Time;Account;Last Qty;execution_id", Book.FILLS),
        ("calibrator_version,trained_at,model,method,pairs", Book.CALIBRATORS),
        ("forecast_id,made_at,symbol,model,calibrator_version,probability,outcome,resolved_at", Book.FORECASTS),
        ("provider,model,effective_from,currency,input_per_mtok,output_per_mtok", Book.MODEL_PRICES),
        ("at,trace_id,span_id,model,cache_key,token_type,tokens,unit_price_per_mtok,amount,currency", Book.COST_LEDGER),
        ("period_start,period_end,provider,model,token_type,tokens,amount,currency", Book.BILLING),
        ("start,end,model,cost", Book.BILLING),
        ("request_id,trace_id,startTime,model_group,model,status,error_information.error_code", Book.GATEWAY),
    ],
)
def test_the_header_says_which_book(header: str, book: Book) -> None:
    found = books._header(header, "table.csv")
    assert found is not None
    assert found[0].book is book
    assert books.recognise((header + "\n").encode(), "table.csv")


@pytest.mark.parametrize(
    "head",
    [
        b"", b"\n", b"\xff\xfe\x00", b"hello\n", b"a,b,c\n1,2,3\n", b"date,ticker,score\n", b'{"type":"run","trace":"t"}\n',
        b'{"resourceSpans":[]}\n', b"[1,2]\n", b'{"at":1', b"symbol,name\n", b'"unclosed\n', b"\x00" * 100,
        b'{"a":' * 5000,
    ],
)  # fmt: skip
def test_other_content_is_no_book(head: bytes) -> None:
    assert not books.recognise(head, "fills.csv")


def test_the_stem_settles_what_the_content_leaves_open() -> None:
    assert books.recognise(b"account_id,symbol,side\n", "out/fills.csv")
    assert not books.recognise(b"account_id,symbol,side\n", "out/table.csv")
    rows, refused, _ = read("account_id,symbol,side\nA,S,buy\n", "fills_2026.csv")
    assert not rows
    assert [(each.where, each.why) for each in refused] == [("row 2", "transact_time is not stated")]


def test_values_as_written() -> None:
    rows, refused, remarks = read(
        "transact_time,account_id,symbol,side,last_quantity,last_price,commission,trace_id\n"
        "2026-01-05T09:30:00.123456-05:00,A,SYNTHETIC_A,1,100,12.50,,desk-7\n",
    )
    assert not refused
    assert not remarks
    (fill,) = rows
    assert isinstance(fill, Fill)
    assert fill.transact_time == datetime(2026, 1, 5, 14, 30, 0, 123456, tzinfo=UTC)
    assert (fill.side, str(fill.last_price), fill.commission, fill.row) == ("buy", "12.50", None, 2)
    assert fill.trace_id == trace_hex("desk-7")


def test_aliases_are_taken_and_said() -> None:
    rows, refused, remarks = read("session,account,Deployed Capital,realised_pnl,mood\n2026-01-05,A,100,-1,fine\n")
    assert not refused
    assert rows == [EquityRow(session_date=date(2026, 1, 5), account_id="A", deployed_capital=Decimal(100),
                              realized_pnl=Decimal(-1), row=2)]  # fmt: skip
    said = " ".join(each.why for each in remarks)
    assert "session read as session_date" in said
    assert "Deployed Capital read as deployed_capital" in said
    assert "not read: mood" in said


def test_a_column_by_its_own_name_wins_over_an_alias() -> None:
    rows, _, remarks = read("session,session_date,realized_pnl\n2026-01-01,2026-01-05,1\n")
    assert rows[0].session_date == date(2026, 1, 5)
    assert ["session" in each.why for each in remarks] == [True]


@pytest.mark.parametrize(
    "text",
    [
        f"{EQUITY}\n2026-01-05,A,100,-1\n",
        f"\ufeff{EQUITY}\r\n2026-01-05,A,100,-1\r\n",
        f"{EQUITY.replace(',', ';')}\n2026-01-05;A;100;-1",
        f"sep=;\n{EQUITY.replace(',', ';')}\n2026-01-05;A;100;-1\n",
        f"{EQUITY.replace(',', chr(9))}\n2026-01-05\tA\t100\t-1\n",
        f"\n{EQUITY}\n\n 2026-01-05 , A ,100,-1\n\n",
        f'{EQUITY}\n"2026-01-05","A","100","-1"\n',
        '{"session_date":"2026-01-05","account_id":"A","deployed_capital":100,"realized_pnl":"-1"}',
        '\ufeff{"realized_pnl":-1,"session_date":"2026-01-05","account_id":"A","deployed_capital":"100"}\r\n',
    ],
)
def test_dialects_of_the_same_row(text: str) -> None:
    rows, refused, _ = read(text)
    assert not refused
    assert [(row.session_date, row.account_id, row.deployed_capital, row.realized_pnl) for row in rows] == [
        (date(2026, 1, 5), "A", Decimal(100), Decimal(-1))
    ]


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ("2026-01-05,A,100", "3 cells under 4 columns"),
        ("2026-01-05,A,100,-1,x", "5 cells under 4 columns"),
        (",A,100,-1", "session_date is not stated"),
        ("2026-02-30,A,100,-1", "session_date is not a date"),
        ("05/01/2026,A,100,-1", "session_date is not a date"),
        ('2026-01-05,A,"1,000",-1', "no thousands separators"),
        ("2026-01-05,A,NaN,-1", "deployed_capital is not a decimal"),
        ("2026-01-05,A,1_000,-1", "deployed_capital is not a decimal"),
        ("2026-01-05,A,$100,-1", "deployed_capital is not a decimal"),
        ("2026-01-05,A,100,1e999", "realized_pnl is not a decimal"),
        ('2026-01-05,"A"x,100,-1', "not CSV"),
    ],
)
def test_a_bad_row_is_refused_and_the_next_is_read(cells: str, why: str) -> None:
    rows, refused, _ = read(f"{EQUITY}\n{cells}\n2026-01-06,A,100,-1\n")
    assert [row.row for row in rows] == [3]
    assert [each.where for each in refused] == ["row 2"]
    assert why in refused[0].why


@pytest.mark.parametrize(
    ("stamp", "why"),
    [
        ("2026-01-05T14:30:00", "no offset"),
        ("2026-01-05", "no offset"),
        ("1767623400", "not an RFC 3339 time"),
        ("Mon, 05 Jan 2026 14:30:00 GMT", "not an RFC 3339 time"),
        ("2026-01-05T25:30:00Z", "not an RFC 3339 time"),
        ("0001-01-01T00:00:00+14:00", "not an RFC 3339 time"),
    ],
)
def test_a_time_needs_its_offset(stamp: str, why: str) -> None:
    rows, refused, _ = read(f'transact_time,last_quantity\n"{stamp}",1\n')
    assert not rows
    assert why in refused[0].why


def test_a_quoted_newline_is_one_row() -> None:
    rows, refused, _ = read('transact_time,symbol,exec_id\n2026-01-05T14:30:00Z,"A\nB",1\n2026-01-05T14:31:00Z,C,2\n')
    assert not refused
    assert [(row.symbol, row.row) for row in rows] == [("A\nB", 2), ("C", 3)]


def test_what_a_cut_file_lost_is_said() -> None:
    _, refused, _ = read(f"{EQUITY}\n2026-01-05,A,100,-1\n2026-01-0")
    assert "the file ends inside this row" in refused[0].why
    _, refused, _ = read('{"session_date":"2026-01-05","realized_pnl":"1"}\n{"session_date":"2026-0')
    assert (refused[0].where, "ends inside" in refused[0].why) == ("row 2", True)


def test_bytes_that_are_no_text_and_endless_rows_are_refused() -> None:
    long = b"x" * (books.LONGEST_ROW + 10)
    head = EQUITY.encode() + b"\n"
    rows, refused, _ = read(head + b"2026-01-05,\xff,1,1\n" + long + b"\n2026-01-06,A,1,1\n")
    assert [row.row for row in rows] == [4]
    assert ["UTF-8" in refused[0].why, "longer than" in refused[1].why] == [True, True]


def test_flows_have_a_kind_and_a_positive_amount() -> None:
    text = "at,account_id,kind,amount\n2026-01-05T00:00:00Z,A,{},{}\n"
    rows, _, _ = read(text.format("Withdrawal", "5"))
    assert rows == [
        Flow(at=datetime(2026, 1, 5, tzinfo=UTC), account_id="A", kind="withdrawal", amount=Decimal(5), row=2)
    ]
    assert "negative" in read(text.format("withdrawal", "-5"))[1][0].why
    assert "neither deposit" in read(text.format("fee", "5"))[1][0].why


def test_a_bar_that_ends_at_midnight_is_of_the_day_before() -> None:
    rows, _, _ = read(
        "at,symbol,interval,close\n2026-01-06T00:00:00Z,S,P1D,1\n2026-01-05T16:00:00-05:00,S,P1D,1\n", "prices.csv"
    )
    assert all(isinstance(row, PriceBar) for row in rows)
    assert [row.session_date.day for row in rows] == [5, 5]
    assert rows[1].at == "2026-01-05T16:00:00-05:00"


def test_the_first_moment_of_the_calendar_has_no_day_before() -> None:
    rows, refused, _ = read("at,symbol,close\n0001-01-01T00:00:00-05:00,S,1\n", "prices.csv")
    assert [row.session_date for row in rows] == [date.min]
    assert not refused


def test_positions_are_an_object_of_decimals() -> None:
    rows, refused, _ = read(
        'at,account_id,cash,positions\n2026-01-05T15:00:00Z,A,,"{""S"":""1.50"",""T"":2}"\n'
        '2026-01-05T15:00:00Z,A,1,"{""S"":""x""}"\n2026-01-05T15:00:00Z,A,1,[]\n'
    )
    (row,) = rows
    assert isinstance(row, PositionRow)
    assert (row.cash, dict(row.positions)) == (None, {"S": Decimal("1.50"), "T": Decimal(2)})
    assert ["positions.S" in refused[0].why, "not an object" in refused[1].why] == [True, True]


def test_json_rows_may_leave_keys_out_and_keep_their_digits() -> None:
    rows, refused, _ = read(
        '{"at":"2026-01-05T21:00:00Z","symbol":"S","close":0.1000000000000000055511151231257827}\n'
        '{"at":"2026-01-06T21:00:00Z","symbol":"S"}\n{"at":"2026-01-07T21:00:00Z","symbol":["S"],"close":1}\n[1]\n',
        "x.jsonl",
    )
    assert [str(row.close) for row in rows] == ["0.1000000000000000055511151231257827", "None"]
    assert [each.where for each in refused] == ["row 3", "row 4"]


@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: f"{EQUITY}\n{text}".encode()))
def test_no_bytes_make_it_raise(data: bytes) -> None:
    books.recognise(data, "equity.csv")
    for item in books.read(BytesIO(data), Context(name="equity.csv")):
        assert isinstance(item, Refusal) or book_of(item)


def test_costs_forecasts_and_prices_are_read_as_written() -> None:
    ledger, refused, remarks = read(
        "timestamp,trace_id,span_id,type,tokens,cost\n"
        "2026-01-05T14:00:00Z,t,s,cache_creation_input_tokens,100,0.10\n"
        "2026-01-05T14:00:00Z,t,s,input,-1,0.10\n",
        "cost_ledger.csv",
    )
    assert [(row.token_type, row.tokens, row.amount) for row in ledger] == [("cache_write", 100, Decimal("0.10"))]
    assert ledger[0].trace_id == trace_hex("t")
    assert len(refused) == 1
    assert len(remarks) == 3
    prices, _, _ = read("model,effective_from,input_per_mtok,cache_read_per_mtok\nmodel-a,2026-01-01,3,\n")
    assert prices[0].effective_from == datetime(2026, 1, 1, tzinfo=UTC)
    assert prices[0].cache_read_per_mtok is None
    forecasts, refused, _ = read("forecast_id,probability,outcome\na,0.7,1\nb,0.7,\nc,70,1\nd,0.7,2\n")
    assert [row.outcome for row in forecasts] == [1, None]
    assert len(refused) == 2


def test_a_bill_without_a_period_is_refused() -> None:
    _, refused, _ = read("period_start,period_end,amount\n2026-01-05T00:00:00Z,2026-01-05T00:00:00Z,1\n2026-01-05,,1\n")
    assert refused[0].why == "period_end is not after period_start"
    assert len(refused) == 2


def test_a_gateways_rows_are_read_under_its_own_names() -> None:
    rows, refused, remarks = read(
        '{"request_id":"r1","trace_id":"desk-7","startTime":"2026-01-05T14:00:00.250Z","model_group":"gpt-5",'
        '"model":"gpt-5-mini","custom_llm_provider":"openai","status":"failure",'
        '"error_information":{"error_code":"429","error_class":"RateLimitError"}}\n'
        '{"id":"r2","startTime":1767621600.5,"model_group":"gpt-5","model":"gpt-5","status":"success",'
        '"error_information":null}\n'
        '{"request_id":"r3","model_group":"gpt-5","model":"gpt-5","status":"failure",'
        '"metadata":{"error_information":{"error_code":529}}}\n',
        "gateway.jsonl",
    )
    assert not refused
    assert rows == [
        GatewayRow(request_id="r1", trace_id=trace_hex("desk-7"), model_group="gpt-5", model="gpt-5-mini", row=1,
                   start_time=datetime(2026, 1, 5, 14, 0, 0, 250000, UTC), provider="openai", status="failure",
                   error_code="429", error_class="RateLimitError"),
        GatewayRow(request_id="r2", start_time=datetime(2026, 1, 5, 14, 0, 0, 500000, UTC), model_group="gpt-5",
                   model="gpt-5", status="success", row=2),
        GatewayRow(request_id="r3", model_group="gpt-5", model="gpt-5", status="failure", error_code="529", row=3),
    ]  # fmt: skip
    assert [each.why for each in remarks] == [
        "column id read as request_id", "no columns of gateway, not read: metadata",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ('{"model_group":"a","model":"b","status":"success"}', "neither trace_id nor request_id is stated"),
        ('{"request_id":"r","model_group":"a","startTime":"2026-01-05T14:00:00"}', "start_time has no offset"),
        ('{"request_id":"r","model_group":"a","startTime":1e30}', "start_time is no moment in seconds since 1970"),
        ('{"request_id":"r","model_group":"a","status":{"code":1}}', "status is not a text"),
        ('{"request_id":"r","model_group":"a","error_information":{"error_code":[429]}}', "error_code is not a text"),
    ],
)
def test_a_gateways_row_that_cannot_be_read_is_refused(row: str, why: str) -> None:
    rows, refused, _ = read(
        f'{{"request_id":"r0","model_group":"a"}}\n{row}\n{{"request_id":"r9","model_group":"a"}}\n'
    )
    assert [row.request_id for row in rows] == ["r0", "r9"]
    assert [each.where for each in refused] == ["row 2"]
    assert refused[0].why.startswith(why)
