"""Mode 7: text that was retrieved tries to steer the model."""
