"""Where work runs. `local` uses this machine's processes; the same functions map over shards elsewhere."""
