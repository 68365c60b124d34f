"""What several detectors read in text and data: patterns, times, model names. It judges nothing."""
