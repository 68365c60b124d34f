"""Parts of long lists."""

from afterbell.model.paging import pages


def test_pages_beyond_the_ends_are_the_ends():
    assert (pages(0, 9, 10).page, pages(0, 9, 10).first) == (1, 0)
    assert pages(95, 99, 10).last == 95
