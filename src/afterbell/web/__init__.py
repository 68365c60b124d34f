"""What is spoken over HTTP: it parses, calls a step, and answers; the work is the step's. Needs the `serve` extra."""
