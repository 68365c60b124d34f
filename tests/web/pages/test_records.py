"""The record's page: as filed and as amended, what verify says, downloads, and the form that only ever adds."""

from __future__ import annotations

import html
import json
import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from msgspec.structs import replace

from afterbell.log import proof
from afterbell.model import filing
from afterbell.model.access import Role
from afterbell.model.record import Factor, Fix, Record, Reference, ReferenceKind
from afterbell.model.scan import Evidence, ModeAnswer, Suggestion
from afterbell.model.vocabulary import Answer
from afterbell.steps import amend, init, records, seal
from afterbell.steps.entries import add_record
from afterbell.web.pages import records as page

CREATED = datetime(2026, 1, 6, 9, 0, tzinfo=UTC)
HARMLESS = "plain"


class Tags(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, tuple(name for name, _value in attrs)))


@pytest.fixture
def house(desk):
    made = desk(page.ENTRIES)
    init.init(made.rooms.house)
    made.rooms.house.make_store()
    return made


@pytest.fixture
def file(house, sound, known_modes):
    def filed(**changes):
        made = filing.record(replace(sound, **changes), created=CREATED, known_modes=known_modes)
        assert not isinstance(made, tuple), made
        add_record(records.journal(house.rooms.house), made, "system operator")
        return made

    return filed


def post(house, client, path, **form):
    return client.post(path, data={"csrf": house.token(client), **form})


def words(text):
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def test_a_record_is_shown_with_its_fields_answers_and_place(house, file):
    record = file()
    client = house.browser(Role.READER)
    got = client.get(f"/records/{record.id}")
    assert got.status_code == 200
    shown = words(got.text)
    for said in (
        record.summary, "the plan was accepted", "No ceiling on research steps", "Added max_steps", "Claimed, not shown",
        "hit the step cap", "control failed", "Pending in pending/", "is neither pinned here nor in this house",
        "system operator, code owner",
    ):  # fmt: skip
        assert said in shown, said
    assert f'href="/traces/{record.trace_ids[0]}"' in got.text
    assert "/amend" not in got.text
    seal.seal(house.rooms.house)
    shown = words(client.get(f"/records/{record.id}").text)
    assert "Sealed as entry 0" in shown
    assert "verify said ok of the log" in shown


def test_as_filed_and_as_amended_differ_by_the_addenda_at_their_fields(house, file):
    record = file()
    amend.amend(house.rooms.house, record.id, "The replay shows a second cause.", field="root_cause", role="code owner")
    amend.amend(house.rooms.house, record.id, "", field="prevention", replacement="A test fails when a cap is missing.")
    client = house.browser(Role.READER)
    now, then = (client.get(f"/records/{record.id}{query}").text for query in ("", "?as=filed"))
    assert "A test fails when a cap is missing." in now
    assert "A test fails when a cap is missing." not in then
    assert record.prevention in now  # under "as filed it read"
    assert now.index('id="root_cause"') < now.index("The replay shows a second cause.") < now.index('id="fix"')
    assert "The replay shows a second cause." not in then
    assert "2 addenda came later" in words(then)


def test_the_beginning_of_an_id_leads_to_the_record_and_an_unknown_one_nowhere(house, file):
    record, client = file(), house.browser(Role.READER)
    answer = client.get(f"/records/{record.id[:12]}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/records/{record.id}")
    for path in ("zzzz", "%2e%2e", "x" * 500):
        assert client.get(f"/records/{path}").status_code == 404, path


def test_a_tampered_log_is_said_on_the_page_of_the_record(house, file):
    record, client = file(), house.browser(Role.READER)
    seal.seal(house.rooms.house)
    assert "verify said ok" in words(client.get(f"/records/{record.id}").text)
    segment = house.rooms.house.postmortems / "log" / "000000.jsonl"
    segment.write_bytes(segment.read_bytes().replace(b"was not closed", b"was closed in"))
    shown = words(client.get(f"/records/{record.id}").text)
    assert "verify said tampered" in shown


def test_downloads_are_the_body_the_page_and_a_proof_that_holds(house, file):
    record, client = file(), house.browser(Role.READER)
    assert client.get(f"/records/{record.id}/proof").status_code == 409
    seal.seal(house.rooms.house)
    got = {name: client.get(f"/records/{record.id}/{name}") for name in ("json", "markdown", "proof")}
    assert [got[name].headers["content-disposition"] for name in got] == [
        f'attachment; filename="{record.id}.{ending}"' for ending in ("json", "md", "tlog-proof")
    ]
    assert json.loads(got["json"].content)["summary"] == record.summary
    assert got["markdown"].text.startswith(f"# Postmortem {record.id}")
    assert proof.parse(got["proof"].content).index == 0


def test_an_addendum_is_judged_shown_and_added_only_when_it_is_confirmed(house, file):
    record, client = file(), house.browser(Role.OPERATOR)
    path = f"/records/{record.id}/amend"
    form = {"what": "note", "field": "fix", "role": "code owner", "note": "The cap was also missing in staging."}
    looked = post(house, client, path, **form)
    assert (looked.status_code, "Add it to the log" in looked.text) == (200, True)
    assert not records.find(house.rooms.house, record.id).addenda
    done = post(house, client, path, **form, confirm="yes")
    (addendum,) = records.find(house.rooms.house, record.id).addenda
    assert (done.status_code, done.headers["location"]) == (303, f"/records/{record.id}#addendum-{addendum.id}")
    assert (addendum.field, addendum.note, addendum.role) == ("fix", form["note"], "code owner")
    assert "The cap was also missing in staging." in client.get(f"/records/{record.id}").text


@pytest.mark.parametrize(
    ("form", "rule"),
    [
        ({"note": "The engineer forgot the cap."}, "blame."),
        ({"note": " "}, "addendum.empty"),
        ({"note": "The cap was missing.", "role": "Jordan Q."}, "role"),
        ({"what": "replacement", "field": "root_cause", "text": "liquidity"}, "form.value"),
        ({"what": "replacement", "field": "timeline", "text": "| a | b |"}, "timeline"),
        ({"what": "replacement", "field": "summary", "text": "word " * 41}, "summary."),
        ({"what": "replacement", "field": "prevention", "text": "The engineer will be more careful."}, "blame."),
    ],
)
def test_faults_are_said_and_nothing_is_added_even_when_confirmed(house, file, form, rule):
    record, client = file(), house.browser(Role.OPERATOR)
    sent = {"what": "note", "field": "", "role": "code owner", "confirm": "yes", **form}
    answer = post(house, client, f"/records/{record.id}/amend", **sent)
    assert (answer.status_code, rule in answer.text) == (422, True), words(answer.text)
    assert not records.find(house.rooms.house, record.id).addenda


@pytest.mark.parametrize("field", ["timeline", "contributing_factors", "fix", "references", "summary", "prevention"])
def test_a_replacement_that_is_sent_as_it_was_shown_is_the_field_as_it_was(house, file, field):
    record, client = file(), house.browser(Role.OPERATOR)
    shown = client.get(f"/records/{record.id}/amend?what=replacement&field={field}").text
    text = re.search(r'<textarea id="text"[^>]*>\n(.*?)</textarea>', shown, re.DOTALL)[1]
    form = {"what": "replacement", "field": field, "role": "code owner", "note": "", "text": html.unescape(text)}
    form["text"] = form["text"].replace("\n", "\r\n")  # as browsers send it
    assert post(house, client, f"/records/{record.id}/amend", **form, confirm="yes").status_code == 303
    view = records.find(house.rooms.house, record.id).view
    assert len(view.at[field]) == 1
    assert getattr(view.now, field) == getattr(record, field)


def test_of_very_many_faults_the_first_are_listed(house, file):
    client, record = house.browser(Role.OPERATOR), file()
    sent = {"what": "replacement", "field": "timeline", "role": "code owner", "note": "", "text": "no row\n" * 5000}
    answer = post(house, client, f"/records/{record.id}/amend", **sent)
    assert answer.status_code == 422
    assert answer.text.count("<li><strong>") == 100
    assert "more are not listed here" in answer.text
    assert len(answer.text) < 200_000


def test_an_amendment_asks_for_an_operator_and_for_a_form_of_ours(house, file):
    record = file()
    path, form = f"/records/{record.id}/amend", {"what": "note", "field": "", "role": "code owner", "note": "x was y."}
    reader, operator = house.browser(Role.READER), house.browser(Role.OPERATOR)
    assert post(house, reader, path, **form, confirm="yes").status_code == 403
    assert operator.post(path, data={**form, "confirm": "yes"}).status_code == 403
    assert post(house, operator, path, **{**form, "what": "rewrite"}).status_code == 400
    assert post(house, operator, path, **{**form, "field": "id"}).status_code == 400
    assert not records.find(house.rooms.house, record.id).addenda


def _filled(sound, text):
    suggestion = Suggestion(answer=Answer.YES, reason=text, missing=(text,), evidence=(
        Evidence(trace_id=text, span_id=text, field=text, excerpt=text, start=0, end=len(text)),))  # fmt: skip
    return {
        "summary": text, "timeline": tuple(replace(row, event=text, trace_id=text) for row in sound.timeline),
        "contributing_factors": tuple(Factor(text=text, modes=(text,)) for _ in range(3)),
        "fix": Fix(paragraph=text, commit_sha=text, ticket=text), "prevention": text,
        "references": tuple(Reference(kind=kind, value=text) for kind in ReferenceKind),
        "event_id": text, "trace_ids": (text,), "evidence": (text,), "roles": (text,),
        "event": replace(sound.event, subject=text, reason=text, measured=text, limit=text, unit=text),
        "suggestions": (ModeAnswer(number=4, mode=text, suggestion=suggestion),),
        "answers": tuple(replace(row, note=text, mode=text) for row in sound.answers),
    }  # fmt: skip


def test_hostile_text_changes_nothing_of_the_page_but_its_text(house, sound, hostile):
    client, pages = house.browser(Role.OPERATOR), []
    log = records.journal(house.rooms.house)
    attacks = (hostile, "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>", "{{ 7*7 }}{% raw %}", "a\x1b[31m")
    for number, text in enumerate((HARMLESS, *attacks)):
        name = f"0190f3a2-0000-7000-8000-00000000000{number}"
        facts = {**_filled(sound, text), "id": name}
        add_record(log, Record(created=CREATED, verdict=sound.verdict, trigger=sound.trigger,
                               root_cause=sound.root_cause, **facts), "system operator")  # fmt: skip
        for query in ("", "?as=filed"):
            shown = client.get(f"/records/{name}{query}").text
            assert not set(shown) & set("\0\x1b\u202e")
            # Other records stand among the similar ones, more with each.
            pages.append(re.sub(r'<section id="similar">.*?</section>', "", shown, flags=re.DOTALL))
    plain = [Tags(shown).found for shown in pages[:2]]
    for number, shown in enumerate(pages):
        assert Tags(shown).found == plain[number % 2], number
