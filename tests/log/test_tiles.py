from afterbell.log import tiles, tree

LEAVES = [tree.leaf_hash(str(number).encode()) for number in range(70_000)]


def test_the_published_shape_of_seventy_thousand_entries():
    found = dict(tiles.hash_tiles(LEAVES))
    level = {path: data for path, data in found.items() if path.startswith("tile/0/")}
    assert len(level) == 274
    assert len(level["tile/0/273.p/112"]) == 112 * 32
    assert sorted(path for path in found if path.startswith("tile/1/")) == ["tile/1/000", "tile/1/001.p/17"]
    assert [path for path in found if path.startswith("tile/2/")] == ["tile/2/000.p/1"]
    assert found["tile/2/000.p/1"] == tree.root(LEAVES[:65_536])
    assert found["tile/1/000"][:32] == tree.root(LEAVES[:256])
    assert len(found) == 277


def test_numbers():
    assert [tiles.number(n) for n in (0, 999, 1000, 1_234_067)] == ["000", "999", "x001/000", "x001/x234/067"]


def test_a_bundle_holds_entries_with_their_lengths():
    assert tiles.bundle([b"ab", b"c"], 3) == ("tile/entries/003.p/2", b"\0\2ab\0\1c")
    path, data = tiles.bundle([b"x" * 65_535] * 256, 0)
    assert path == "tile/entries/000"
    assert len(data) == 256 * 65_537


def test_an_empty_log_has_no_tiles():
    assert list(tiles.hash_tiles([])) == []
