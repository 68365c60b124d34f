"""Mode 19: a research diary that keeps only what was accepted, or was written once the outcome was known."""
