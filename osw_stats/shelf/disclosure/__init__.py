"""Suppression of small numbers, such that none can be recovered by subtraction from what is published around it."""

from osw_stats.shelf.disclosure.tables import protect

__all__ = ["protect"]
