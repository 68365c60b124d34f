"""When things happened and when markets were open: decisions, sources, events, sessions."""
