import hyperscan
import pytest

from afterbell.disk.pattern_cache import PatternCache
from afterbell.reading import compiled

ASKED = ((b"foo\\d{1,3}",), (0,), (hyperscan.HS_FLAG_CASELESS,))


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(compiled, "_lent", [PatternCache()])
    return tmp_path / "afterbell" / "patterns"


def ends(database):
    found = []
    database.scan(b"a FOO12", match_event_handler=lambda _number, _start, end, *_: found.append(end))
    return found


def test_patterns_are_kept_and_found_again(cache, monkeypatch):
    assert ends(compiled.database(*ASKED)) == [6, 7]
    assert len(list(cache.iterdir())) == 1
    monkeypatch.setattr(hyperscan, "Database", None)
    assert ends(compiled.database(*ASKED)) == [6, 7]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _data: b"",
        lambda data: data[:100],
        lambda data: data[:2000] + b"x" + data[2001:],
        lambda _data: b"x" * 9000,
    ],
)
def test_damaged_patterns_are_compiled_again(cache, spoil):
    compiled.database(*ASKED)
    (path,) = cache.iterdir()
    path.write_bytes(spoil(path.read_bytes()))
    assert ends(compiled.database(*ASKED)) == [6, 7]


def test_other_flags_are_other_patterns(cache):
    compiled.database(*ASKED)
    assert ends(compiled.database(ASKED[0], ASKED[1], (0,))) == []
    assert len(list(cache.iterdir())) == 2


def test_a_cache_that_cannot_be_written_is_no_obstacle(cache):
    cache.parent.parent.joinpath("afterbell").write_text("a file in the way")
    assert ends(compiled.database(*ASKED)) == [6, 7]
