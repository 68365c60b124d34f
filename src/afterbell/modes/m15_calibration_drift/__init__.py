"""Mode 15: probabilities that are no longer calibrated, or never were."""
