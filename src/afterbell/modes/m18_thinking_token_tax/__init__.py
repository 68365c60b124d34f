"""Failure mode 18, thinking token tax: the detector and its worked examples."""
