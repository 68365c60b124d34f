"""Mode 6: what was read from a cache or memory had been written by a compromised run."""
