"""Failure mode 1, price-blind leak: the detector in `mode`, its worked examples in `cases`."""
