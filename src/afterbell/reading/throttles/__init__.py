"""Throttling and what followed it: a retry, a weaker model, a shorter prompt, a skipped check."""
