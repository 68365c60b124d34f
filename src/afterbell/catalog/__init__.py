"""Finds what stands on the shelves (modes, triggers, envelopes, dialects) and refuses the incomplete.

Nothing is listed by hand: a folder in `modes/` or `triggers/`, a file in `envelopes/` or `dialects/`, or an entry
point of another package is found, checked and used. A plug-in that does not import is an error, never a silence.
"""
