"""Injection or schema: a document reached for the agent, or an output that failed its schema went on."""
