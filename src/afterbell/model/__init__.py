"""Frozen values and their rules; no input, no output, no clock. Everything above speaks in these types."""
