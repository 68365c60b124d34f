"""Blameless language: rules as data, and a linter that judges the shape of sentences. No model, no network."""
