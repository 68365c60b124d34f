"""Mode 9: a fallback answered in another structure and no strict validation stood between."""
