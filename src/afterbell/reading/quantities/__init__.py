"""Figures in text and data: what stands there, in which scale and unit, and whether a source holds it."""
