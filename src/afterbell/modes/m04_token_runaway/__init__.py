"""Mode 4: the loop hit its cap, spent far over plan, or ran in circles."""
