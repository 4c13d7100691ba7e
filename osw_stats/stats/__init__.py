"""Statistics: pure functions from tidy tables to result tables, without files, clocks or language."""
