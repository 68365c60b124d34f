"""Mode 5: part of what the run did cannot be retrieved."""
