"""Content of calls in files of its own: whatever a file holds, it is a list of objects or a plain ValueError."""

from io import BytesIO

import pytest

from afterbell.formats.envelopes import genai_uploads
from afterbell.formats.items import Context
from afterbell.formats.references import content

DEEP = b"[" * 200_000


@pytest.mark.parametrize("data", [DEEP, b'{"role": "user"}\n' + DEEP, b"1", b"[]", b"\xff", b'{"role"'])
def test_what_holds_no_list_of_objects_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        content(data)
    (refusal,) = genai_uploads.read(BytesIO(data), Context(name="a_inputs.json"))
    assert refusal.where == "document"
    assert not refusal.taken


def test_lines_with_an_index_are_put_in_order() -> None:
    assert content(b'{"index": 1, "role": "b"}\n{"index": 0, "role": "a"}\n') == '[{"role":"a"},{"role":"b"}]'


def test_a_document_too_large_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(genai_uploads, "LARGEST", 20)
    (refusal,) = genai_uploads.read(BytesIO(b'[{"role": "user", "parts": []}]'), Context(name="a_inputs.json"))
    assert "not read" in refusal.why
