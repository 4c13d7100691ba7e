"""Small numbers are not given away: not by themselves, nor by subtraction from what stands around them.

Examples
--------
>>> from osw_stats.shelf.disclosure.counts import protect
>>> reasons, codes = protect({"a": 12, "b": 3, "c": 40, "all": 55}, [("all", ["a", "b", "c"])])
>>> codes
{'a': 'complementary', 'b': 'primary', 'c': '', 'all': ''}
"""
