"""Small numbers are not given away: not by themselves, nor by subtraction from what stands around them."""

from osw_stats.shelf.disclosure.tables import protect

__all__ = ["protect"]
