"""Bytes -> Trace. Envelopes say how things are wrapped, dialects what the words mean, assembly joins them.

A format is one file in `envelopes/` (found by content) and, where its words are new, one in `dialects/`.
Nothing here opens files: envelopes get lines or a stream, and yield what they found and what they refused.
"""
