"""Failure mode 12, restatement blindness."""
