"""The append-only log as values: tree, entry, checkpoint, verdict. It reads no file and knows no clock."""
