"""What a code host shows without the tool."""

import msgspec
import pytest
from filelock import FileLock, Timeout

import afterbell
from afterbell.disk import last_pages
from afterbell.disk.house import House
from afterbell.log.checkpoint import Head
from afterbell.steps import erase, init, pages, seal
from afterbell.steps.resolve import unresolved


@pytest.fixture
def house(tmp_path):
    made = House(tmp_path / "desk")
    init.init(made)
    return made


def file(house, **facts):
    return afterbell.append(afterbell.Postmortem(**facts), path=house.postmortems / "log.jsonl")


def test_sealing_writes_a_page_for_each_record_and_an_index(house):
    record = file(house, summary="Loss of 1.4 percent in SYNTHETIC_A <b>| [x](y).")
    assert not house.pages.exists(), "what only waits has no page yet"
    seal.seal(house)
    name = f"{record.created:%Y-%m-%d}-{record.id}.md"
    assert sorted(path.name for path in house.pages.iterdir()) == sorted([name, "index.md"])
    afterbell.amend(record.id, "A replay shows more.", path=house.postmortems / "log.jsonl")
    seal.seal(house)
    assert "A replay shows more." in (house.pages / name).read_text()
    index = (house.pages / "index.md").read_text()
    assert f"[{record.id}]({name})" in index
    assert "<b>" not in index


def test_a_page_changed_by_hand_is_said_and_written_again(house):
    record = file(house, summary="one")
    seal.seal(house)
    page = house.pages / f"{record.created:%Y-%m-%d}-{record.id}.md"
    page.write_text(page.read_text().replace("one", "nothing happened"))
    (house.pages / "2026-01-01-invented.md").write_text("# never filed")
    assert pages.differing(house) == ("2026-01-01-invented.md", page.name)
    assert {each.name for each in unresolved(house) if each.kind == "page"} == {
        f"records/{page.name}",
        "records/2026-01-01-invented.md",
    }
    seal.seal(house)
    assert pages.differing(house) == ()
    assert pages.write(house) == 0, "nothing is written that is right already"


def test_an_erased_record_has_no_page(house):
    record = file(house, summary="a client's number")
    file(house, summary="other")
    seal.seal(house)
    erase.erase(house, record.id, "personal data")
    assert not any(record.id in path.name for path in house.pages.iterdir())
    assert record.id not in (house.pages / "index.md").read_text()


def test_a_page_left_half_written_by_a_killed_seal_is_swept(house):
    file(house, summary="one")
    seal.seal(house)
    torn = house.pages / ".tmp-00ff"
    torn.write_bytes(b"# Loss of")
    seal.seal(house)
    assert not torn.exists()


def test_pages_are_written_by_one_process_at_a_time(house, monkeypatch):
    file(house, summary="one")
    seen = []
    replace_all = pages.files.replace_all
    monkeypatch.setattr(pages.files, "replace_all", lambda *given: seen.append(locked(house)) or replace_all(*given))
    seal.seal(house)
    assert seen
    assert all(seen), "a slower seal would put an older page over a newer one"
    assert not locked(house)


def rendered(monkeypatch):
    """Count the pages that are made from now on."""
    made = []
    page = pages.pages.page
    monkeypatch.setattr(pages.pages, "page", lambda view: made.append(view.filed.id) or page(view))
    return made


def test_a_seal_makes_only_the_pages_that_change(house, monkeypatch):
    records = [file(house, id=f"019{number}", summary=f"loss {number}") for number in range(9)]
    seal.seal(house)
    made = rendered(monkeypatch)
    new = file(house, id="0199", summary="one more")
    seal.seal(house)
    assert made == [new.id]
    made.clear()
    afterbell.amend(records[4].id, "A replay shows more.", path=house.postmortems / "log.jsonl")
    seal.seal(house)
    assert made == [records[4].id]
    made.clear()
    erase.erase(house, records[2].id, "personal data")
    seal.seal(house)
    assert made == []
    (house.pages / f"{records[5].created:%Y-%m-%d}-{records[5].id}.md").unlink()
    (house.pages / "index.md").write_text("# Nothing was ever filed")
    assert pages.write(house) == 2
    assert made == [records[5].id]
    monkeypatch.undo()
    assert pages.differing(house) == ()
    rows = [line for line in (house.pages / "index.md").read_text().splitlines() if "](" in line]
    wanted = (new, *records[:2:-1], *records[1::-1])
    assert all(f"[{record.id}]" in row for record, row in zip(wanted, rows, strict=True)), "the newest first"


def test_an_erased_addendum_is_on_no_page(house):
    record = file(house, summary="one")
    file(house, summary="two")
    addendum = afterbell.amend(record.id, "A client's number.", path=house.postmortems / "log.jsonl")
    seal.seal(house)
    erase.erase(house, addendum.id, "personal data")
    assert pages.differing(house) == ()
    assert not any("client" in path.read_text() for path in house.pages.iterdir())


@pytest.mark.parametrize("spoil", ["version", "head", "bytes", "gone"])
def test_what_is_remembered_of_the_pages_is_not_believed_where_it_does_not_fit(house, monkeypatch, spoil):
    records = [file(house, summary=f"loss {number}") for number in range(3)]
    seal.seal(house)
    last = last_pages.recall(house.pages)
    path = last_pages._path(house.pages)
    if spoil == "version":
        last_pages.remember(house.pages, msgspec.structs.replace(last, version="another"))
    elif spoil == "head":
        last_pages.remember(house.pages, msgspec.structs.replace(last, head=Head(size=2, root="ab" * 32)))
    elif spoil == "bytes":
        path.write_bytes(b"{")
    else:
        path.unlink()
    made = rendered(monkeypatch)
    assert pages.write(house) == 0
    assert sorted(made) == sorted(record.id for record in records), "everything was looked at"
    made.clear()
    assert pages.write(house) == 0
    assert made == []


def test_pages_show_what_is_sealed(house):
    record = file(house, summary="one")
    seal.seal(house)
    afterbell.amend(record.id, "Not sealed yet.", path=house.postmortems / "log.jsonl")
    file(house, summary="two")
    assert pages.differing(house) == ()
    assert pages.write(house) == 0


def test_a_seal_by_another_meanwhile_is_taken_in(house, monkeypatch):
    file(house, summary="one")
    seal.seal(house)
    file(house, summary="two")
    plan = pages._plan
    planned = []

    def slow(*given):
        made = plan(*given)
        if not planned:
            planned.append(made)
            late = file(house, summary="late")
            pages.journal(house).seal(seal.origin_of(house))
            assert late
        return made

    monkeypatch.setattr(pages, "_plan", slow)
    seal.seal(house)
    monkeypatch.undo()
    assert planned
    assert pages.differing(house) == ()
    assert len(list(house.pages.iterdir())) == 4


def test_one_who_appends_does_not_wait_for_pages_to_be_made(house, monkeypatch):
    file(house, summary="one")
    free = []
    page = pages.pages.page
    monkeypatch.setattr(pages.pages, "page", lambda view: free.append(not locked(house)) or page(view))
    seal.seal(house)
    assert free == [True]


def locked(house):
    try:
        with FileLock(house.postmortems / "journal.lock", timeout=0):
            return False
    except Timeout:
        return True
