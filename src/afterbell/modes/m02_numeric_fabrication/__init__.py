"""Failure mode 2, numeric fabrication: the detector in `mode`, its worked examples in `cases`."""
