"""Token overrun: five times the planned tokens or more."""
