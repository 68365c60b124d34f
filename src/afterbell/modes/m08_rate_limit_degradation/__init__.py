"""Failure mode 8, rate limit degradation: the detector and its worked examples."""
