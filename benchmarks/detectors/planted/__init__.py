"""The planters, one module a detector: the module's name is the detector's slug."""
