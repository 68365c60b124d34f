"""The conditions that deserve a postmortem, one folder each: `trigger.py` (docstring, `fire`, `notes`), `cases.py`."""
