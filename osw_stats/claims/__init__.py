"""Statements of a report, recomputed from the figures they rest on."""
