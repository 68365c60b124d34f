"""Thesis not exited: the thesis was invalidated and the position stayed open."""
