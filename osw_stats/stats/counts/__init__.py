"""Yearly counts: changes, and whether they exceed ordinary variation."""
