"""What sessions earned or lost, from fills, equity and marked positions."""
