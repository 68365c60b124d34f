"""A record's page: complete, every addendum at its field, and no text in it that acts."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from afterbell.model import filing
from afterbell.model.amendment import amended
from afterbell.model.record import FIELDS, Addendum, Gap, Record
from afterbell.render import inert
from afterbell.render.markdown import as_amended, as_filed

CREATED = datetime(2026, 1, 6, 9, 0, tzinfo=UTC)
HEADINGS = (
    "## Summary", "## Timeline", "## Root cause", "## Contributing factors", "## Fix implemented", "## Prevention",
    "## References", "## Scan",
)  # fmt: skip


@pytest.fixture
def filed(sound, known_modes):
    record = filing.record(sound, created=CREATED, known_modes=known_modes)
    assert isinstance(record, Record)
    return record


def _addendum(parent, number, **given):
    base = {
        "id": f"a-{number}",
        "parent_id": parent.id,
        "created": CREATED + timedelta(days=number),
        "role": "code owner",
    }
    return Addendum(**{**base, **given})


def _sections(page):
    """Split a page at its headings: the head under "", then each field's part under its heading."""
    parts = re.split(r"(?m)^(## .*)$", page)
    return {"": parts[0], **dict(zip(parts[1::2], parts[2::2], strict=True))}


def test_the_page_has_the_seven_fields_in_order_and_what_is_beside_them(filed):
    page = as_filed(filed)
    assert tuple(line for line in page.split("\n") if line.startswith("## ")) == HEADINGS
    assert page.startswith(f"# Postmortem {filed.id}\n")
    assert "as filed" in page
    parts = _sections(page)
    for said in ("complete", "2026-01-06T09:00:00Z", "drawdown", "1.4 against a limit of 1.0", "control failed",
                 "system operator, code owner", "0" * 64):  # fmt: skip
        assert said in parts[""]
    assert filed.summary in parts["## Summary"]
    assert parts["## Timeline"].count(filed.trace_ids[0]) == 5
    assert parts["## Root cause"].strip() == "operational"
    assert "- No ceiling on research steps (token_runaway)" in parts["## Contributing factors"]
    assert "Commit 0a1b2c3d4e5f." in parts["## Fix implemented"]
    assert "- pr: https://git.example/desk/agents/pull/12" in parts["## References"]
    assert "| 4 | token_runaway | yes: hit the step cap | **yes** |" in parts["## Scan"]


def test_each_addendum_is_quoted_at_the_field_it_corrects(filed):
    notes = [_addendum(filed, place, field=name, note=f"Replay of {name}.") for place, name in enumerate(FIELDS, 1)]
    whole = _addendum(filed, 9, note="Seen again.")
    parts = _sections(as_amended(amended(filed, [*notes, whole])))
    for name, heading in zip(FIELDS, HEADINGS, strict=False):
        assert [said for said in FIELDS if f"> Replay of {said}." in parts[heading]] == [name]
    assert "> Seen again." in parts[""]
    assert "> Addendum of 2026-01-15T09:00:00Z by code owner: notes." in parts[""]
    assert "Replay" not in as_filed(filed)


def test_a_replacement_is_shown_as_amended_and_not_as_filed(filed):
    item = _addendum(filed, 1, field="root_cause", replacement="cost", note="Spend came first.")
    view = amended(filed, [item])
    part = _sections(as_amended(view))["## Root cause"]
    assert part.split("\n\n")[1] == "cost"
    assert "replaces this field" in part
    assert "> Spend came first." in part
    assert _sections(as_filed(view.filed))["## Root cause"].strip() == "operational"


def test_what_this_version_cannot_apply_is_said(filed):
    item = _addendum(filed, 1, field="root_cause", replacement="liquidity")
    part = _sections(as_amended(amended(filed, [item])))["## Root cause"]
    assert "operational" in part
    assert "without effect" in part


def test_an_incomplete_record_lists_what_is_missing_and_then_its_completion(sound, known_modes, filed):
    holed = msgspec.structs.replace(sound, root_cause=None, prevention="")
    half = filing.incomplete(holed, CREATED.date(), created=CREATED, known_modes=known_modes)
    page = as_filed(half)
    assert "Incomplete, pending trace review." in page
    assert "- no root cause is chosen\n- the prevention is empty" in page
    assert "| reconvene by | 2026-01-06 |" in page
    assert _sections(page)["## Prevention"].strip() == "none"
    done = as_amended(amended(half, [_addendum(half, 1, completion=filed)]))
    assert "completes the record" in done
    assert "pending trace review" not in done


HOSTILE = (
    "<script>alert(1)</script>",
    "<!-- hidden -->",
    "![x](https://evil.test/p.png)",
    "[click](javascript:alert(1))",
    "https://evil.test/a",
    "www.evil.test",
    "`code` ```fence```",
    "# Heading",
    "## Root cause",
    "- list\n\n---\n\n| a | b |\n|---|---|",
    "> quote",
    "1. item",
    "    indented",
    "\x1b[31mred\x1b]0;title\x07 \x9b1m",
    "\u202egnirts\u2066 \u200b\ufeff",
    "&lt;b&gt; &#60;",
    "a\r\nb\rc\u2028d",
    "\\<b\\> \\`",
    "x\n===",
    "x\n```\n<b>\n```",
)


def _everywhere(filed, text):
    """Return the record with a hostile text in each place that takes one, and an addendum of it."""
    change = msgspec.structs.replace
    suggestion = change(filed.suggestions[0].suggestion, reason=text)
    record = change(
        filed,
        id=text,
        summary=text,
        timeline=tuple(change(row, event=text, trace_id=text) for row in filed.timeline),
        contributing_factors=tuple(change(factor, text=text, modes=(text,)) for factor in filed.contributing_factors),
        fix=change(filed.fix, paragraph=text, commit_sha=text, ticket=text),
        prevention=text,
        references=tuple(change(ref, value=text) for ref in filed.references),
        event=change(filed.event, measured=text, limit=text, unit=text, event_id=text),
        suggestions=(change(filed.suggestions[0], mode=text, suggestion=suggestion),),
        answers=tuple(change(row, mode=text, note=text) for row in filed.answers),
        roles=(text,),
        trace_ids=(text,),
        evidence=(text,),
        missing=(Gap(field=text, rule=text, message=text),),
    )
    addenda = [_addendum(record, place, field=name, note=text, role=text) for place, name in enumerate((*FIELDS, None))]
    return amended(record, addenda)


_UNESCAPED = re.compile(r"(?<!\\)(?:\\\\)*[<`\[\]]")


def _inert(page, *, links):
    """Yield what could act in a page of Markdown or in a terminal."""
    yield from _UNESCAPED.findall(page)
    yield from (character for character in page if character != "\n" and inert.hidden(character))
    yield from re.findall(r"(?<!\\)&#?\w{1,40};", page)
    if not links:
        yield from re.findall(r"https?://|www\.", page)
    for row in page.split("\n"):
        if re.match(r"\s{4}|=|~~~|-{3}$|\d+[.)]\s", row):
            yield row


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_inert_everywhere(filed, text):
    page = as_amended(_everywhere(filed, text))
    assert list(_inert(page, links="evil.test" in text)) == []
    assert tuple(line for line in page.split("\n") if line.startswith("#"))[1:] == HEADINGS
    rows = [line for line in page.split("\n") if line.startswith("|")]
    widths = {len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) for line in rows}
    assert widths <= {3, 5, 6}


def test_only_references_and_tickets_are_links(filed):
    parts = _sections(as_amended(_everywhere(filed, "https://evil.test/a")))
    linked = {heading for heading, part in parts.items() if "https://evil" in part}
    assert linked == {"## References", "## Fix implemented"}
    assert parts["## Fix implemented"].count("https://evil") == 1


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_record_has_a_page_that_acts_on_nothing(any_record, data):
    record = data.draw(any_record)
    page = as_filed(record)
    assert list(_inert(page, links=True)) == []
    assert tuple(line for line in page.split("\n") if line.startswith("#"))[1:] == HEADINGS
