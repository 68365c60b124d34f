"""Mode 14: copies of one story counted as independent support."""
