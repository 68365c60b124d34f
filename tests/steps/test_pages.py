"""What a code host shows without the tool."""

import pytest
from filelock import FileLock, Timeout

import afterbell
from afterbell.disk.house import House
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
    monkeypatch.setattr(pages.files, "replace", lambda *_: seen.append(locked(house)))
    pages.write(house)
    assert seen
    assert all(seen), "a slower seal would put an older page over a newer one"
    assert not locked(house)


def locked(house):
    try:
        with FileLock(house.postmortems / "journal.lock", timeout=0):
            return False
    except Timeout:
        return True
