"""Failure mode 16, convergence gate miscalibration: the detector and its worked examples."""
