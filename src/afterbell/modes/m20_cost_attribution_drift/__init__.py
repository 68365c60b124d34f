"""Mode 20: cost that is charged to the wrong trace, or does not add up."""
