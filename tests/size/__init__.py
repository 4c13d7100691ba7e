"""SIMULATED worlds whose truth is known: how often the intervals and verdicts of the pages are right.

A row of `rows.yml` says what is simulated, for which kinds of interval and which verdicts of the pages it stands, and
between which ends its share must lie; each analysis has a file of functions that draw its worlds. `test_size.py` measures
each row with few worlds, `make size` with many, which writes the table of `docs/reliability.md`.
"""
