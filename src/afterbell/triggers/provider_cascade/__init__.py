"""Provider cascade: an outage or a limit led to less: a weaker model, a shorter prompt, no validation, a default."""
