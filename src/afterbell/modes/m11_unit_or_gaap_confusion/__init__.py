"""Failure mode 11, unit or GAAP confusion: the detector in `mode`, its worked examples in `cases`."""
