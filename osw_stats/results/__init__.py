"""What a notebook hands to the pages: numbers, facts, tables and drawings, registered by name, without language."""

from osw_stats.results.report import Report

__all__ = ["Report"]
