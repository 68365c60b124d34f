"""Conditions that end a thesis: read from words into typed forms, and held against prices and calendars."""
