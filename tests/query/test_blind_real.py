"""On every decision of the real step logs: what only later spans say is not in the view."""

from pathlib import Path

import pytest

from afterbell.disk.house import House
from afterbell.model.proposal import proposals
from afterbell.model.run import Trace
from afterbell.query.blind import blind_view
from afterbell.steps import ingest, init
from afterbell.steps.store import Store

pytestmark = pytest.mark.shared_data


def later(trace: Trace, cutoff: int) -> set[str]:
    """Texts that calls and tools after the cutoff say and nothing before it does; short ones may be said by chance."""
    said: dict[bool, set[str]] = {False: set(), True: set()}
    for call in trace.calls:
        for _message, part, _source in trace.parts((*call.system, *call.input)):
            said[call.started_ns > cutoff].add(part.text)
        for _message, part, _source in trace.parts(call.output):
            said[max(call.started_ns, call.ended_ns) >= cutoff].add(part.text)
    for tool in trace.tools:
        said[max(tool.started_ns, tool.ended_ns) > cutoff].add(tool.result)
    return {text for text in said[True] - said[False] if len(text) > 20}


def test_no_later_text_is_in_any_view(shared_data: Path, tmp_path: Path) -> None:
    house = House(tmp_path)
    init.init(house)
    list(ingest.ingest(house, [str(shared_data / "aitrader_agent_logs" / "data")], jobs=1))
    store = Store(house)
    views = hidden = shown = 0
    for bucket in store.buckets():
        for trace in store.shard(bucket):
            for decision in proposals(trace.trades):
                view = blind_view(trace, decision)
                texts = "\n".join(f"{piece.label}\n{piece.text}" for piece in view.seen)
                leaks = later(trace, view.cutoff_ns)
                assert not [text for text in leaks if text in texts]
                views, hidden, shown = views + 1, hidden + bool(leaks), shown + bool(view.seen)
    assert views > 200
    assert hidden > 100, "a set in which nothing is hidden would show nothing"
    assert shown > 100
