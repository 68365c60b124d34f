"""Mode 13: news, quotes or filings that were too old, from the future, or without a usable date."""
