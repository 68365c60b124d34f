"""Whether the legs of a run are there: prompts and outputs, tool calls, trades."""
