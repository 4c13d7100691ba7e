"""Yearly counts: what changed, and whether that is more than ordinary variation."""
