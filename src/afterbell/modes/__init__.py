"""The failure modes, one folder each: `mode.py` (docstring, question, needs, knobs, `detect`) and `cases.py`."""
