"""Mode 10: the prompt or the output schema changed within a batch while the recorded version did not."""
