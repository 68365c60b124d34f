"""LiteLLM's logs with their content: spend logs and standard logging payloads, as JSON lines, a list or one document.

A row becomes a row of the gateway's book and, where messages or an answer were kept, a span of its own. Files of rows
without content are the book's alone (see `books`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO

from afterbell.formats import book_columns, book_rows, json_rows
from afterbell.formats.book_cells import RowError
from afterbell.formats.items import Context, Item, Unit
from afterbell.formats.messages import as_attributes, as_json, as_object, as_text
from afterbell.formats.stamps import stamp
from afterbell.model.trace import STATUS_ERROR, STATUS_OK, Refusal, Span, span_hex, trace_hex
from afterbell.model.vocabulary import Book

if TYPE_CHECKING:
    from collections.abc import Iterator

    from afterbell.formats.json_rows import Row

NAME = "litellm-logs"
TITLE = "LiteLLM spend logs and standard logging payloads that hold messages"
UNIT = Unit.STREAM
RANK = 41

PREFIX = "litellm."
_OURS = {"model_group", "custom_llm_provider", "response_cost", "api_base"}
_KEPT = re.compile(
    rb'(?<!\\)"(?:messages|response|proxy_server_request)"\s{0,9}:\s{0,9}'
    rb'(?:\[\s{0,99}\{|\{\s{0,99}"|"\s{0,9}(?:\[\s{0,9}\{\s{0,9}\\|\{\s{0,9}\\|[^"{\[\s]))'
)
_LIST = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,99}\[")
_CONTENT = ("messages", "response", "proxy_server_request")


def recognise(head: bytes, _name: str) -> bool:
    """Tell whether LiteLLM's rows begin here, with content, or laid out as no book is."""
    if not json_rows.begins(head):
        return False
    keys = json_rows.keys(head)
    ours = "call_type" in keys and bool(keys & _OURS) and bool(keys & {"request_id", "id"})
    return ours and (_KEPT.search(head) is not None or _LIST.match(head) is not None)


def read(stream: BinaryIO, _context: Context) -> Iterator[Item]:
    """Read the rows into rows of the gateway's book and spans, or refusals that say where and why."""
    for position, row in enumerate(json_rows.rows(stream, "data", "logs"), 1):
        if isinstance(row, Refusal):
            yield row
            continue
        value = row.value
        listed = (
            next((value[key] for key in ("data", "logs") if key in value), None) if isinstance(value, dict) else None
        )
        for each in listed if isinstance(listed, list) else [value]:
            yield from _row(each, row, position)


def _row(value: Any, row: Row, position: int) -> Iterator[Item]:
    if not isinstance(value, Mapping) or not (value.get("request_id") or value.get("id")) or "call_type" not in value:
        yield Refusal(where=row.where, why="no row of LiteLLM's: an object with an id and a call_type is needed")
        return
    yield from _booked(value, row, position)
    if any(as_json(value.get(key)) not in (None, "", {}, []) for key in _CONTENT):
        yield _span(value, position)


def _booked(value: Mapping[str, Any], row: Row, position: int) -> Iterator[Item]:
    flat = book_columns.flat(value)
    columns = book_columns.columns_of(flat, "gateway", Book.GATEWAY)
    if columns is None or columns.book is not Book.GATEWAY:
        return
    try:
        yield book_rows.row_of(columns, flat.values(), position)
    except RowError as error:
        yield Refusal(where=row.where, why=f"no row of the gateway's book: {error}")


def _span(value: Mapping[str, Any], position: int) -> Span:
    raw = as_text(value.get("request_id") or value.get("id"))
    metadata = as_object(value.get("metadata"))
    trace = as_text(value.get("trace_id") or value.get("litellm_trace_id") or value.get("session_id")) or raw
    fault = as_object(value.get("error_information") or metadata.get("error_information"))
    failed = as_text(value.get("status")).lower() == "failure" or bool(value.get("error_str"))
    said = as_text(value.get("error_str")) or as_text(fault.get("error_message"))
    lifted = {key: item for key, item in metadata.items() if key.startswith("trading.")}
    started = stamp(value.get("startTime"))
    return Span(
        # One id may stand for an attempt and its repeat: when each started tells them apart.
        trace_id=trace_hex(trace), trace_id_raw=trace, span_id=span_hex(f"{raw} {started}"), span_id_raw=raw,
        name=as_text(value.get("call_type")), start_ns=started, end_ns=stamp(value.get("endTime")),
        status_code=STATUS_ERROR if failed else STATUS_OK, status_message=said if failed else "",
        attributes={**lifted, **as_attributes(PREFIX, value)}, resource={"service.name": "LiteLLM"}, format=NAME,
        position=position,
    )  # fmt: skip
