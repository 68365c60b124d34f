"""What the importers make of a folder of real traces: one row a set, and the reasons for what is refused.

Run: `make bench-formats`, or `python benchmarks/formats.py [folder]`. Without a folder it takes
`AFTERBELL_SHARED_DATA`, else `../shared/data`. Where a set of Langfuse traces brings the expected messages, they are
compared too.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter, defaultdict
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from afterbell.catalog import intake
from afterbell.disk import opening
from afterbell.formats.items import Context, Unit
from afterbell.formats.strangers import name_of
from afterbell.model.calls import PartKind
from afterbell.model.trace import LogRecord, Refusal, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from afterbell.formats.items import Item
    from afterbell.model.run import Trace

_ROOT = Path(__file__).resolve().parents[1]
_PROSE = {".md", ".txt", ".html", ".htm", ".py", ".csv"}
_COLUMNS = ("files", "read", "spans", "logs", "rows", "calls", "tools", "documents", "messages", "trades", "refused")
_SHOWN = 8
_Told = list[tuple[str, str, list[tuple[str, str]]]]


def items_of(path: Path) -> Iterator[Item] | None:
    """Return what the file's envelope yields, or None where none recognises it."""
    data = unpacked(path)
    envelope = intake.envelope_of(data[: intake.HEAD], str(path))
    return None if envelope is None else _items(envelope, data, path)


def unpacked(path: Path) -> bytes:
    """Return what ingest reads of a file: unpacked, and of a table its rows as lines."""
    with opening.open_stream(path) as stream:
        return b"".join(opening.bytes_of(stream))


def _items(envelope: Any, data: bytes, path: Path) -> Iterator[Item]:
    if envelope.UNIT is Unit.STREAM:
        yield from envelope.read(BytesIO(data), Context(name=str(path), last=True))
        return
    for position, line in enumerate(BytesIO(data), 1):
        yield from envelope.read(line.rstrip(b"\r\n"), Context(name=str(path), position=position))


def measure(folder: Path) -> tuple[Counter[str], Counter[str]]:
    """Return the counts of a set, and its refusals by reason."""
    counts: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for path in sorted(each for each in folder.rglob("*") if each.is_file() and each.suffix.lower() not in _PROSE):
        counts["files"] += 1
        found = items_of(path)
        if found is None:
            named = name_of(unpacked(path)[: intake.HEAD]) or "text without a known form"
            reasons[f"no reader: {named}"] += 1
            continue
        counts["read"] += 1
        spans: dict[str, list[Span]] = defaultdict(list)
        logs: dict[str, list[LogRecord]] = defaultdict(list)
        for item in found:
            if isinstance(item, Span):
                spans[item.trace_id].append(item)
            elif isinstance(item, LogRecord):
                logs[item.trace_id].append(item)
            elif isinstance(item, Refusal):
                counts["refused"] += not item.taken
                reasons[item.why] += not item.taken
            else:
                counts["rows"] += 1
        for trace_id in {**spans, **logs}:
            _count(counts, intake.trace_of(trace_id, spans.get(trace_id, ()), logs.get(trace_id, ())))
    return counts, +reasons


def _count(counts: Counter[str], trace: Trace) -> None:
    for name in ("spans", "logs", "calls", "tools", "documents", "messages", "trades"):
        counts[name] += len(getattr(trace, name))


def pairs(folder: Path) -> tuple[int, int, int, list[str]]:
    """Compare `<name>.trace.json` with the messages that `<name>.chatml.json` expects, leg by leg.

    Returns equal legs, legs of model calls, legs of steps that are no model calls, and the differing ones.
    """
    equal = legs = steps = 0
    differing: list[str] = []
    for path in sorted(folder.rglob("*.trace.json")):
        items = list(items_of(path) or ())
        spans = [item for item in items if isinstance(item, Span)]
        trace = intake.trace_of(spans[0].trace_id, spans, [item for item in items if isinstance(item, LogRecord)])
        calls = {call.span_id: call for call in trace.calls}
        wanted = json.loads(path.with_name(path.name.replace(".trace.", ".chatml.")).read_bytes())
        for span_id, sides in wanted.items():
            for leg in ("input", "output"):
                if not (sides.get(leg) or {}).get("success"):
                    continue
                call = calls.get(span_id)
                if call is None:
                    steps += 1
                    continue
                legs += 1
                refs = (*call.system, *call.input) if leg == "input" else call.output
                found, expected = _told(trace, refs), [_expected(message) for message in sides[leg]["data"]]
                equal += found == expected
                if found != expected:
                    words = f"expected {[row[0] for row in expected]}, found {[row[0] for row in found]}"
                    differing.append(f"{path.name.partition('.')[0]} {span_id} {leg}: roles {words}")
    return equal, legs, steps, differing


def _expected(message: dict[str, Any]) -> tuple[str, str, list[tuple[str, str]]]:
    content = message.get("content")
    text = content if isinstance(content, str) else json.dumps(content) if content else ""
    calls = message.get("tool_calls") or []
    return str(message.get("role")), text, [(str(call.get("name")), _plain(call.get("arguments"))) for call in calls]


def _told(trace: Trace, refs: Any) -> _Told:
    rows = []
    for message in (trace.messages[ref.sha256] for ref in refs):
        text = "\n".join(
            part.text for part in message.parts if part.kind in {PartKind.TEXT, PartKind.TOOL_RESULT} and part.text
        )
        calls = [(part.name, _plain(part.text)) for part in message.parts if part.kind is PartKind.TOOL_CALL]
        rows.append((message.role, text, calls))
    return rows


def _plain(arguments: Any) -> str:
    try:
        return json.dumps(json.loads(arguments), sort_keys=True)
    except (TypeError, ValueError):
        return str(arguments)


def main() -> int:
    """Print the table, the reasons and the comparison."""
    given = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("AFTERBELL_SHARED_DATA", "")
    folder = Path(given) if given else _ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        print(f"no folder {folder}: give one, or set AFTERBELL_SHARED_DATA", file=sys.stderr)
        return 2
    console = Console(width=None if sys.stdout.isatty() else 160)
    table = Table(title="What is read, by set")
    table.add_column("set")
    for name in _COLUMNS:
        table.add_column(name, justify="right")
    told: dict[str, Counter[str]] = {}
    for each in sorted(path for path in folder.iterdir() if path.is_dir()):
        counts, told[each.name] = measure(each)
        table.add_row(each.name, *(f"{counts[name]:,}" for name in _COLUMNS))
    console.print(table)
    for name, reasons in told.items():
        for reason, times in reasons.most_common(_SHOWN):
            print(f"{name}: {times} x {reason[:160]}")
        if len(reasons) > _SHOWN:
            print(f"{name}: and {len(reasons) - _SHOWN} other reasons")
    for each in sorted({path.parent for path in folder.rglob("*.chatml.json")}):
        equal, legs, steps, differing = pairs(each)
        print(f"{each.name}: {equal} of {legs} legs of model calls as expected; {steps} legs of steps hold no call")
        for line in differing:
            print(f"  {line}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
