"""The verbs of the flow: ingest, trigger, scan, draft, lint, append, amend, seal, verify, search.

Only here are values, disk and clock brought together; a command is a few lines because its step does the work.
"""
