"""Tidy tables in, result tables out: pure functions without files, clocks or language."""
