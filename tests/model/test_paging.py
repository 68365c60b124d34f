"""Parts of long lists."""

from afterbell.model.paging import pages


def test_pages_beyond_the_ends_are_the_ends():
    assert (pages(0, 9, 10).page, pages(0, 9, 10).first) == (1, 0)
    assert pages(95, 99, 10).last == 95


def test_a_page_holds_its_own_items():
    items = tuple(range(1, 96))
    assert [pages(95, page, 10).of(items) for page in (1, 10)] == [items[:10], items[90:]]
    assert pages(0, 1, 10).of(()) == ()
