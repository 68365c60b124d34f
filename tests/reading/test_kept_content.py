"""Which spans read from a memory, by the count of records that they state."""

import pytest

from afterbell.model.run import Trace
from afterbell.model.trace import Span
from afterbell.reading.kept_content import reads


@pytest.mark.parametrize(("count", "found"), [(3, 1), ("3", 1), (0, 0), ("00", 0), ("²", 0), ("9" * 5000, 1)])
def test_a_search_is_a_read_where_it_returned_records(count, found):
    said = {"gen_ai.operation.name": "search_memory", "gen_ai.memory.record.count": count}
    assert len(reads(Trace(trace_id="t", spans=(Span(trace_id="t", span_id="s", name="m", attributes=said),)))) == found
