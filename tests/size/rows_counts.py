"""Rows of the analyses of counts."""

from __future__ import annotations

from tests.size.rows import Row

ROWS: list[Row] = []
